import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { labVersions } from '../test/lab/labEngine.ts';
import { root } from './repository.ts';
import type { Judge, VitestReport } from './vitestLayer.ts';

/** The table of docs/engines.md: which feature passed on which engine, as the engine tests found it. */

interface Row {
  readonly feature: string;
  /** Tests that show it, each as `FILE > DESCRIBE > … > TEST`, the file without its endings. vitest puts a `$name` in quotes. */
  readonly shownBy: RegExp;
  /** Tests that show that the kernel of this machine cannot do it, so that no engine on it can. */
  readonly lackedBy?: RegExp;
}

const marks = { shown: '✓', lacked: '∅', untested: '–' } as const;

const rows: readonly Row[] = [
  { feature: 'Networks', shownBy: /^engine > .*lists every network|^podman > .*names the bridges/ },
  { feature: 'Containers', shownBy: /^engine > .*lists every container|^podman > .*has addresses and MACs/ },
  { feature: 'Events', shownBy: /^engine > .* > what happens on the engine > |^podman > .*tells by events/ },
  { feature: 'Wires, as root', shownBy: /^wiring > .* > read by '?root'? > |^podman > .*no wrong wire to '?root/ },
  {
    feature: 'Wires, as an ordinary user',
    shownBy: /^wiring > .* > read by '?an ordinary user'? > |^podman > .*no wrong wire to '?an ordinary/,
  },
  { feature: 'Wires, by a helper container', shownBy: /^kernelAfar > .* > read by a helper container > / },
  {
    feature: 'Wires of macvlan',
    shownBy: /^wiring > .*names the parent of a macvlan|^podman > .*no wrong wire to '?root/,
  },
  {
    feature: 'Wires of ipvlan',
    shownBy: /^wiring > .*names the parent of an ipvlan/,
    lackedBy: /^wiring > .* > of ipvlan networks > shows none, because/,
  },
  { feature: 'Wires of overlay networks', shownBy: /^wiringOverlay > .*never wrong for '?root/ },
  { feature: 'Wires of a rootless engine', shownBy: /^rootless > .*sees every wire/ },
  { feature: 'Who listens on the host', shownBy: /^listeners > / },
  { feature: 'Create networks', shownBy: /^control > .* > networks > / },
  { feature: 'Connect and disconnect', shownBy: /^control > .* > endpoints > |^podman > .*disconnect a seat/ },
  { feature: 'Run containers', shownBy: /^control > .* > runs > / },
  { feature: 'Publish a port by recreation', shownBy: /^recreate > |^podman > .*publish a port/ },
  { feature: 'Forward a port', shownBy: /^forwards > / },
  { feature: 'Logs', shownBy: /^logs > / },
  { feature: 'Terminals', shownBy: /^terminal > / },
  { feature: 'Overlay networks of a swarm', shownBy: /^overlay > .*of a swarm/ },
  { feature: 'Overlay networks of etcd', shownBy: /^overlay > .*by etcd/ },
  { feature: 'Two hosts in one picture', shownBy: /^hosts > / },
  { feature: 'Modes of macvlan, who reaches whom', shownBy: /^parents > / },
  { feature: 'flannel', shownBy: /^flannel > / },
  { feature: 'Swarm and its services', shownBy: /^swarm > / },
  { feature: 'TLS with client certificates', shownBy: /^transports > .* > over TLS > / },
  { feature: 'ssh', shownBy: /^transports > .* > over ssh > |^podmanSsh > / },
];

/** By a test's outermost title. */
const engines: readonly { readonly name: string; readonly named: RegExp }[] = [
  ...labVersions.map((version) => ({
    name: `Docker ${version}`,
    named: new RegExp(`(^|[^\\d.])${version.replace('.', '\\.')}($|[^\\d.])`),
  })),
  { name: 'Podman 5.4', named: /\bpodman\b/i },
];

/** In Markdown, as Prettier aligns it. Throws where no test at all shows a feature: it has another name now. */
export function engineTable({ testResults }: VitestReport): string {
  const passed = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed')
      .map(({ ancestorTitles, title }) => ({
        outermost: ancestorTitles[0] ?? title,
        path: [basename(name).replace(/\..*$/, ''), ...ancestorTitles, title].join(' > '),
      })),
  );
  const lines = rows.map(({ feature, shownBy, lackedBy }) => {
    const isBy = (tests: RegExp | undefined, named: RegExp): boolean =>
      passed.some(({ path, outermost }) => tests?.test(path) === true && named.test(outermost));
    const cells = engines.map(({ named }) => {
      if (isBy(shownBy, named)) return marks.shown;
      return isBy(lackedBy, named) ? marks.lacked : marks.untested;
    });
    if (cells.every((cell) => cell === marks.untested))
      throw new Error(`no engine test shows '${feature}': look at scripts/engineTable.ts`);
    return [feature, ...cells];
  });
  const head = ['', ...engines.map(({ name }) => name)];
  const widths = head.map((_, column) => Math.max(3, ...[head, ...lines].map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [head, widths.map((width) => '-'.repeat(width)), ...lines].map(print).join('\n');
}

/** The document with this table between its two marks. */
export function withTable(document: string, table: string): string {
  const place = /(<!-- what passed -->\n)[^]*(\n<!-- end -->)/;
  if (!place.test(document)) throw new Error('docs/engines.md has no place for the table');
  return document.replace(place, (_, before: string, after: string) => `${before}\n${table}\n${after}`);
}

/** Holds docs/engines.md against what passed, or writes it where UPDATE_DOCS is 1. */
export const judgeEngines: Judge = async (report, say) => {
  const file = join(root, 'docs', 'engines.md');
  const document = await readFile(file, 'utf8');
  const wanted = withTable(document, engineTable(report));
  // What the kernel lacks is no fault of this machine, nor of the one that wrote the table.
  const comparable = (text: string): string => text.replaceAll(marks.lacked, marks.shown);
  if (comparable(wanted) === comparable(document)) return true;
  const writes = process.env['UPDATE_DOCS'] === '1';
  if (writes) await writeFile(file, wanted);
  say(
    writes
      ? 'docs/engines.md was written.'
      : 'docs/engines.md has another table than what passed: UPDATE_DOCS=1 npm run test:engine writes it. That counts as a failure.',
  );
  return writes;
};

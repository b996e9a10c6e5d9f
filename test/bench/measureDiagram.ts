import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../../scripts/browser.ts';
import { ToolError, type Lifetime } from '../../scripts/lifetime.ts';
import { run } from '../../scripts/processes.ts';
import { buildPages, DiagramPages, yardsticks, type RendererName } from './diagramPages.ts';
import type { DiagramRenderer, Drawing, Mounted } from './diagramRenderer.ts';
import { kibibytes, milliseconds, type Row } from './rows.ts';
import { median } from './statistics.ts';

export interface DiagramPlan {
  /** Pages that a drawing is mounted in, each time a new one. */
  readonly mounts: number;
  /** Milliseconds. */
  readonly panning: number;
}

const sizes = [8, 100, 1_000];
const largest = 1_000;
const mountLimit = 400;
const framesLimit = 30;

const titles: Readonly<Record<RendererName, string>> = {
  diagram: 'the diagram',
  reactFlow: 'React Flow',
  cytoscape: 'Cytoscape',
};

/** Who draws, and what. */
interface Subject {
  readonly renderer: RendererName;
  /** Every edge of the graph, and not only those that the diagram draws: it hides most wires where there are many. */
  readonly whole: boolean;
}

const own: Subject = { renderer: 'diagram', whole: false };
const samePicture = yardsticks.map((renderer): Subject => ({ renderer, whole: false }));
const wholeGraph = yardsticks.map((renderer): Subject => ({ renderer, whole: true }));

/** What is measured of one subject and size, a value for each page. */
interface Samples {
  readonly mounted: Mounted[];
  readonly layout: number[];
  readonly fitted: number[];
  readonly near: number[];
}

/** Seen from outside of the page. */
interface PageGlobal {
  readonly renderer: DiagramRenderer;
}

/**
 * The packaged diagram in a browser without a display, beside other libraries that draw the same boxes and lines where
 * the diagram puts them: they lay nothing out, and draw a name where the diagram has interfaces, addresses and menus.
 */
export async function measureDiagram(
  dist: string,
  program: string,
  directory: string,
  { mounts, panning }: DiagramPlan,
  life: Lifetime,
): Promise<Row[]> {
  const webview = join(dist, 'webview');
  const built = await buildPages(directory);
  const browser = await launchBrowser(directory);
  await life.add(() => browser.close());
  const pages = await DiagramPages.serve(browser, webview, built, life);
  const rows: Row[] = [];
  for (const containers of sizes) {
    const drawing = await drawingOf(program, containers, life);
    const subjects = [own, ...samePicture, ...(containers === largest ? wholeGraph : [])];
    const samples = new Map(
      subjects.map((subject): [Subject, Samples] => [subject, { mounted: [], layout: [], fitted: [], near: [] }]),
    );
    // The first page of each warms files up and does not count.
    if (containers === sizes[0]) for (const subject of subjects) await measureOnce(pages, subject, drawing, 0);
    // In turns: what slows the machine for a while slows all.
    for (let round = 0; round < mounts; round++) {
      for (const [subject, into] of samples) {
        if (life.signal.aborted) return rows;
        add(into, await measureOnce(pages, subject, drawing, containers === largest ? panning : 0));
      }
    }
    rows.push(...mountRows(containers, samples), ...(containers === largest ? panRows(samples) : []));
  }
  return [...rows, ...(await sizeRows(webview, built))];
}

async function drawingOf(program: string, containers: number, life: Lifetime): Promise<Drawing> {
  const { code, stdout, stderr } = await run(process.execPath, [program, String(containers)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: life.signal,
  });
  if (code !== 0) throw new ToolError(`The topology to draw could not be made.\n${stderr}`);
  return JSON.parse(stdout) as Drawing;
}

type Once = { readonly [Name in keyof Samples]: Samples[Name][number] | undefined };

/** One new page. Without a time for panning it is only mounted. */
async function measureOnce(
  pages: DiagramPages,
  { renderer: name, whole }: Subject,
  drawing: Drawing,
  panning: number,
): Promise<Once> {
  const given = whole ? { ...drawing, lines: [...drawing.lines, ...drawing.hidden] } : drawing;
  return pages.use(name, async (page) => {
    const failures: string[] = [];
    page.on('pageerror', ({ message }) => failures.push(message));
    try {
      const mounted = await page.evaluate((what) => (globalThis as unknown as PageGlobal).renderer.mount(what), given);
      const pan = (): Promise<number> =>
        page.evaluate((time) => (globalThis as unknown as PageGlobal).renderer.pan(time), panning);
      const fitted = panning > 0 ? await pan() : undefined;
      await page.evaluate(() => (globalThis as unknown as PageGlobal).renderer.approach());
      const near = panning > 0 ? await pan() : undefined;
      const layout =
        name === 'diagram'
          ? await page.evaluate((what) => (globalThis as unknown as PageGlobal).renderer.layOut(what), given)
          : undefined;
      if (failures.length > 0) throw new Error(failures.join('\n'));
      return { mounted, layout, fitted, near };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ToolError(`${titles[name]} could not be measured.\n${[reason, ...failures].join('\n')}`, {
        cause: error,
      });
    }
  });
}

function add(into: Samples, { mounted, layout, fitted, near }: Once): void {
  if (mounted !== undefined) into.mounted.push(mounted);
  if (layout !== undefined) into.layout.push(layout);
  if (fitted !== undefined) into.fitted.push(fitted);
  if (near !== undefined) into.near.push(near);
}

type Values = (samples: Samples) => readonly number[];

/** Each yardstick with its ratio to the diagram's own value. */
function beside(samples: ReadonlyMap<Subject, Samples>, values: Values, format: (value: number) => string): Row[] {
  const of = (subject: Subject): number => median(values(samples.get(subject) ?? none));
  return [...samples.keys()]
    .filter((subject) => subject !== own)
    .map((subject) => ({
      what: `  ${subject.whole ? 'the whole graph' : 'the same picture'} by ${titles[subject.renderer]}`,
      measured: format(of(subject)),
      yardstick: `the diagram ${format(of(own))}`,
      ratio: of(subject) / of(own),
      target: '',
    }));
}

const none: Samples = { mounted: [], layout: [], fitted: [], near: [] };

function mountRows(containers: number, samples: ReadonlyMap<Subject, Samples>): Row[] {
  const shown: Values = ({ mounted }) => mounted.map((one) => one.shown);
  const { mounted, layout } = samples.get(own) ?? none;
  const value = median(mounted.map((one) => one.shown));
  const whole = median(mounted.map((one) => one.whole));
  return [
    {
      what: `diagram of ${containers.toLocaleString('en')} containers laid out and mounted`,
      measured: milliseconds(value),
      yardstick: '',
      ...(containers === largest ? { target: `<= ${mountLimit} ms`, met: value <= mountLimit } : { target: '' }),
    },
    { what: '  of that: laying out', measured: milliseconds(median(layout)), yardstick: '', target: '' },
    { what: '  until its small print is there too', measured: milliseconds(whole), yardstick: '', target: '' },
    ...beside(samples, shown, milliseconds),
  ];
}

function frames(value: number): string {
  return `${value.toFixed(1)} /s`;
}

function panRows(samples: ReadonlyMap<Subject, Samples>): Row[] {
  const row = (what: string, values: Values): Row[] => {
    const value = median(values(samples.get(own) ?? none));
    return [
      {
        what: `frames while panning ${largest.toLocaleString('en')} containers, ${what}`,
        measured: frames(value),
        yardstick: '',
        target: `>= ${framesLimit} /s`,
        met: value >= framesLimit,
      },
      ...beside(samples, values, frames),
    ];
  };
  return [...row('all of them in view', ({ fitted }) => fitted), ...row('at scale 1', ({ near }) => near)];
}

/** Script of each; the sizes of the other files of the webview are rows of the package's. */
async function sizeRows(webview: string, built: string): Promise<Row[]> {
  const diagram = (await stat(join(webview, 'diagram.js'))).size;
  return Promise.all(
    yardsticks.map(async (name): Promise<Row> => {
      const { size } = await stat(join(built, `${name}.js`));
      return {
        what: `size of a page that draws by ${titles[name]}`,
        measured: kibibytes(size),
        yardstick: `dist/webview/diagram.js ${kibibytes(diagram)}`,
        ratio: size / diagram,
        target: '',
      };
    }),
  );
}

import { commands as editorCommands, env, l10n, Uri, window, workspace } from 'vscode';
import { errorText } from '../editor/errorText.ts';
import type { Reveal } from '../editor/ports.ts';
import type { ShownHosts } from '../editor/shownHosts.ts';
import { subjectOf, treeOf, type Subject } from '../editor/subject.ts';
import { visible } from '../editor/untrusted.ts';
import { EngineError } from '../engine/engine.ts';
import { commands } from '../ids.ts';
import type { AskName, Asks, FromWebview } from '../protocol/messages.ts';
import { dotOf } from '../topology/formats/dot.ts';
import { jsonOf } from '../topology/formats/json.ts';
import { mermaidOf } from '../topology/formats/mermaid.ts';
import type { Graph } from '../topology/graphModel.ts';
import { detailOf } from './detail.ts';
import type { Picture, Pictures } from './pictures.ts';
import { partOf } from './part.ts';

type Ask = Extract<FromWebview, { type: 'ask' }>;
export type Answer = (ask: Ask) => Promise<unknown>;

/** A refusal in words for people; all else that goes wrong is in the log. */
class Refusal extends Error {}

export function refusalText(thrown: unknown): string {
  if (thrown instanceof Refusal) return thrown.message;
  if (thrown instanceof EngineError) return errorText(thrown).sentence;
  return l10n.t('That did not work; the log says why.');
}

/** Bytes of a picture: one of 1,000 containers has about 2 MiB. */
const largestSave = 64 * 1024 * 1024;

export interface AnswerParts {
  readonly hosts: ShownHosts;
  readonly pictures: Pictures;
  readonly reveal: Reveal;
}

/** What a webview asks, answered: one function for each ask, so that the compiler finds a forgotten one. */
export function answers({ hosts, pictures, reveal }: AnswerParts): Answer {
  const picture = (): Picture => {
    if (hosts.all.length === 0) throw new Refusal(l10n.t('Nothing is known of the engine yet.'));
    return pictures.of(hosts.all);
  };
  const all: { readonly [Name in AskName]: (asked: Asks[Name]['ask']) => Promise<Asks[Name]['answer']> } = {
    detail: ({ id }) => {
      const { graph, hosts: pictured } = picture();
      return Promise.resolve(detailOf(pictured, graph, id));
    },
    save: ({ format, content }) => save(format, content),
    exportText: ({ format, to, ids }) =>
      exportText(ids === undefined ? picture().graph : partOf(picture().graph, ids), format, to),
    reveal: async ({ id }) => {
      const subject = subjectOf(picture().menus.get(id)?.subject);
      if (subject === undefined) return false;
      const { shown } = await reveal.reveal(treeOf(subject), subject);
      // It says what hides the row, and offers to show it; that may take a person's time.
      if (!shown) void editorCommands.executeCommand(commands.revealInTree, subject);
      return shown;
    },
    connect: ({ containerId, networkId, host }) => {
      const engine = host ?? hosts.all[0]?.key;
      const named = engine === undefined ? {} : { engine };
      const network: Subject = { kind: 'network', networkId, ...named };
      const container: Subject = { kind: 'container', containerId, ...named };
      // Not awaited: it asks the person, and reports by itself what goes wrong.
      void editorCommands.executeCommand(commands.connect, network, [network, container]);
      return Promise.resolve(undefined);
    },
  };
  return async (ask) => {
    switch (ask.name) {
      case 'detail':
        return all.detail(ask.value);
      case 'save':
        return all.save(ask.value);
      case 'exportText':
        return all.exportText(ask.value);
      case 'reveal':
        return all.reveal(ask.value);
      case 'connect':
        return all.connect(ask.value);
    }
  };
}

async function save(format: 'svg' | 'png', content: string): Promise<string | undefined> {
  const bytes = Buffer.from(content, format === 'png' ? 'base64' : 'utf8');
  if (bytes.length > largestSave) throw new Refusal(l10n.t('The picture is larger than 64 MiB.'));
  const isPng = bytes.subarray(1, 4).toString('latin1') === 'PNG';
  if (format === 'png' && !isPng) throw new Refusal(l10n.t('The picture could not be made.'));
  return write(bytes, format, format === 'png' ? l10n.t('PNG picture') : l10n.t('SVG picture'));
}

const formats = {
  mermaid: { of: mermaidOf, extension: 'mmd', label: () => l10n.t('Mermaid diagram') },
  dot: { of: dotOf, extension: 'dot', label: () => l10n.t('Graphviz graph') },
  json: { of: jsonOf, extension: 'json', label: () => l10n.t('Topology as JSON') },
} as const;

async function exportText(
  graph: Graph,
  format: keyof typeof formats,
  to: 'file' | 'clipboard',
): Promise<string | undefined> {
  const { of, extension, label } = formats[format];
  const text = of(graph);
  if (to === 'file') return write(Buffer.from(text), extension, label());
  await env.clipboard.writeText(text);
  return '';
}

/** Asks where to, and writes. Answers the file's name; undefined where the person cancelled. */
async function write(bytes: Uint8Array, extension: string, label: string): Promise<string | undefined> {
  const [folder] = workspace.workspaceFolders ?? [];
  const name = `docker-networks.${extension}`;
  const file = await window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder.uri, name) }),
    filters: { [label]: [extension] },
    title: l10n.t('Export the Diagram'),
  });
  if (file === undefined) return undefined;
  await workspace.fs.writeFile(file, bytes);
  return visible(file.path.slice(file.path.lastIndexOf('/') + 1), 200);
}

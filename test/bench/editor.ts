/**
 * A stand-in for the editor, installed as the module `vscode` of this process: it keeps the trees that the extension
 * shows, and yields to everything else. Import it before anything of src/, in a program that was bundled as CommonJS
 * (bundles.ts): a bundle asks for `vscode` when it comes to the module that imports it.
 */
import { registerHooks } from 'node:module';
import type { TreeDataProvider } from 'vscode';
import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  env,
  l10n,
} from '../unit/stubs/vscode.ts';

type Trees = Map<string, TreeDataProvider<unknown>>;

/** View id → what shows its rows. Each of them is visible. */
export const trees: Trees = new Map();

/** What nothing here looks at: it can be read, called, constructed, awaited and disposed, and gives itself. */
const anything: object = new Proxy(
  function anything() {
    return undefined;
  },
  {
    get: (_target, name) => fallback(name),
    set: () => true,
    apply: () => anything,
    construct: () => anything,
  },
);

function fallback(name: string | symbol): unknown {
  if (name === 'then') return undefined;
  return name === Symbol.toPrimitive ? () => '' : anything;
}

/** The known members, and `anything` for the others, so that a new part of the extension does not break the bench. */
function standIn(known: object): object {
  return new Proxy(known, {
    get: (target, name): unknown => (name in target ? Reflect.get(target, name) : fallback(name)),
  });
}

const editor = standIn({
  ...{ EventEmitter, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, env, l10n },
  window: standIn({
    createTreeView(id: string, { treeDataProvider }: { readonly treeDataProvider: TreeDataProvider<unknown> }) {
      trees.set(id, treeDataProvider);
      return standIn({ visible: true });
    },
  }),
  // Every setting has its default, which the code knows by itself.
  workspace: standIn({ getConfiguration: () => standIn({ get: () => undefined }) }),
  commands: anything,
});

/** A context for `activate`. */
export function extensionContext(root: string): object {
  return standIn({ subscriptions: [], extensionPath: root, asAbsolutePath: (path: string) => `${root}/${path}` });
}

/** Reads all rows down to a depth, as an editor does whose trees are unfolded that far. Returns their number. */
export function unfold(depth: number): number {
  const below = (provider: TreeDataProvider<unknown>, element: unknown, levels: number): number => {
    const children = levels === 0 ? [] : provider.getChildren(element);
    if (!Array.isArray(children)) throw new Error('the rows of a tree are not there at once');
    return children.reduce<number>((count, child) => count + 1 + below(provider, child, levels - 1), 0);
  };
  return [...trees.values()].reduce((count, provider) => count + below(provider, undefined, depth), 0);
}

const installed = Symbol.for('dne.bench.editor');
Reflect.set(globalThis, installed, editor);
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url: 'dne:vscode', format: 'commonjs', shortCircuit: true } : next(specifier, context),
  load: (url, context, next) =>
    url === 'dne:vscode'
      ? {
          format: 'commonjs',
          source: "module.exports = globalThis[Symbol.for('dne.bench.editor')];",
          shortCircuit: true,
        }
      : next(url, context),
});

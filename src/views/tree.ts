import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  l10n,
  type Disposable,
  type Event,
  type TreeDataProvider,
} from 'vscode';
import { thrownText } from '../editor/log.ts';
import type { HasSubject, Subject } from '../editor/subject.ts';
import type { Row } from './row.ts';

/** An element of a tree: it stays the same object while its row is there, whatever its row says meanwhile. */
export class TreeNode implements HasSubject {
  row: Row;
  readonly id: string;
  readonly parent: TreeNode | undefined;
  /** Undefined until somebody asked for them. */
  children: readonly TreeNode[] | undefined;
  /** The tooltip that the editor has, which it keeps until the row is announced as changed. */
  shownTooltip: string | undefined;

  constructor(row: Row, parent: TreeNode | undefined, id: string) {
    this.row = row;
    this.parent = parent;
    this.id = id;
  }

  get subject(): Subject | undefined {
    return this.row.subject;
  }
}

export interface TreeLog {
  warn(message: string): void;
}

/**
 * Rows → tree items. On `update` it builds the rows anew, compares them with what it handed out, and announces only
 * the nodes that differ: a node whose children came, went or moved, or one whose own row changed.
 *
 * Architecture invariant: nothing that a row does can throw out of a method that the editor calls.
 */
export class Tree implements TreeDataProvider<TreeNode>, Disposable {
  readonly #build: () => readonly Row[];
  readonly #log: TreeLog;
  readonly #changed = new EventEmitter<TreeNode[] | undefined>();
  readonly onDidChangeTreeData: Event<TreeNode[] | undefined> = this.#changed.event;
  /** What the person folded and unfolded: so that it is as it was when rows come back after a lost connection. */
  readonly #unfolded = new Map<string, boolean>();
  #roots: readonly TreeNode[] | undefined;

  constructor(build: () => readonly Row[], log: TreeLog) {
    this.#build = build;
    this.#log = log;
  }

  /** Something changed: find out what, and announce it. */
  update(): void {
    if (this.#roots === undefined) return;
    const changed: TreeNode[] = [];
    const { nodes, moved } = this.#reconcile(this.#roots, this.#rowsOf(undefined), undefined, changed);
    this.#roots = nodes;
    if (moved) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) return [...(this.#roots ??= this.#make(this.#rowsOf(undefined), undefined))];
    return [...this.#childrenOf(node)];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  getTreeItem(node: TreeNode): TreeItem {
    try {
      return this.#item(node);
    } catch (thrown) {
      this.#log.warn(`Row ${node.id} cannot be shown: ${thrownText(thrown)}`);
      const item = new TreeItem(l10n.t('(this row cannot be shown)'));
      item.id = node.id;
      return item;
    }
  }

  resolveTreeItem(item: TreeItem, node: TreeNode): TreeItem {
    const text = this.#tooltip(node);
    if (text !== undefined) {
      node.shownTooltip = text;
      item.tooltip = new MarkdownString(text);
    }
    return item;
  }

  setUnfolded(node: TreeNode, unfolded: boolean): void {
    this.#unfolded.set(node.id, unfolded);
  }

  /** The first node, top down and at most `depth` levels deep, whose row fits; made on the way if nobody saw it yet. */
  find(fits: (row: Row) => boolean, depth: number): TreeNode | undefined {
    const path = this.#search(this.#rowsOf(undefined), fits, depth);
    if (path === undefined) return undefined;
    let siblings: readonly TreeNode[] = this.getChildren();
    let found: TreeNode | undefined;
    for (const key of path) {
      found = siblings.find((node) => node.row.key === key);
      if (found === undefined) return undefined;
      siblings = this.#childrenOf(found);
    }
    return found;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Keys of the rows from a root to the first one that fits. Looks at rows alone, so that a search makes no nodes. */
  #search(rows: readonly Row[], fits: (row: Row) => boolean, depth: number): string[] | undefined {
    const own = rows.find(fits);
    if (own !== undefined) return [own.key];
    if (depth <= 1) return undefined;
    for (const row of rows) {
      const below = row.children && this.#search(this.#rowsBelow(row), fits, depth - 1);
      if (below !== undefined) return [row.key, ...below];
    }
    return undefined;
  }

  #childrenOf(node: TreeNode): readonly TreeNode[] {
    return (node.children ??= this.#make(this.#rowsOf(node), node));
  }

  #rowsOf(node: TreeNode | undefined): readonly Row[] {
    if (node !== undefined) return this.#rowsBelow(node.row);
    try {
      return distinct(this.#build());
    } catch (thrown) {
      this.#log.warn(`The tree cannot be built: ${thrownText(thrown)}`);
      return [];
    }
  }

  #rowsBelow(row: Row): readonly Row[] {
    try {
      return distinct(row.children?.() ?? []);
    } catch (thrown) {
      this.#log.warn(`What is below ${row.key} cannot be shown: ${thrownText(thrown)}`);
      return [];
    }
  }

  #make(rows: readonly Row[], parent: TreeNode | undefined): TreeNode[] {
    return rows.map((row) => new TreeNode(row, parent, parent === undefined ? row.key : `${parent.id}/${row.key}`));
  }

  /** Nodes for the new rows, the old ones where the key is the same. Below each known node it goes on by itself. */
  #reconcile(
    old: readonly TreeNode[],
    rows: readonly Row[],
    parent: TreeNode | undefined,
    changed: TreeNode[],
  ): { readonly nodes: readonly TreeNode[]; readonly moved: boolean } {
    const known = new Map(old.map((node) => [node.row.key, node]));
    const nodes = this.#make(rows, parent).map((fresh) => {
      const node = known.get(fresh.row.key);
      return node === undefined ? fresh : this.#renew(node, fresh.row, changed);
    });
    const moved = nodes.length !== old.length || nodes.some((node, position) => node !== old[position]);
    return { nodes, moved };
  }

  #renew(node: TreeNode, row: Row, changed: TreeNode[]): TreeNode {
    let announce = signature(node.row) !== signature(row);
    node.row = row;
    if (node.children !== undefined) {
      const below: TreeNode[] = [];
      const { nodes, moved } = this.#reconcile(node.children, this.#rowsOf(node), node, below);
      node.children = row.children === undefined ? undefined : nodes;
      announce ||= moved;
      // The editor reads everything below an announced node again.
      if (!announce) changed.push(...below);
    }
    if (!announce && node.shownTooltip !== undefined) announce = this.#tooltip(node) !== node.shownTooltip;
    if (announce) {
      node.shownTooltip = undefined;
      changed.push(node);
    }
    return node;
  }

  #tooltip(node: TreeNode): string | undefined {
    try {
      return node.row.tooltip?.();
    } catch (thrown) {
      this.#log.warn(`No tooltip for ${node.id}: ${thrownText(thrown)}`);
      return undefined;
    }
  }

  #item(node: TreeNode): TreeItem {
    const { row } = node;
    const item = new TreeItem(row.label, this.#folding(node));
    item.id = node.id;
    if (row.description !== undefined) item.description = row.description;
    if (row.icon !== undefined)
      item.iconPath = new ThemeIcon(
        row.icon.id,
        row.icon.color === undefined ? undefined : new ThemeColor(row.icon.color),
      );
    item.contextValue = row.tokens.join(';');
    item.accessibilityInformation = { label: row.spoken };
    // Without a tooltip of its own a row would repeat its label; `resolveTreeItem` is only asked while this is undefined.
    if (row.tooltip === undefined) item.tooltip = row.spoken;
    return item;
  }

  #folding(node: TreeNode): TreeItemCollapsibleState {
    if (node.row.children === undefined) return TreeItemCollapsibleState.None;
    return (this.#unfolded.get(node.id) ?? node.row.unfolded ?? false)
      ? TreeItemCollapsibleState.Expanded
      : TreeItemCollapsibleState.Collapsed;
  }
}

/** Two elements of one id break a whole tree view: the second gets another key. */
function distinct(rows: readonly Row[]): readonly Row[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    let key = row.key;
    for (let number = 2; seen.has(key); number++) key = `${row.key}#${number}`;
    seen.add(key);
    return key === row.key ? row : { ...row, key };
  });
}

/** All of a row that its tree item is made of, but for what is made later. */
function signature(row: Row): string {
  return JSON.stringify([
    row.label,
    row.description,
    row.icon,
    row.tokens,
    row.subject,
    row.spoken,
    row.children !== undefined,
    row.tooltip !== undefined,
  ]);
}

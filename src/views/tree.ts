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
import { readingTokens } from '../editor/changeTokens.ts';
import { thrownText } from '../editor/log.ts';
import { isSame } from '../topology/same.ts';
import type { Row } from './row.ts';
import { nodeOf, type TreeNode } from './treeNode.ts';

export interface TreeLog {
  warn(message: string): void;
}

/** Milliseconds until the rows are compared of which nobody said that they changed. */
const later = 500;
/** Of them at one time. */
const sliceMilliseconds = 4;

/**
 * Rows → tree items. On `update` it builds the rows anew, compares them with what it handed out, and announces only
 * the nodes that differ: a node whose children came, went or moved, or one whose own row changed.
 *
 * With a word on what changed, what is below the other rows is left for half a second, and done in slices: one event
 * costs the same however many rows are unfolded. In the end all is compared, whatever was said.
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
  /** Nodes whose own row is new, and the nodes below them are not. */
  readonly #behind = new Set<TreeNode>();
  #catchingUp: ReturnType<typeof setTimeout> | undefined;

  constructor(build: () => readonly Row[], log: TreeLog) {
    this.#build = build;
    this.#log = log;
  }

  /** Something changed: find out what, and announce it. `isTouched` tells below which rows, at once. */
  update(isTouched: (row: Row) => boolean = () => true): void {
    if (this.#roots === undefined) return;
    const changed: TreeNode[] = [];
    const { nodes, moved } = this.#reconcile(this.#roots, this.#rowsOf(undefined), undefined, changed, isTouched);
    this.#roots = nodes;
    // Not put off by the next change: events may never pause.
    if (this.#behind.size > 0) this.#catchingUp ??= setTimeout(() => this.#catchUp(), later);
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

  /**
   * The first node, top down and at most `depth` levels deep, whose row fits; made on the way if nobody saw it yet. Below
   * roots of the engine alone, where one is named.
   */
  find(fits: (row: Row) => boolean, depth: number, engine?: string): TreeNode | undefined {
    const roots = this.#rowsOf(undefined);
    const path = this.#search(engine === undefined ? roots : roots.filter((row) => row.engine === engine), fits, depth);
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
    clearTimeout(this.#catchingUp);
    this.#changed.dispose();
  }

  #catchUp(): void {
    const end = performance.now() + sliceMilliseconds;
    const changed: TreeNode[] = [];
    for (const node of this.#behind) {
      this.#behind.delete(node);
      // What is below an engine's root is all of a tree: row by row, too.
      const isTouched = (): boolean => node.row.engine === undefined || node.row.subject !== undefined;
      if (this.#isThere(node) && this.#renewBelow(node, changed, isTouched)) {
        node.shownTooltip = undefined;
        changed.push(node);
      }
      if (performance.now() >= end) break;
    }
    this.#catchingUp = this.#behind.size > 0 ? setTimeout(() => this.#catchUp(), 0) : undefined;
    if (changed.length > 0) this.#changed.fire(changed);
  }

  #isThere(node: TreeNode): boolean {
    const siblings = node.parent === undefined ? this.#roots : node.parent.children;
    return siblings?.includes(node) === true && (node.parent === undefined || this.#isThere(node.parent));
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
    return rows.map((row) => nodeOf(row, parent));
  }

  /** Nodes for the new rows, the old ones where the key is the same. Below each known node it goes on by itself. */
  #reconcile(
    old: readonly TreeNode[],
    rows: readonly Row[],
    parent: TreeNode | undefined,
    changed: TreeNode[],
    isTouched: (row: Row) => boolean,
  ): { readonly nodes: readonly TreeNode[]; readonly moved: boolean } {
    const known = new Map(old.map((node) => [node.row.key, node]));
    const nodes = rows.map((row) => {
      const node = known.get(row.key);
      return node === undefined ? nodeOf(row, parent) : this.#renew(node, row, changed, isTouched);
    });
    const moved = nodes.length !== old.length || nodes.some((node, position) => node !== old[position]);
    return { nodes, moved };
  }

  #renew(node: TreeNode, row: Row, changed: TreeNode[], isTouched: (row: Row) => boolean): TreeNode {
    let announce = !looksSame(node.row, row);
    node.row = row;
    this.#behind.delete(node);
    if (node.children !== undefined) {
      if (announce || isTouched(row)) {
        const below: TreeNode[] = [];
        if (this.#renewBelow(node, below, isTouched)) announce = true;
        // The editor reads everything below an announced node again.
        if (!announce) changed.push(...below);
      } else this.#behind.add(node);
    }
    if (!announce && node.shownTooltip !== undefined) announce = this.#tooltip(node) !== node.shownTooltip;
    if (announce) {
      node.shownTooltip = undefined;
      changed.push(node);
    }
    return node;
  }

  /** Whether nodes right below came, went or moved. */
  #renewBelow(node: TreeNode, changed: TreeNode[], isTouched: (row: Row) => boolean): boolean {
    if (node.children === undefined) return false;
    const { nodes, moved } = this.#reconcile(node.children, this.#rowsOf(node), node, changed, isTouched);
    node.children = node.row.children === undefined ? undefined : nodes;
    return moved;
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
    item.contextValue = (node.recorded ? readingTokens(row.tokens) : row.tokens).join(';');
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

/** In all that its tree item is made of, but for what is made later. */
function looksSame(a: Row, b: Row): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.spoken === b.spoken &&
    a.icon?.id === b.icon?.id &&
    a.icon?.color === b.icon?.color &&
    a.tokens.length === b.tokens.length &&
    a.tokens.every((token, position) => token === b.tokens[position]) &&
    isSame(a.subject, b.subject) &&
    a.engine === b.engine &&
    a.recorded === b.recorded &&
    (a.children === undefined) === (b.children === undefined) &&
    (a.tooltip === undefined) === (b.tooltip === undefined)
  );
}

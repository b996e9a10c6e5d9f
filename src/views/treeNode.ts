import type { HasSubject, Subject } from '../editor/subject.ts';
import { engineRowKey, type Row } from './row.ts';

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
    const { subject } = this.row;
    const { engine } = this;
    // A row may be about another engine: a container of another host.
    return subject === undefined || engine === undefined ? subject : { engine, ...subject };
  }

  /** Read off by commands, also where the row is the engine's own and so has no subject. */
  get engine(): string | undefined {
    return this.row.engine ?? this.parent?.engine;
  }

  /** Whether it is an engine's own row: other rows that stand for nothing have the engine that they are below. */
  get isEngine(): boolean {
    const { key, engine } = this.row;
    return engine !== undefined && key === engineRowKey(engine);
  }

  /** Of a recording, which nothing changes. */
  get recorded(): boolean {
    return this.row.recorded ?? this.parent?.recorded ?? false;
  }
}

export function nodeOf(row: Row, parent: TreeNode | undefined): TreeNode {
  return new TreeNode(row, parent, parent === undefined ? rootId(row) : `${parent.id}/${row.key}`);
}

/** Below the engine's root, also where one engine alone is shown and has none: what is folded stays so when another comes. */
function rootId({ key, engine }: Row): string {
  return engine === undefined || key === engineRowKey(engine) ? key : `${engineRowKey(engine)}/${key}`;
}

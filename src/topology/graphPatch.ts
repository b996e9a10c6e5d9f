import { isSame } from './same.ts';
import type { Graph, GraphEdge, GraphNode, GraphPatch, NodeId } from './graphModel.ts';

/** Undefined where nothing differs. Edges that are new or changed come in the new graph's order. */
export function diffGraph(before: Graph, after: Graph): GraphPatch | undefined {
  const nodes = changedOf(before.nodes, after.nodes);
  const edges = changedOf(before.edges, after.edges);
  const stay = new Set([...after.nodes, ...after.edges].map(({ id }) => id));
  const removed = [...before.nodes, ...before.edges].flatMap(({ id }) => (stay.has(id) ? [] : id));
  const head = headOf(after);
  const order = isSameOrder(before.nodes, after.nodes) ? undefined : after.nodes.map(({ id }) => id);
  const edgeOrder = isSameOrder(before.edges, after.edges) ? undefined : after.edges.map(({ id }) => id);
  const isQuiet = nodes.length + edges.length + removed.length === 0 && isSame(headOf(before), head);
  if (isQuiet && order === undefined && edgeOrder === undefined) return undefined;
  return {
    head,
    nodes,
    edges,
    removed,
    ...(order === undefined ? {} : { order }),
    ...(edgeOrder === undefined ? {} : { edgeOrder }),
  };
}

/** The next graph. What did not change is the same object as before, so a view need not draw it again. */
export function applyPatch(graph: Graph, patch: GraphPatch): Graph {
  return {
    ...patch.head,
    nodes: patched(graph.nodes, patch.nodes, patch.removed, patch.order),
    edges: patched(graph.edges, patch.edges, patch.removed, patch.edgeOrder),
  };
}

/** What a patch does to the elements of a graph: ids to point out for a moment, and those that go. */
export interface PatchSummary {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Of nodes, edges, and the containers and interfaces in boxes. */
export function summaryOf(before: Graph, patch: GraphPatch): PatchSummary {
  const old = new Map<string, GraphNode | GraphEdge>([...before.nodes, ...before.edges].map((one) => [one.id, one]));
  const added: string[] = [];
  const changed: string[] = [];
  const removed: string[] = [];
  for (const id of patch.removed) {
    removed.push(id, ...itemsOf(old.get(id)).map((item) => item.id));
  }
  for (const one of [...patch.nodes, ...patch.edges]) {
    const previous = old.get(one.id);
    (previous === undefined ? added : changed).push(one.id);
    const oldItems = new Map(itemsOf(previous).map((item) => [item.id, item]));
    for (const item of itemsOf(one)) {
      const oldItem = oldItems.get(item.id);
      oldItems.delete(item.id);
      if (oldItem === undefined) added.push(item.id);
      else if (!isSame(oldItem, item)) changed.push(item.id);
    }
    removed.push(...oldItems.keys());
  }
  // A container that moved into another box is neither new nor gone.
  const [came, went] = [new Set(added), new Set(removed)];
  return {
    added: added.filter((id) => !went.has(id)),
    changed: [...changed, ...added.filter((id) => went.has(id))],
    removed: removed.filter((id) => !came.has(id)),
  };
}

function itemsOf(one: GraphNode | GraphEdge | undefined): readonly { readonly id: string }[] {
  return one?.kind === 'namespace' ? [...one.containers, ...one.interfaces] : [];
}

function headOf({ nodes: _nodes, edges: _edges, ...head }: Graph): GraphPatch['head'] {
  return head;
}

function changedOf<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): T[] {
  const old = new Map(before.map((one) => [one.id, one]));
  return after.filter((one) => !isSame(old.get(one.id), one));
}

function isSameOrder(before: readonly { readonly id: NodeId }[], after: readonly { readonly id: NodeId }[]): boolean {
  return before.length === after.length && before.every(({ id }, position) => id === after[position]?.id);
}

function patched<T extends { readonly id: string }>(
  before: readonly T[],
  changed: readonly T[],
  removed: readonly string[],
  order: readonly string[] | undefined,
): readonly T[] {
  if (changed.length === 0 && order === undefined) {
    const gone = new Set(removed);
    return before.some(({ id }) => gone.has(id)) ? before.filter(({ id }) => !gone.has(id)) : before;
  }
  const byId = new Map(before.map((one) => [one.id, one]));
  for (const id of removed) byId.delete(id);
  for (const one of changed) byId.set(one.id, one);
  return order === undefined ? [...byId.values()] : order.flatMap((id) => byId.get(id) ?? []);
}

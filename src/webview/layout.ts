import type { Graph, NodeId } from '../topology/graphModel.ts';
import type { Positions } from '../protocol/messages.ts';
import { barOf, type Block } from './layout/block.ts';
import { edgeRow, type EdgeItem } from './layout/edgeRow.ts';
import { Memory } from './layout/memory.ts';
import { planOf } from './layout/plan.ts';
import { routesOf } from './layout/routes.ts';
import { settle } from './layout/settle.ts';
import type { Shelves } from './layout/shelves.ts';
import { boundsMargin, hostPadding, hostTitle, streetHeight } from './layout/sizes.ts';

/** Diagram units are CSS pixels at zoom 1; y grows downward. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a node is, and where on its edge the wires of its interfaces end. */
export interface Box extends Rect {
  readonly id: NodeId;
  /** A network of many containers draws them as small cells, whose wires are shown only where asked. */
  readonly compact: boolean;
  /** Interface id → the point where its wire leaves. */
  readonly ports: ReadonlyMap<string, Point>;
}

/** An edge as a polyline. `chip` is where the veth's host end is written. */
export interface Route {
  readonly id: string;
  readonly points: readonly Point[];
  readonly chip?: Rect;
}

/** The part of the picture that belongs to one network: its containers, and its bar below them. */
export interface Region extends Rect {
  /** Begins with `block:`. */
  readonly id: string;
  /** The network or bridge whose it is; absent for containers that are on none. */
  readonly bar?: NodeId;
  readonly compact: boolean;
}

export interface Layout {
  readonly boxes: ReadonlyMap<NodeId, Box>;
  readonly routes: ReadonlyMap<string, Route>;
  /** They do not overlap. A network whose block was full has more than one, the bar is in the first. */
  readonly blocks: ReadonlyMap<string, Region>;
  /** The outline of the host: its networks, containers and bridges are inside, uplinks and ports on its lower edge. */
  readonly host: Rect;
  /** All of it, with a margin. */
  readonly bounds: Rect;
}

/** Same graph and same `known` (layout/memory.ts), same layout. What `known` has stays where it is. */
export type LayOut = (graph: Graph, known?: Positions) => Layout;

/**
 * Draws the host as a row of shelves: on each stand blocks, each a network's bar with its containers above it. Wires run
 * in free strips between boxes and blocks; uplinks and published ports are on the host's lower edge.
 */
export const layOut: LayOut = (graph, known = {}) => {
  const memory = new Memory(known);
  const plan = planOf(graph);
  const shelves = settle(plan, memory);
  const blocks = shelves.shelves.flatMap((shelf) => shelf.blocks);
  const inside = hostOf(shelves, memory);
  const items = edgeRow(plan, inside, memory, wantedX(graph, blocks));
  const right = Math.max(inside.x + inside.width, ...items.map((item) => item.x + item.width + hostPadding));
  const host = { ...inside, width: right - inside.x };
  shelves.right = right - hostPadding;
  const bottom = Math.max(host.y + host.height, ...items.map((item) => item.y + item.height));
  return {
    boxes: boxesOf(blocks, items),
    routes: routesOf(graph, shelves, items),
    blocks: new Map(blocks.map((block) => [block.id, regionOf(block)])),
    host,
    bounds: {
      x: host.x - boundsMargin,
      y: host.y - boundsMargin,
      width: host.width + 2 * boundsMargin,
      height: bottom - host.y + 2 * boundsMargin,
    },
  };
};

/** Never smaller than it was: its lower edge, and what sits on it, moves only when there is need for more room. */
function hostOf(shelves: Shelves, memory: Memory): Rect {
  const before = memory.rect('host');
  const x = shelves.left - hostPadding;
  const y = shelves.top - hostTitle;
  const width = Math.max(before?.width ?? 0, shelves.right + hostPadding - x);
  const height = Math.max(before?.height ?? 0, shelves.bottom + streetHeight - y);
  return { x, y, width, height };
}

/** Where each published port would be straight below its container. */
function wantedX(graph: Graph, blocks: readonly Block[]): Map<NodeId, number> {
  const middles = new Map<NodeId, number>();
  for (const block of blocks) {
    for (const { node, shape, x } of block.placed) middles.set(node.id, x + shape.width / 2);
  }
  const wanted = new Map<NodeId, number>();
  for (const edge of graph.edges) {
    const x = edge.kind === 'publish' ? middles.get(edge.to) : undefined;
    if (x !== undefined && !wanted.has(edge.from)) wanted.set(edge.from, x);
  }
  return wanted;
}

function boxesOf(blocks: readonly Block[], items: readonly EdgeItem[]): Map<NodeId, Box> {
  const boxes = new Map<NodeId, Box>();
  for (const block of blocks) {
    if (block.hasBar && block.home !== undefined) {
      boxes.set(block.home, { id: block.home, compact: false, ports: new Map(), ...barOf(block) });
    }
    for (const { node, shape, x, y } of block.placed) {
      const ports = new Map<string, Point>();
      for (const [id, port] of shape.ports) ports.set(id, { x: x + port.x, y: y + port.y });
      const { width, height } = shape;
      boxes.set(node.id, { id: node.id, x, y, width, height, compact: block.compact, ports });
    }
  }
  for (const { id, x, y, width, height } of items) {
    boxes.set(id, { id, x, y, width, height, compact: false, ports: new Map() });
  }
  return boxes;
}

function regionOf({ id, home, compact, x, y, width, height }: Block): Region {
  return { id, ...(home === undefined ? {} : { bar: home }), compact, x, y, width, height };
}

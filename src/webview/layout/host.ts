import type { Graph, NodeId } from '../../topology/graphModel.ts';
import type { Positions } from '../../protocol/messages.ts';
import type { Box, Layout, Point, Rect, Region } from '../layout.ts';
import { barOf, type Block } from './block.ts';
import { edgeRow, type EdgeItem } from './edgeRow.ts';
import { Memory } from './memory.ts';
import { planOf } from './plan.ts';
import { routesOf } from './routes.ts';
import { settle } from './settle.ts';
import type { Shelves } from './shelves.ts';
import { boundsMargin, hostPadding, hostTitle, pictureAspect, streetHeight } from './sizes.ts';

/**
 * Draws the host as a row of shelves: on each stand blocks, each a network's bar with its containers above it. Wires run
 * in free strips between boxes and blocks; uplinks and published ports are on the host's lower edge.
 *
 * @param aspect width over height that it should come near to
 */
export function layOutHost(graph: Graph, known: Positions, aspect = pictureAspect): Layout {
  const memory = new Memory(known);
  const plan = planOf(graph);
  const shelves = settle(plan, memory, aspect);
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
    frames: [host],
    bounds: {
      x: host.x - boundsMargin,
      y: host.y - boundsMargin,
      width: host.width + 2 * boundsMargin,
      height: bottom - host.y + 2 * boundsMargin,
    },
  };
}

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

import { chipId } from '../topology/graphElements.ts';
import type { GraphEdge, GraphNode, TunnelEdge } from '../topology/graphModel.ts';
import { type Element, type GraphIndex } from './graphIndex.ts';
import type { Layout, Point } from './layout.ts';
import { nearestInDirection, type Direction } from './layout/query.ts';
import { centreOf, rectOf } from './scene/geometry.ts';

/** What the keyboard walks in. */
export interface Ground {
  readonly index: GraphIndex;
  readonly layout: Layout;
}

/**
 * The element that an arrow key leads to: along the wires (container, interface, wire, network, uplink), sideways
 * between neighbours of a kind, and where nothing is joined, to the nearest box that way.
 */
export function step(ground: Ground, id: string, direction: Direction): string | undefined {
  const element = ground.index.elements.get(id);
  if (!element) return undefined;
  const along = alongWire(ground, element, id, direction);
  if (along !== undefined) return along;
  const box = boxOf(ground, element, direction);
  const next = box === undefined ? undefined : nearestInDirection(ground.layout, box, direction);
  return next === undefined ? undefined : entry(ground, next, direction);
}

/** The first or last element in drawing order. */
export function outermost({ index }: Ground, end: 'first' | 'last'): string | undefined {
  const node = end === 'first' ? index.graph.nodes[0] : index.graph.nodes.at(-1);
  return node && representative(node);
}

/** A box with one container is that container for the keyboard. */
function representative(node: GraphNode): string {
  return node.kind === 'namespace' ? (node.containers[0]?.id ?? node.id) : node.id;
}

/** Cells have no wires of their own on the picture: they are reached from box to box. */
function isDrawn({ index, layout }: Ground, edge: GraphEdge): boolean {
  if (!layout.routes.has(edge.id)) return false;
  if (edge.kind === 'egress' || edge.kind === 'tunnel') return true;
  const isCompact = (id: string): boolean => index.elements.has(id) && layout.boxes.get(id)?.compact === true;
  return !isCompact(edge.from) && !isCompact(edge.to);
}

function alongWire(ground: Ground, element: Element, id: string, direction: Direction): string | undefined {
  const isUpright = direction === 'up' || direction === 'down';
  const forward = direction === 'down' || direction === 'right' ? 1 : -1;
  switch (element.kind) {
    case 'edge':
    case 'chip': {
      const { edge } = element;
      if (edge.kind === 'tunnel') return endOfTunnel(ground, edge, direction);
      if (!isUpright) return siblingWire(ground, edge, forward, element.kind);
      // Its host end is a stop on the way down from the container, and back.
      const chip = chipOf(edge);
      if (element.kind === 'edge' && direction === 'down' && chip !== undefined) return chip;
      if (element.kind === 'chip' && direction === 'up') return edge.id;
      return endOf(ground, edge, direction);
    }
    case 'interface': {
      const { interfaces, containers } = element.node;
      if (!isUpright) return interfaces[interfaces.indexOf(element.item) + forward]?.id;
      if (direction === 'up') return containers.at(-1)?.id;
      return edgeTowards(ground, id, direction) ?? edgeTowards(ground, element.node.id, direction);
    }
    case 'container': {
      const { node, container } = element;
      if (!isUpright || ground.layout.boxes.get(node.id)?.compact === true) return undefined;
      const sibling = node.containers[node.containers.indexOf(container) + forward]?.id;
      if (sibling !== undefined || direction === 'up') return sibling ?? edgeTowards(ground, id, direction);
      return node.interfaces[0]?.id ?? edgeTowards(ground, id, direction) ?? edgeTowards(ground, node.id, direction);
    }
    case 'node': {
      const { node } = element;
      if (node.kind === 'namespace') return direction === 'down' ? node.containers[0]?.id : undefined;
      return isUpright ? edgeTowards(ground, id, direction) : undefined;
    }
  }
}

/** Where an edge begins or ends, whichever is higher or lower. */
function endOf({ index, layout }: Ground, edge: GraphEdge, direction: Direction): string | undefined {
  const points = layout.routes.get(edge.id)?.points ?? [];
  const isFromAbove = (points[0]?.y ?? 0) <= (points.at(-1)?.y ?? 0);
  const isFrom = isFromAbove === (direction === 'up');
  const item = isFrom ? edge.fromItem : edge.toItem;
  if (item !== undefined && index.elements.has(item)) return item;
  const end = index.elements.get(isFrom ? edge.from : edge.to);
  return end?.kind === 'node' ? representative(end.node) : undefined;
}

/** Both ends are mostly above it: sideways one gets to that end, up to the nearer one, down to one that is below. */
function endOfTunnel(ground: Ground, edge: TunnelEdge, direction: Direction): string | undefined {
  const label = place(ground, edge.id);
  const ends = [edge.from, edge.to].map((id) => ({ id, at: place(ground, id) })).sort((a, b) => a.at.x - b.at.x);
  switch (direction) {
    case 'left':
      return ends[0]?.id;
    case 'right':
      return ends[1]?.id;
    case 'up':
      return ends.filter(({ at }) => at.y <= label.y).sort((a, b) => b.at.y - a.at.y)[0]?.id;
    case 'down':
      return ends.find(({ at }) => at.y > label.y)?.id;
  }
}

function chipOf(edge: GraphEdge): string | undefined {
  return edge.kind === 'wire' && edge.wireKind === 'veth' && edge.hostLink
    ? chipId(edge.hostLink.name, edge.host)
    : undefined;
}

function siblingWire(ground: Ground, edge: GraphEdge, forward: number, kind: 'edge' | 'chip'): string | undefined {
  const row = (ground.index.edgesAt.get(edge.to) ?? [])
    .filter((other) => other.kind === edge.kind && isDrawn(ground, other))
    .map((other) => ({ other, at: place(ground, other.id) }))
    .sort((a, b) => a.at.x - b.at.x || a.at.y - b.at.y);
  const next = row[row.findIndex(({ other }) => other === edge) + forward]?.other;
  return next && ((kind === 'chip' ? chipOf(next) : undefined) ?? next.id);
}

/** The edge of an element that leaves it upward or downward, the one nearest to its middle. */
function edgeTowards(ground: Ground, id: string, direction: Direction): string | undefined {
  const { index, layout } = ground;
  const rect = rectOf(index, layout, id);
  if (!rect) return undefined;
  const middle = centreOf(rect);
  let nearest: GraphEdge | undefined;
  let least = Infinity;
  for (const edge of index.edgesAt.get(id) ?? []) {
    if (!isDrawn(ground, edge)) continue;
    const at = place(ground, edge.id);
    if (at.y <= middle.y !== (direction === 'up')) continue;
    const cost = Math.abs(at.x - middle.x) + Math.abs(at.y - middle.y) / 10;
    if (cost < least) [nearest, least] = [edge, cost];
  }
  if (!nearest) return undefined;
  return (nearest.to === id ? chipOf(nearest) : undefined) ?? nearest.id;
}

function place({ index, layout }: Ground, id: string): Point {
  const rect = rectOf(index, layout, id);
  return rect ? centreOf(rect) : { x: 0, y: 0 };
}

function boxOf({ layout }: Ground, element: Element, direction: Direction): string | undefined {
  if ('node' in element) return element.node.id;
  const ends = [element.edge.from, element.edge.to].filter((id) => layout.boxes.has(id));
  return direction === 'up' ? ends[0] : ends.at(-1);
}

/** From below one comes to a box's interfaces, from elsewhere to its name. */
function entry({ index, layout }: Ground, nodeId: string, direction: Direction): string | undefined {
  const element = index.elements.get(nodeId);
  if (element?.kind !== 'node') return undefined;
  const { node } = element;
  const isOpen = node.kind === 'namespace' && layout.boxes.get(nodeId)?.compact !== true && node.type !== 'host';
  if (isOpen && direction === 'up') return node.interfaces[0]?.id ?? representative(node);
  return representative(node);
}

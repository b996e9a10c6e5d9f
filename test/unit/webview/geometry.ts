import type { Graph } from '../../../src/topology/graphModel.ts';
import type { Layout, Point, Rect } from '../../../src/webview/layout.ts';

/** What a picture must not do, as sentences about each fault: an empty list is a good picture. */
export function faultsOf(graph: Graph, layout: Layout): string[] {
  return [...overlaps(layout), ...missing(graph, layout), ...looseEnds(graph, layout), ...crossings(layout)];
}

function meet(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function overlaps(layout: Layout): string[] {
  const solids = [
    ...[...layout.boxes.values()].map((box) => ({ name: box.id, rect: box })),
    ...[...layout.routes.values()].flatMap(({ id, chip }) => (chip ? [{ name: `chip of ${id}`, rect: chip }] : [])),
  ].sort((a, b) => a.rect.x - b.rect.x);
  const faults: string[] = [];
  solids.forEach((a, at) => {
    for (let next = at + 1; next < solids.length; next++) {
      const b = solids[next];
      if (!b || b.rect.x >= a.rect.x + a.rect.width) break;
      if (meet(a.rect, b.rect)) faults.push(`${a.name} overlaps ${b.name}`);
    }
  });
  const blocks = [...layout.blocks.values()];
  blocks.forEach((a, at) => {
    for (const b of blocks.slice(at + 1)) if (meet(a, b)) faults.push(`${a.id} overlaps ${b.id}`);
  });
  for (const { name, rect } of solids) {
    const { x, y, width, height } = layout.bounds;
    const isInside =
      rect.x >= x && rect.y >= y && rect.x + rect.width <= x + width && rect.y + rect.height <= y + height;
    if (!isInside) faults.push(`${name} is outside`);
  }
  return faults;
}

function missing(graph: Graph, layout: Layout): string[] {
  return [
    ...graph.nodes.filter(({ id }) => !layout.boxes.has(id)).map(({ id }) => `${id} has no place`),
    ...graph.edges.filter(({ id }) => !layout.routes.has(id)).map(({ id }) => `${id} has no way`),
    ...(layout.boxes.size === graph.nodes.length ? [] : ['there are boxes of nothing']),
  ];
}

function looseEnds(graph: Graph, layout: Layout): string[] {
  const faults: string[] = [];
  for (const edge of graph.edges) {
    const points = layout.routes.get(edge.id)?.points ?? [];
    const from = layout.boxes.get(edge.from);
    const to = layout.boxes.get(edge.to);
    const first = points[0];
    const last = points.at(-1);
    if (!from || !to || !first || !last) continue;
    const port = edge.fromItem === undefined ? undefined : from.ports.get(edge.fromItem);
    if (port && (port.x !== first.x || port.y !== first.y)) faults.push(`${edge.id} does not begin at its port`);
    if (!isOnOutline(from, first)) faults.push(`${edge.id} does not begin at ${edge.from}`);
    if (!isOnOutline(to, last)) faults.push(`${edge.id} does not end at ${edge.to}`);
  }
  return faults;
}

function isOnOutline({ x, y, width, height }: Rect, point: Point): boolean {
  const isBeside = point.y >= y && point.y <= y + height && (point.x === x || point.x === x + width);
  const isAboveOrBelow = point.x >= x && point.x <= x + width && (point.y === y || point.y === y + height);
  return isBeside || isAboveOrBelow;
}

/** Boxes, bars and chips that a wire runs across; cells are let pass, for their wires are behind them. */
function crossings(layout: Layout): string[] {
  const solids: { readonly id: string; readonly rect: Rect; readonly own?: string }[] = [];
  for (const box of layout.boxes.values()) if (!box.compact) solids.push({ id: box.id, rect: box });
  for (const { id, chip } of layout.routes.values()) {
    if (chip) solids.push({ id: `chip of ${id}`, rect: chip, own: id });
  }
  const faults: string[] = [];
  const ways = new Map<string, string>();
  for (const { id, points } of layout.routes.values()) {
    const way = JSON.stringify(points);
    const twin = ways.get(way);
    if (twin !== undefined) faults.push(`${id} runs where ${twin} runs`);
    ways.set(way, id);
    points.forEach((point, at) => {
      const next = points[at + 1];
      if (!next) return;
      if (point.x !== next.x && point.y !== next.y) faults.push(`${id} runs aslant`);
      const stretch = {
        x: Math.min(point.x, next.x),
        y: Math.min(point.y, next.y),
        width: Math.abs(point.x - next.x),
        height: Math.abs(point.y - next.y),
      };
      for (const solid of solids) {
        if (solid.own !== id && meet(stretch, solid.rect)) faults.push(`${id} crosses ${solid.id}`);
      }
    });
  }
  return faults;
}

import type { GraphNode, NamespaceNode } from '../../topology/graphModel.ts';
import type { Box, Layout, Point, Rect } from '../layout.ts';
import { shapeOf, type Shape } from '../layout/shape.ts';
import { nodeOf, type GraphIndex } from '../graphIndex.ts';

const shapes = new WeakMap<GraphNode, { readonly compact: boolean; readonly shape: Shape }>();

export function shapeIn(node: NamespaceNode, box: Box): Shape {
  const known = shapes.get(node);
  if (known?.compact === box.compact) return known.shape;
  const shape = shapeOf(node, box.compact);
  shapes.set(node, { compact: box.compact, shape });
  return shape;
}

/** Where an element is drawn; for an edge, where it is pointed at. */
export function rectOf(index: GraphIndex, layout: Layout, id: string): Rect | undefined {
  const element = index.elements.get(id);
  if (!element) return undefined;
  if (element.kind === 'edge' || element.kind === 'chip') {
    const route = layout.routes.get(element.edge.id);
    if (!route) return undefined;
    if (route.chip) return route.chip;
    const { x, y } = middleOf(route.points);
    return { x, y, width: 0, height: 0 };
  }
  const node = nodeOf(index, id);
  const box = node && layout.boxes.get(node.id);
  if (!box) return undefined;
  if (element.kind === 'node' || box.compact) return box;
  const shape = shapeIn(element.node, box);
  const inner = element.kind === 'container' ? shape.titles.get(id) : shape.interfaces.get(id);
  return inner ? { ...inner, x: box.x + inner.x, y: box.y + inner.y } : box;
}

export function centreOf(rect: Rect): Point {
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}

/** The smallest rectangle around all of them. */
export function unionOf(rects: readonly Rect[]): Rect | undefined {
  if (rects.length === 0) return undefined;
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** The point half-way along a line. */
export function middleOf(points: readonly Point[]): Point {
  const lengths = points.slice(1).map((point, at) => distance(points[at] ?? point, point));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [at, length] of lengths.entries()) {
    const from = points[at];
    const to = points[at + 1];
    if (!from || !to) break;
    if (left <= length) return length === 0 ? from : towards(from, to, left / length);
    left -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

/** A polyline as a path whose corners are rounded, so that crossing wires can be told apart. */
export function pathOf(points: readonly Point[], radius = 6): string {
  const [first] = points;
  if (!first) return '';
  let path = `M${round(first.x)} ${round(first.y)}`;
  for (let at = 1; at < points.length; at++) {
    const before = points[at - 1];
    const corner = points[at];
    const after = points[at + 1];
    if (!before || !corner) continue;
    const bend = after ? Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2) : 0;
    if (!after || bend < 1) {
      path += `L${round(corner.x)} ${round(corner.y)}`;
      continue;
    }
    const enter = towards(corner, before, bend / distance(before, corner));
    const leave = towards(corner, after, bend / distance(corner, after));
    path += `L${round(enter.x)} ${round(enter.y)}Q${round(corner.x)} ${round(corner.y)} ${round(leave.x)} ${round(leave.y)}`;
  }
  return path;
}

/** The head of an arrow at a line's end. Drawn as a path: viewers of exported files do not agree on markers. */
export function arrowOf(points: readonly Point[], size = 7): string {
  const tip = points.at(-1);
  const before = points.findLast((point) => tip !== undefined && distance(point, tip) > 0.5);
  if (!tip || !before) return '';
  const length = distance(before, tip);
  const ahead = { x: (tip.x - before.x) / length, y: (tip.y - before.y) / length };
  const back = { x: tip.x - ahead.x * size, y: tip.y - ahead.y * size };
  const half = size * 0.45;
  const left = { x: back.x - ahead.y * half, y: back.y + ahead.x * half };
  const right = { x: back.x + ahead.y * half, y: back.y - ahead.x * half };
  return `M${round(tip.x)} ${round(tip.y)}L${round(left.x)} ${round(left.y)}L${round(right.x)} ${round(right.y)}Z`;
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
const towards = (from: Point, to: Point, share: number): Point => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});
const round = (value: number): number => Math.round(value * 10) / 10;

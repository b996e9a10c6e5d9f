import type { Box, Layout, Rect, Region, Route } from './layout.ts';

/** The next layout with every box and route of the previous one that is the same, so that nothing draws it again. */
export function reconcile(previous: Layout | undefined, next: Layout): Layout {
  if (!previous) return next;
  return {
    ...next,
    boxes: keepEqual(previous.boxes, next.boxes, isSameBox),
    routes: keepEqual(previous.routes, next.routes, isSameRoute),
    blocks: keepEqual(previous.blocks, next.blocks, isSameRegion),
  };
}

function keepEqual<T>(
  previous: ReadonlyMap<string, T>,
  next: ReadonlyMap<string, T>,
  isSame: (a: T, b: T) => boolean,
): ReadonlyMap<string, T> {
  const kept = new Map<string, T>();
  for (const [id, value] of next) {
    const before = previous.get(id);
    kept.set(id, before !== undefined && isSame(before, value) ? before : value);
  }
  return kept;
}

function isSameBox(a: Box, b: Box): boolean {
  return isSameRect(a, b) && a.compact === b.compact && isSamePorts(a.ports, b.ports);
}

function isSamePorts(a: Box['ports'], b: Box['ports']): boolean {
  if (a.size !== b.size) return false;
  for (const [id, point] of a) {
    const other = b.get(id);
    if (!other || other.x !== point.x || other.y !== point.y) return false;
  }
  return true;
}

function isSameRoute(a: Route, b: Route): boolean {
  if (a.points.length !== b.points.length || !isSameRect(a.chip, b.chip)) return false;
  return a.points.every((point, at) => point.x === b.points[at]?.x && point.y === b.points[at].y);
}

function isSameRegion(a: Region, b: Region): boolean {
  return isSameRect(a, b) && a.bar === b.bar && a.compact === b.compact && a.host === b.host;
}

function isSameRect(a: Rect | undefined, b: Rect | undefined): boolean {
  if (!a || !b) return a === b;
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

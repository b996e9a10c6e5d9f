import type { NodeId } from '../../topology/graphModel.ts';
import type { Box, Layout, Point, Rect } from '../layout.ts';

/** The node at a point of the diagram. */
export function boxAt(layout: Layout, point: Point): Box | undefined {
  for (const box of layout.boxes.values()) if (contains(box, point)) return box;
  return undefined;
}

function contains(rect: Rect, { x, y }: Point): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The box that an arrow key leads to where no wire does: the nearest one that lies rather ahead than aside. */
export function nearestInDirection(layout: Layout, id: NodeId, direction: Direction): NodeId | undefined {
  const from = layout.boxes.get(id);
  if (!from) return undefined;
  let nearest: NodeId | undefined;
  let least = Infinity;
  for (const box of layout.boxes.values()) {
    const cost = costOf(from, box, direction);
    if (cost < least) [nearest, least] = [box.id, cost];
  }
  return nearest;
}

/** Infinite where the box does not lie in that direction. */
function costOf(from: Rect, to: Rect, direction: Direction): number {
  const isAcross = direction === 'left' || direction === 'right';
  const isForward = direction === 'right' || direction === 'down';
  const [fromStart, fromEnd] = isAcross ? [from.x, from.x + from.width] : [from.y, from.y + from.height];
  const [toStart, toEnd] = isAcross ? [to.x, to.x + to.width] : [to.y, to.y + to.height];
  const ahead = isForward ? toStart - fromEnd : fromStart - toEnd;
  if (ahead < 0) return Infinity;
  const [a, b] = isAcross
    ? [
        { start: from.y, end: from.y + from.height },
        { start: to.y, end: to.y + to.height },
      ]
    : [
        { start: from.x, end: from.x + from.width },
        { start: to.x, end: to.x + to.width },
      ];
  const apart = Math.max(0, b.start - a.end, a.start - b.end);
  // Straight ahead the middle decides, so that the way back is the same.
  const off = Math.abs(a.start + a.end - b.start - b.end) / 2;
  return ahead + 3 * apart + off / 100;
}

import type { Point, Rect } from '../layout.ts';
import { tunnelLabelHeight, tunnelLabelWidth } from './sizes.ts';

/** A part of a stretch that runs sideways. */
interface Part {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Where a tunnel's label is: on a part of it that runs sideways and that no other tunnel runs through, as near to the
 * middle as there is room; on the longest such part, and shorter, where there is not enough.
 */
export function labelOn(line: readonly Point[], others: readonly (readonly Point[])[], labels: readonly Rect[]): Rect {
  const stretches = sideways(line);
  const middle = stretches.reduce(longer, { y: line[0]?.y ?? 0, from: line[0]?.x ?? 0, to: line[0]?.x ?? 0 });
  const free = stretches.flatMap((stretch) => freeParts(stretch, others, labels));
  const wide = free.filter((part) => lengthOf(part) >= tunnelLabelWidth);
  const aim = (middle.from + middle.to) / 2;
  const away = (part: Part): number => Math.abs(part.y - middle.y) + Math.abs(nearestIn(part, aim) - aim);
  const best = wide.reduce<Part | undefined>((a, b) => (a && away(a) <= away(b) ? a : b), undefined);
  if (best) return labelAt(nearestIn(best, aim), best.y, tunnelLabelWidth);
  // Too short for all of it, but not for some of it; else over its own ends rather than over another tunnel.
  const longest = free.reduce<Part | undefined>((a, b) => (a && lengthOf(a) >= lengthOf(b) ? a : b), undefined);
  if (!longest || lengthOf(longest) < leastLabel) return labelAt(aim, middle.y, leastLabel);
  return labelAt((longest.from + longest.to) / 2, longest.y, lengthOf(longest));
}

const leastLabel = 96;
/** Free room beside a line that is crossed. */
const margin = 10;

const lengthOf = ({ from, to }: Part): number => to - from;
const longer = (a: Part, b: Part): Part => (lengthOf(a) >= lengthOf(b) ? a : b);

/** The x nearest to `aim` at which a whole label is within the part. */
function nearestIn({ from, to }: Part, aim: number): number {
  return Math.min(Math.max(aim, from + tunnelLabelWidth / 2), to - tunnelLabelWidth / 2);
}

function labelAt(x: number, y: number, width: number): Rect {
  return { x: Math.round(x - width / 2), y: y - tunnelLabelHeight / 2, width, height: tunnelLabelHeight };
}

function sideways(line: readonly Point[]): Part[] {
  return line.slice(1).flatMap((to, at) => {
    const from = line[at];
    if (from?.y !== to.y || from.x === to.x) return [];
    return [{ y: to.y, from: Math.min(from.x, to.x), to: Math.max(from.x, to.x) }];
  });
}

/** What is left of a stretch between the lines that cross it and labels that are on it. */
function freeParts({ y, from, to }: Part, others: readonly (readonly Point[])[], labels: readonly Rect[]): Part[] {
  const half = tunnelLabelHeight / 2;
  const crossings = others
    .flatMap((line) =>
      line.slice(1).flatMap((end, at) => {
        const start = line[at] ?? end;
        const isNear = Math.min(start.y, end.y) < y + half && Math.max(start.y, end.y) > y - half;
        return isNear ? [{ left: Math.min(start.x, end.x) - margin, right: Math.max(start.x, end.x) + margin }] : [];
      }),
    )
    .concat(
      labels
        .filter((label) => label.y < y + half && label.y + label.height > y - half)
        .map((label) => ({ left: label.x - margin, right: label.x + label.width + margin })),
    )
    .sort((a, b) => a.left - b.left);
  const parts: Part[] = [];
  let start = from;
  for (const { left, right } of crossings) {
    if (left > start) parts.push({ y, from: start, to: Math.min(left, to) });
    start = Math.max(start, right);
    if (start >= to) break;
  }
  if (start < to) parts.push({ y, from: start, to });
  return parts.filter((part) => part.from < part.to);
}

import type { Point } from '../layout.ts';
import { barTop, groundOf, rightOf, type Block, type Placed } from './block.ts';
import { gutter, rowGutter } from './sizes.ts';

const laneWidth = 4;
/** Distances from the edge of a box that wires keep in the free strips beside and above it. */
const sideLanes = lanesIn(gutter);
const rowLanes = lanesIn(rowGutter);

function lanesIn(strip: number): number[] {
  const nearest = 6;
  return Array.from({ length: Math.floor((strip - 2 * nearest) / laneWidth) + 1 }, (_, at) => nearest + at * laneWidth);
}

/** Stretches that wires of a block run in, so that each gets a lane of its own as long as there are any. */
class Lanes {
  readonly #used = new Map<number, [number, number][]>();

  /** The first of `lanes` that is free from `from` to `to`, else the last. */
  take(lanes: readonly number[], from: number, to: number): number {
    const low = Math.min(from, to);
    const high = Math.max(from, to);
    for (const lane of lanes) {
      const used = this.#used.get(lane) ?? [];
      if (used.some(([a, b]) => a < high && low < b)) continue;
      this.#used.set(lane, [...used, [low, high]]);
      return lane;
    }
    return lanes.at(-1) ?? 0;
  }
}

/**
 * Lets wires fall from their boxes to the strip above the bar. A wire falls straight until it meets a box, slides along
 * its top into the free strip beside it, and falls on. As every box has free strips below and to the right (block.ts),
 * there is always a way. The cells of a compact block are no obstacle: their wires run behind them.
 */
export class Drops {
  readonly #block: Block;
  readonly #columns = new Lanes();
  readonly #rows = new Lanes();

  constructor(block: Block) {
    this.#block = block;
  }

  /** From a point below a box down to the ground; the wire slides toward `towardX` where both sides are as near. */
  fall(start: Point, towardX = start.x): Point[] {
    const points: Point[] = [start];
    if (this.#block.compact) return points;
    let { x, y } = start;
    for (let guard = 0; guard <= this.#block.placed.length; guard++) {
      const hit = this.#hitBelow(x, y);
      if (!hit) break;
      const right = hit.x + hit.shape.width;
      const near = right - x - (x - hit.x);
      const goesRight = Math.abs(near) < 1 ? towardX >= x : near < 0;
      const lanes = sideLanes.map((offset) => (goesRight ? right + offset : hit.x - offset));
      const nextX = this.#columns.take(lanes, hit.y, barTop(this.#block));
      const rows = rowLanes.map((offset) => hit.y - offset);
      const slideY = this.#rows.take(rows, x, nextX);
      points.push({ x, y: slideY }, { x: nextX, y: slideY });
      x = nextX;
      y = slideY;
    }
    return points;
  }

  /** From a box's left side, at the height of a name, down to the ground. */
  fallFromSide(placed: Placed, y: number): Point[] {
    const lanes = sideLanes.map((offset) => placed.x - offset);
    if (this.#block.compact) return [{ x: placed.x, y: placed.y + placed.shape.height / 2 }];
    // A wire from a higher box stays outside of those from lower ones.
    const x = this.#columns.take(lanes, y, groundOf(this.#block));
    return [{ x: placed.x, y }, ...this.fall({ x, y }, x)];
  }

  /** Where a wire from elsewhere comes down on the bar: in the strip at that end. */
  landing(side: 'left' | 'right'): number {
    const lanes = sideLanes.map((offset) => (side === 'left' ? this.#block.x + offset : rightOf(this.#block) - offset));
    return this.#columns.take(lanes, groundOf(this.#block), barTop(this.#block));
  }

  #hitBelow(x: number, y: number): Placed | undefined {
    let hit: Placed | undefined;
    for (const placed of this.#block.placed) {
      if (placed.x < x && x < placed.x + placed.shape.width && placed.y >= y && (!hit || placed.y < hit.y))
        hit = placed;
    }
    return hit;
  }
}

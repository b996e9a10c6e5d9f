import type { EdgeId } from '../../topology/graphModel.ts';
import type { Point, Rect, Route } from '../layout.ts';
import type { Row } from './frames.ts';
import { frameGap, tunnelDrop, tunnelLabelWidth, tunnelPitch, tunnelPitchX } from './sizes.ts';
import { labelOn } from './tunnelLabel.ts';

/** Where a tunnel leaves the lower edge of a frame. */
export interface Mouth {
  /** Index of the row that the frame is in. */
  readonly row: number;
  readonly x: number;
  /** From the upper edge of that row. */
  readonly depth: number;
}

export interface Tunnel {
  readonly id: EdgeId;
  readonly from: Mouth;
  readonly to: Mouth;
}

/** The stretch of a tunnel that runs sideways below a row. */
interface Stretch {
  readonly gutter: number;
  readonly from: number;
  readonly to: number;
  lane: number;
}

interface Way {
  readonly tunnel: Tunnel;
  readonly stretches: readonly Stretch[];
  /** Told from the end to the beginning, since that is the upper one. */
  readonly isTurned: boolean;
}

/**
 * Ways of tunnels from the lower edge of one frame to that of another: sideways below a row of frames, where each has a
 * lane of its own, and up or down between two frames of a row. Never through a frame.
 */
export class TunnelWays {
  readonly #ways: readonly Way[];
  /** By row: how many lanes are below it. */
  readonly #lanes: readonly number[];

  constructor(tunnels: readonly Tunnel[], rows: readonly Row[]) {
    const passages = new Passages(tunnels, rows);
    this.#ways = [...tunnels].sort((a, b) => (a.id < b.id ? -1 : 1)).map((tunnel) => wayOf(tunnel, passages));
    this.#lanes = rows.map((_, gutter) =>
      giveLanes(this.#ways.flatMap(({ stretches }) => stretches.filter((stretch) => stretch.gutter === gutter))),
    );
  }

  /** Height of the strip below a row. */
  gutterOf(row: number): number {
    const lanes = this.#lanes[row] ?? 0;
    return Math.max(frameGap, 2 * tunnelDrop + Math.max(0, lanes - 1) * tunnelPitch);
  }

  /** @param tops upper edges of the rows; @param bottoms where each row ends and its strip begins */
  routes(tops: readonly number[], bottoms: readonly number[]): Map<EdgeId, Route> {
    const yOf = ({ gutter, lane }: Stretch): number => (bottoms[gutter] ?? 0) + tunnelDrop + lane * tunnelPitch;
    const lines = this.#ways.map((way) => ({ way, points: pointsOf(way, tops, yOf) }));
    const labels: Rect[] = [];
    const routes = new Map<EdgeId, Route>();
    for (const { way, points } of lines) {
      const others = lines.filter((line) => line.way !== way).map((line) => line.points);
      const chip = labelOn(points, others, labels);
      labels.push(chip);
      routes.set(way.tunnel.id, { id: way.tunnel.id, points: way.isTurned ? points.toReversed() : points, chip });
    }
    return routes;
  }
}

function wayOf(tunnel: Tunnel, passages: Passages): Way {
  const isTurned = tunnel.from.row > tunnel.to.row;
  const [upper, lower] = isTurned ? [tunnel.to, tunnel.from] : [tunnel.from, tunnel.to];
  const stretches: Stretch[] = [];
  let { x } = upper;
  for (let row = upper.row + 1; row <= lower.row; row++) {
    const next = passages.through(row, x, lower.x);
    stretches.push({ gutter: row - 1, from: x, to: next, lane: 0 });
    x = next;
  }
  stretches.push({ gutter: lower.row, from: x, to: lower.x, lane: 0 });
  return { tunnel, stretches, isTurned };
}

/** Places where tunnels pass a row up or down: each x is one tunnel's alone. */
class Passages {
  readonly #rows: readonly Row[];
  readonly #taken: number[];

  constructor(tunnels: readonly Tunnel[], rows: readonly Row[]) {
    this.#rows = rows;
    this.#taken = tunnels.flatMap(({ from, to }) => [from.x, to.x]);
  }

  through(row: number, fromX: number, toX: number): number {
    let best = 0;
    let least = Infinity;
    for (const x of this.#free(row)) {
      const cost = Math.abs(x - fromX) + Math.abs(x - toX);
      if (cost < least) [best, least] = [x, cost];
    }
    this.#taken.push(best);
    return best;
  }

  /** Of each gap of the row those lanes that nobody has; beyond its ends there is always one. */
  *#free(row: number): Generator<number> {
    const cells = this.#rows[row]?.cells ?? [];
    for (let at = 0; at <= cells.length; at++) {
      const before = cells[at - 1];
      const after = cells[at];
      const left = before ? before.x + before.width + frameMargin : -Infinity;
      const right = after ? after.x - frameMargin : Infinity;
      const middle = before && after ? (left + right) / 2 : before ? left + frameMargin : right - frameMargin;
      const side = before ? 1 : -1;
      const isEnd = !before || !after;
      for (let step = 0; ; step++) {
        // From the middle of a gap to both sides, from a row's end outward.
        const offset = isEnd ? side * step : (step % 2 === 0 ? 1 : -1) * Math.ceil(step / 2);
        const x = Math.round(middle + offset * tunnelPitchX);
        if (x < left || x > right) break;
        if (this.#taken.some((other) => Math.abs(other - x) < tunnelPitchX / 2)) continue;
        yield x;
        if (isEnd) break;
      }
    }
  }
}

/** Tunnels keep as far from a frame that they pass. */
const frameMargin = 24;

/** The short ones get the upper lanes, so that the long ones run around them. Returns how many lanes there are. */
function giveLanes(stretches: readonly Stretch[]): number {
  const lanes: { readonly low: number; readonly high: number }[][] = [];
  const length = ({ from, to }: Stretch): number => Math.abs(to - from);
  for (const stretch of [...stretches].sort((a, b) => length(a) - length(b))) {
    // Its label may be longer than itself.
    const middle = (stretch.from + stretch.to) / 2;
    const half = Math.max(length(stretch), tunnelLabelWidth) / 2 + tunnelPitchX;
    const [low, high] = [middle - half, middle + half];
    let lane = lanes.findIndex((taken) => !taken.some((other) => low < other.high && other.low < high));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]?.push({ low, high });
    stretch.lane = lane;
  }
  return lanes.length;
}

function pointsOf({ tunnel, stretches, isTurned }: Way, tops: readonly number[], yOf: (stretch: Stretch) => number) {
  const [upper, lower] = isTurned ? [tunnel.to, tunnel.from] : [tunnel.from, tunnel.to];
  const at = ({ row, x, depth }: Mouth): Point => ({ x, y: (tops[row] ?? 0) + depth });
  const inner = stretches.flatMap((stretch): Point[] => {
    const y = yOf(stretch);
    return stretch.from === stretch.to
      ? [{ x: stretch.from, y }]
      : [
          { x: stretch.from, y },
          { x: stretch.to, y },
        ];
  });
  return [at(upper), ...inner, at(lower)];
}

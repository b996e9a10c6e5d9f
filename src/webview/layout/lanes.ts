/** A stretch of a wire in a strip that it shares with others, until it is known at what height or side it runs. */
export interface Stretch {
  /** Name of the strip. */
  readonly strip: string;
  /** Coordinates of the lanes, the preferred first. */
  readonly lanes: readonly number[];
  readonly from: number;
  readonly to: number;
  /** Stretches of one bundle share a lane, for they lead to the same end. */
  readonly bundle: string;
}

/**
 * Gives each stretch a lane so that two run on top of each other only where the strip has too few lanes: then the lane
 * is shared that is free again first. The order of the stretches does not matter.
 */
export function lanesOf(stretches: readonly Stretch[]): Map<Stretch, number> {
  const lanes = new Map<Stretch, number>();
  for (const inStrip of Map.groupBy(stretches, (stretch) => stretch.strip).values()) {
    const bundles = [...Map.groupBy(inStrip, (stretch) => stretch.bundle)]
      .map(([bundle, members]) => ({
        bundle,
        members,
        low: Math.min(...members.map((one) => Math.min(one.from, one.to))),
        high: Math.max(...members.map((one) => Math.max(one.from, one.to))),
      }))
      .sort((a, b) => a.low - b.low || a.high - b.high || (a.bundle < b.bundle ? -1 : 1));
    const ends: number[] = [];
    for (const { members, low, high } of bundles) {
      const available = members[0]?.lanes ?? [];
      let best = 0;
      for (let at = 0; at < available.length; at++) {
        if ((ends[at] ?? -Infinity) < low) {
          best = at;
          break;
        }
        if ((ends[at] ?? -Infinity) < (ends[best] ?? -Infinity)) best = at;
      }
      ends[best] = Math.max(ends[best] ?? -Infinity, high);
      for (const member of members) lanes.set(member, available[best] ?? 0);
    }
  }
  return lanes;
}

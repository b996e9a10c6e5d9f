import type { LinkCounters } from '../topology/model.ts';
import type { TrafficSample } from '../protocol/messages.ts';

/** Bytes per second of a link, seen from its own side. */
export interface Rate {
  /** The sample's clock, milliseconds. */
  readonly at: number;
  readonly rx: number;
  readonly tx: number;
}

export interface Traffic {
  readonly last: TrafficSample | undefined;
  /** Link → its rates in the chart's time, oldest first. */
  readonly rates: ReadonlyMap<string, readonly Rate[]>;
}

export const noTraffic: Traffic = { last: undefined, rates: new Map() };

/** What the chart shows, seconds. */
export const chartSeconds = 60;

/** 32-bit counters begin at 0 again after this; 64-bit ones never do in practice. */
const wrap = 2 ** 32;

/** The rates with one more sample. A sample that is not newer begins anew: another kernel, or a restarted reader. */
export function addSample(traffic: Traffic, sample: TrafficSample): Traffic {
  const { last } = traffic;
  const seconds = last ? (sample.at - last.at) / 1000 : 0;
  if (!last || seconds <= 0) return { last: sample, rates: new Map() };
  const oldest = sample.at - chartSeconds * 1000;
  const rates = new Map<string, readonly Rate[]>();
  for (const [name, counters] of Object.entries(sample.links)) {
    const earlier = (traffic.rates.get(name) ?? []).filter((rate) => rate.at >= oldest);
    const before = Object.hasOwn(last.links, name) ? last.links[name] : undefined;
    const rate = before && rateBetween(before, counters, sample.at, seconds);
    // After a reset there is nothing to compare with: what was before it was of another link.
    if (before && !rate) continue;
    rates.set(name, rate ? [...earlier, rate] : earlier);
  }
  return { last: sample, rates };
}

function rateBetween(before: LinkCounters, after: LinkCounters, at: number, seconds: number): Rate | undefined {
  const rx = growth(before.rxBytes, after.rxBytes, seconds);
  const tx = growth(before.txBytes, after.txBytes, seconds);
  return rx === undefined || tx === undefined ? undefined : { at, rx: rx / seconds, tx: tx / seconds };
}

/** Bytes between two readings; undefined where the counter was reset. */
function growth(before: number, after: number, seconds: number): number | undefined {
  if (after >= before) return after - before;
  if (before >= wrap) return undefined;
  const wrapped = after + wrap - before;
  // A wrap within one reading is only believed below 10 Gbit/s and from the counter's upper half.
  return before >= wrap / 2 && wrapped / seconds <= 1.25e9 ? wrapped : undefined;
}

/** The newest rate of a link; undefined until two samples have been seen. */
export function rateOf(traffic: Traffic, link: string | undefined): Rate | undefined {
  return link === undefined ? undefined : traffic.rates.get(link)?.at(-1);
}

/** How thick a wire is drawn: 0 for silence, then a step for each factor of ten up to 1 MB/s. */
export function rateClass(rate: Rate | undefined): 0 | 1 | 2 | 3 | 4 | 5 {
  const total = rate ? rate.rx + rate.tx : 0;
  if (total < 1) return 0;
  if (total < 1e3) return 1;
  if (total < 1e4) return 2;
  if (total < 1e5) return 3;
  if (total < 1e6) return 4;
  return 5;
}

/** A line of the chart, as a path in a box of this size; `top` is the rate at its upper edge. */
export function chartPath(
  rates: readonly Rate[],
  value: (rate: Rate) => number,
  now: number,
  top: number,
  width: number,
  height: number,
): string {
  return rates
    .map((rate, at) => {
      const x = width * (1 - (now - rate.at) / (chartSeconds * 1000));
      const y = height * (1 - Math.min(1, value(rate) / top));
      return `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`;
    })
    .join('');
}

/** The chart's upper edge: the next of 1, 2, 5 × 10ⁿ, and never so little that noise looks like traffic. */
export function chartTop(rates: readonly Rate[]): number {
  const highest = Math.max(1000, ...rates.flatMap((rate) => [rate.rx, rate.tx]));
  const magnitude = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5, 10].find((candidate) => candidate * magnitude >= highest) ?? 10;
  return step * magnitude;
}

const round = (value: number): number => Math.round(value * 10) / 10;

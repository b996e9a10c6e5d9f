import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrafficSample } from '../../../src/protocol/messages.ts';
import { fill, rateText } from '../../../src/webview/texts.ts';
import {
  addSample,
  chartPath,
  chartSeconds,
  chartTop,
  noTraffic,
  rateClass,
  rateOf,
  type Rate,
} from '../../../src/webview/traffic.ts';

function sample(at: number, rxBytes: number, txBytes = 0): TrafficSample {
  return { at, links: { veth1: { rxBytes, rxPackets: 0, txBytes, txPackets: 0 } } };
}
const after = (...samples: readonly TrafficSample[]) => samples.reduce(addSample, noTraffic);
const rate = (rx: number, tx = 0): Rate => ({ at: 0, rx, tx });

describe('traffic', () => {
  it('is bytes per second between two samples, however far apart they are', () => {
    expect(rateOf(after(sample(1000, 0), sample(3000, 5000, 800)), 'veth1')).toEqual({ at: 3000, rx: 2500, tx: 400 });
  });

  it('is not known of the first sample, of a link that was not there before, and of no link', () => {
    expect(rateOf(after(sample(0, 9)), 'veth1')).toBeUndefined();
    expect(rateOf(after({ at: 0, links: {} }, sample(1000, 9)), 'veth1')).toBeUndefined();
    expect(rateOf(after(sample(0, 9), sample(1000, 9)), undefined)).toBeUndefined();
  });

  it('goes on over the end of a 32-bit counter', () => {
    expect(rateOf(after(sample(0, 2 ** 32 - 100), sample(1000, 400)), 'veth1')?.rx).toBe(500);
  });

  it('begins anew where a counter was reset, instead of inventing a burst', () => {
    const reset = after(sample(0, 5000), sample(1000, 6000), sample(2000, 10));
    expect(rateOf(reset, 'veth1')).toBeUndefined();
    expect(rateOf(addSample(reset, sample(3000, 30)), 'veth1')?.rx).toBe(20);
    expect(rateOf(after(sample(0, 2 ** 40), sample(1000, 5)), 'veth1')).toBeUndefined();
  });

  it('begins anew where the clock does not go forward', () => {
    expect(after(sample(1000, 0), sample(2000, 50), sample(2000, 90)).rates.size).toBe(0);
  });

  it('forgets what the chart does not show any more, and links that are gone', () => {
    let traffic = noTraffic;
    for (let second = 0; second <= 200; second++) traffic = addSample(traffic, sample(second * 1000, second));
    expect(traffic.rates.get('veth1')).toHaveLength(chartSeconds + 1);
    expect(addSample(traffic, { at: 300_000, links: {} }).rates.size).toBe(0);
  });

  it('is never negative', () => {
    const counter = fc.integer({ min: 0, max: 2 ** 33 });
    fc.assert(
      fc.property(fc.array(fc.tuple(counter, counter)), (readings) => {
        const traffic = after(...readings.map(([rx, tx], at) => sample(at * 1000, rx, tx)));
        for (const { rx, tx } of traffic.rates.get('veth1') ?? []) expect(Math.min(rx, tx)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('makes a wire thicker with each factor of ten, and leaves a silent one thin', () => {
    expect([0, 500, 5e3, 5e4, 5e5, 5e6, 5e9].map((rx) => rateClass(rate(rx)))).toEqual([0, 1, 2, 3, 4, 5, 5]);
    expect(rateClass(undefined)).toBe(0);
  });
});

describe('the chart', () => {
  it('has its newest value at the right end and the oldest of a minute at the left one', () => {
    const rates = [
      { at: 0, rx: 0, tx: 0 },
      { at: 60_000, rx: 50, tx: 0 },
    ];
    expect(chartPath(rates, ({ rx }) => rx, 60_000, 100, 240, 40)).toBe('M0 40L240 20');
  });

  it('does not show noise as traffic', () => {
    expect(chartTop([rate(3)])).toBe(1000);
    expect(chartTop([rate(1200, 4100)])).toBe(5000);
    expect(chartTop([rate(5000)])).toBe(5000);
  });
});

describe('texts', () => {
  it('say rates as people read them', () => {
    expect([0, 999, 12_300, 999_960, 4.56e6, 7e9].map(rateText)).toEqual([
      '0 B/s',
      '999 B/s',
      '12.3 kB/s',
      '1.0 MB/s',
      '4.6 MB/s',
      '7.0 GB/s',
    ]);
  });

  it('take values by their places, and keep what is like a place in a value', () => {
    expect(fill('{1} of {0}', '{1}', 2)).toBe('2 of {1}');
    expect(fill('{0} {1}', 'a')).toBe('a {1}');
  });
});

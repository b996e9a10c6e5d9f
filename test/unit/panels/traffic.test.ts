import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Traffic, type CounterSource, type NamedSource } from '../../../src/panels/traffic.ts';
import type { TrafficSample } from '../../../src/protocol/messages.ts';
import type { LinkCounters } from '../../../src/topology/model.ts';

const counters: LinkCounters = { rxBytes: 1, rxPackets: 1, txBytes: 1, txPackets: 1 };

/** A kernel that takes `took` milliseconds to read. */
class FakeSource implements CounterSource {
  reads = 0;
  atOnce = 0;
  most = 0;
  took = 0;
  fails = false;
  async counters(): Promise<ReadonlyMap<string, LinkCounters>> {
    this.reads += 1;
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    await new Promise((resolve) => setTimeout(resolve, this.took));
    this.atOnce -= 1;
    if (this.fails) throw new Error('gone');
    return new Map([['veth1', counters]]);
  }
}

function named(source: FakeSource | undefined): readonly NamedSource[] {
  return source === undefined ? [] : [{ source, host: undefined }];
}

describe('live traffic', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function follow(source: FakeSource | undefined): { samples: TrafficSample[]; traffic: Traffic; stop: () => void } {
    const samples: TrafficSample[] = [];
    const traffic = new Traffic({ sources: () => named(source), log: () => undefined, now: () => Date.now() });
    const following = traffic.follow((sample) => samples.push(sample));
    return { samples, traffic, stop: () => following.dispose() };
  }

  it('is read each second, and no more once nobody follows', async () => {
    const source = new FakeSource();
    const { samples, stop } = follow(source);
    await vi.advanceTimersByTimeAsync(3_500);
    expect(source.reads).toBe(4);
    expect(samples.map(({ links }) => links)).toEqual(Array(4).fill({ veth1: counters }));
    expect(samples.map(({ at }, position) => at - (samples[position - 1]?.at ?? at))).toEqual([0, 1000, 1000, 1000]);
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(source.reads).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is read once for several who follow', async () => {
    const source = new FakeSource();
    const { traffic, samples, stop } = follow(source);
    const others: TrafficSample[] = [];
    const other = traffic.follow((sample) => others.push(sample));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(source.reads).toBe(3);
    expect(others).toEqual(samples);
    stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(others).toHaveLength(4);
    other.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is read less often where reading takes long, and never twice at one time', async () => {
    const source = new FakeSource();
    source.took = 500;
    const { stop } = follow(source);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(source.most).toBe(1);
    expect(source.reads).toBeLessThanOrEqual(7);
    stop();
  });

  it('goes on after a reading that failed', async () => {
    const source = new FakeSource();
    source.fails = true;
    const { samples, stop } = follow(source);
    await vi.advanceTimersByTimeAsync(1_500);
    source.fails = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(samples).toHaveLength(1);
    stop();
  });

  it('is not read where there is nothing to read, and begins when there is', async () => {
    const sources: FakeSource[] = [];
    const samples: TrafficSample[] = [];
    const traffic = new Traffic({ sources: () => named(sources[0]), log: () => undefined });
    traffic.follow((sample) => samples.push(sample));
    await vi.advanceTimersByTimeAsync(5_000);
    const source = new FakeSource();
    sources.push(source);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(source.reads).toBe(1);
    expect(samples).toHaveLength(1);
    traffic.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of an engine that is not shown any more is dropped', async () => {
    const old = new FakeSource();
    old.took = 100;
    let source: FakeSource | undefined = old;
    const samples: TrafficSample[] = [];
    const traffic = new Traffic({ sources: () => named(source), log: () => undefined });
    traffic.follow((sample) => samples.push(sample));
    source = undefined;
    await vi.advanceTimersByTimeAsync(500);
    expect(samples).toEqual([]);
    traffic.dispose();
  });
});

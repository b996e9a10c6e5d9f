import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../src/engine/streams.ts';
import { LogMerger, type SourcedLine } from '../../../src/terminals/logMerger.ts';

function line(second: number, text = '', partial = false): LogLine {
  const time = `2026-11-24T04:00:${second.toFixed(9).padStart(12, '0')}Z`;
  return { stream: 'stdout', time, text, partial };
}

function texts(lines: readonly SourcedLine<string>[]): string[] {
  return lines.map((each) => `${each.source}:${each.line.text}`);
}

function made(maxLines?: number): { clock: { now: number }; merger: LogMerger<string> } {
  const clock = { now: 1000 };
  return {
    clock,
    merger: new LogMerger<string>({ now: () => clock.now, ...(maxLines === undefined ? {} : { maxLines }) }),
  };
}

describe('logs of several containers', () => {
  it('come in the order of the engine’s clock, whoever sent first', () => {
    const { merger } = made();
    merger.add('a');
    merger.add('b');
    merger.push('b', [line(2, 'two'), line(4, 'four')]);
    expect(merger.take()).toEqual([]);
    merger.push('a', [line(1, 'one'), line(3, 'three'), line(5, 'five')]);
    expect(texts(merger.take())).toEqual(['a:one', 'b:two', 'a:three', 'b:four']);
    expect(texts(merger.flush())).toEqual(['a:five']);
  });

  it('wait for a silent one for the window and no longer', () => {
    const { merger, clock } = made();
    merger.add('silent');
    expect(merger.dueIn).toBeUndefined();
    merger.push('a', [line(1, 'one')]);
    expect(merger.dueIn).toBe(300);
    clock.now += 299;
    merger.push('a', [line(2, 'two')]);
    expect(merger.take()).toEqual([]);
    expect(merger.dueIn).toBe(1);
    clock.now += 1;
    expect(texts(merger.take())).toEqual(['a:one']);
    expect(merger.dueIn).toBe(299);
  });

  it('wait for nobody who ended', () => {
    const { merger } = made();
    merger.add('b');
    merger.push('a', [line(1, 'one')]);
    merger.end('b');
    expect(texts(merger.take())).toEqual(['a:one']);
    expect(merger.held).toBe(0);
  });

  it('a late line comes at once, though behind its time', () => {
    const { merger, clock } = made();
    merger.add('b');
    merger.push('a', [line(5, 'five')]);
    clock.now += 300;
    expect(texts(merger.take())).toEqual(['a:five']);
    merger.push('b', [line(1, 'late')]);
    expect(texts(merger.take())).toEqual(['b:late']);
  });

  it('one alone is not delayed', () => {
    const { merger } = made();
    merger.push('a', [line(1, 'one'), line(2, 'two')]);
    expect(texts(merger.take())).toEqual(['a:one', 'a:two']);
  });

  it('keep the parts of a long line together', () => {
    const { merger } = made();
    merger.add('b');
    merger.push('a', [line(1, 'begin', true), line(3, 'middle', true), line(5, 'end')]);
    merger.push('b', [line(2, 'other'), line(6, 'last')]);
    expect(texts(merger.flush())).toEqual(['a:begin', 'a:middle', 'a:end', 'b:other', 'b:last']);
  });

  it('do not fill the memory while one is silent', () => {
    const { merger } = made(100);
    merger.add('silent');
    let out = 0;
    for (let round = 0; round < 50; round++) {
      merger.push(
        'a',
        Array.from({ length: 50 }, (_, at) => line(round, `${at}`)),
      );
      out += merger.take().length;
      expect(merger.held).toBeLessThanOrEqual(100);
    }
    expect(out + merger.flush().length).toBe(2500);
  });

  it('whatever comes, nothing is lost or doubled, each keeps its own order, and what waited together is sorted', () => {
    const steps = fc.array(
      fc.record({
        source: fc.constantFrom('a', 'b', 'c'),
        seconds: fc.array(fc.nat(59), { maxLength: 4 }),
        wait: fc.nat(400),
        partial: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const { merger, clock } = made(5);
        const sent: Record<string, string[]> = { a: [], b: [], c: [] };
        const got: Record<string, string[]> = { a: [], b: [], c: [] };
        const take = (lines: readonly SourcedLine<string>[]): void =>
          lines.forEach((each) => got[each.source]?.push(each.line.text));
        let number = 0;
        for (const { source, seconds, wait, partial } of all) {
          const lines = seconds.map((second) => line(second, `${number++}`, partial));
          sent[source]?.push(...lines.map(({ text }) => text));
          merger.push(source, lines);
          clock.now += wait;
          take(merger.take());
        }
        take(merger.flush());
        expect(got).toEqual(sent);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(59)), fc.array(fc.nat(59)), (left, right) => {
        const { merger } = made();
        const sorted = (seconds: readonly number[]): number[] => [...seconds].sort((one, two) => one - two);
        merger.push(
          'a',
          sorted(left).map((second) => line(second)),
        );
        merger.push(
          'b',
          sorted(right).map((second) => line(second)),
        );
        const times = merger.flush().map((each) => each.line.time);
        expect(times).toEqual(sorted([...left, ...right]).map((second) => line(second).time));
      }),
    );
  });
});

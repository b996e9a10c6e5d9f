import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogBuffer } from '../../../src/terminals/logBuffer.ts';
import type { SourcedLine } from '../../../src/terminals/logMerger.ts';
import { cpuTime } from '../support/cpuTime.ts';

function lines(...texts: readonly string[]): SourcedLine<string>[] {
  return texts.map((text) => ({ source: 'a', line: { stream: 'stdout', time: '', text, partial: false } }));
}

function texts(buffer: LogBuffer<string>): string[] {
  return buffer.lines().map(({ line }) => line.text);
}

test('the newest lines stay, the others are counted', () => {
  const buffer = new LogBuffer<string>({ maxLines: 3 });
  buffer.push(lines('1', '2'));
  expect([texts(buffer), buffer.dropped]).toEqual([['1', '2'], 0]);
  buffer.push(lines('3', '4', '5'));
  expect([texts(buffer), buffer.dropped, buffer.size]).toEqual([['3', '4', '5'], 2, 3]);
  buffer.clear();
  expect([texts(buffer), buffer.dropped, buffer.size]).toEqual([[], 0, 0]);
});

test('long lines leave room for fewer; the newest is there however long it is', () => {
  const buffer = new LogBuffer<string>({ maxCharacters: 10 });
  buffer.push(lines('1234', '5678', '90'));
  expect(texts(buffer)).toEqual(['1234', '5678', '90']);
  buffer.push(lines('x'));
  expect(texts(buffer)).toEqual(['5678', '90', 'x']);
  buffer.push(lines('y'.repeat(100)));
  expect(texts(buffer)).toEqual(['y'.repeat(100)]);
});

test('however they come, it holds the last of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string(), { maxLength: 5 })),
      fc.integer({ min: 1, max: 8 }),
      (batches, maxLines) => {
        const buffer = new LogBuffer<string>({ maxLines });
        for (const batch of batches) buffer.push(lines(...batch));
        const all = batches.flat();
        expect(texts(buffer)).toEqual(all.slice(-maxLines));
        expect(buffer.dropped + buffer.size).toBe(all.length);
      },
    ),
  );
});

test('a million lines go through a small buffer in no time', () => {
  const buffer = new LogBuffer<string>({ maxLines: 5000 });
  const batch = lines(...Array.from({ length: 1000 }, (_, at) => `${at}`));
  const took = cpuTime(() => {
    for (let round = 0; round < 1000; round++) buffer.push(batch);
  });
  expect(took).toBeLessThan(2000);
  expect(buffer.dropped).toBe(995_000);
  expect(texts(buffer)).toHaveLength(5000);
});

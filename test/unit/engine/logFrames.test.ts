import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogDecoder, maxLineLength } from '../../../src/engine/docker/logFrames.ts';
import type { LogLine } from '../../../src/engine/streams.ts';
import { cpuTime } from '../support/cpuTime.ts';

const time = '2026-11-24T20:56:51.274112458Z';
const later = '2026-11-24T20:56:52.000000001Z';

/** As moby's stdcopy writes it. */
function frame(type: number, ...parts: readonly (string | Buffer)[]): Buffer {
  const payload = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const header = Buffer.alloc(8);
  header.writeUInt8(type);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

interface Decoded {
  readonly lines: readonly LogLine[];
  readonly fault: string | undefined;
}

function decode(chunks: readonly Buffer[], tty: boolean): Decoded {
  const decoder = new LogDecoder(tty);
  const lines = chunks.flatMap((chunk) => [...decoder.push(chunk)]);
  lines.push(...decoder.end());
  return { lines, fault: decoder.fault?.message };
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = 1 + (sizes[turn % sizes.length] ?? 0);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

function texts(decoded: Decoded): string[] {
  return decoded.lines.map(({ text, partial }) => (partial ? `${text}…` : text));
}

describe('frames of a log', () => {
  it('are lines with their stream and their time', () => {
    const bytes = Buffer.concat([frame(1, `${time} out\n`), frame(2, `${later} err\n`), frame(1, `${later} \n`)]);
    expect(decode([bytes], false)).toEqual({
      lines: [
        { stream: 'stdout', time, text: 'out', partial: false },
        { stream: 'stderr', time: later, text: 'err', partial: false },
        { stream: 'stdout', time: later, text: '', partial: false },
      ],
      fault: undefined,
    });
  });

  it('without a line end are parts of a line that goes on in the next frame of their stream', () => {
    const bytes = Buffer.concat([
      frame(1, `${time} one `),
      frame(2, `${time} between\n`),
      frame(1, `${later} line\n`),
      frame(1, `${later} next\n`),
    ]);
    expect(texts(decode([bytes], false))).toEqual(['one …', 'between', 'line', 'next']);
  });

  it('may cut a character', () => {
    const [first, second] = [Buffer.of(0xc3), Buffer.of(0xa9)];
    const bytes = Buffer.concat([
      frame(1, `${time} y`, first),
      frame(2, `${time} é\n`),
      frame(1, `${later} `, second, 'z\n'),
    ]);
    expect(texts(decode([bytes], false))).toEqual(['y…', 'é', 'éz']);
  });

  it('keep a carriage return, which was the program’s own', () => {
    expect(texts(decode([frame(1, `${time} dos\r\n`)], false))).toEqual(['dos\r']);
  });

  it('show bytes that are no UTF-8 as U+FFFD', () => {
    expect(texts(decode([frame(1, `${time} a`, Buffer.of(0xff, 0xfe), 'b\n')], false))).toEqual(['a\uFFFD\uFFFDb']);
  });

  it('have a time in the text where the program wrote one, too', () => {
    expect(decode([frame(1, `${time} ${later} said\n`)], false).lines).toMatchObject([{ time, text: `${later} said` }]);
  });

  it('without a time take the one before', () => {
    expect(decode([frame(1, `${time} a\n`), frame(1, 'b\n')], false).lines).toMatchObject([
      { time },
      { time, text: 'b' },
    ]);
  });

  it('of the system are why the engine stopped reading', () => {
    const bytes = Buffer.concat([frame(1, `${time} a\n`), frame(3, 'Error grabbing logs: disk\n'), frame(1, 'lost')]);
    expect(decode([bytes], false)).toEqual({
      lines: [expect.objectContaining({ text: 'a' })],
      fault: 'the engine stopped reading the log: Error grabbing logs: disk',
    });
  });

  it.each([
    ['in the header', 3],
    ['behind the header', 8],
    ['in the text', 45],
  ])('that are cut %s are told after what came', (_, length) => {
    const { lines, fault } = decode([frame(1, `${time} a\n`), frame(1, `${time} bcdefg\n`).subarray(0, length)], false);
    expect(lines[0]).toMatchObject({ text: 'a' });
    expect(fault).toContain('cut in the middle');
  });

  it('are not made of a page', () => {
    expect(decode([Buffer.from('<!doctype html>\n')], false)).toEqual({
      lines: [],
      fault: 'the log is not made of frames: <!doctyp',
    });
  });
});

describe('the log of a terminal', () => {
  it('has lines without frames, which end as a terminal ends them', () => {
    expect(decode([Buffer.from(`${time} a\r\n${later} b\r\r\n${later} \r\n`)], true).lines).toEqual([
      { stream: 'stdout', time, text: 'a', partial: false },
      { stream: 'stdout', time: later, text: 'b\r', partial: false },
      { stream: 'stdout', time: later, text: '', partial: false },
    ]);
  });

  it('has times in the middle of long lines, where one message of the engine goes on in the next', () => {
    const long = 'x'.repeat(16_384);
    const bytes = Buffer.from(`${time} ${long}${later} ${long}${later} end\r\n${later} next\r\n`);
    expect(decode([bytes], true).lines).toEqual([
      { stream: 'stdout', time, text: long, partial: true },
      { stream: 'stdout', time: later, text: long, partial: true },
      { stream: 'stdout', time: later, text: 'end', partial: false },
      { stream: 'stdout', time: later, text: 'next', partial: false },
    ]);
  });

  it('finds them behind what the engine replaced, and around a character that was cut', () => {
    const replaced = '\uFFFD'.repeat(10_000);
    const cutCharacter = Buffer.concat([
      Buffer.from(`${time} ${'y'.repeat(16_383)}`),
      Buffer.of(0xc3),
      Buffer.from(`${later} `),
      Buffer.of(0xa9),
      Buffer.from('z\r\n'),
    ]);
    const bytes = Buffer.concat([Buffer.from(`${time} ${replaced}${later} end\r\n`), cutCharacter]);
    expect(texts(decode([bytes], true))).toEqual([`${replaced}…`, 'end', `${'y'.repeat(16_383)}…`, 'éz']);
  });

  it('leaves times alone that a program wrote', () => {
    expect(texts(decode([Buffer.from(`${time} a ${later} b\r\n`)], true))).toEqual([`a ${later} b`]);
  });

  it('gives what has no line end when it is over', () => {
    expect(texts(decode([Buffer.from(`${time} prompt> `)], true))).toEqual(['prompt> ']);
    expect(decode([], true)).toEqual({ lines: [], fault: undefined });
  });
});

describe('whatever comes', () => {
  /** Messages as engines write them, with lines of all lengths around the engine's own limit. */
  const message = fc.record({
    type: fc.constantFrom(1, 2),
    text: fc.oneof(
      { weight: 8, arbitrary: fc.string({ unit: 'grapheme' }) },
      { weight: 1, arbitrary: fc.nat(60_000).map((length) => 'long line '.repeat(length / 10)) },
    ),
    lineEnd: fc.boolean(),
  });
  const framed = fc
    .array(message, { maxLength: 12 })
    .map((messages) =>
      Buffer.concat(messages.map(({ type, text, lineEnd }) => frame(type, `${time} ${text}${lineEnd ? '\n' : ''}`))),
    );
  const bare = fc
    .array(message, { maxLength: 12 })
    .map((messages) =>
      Buffer.from(messages.map(({ text, lineEnd }) => `${time} ${text}${lineEnd ? '\r\n' : ''}`).join('')),
    );
  const garbage = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const sizes = fc.array(fc.oneof(fc.nat(3), fc.nat(50_000)), { minLength: 1, maxLength: 8 });

  it.each([
    ['frames', framed, false],
    ['a terminal’s bytes', bare, true],
    ['garbage for frames', garbage, false],
    ['garbage for a terminal', garbage, true],
    ['frames for a terminal', framed, true],
  ])('the lines do not depend on the chunks: %s', (_, bytes, tty) => {
    fc.assert(
      fc.property(bytes, sizes, (all, cuts) => {
        expect(decode(cut(all, cuts), tty)).toEqual(decode([all], tty));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['frames', false],
    ['a terminal', true],
  ])('no text is lost: %s', (_, tty) => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        // Without line ends of their own, without what a terminal's line end would take along.
        const clean = messages.map((each) => ({ ...each, text: each.text.replace(/[\r\n]/g, '') }));
        const whole = clean.map(({ type, text }) => {
          const bytes = Buffer.from(text);
          const parts: Buffer[] = [];
          for (let at = 0; at === 0 || at < bytes.length; at += 16_384) parts.push(bytes.subarray(at, at + 16_384));
          return Buffer.concat(
            parts.map((part, at) => {
              const lineEnd = at === parts.length - 1 ? (tty ? '\r\n' : '\n') : '';
              return tty
                ? Buffer.concat([Buffer.from(`${time} `), part, Buffer.from(lineEnd)])
                : frame(type, `${time} `, part, lineEnd);
            }),
          );
        });
        const { lines, fault } = decode([Buffer.concat(whole)], tty);
        expect(fault).toBeUndefined();
        let joined = '';
        for (const { text, partial } of lines) joined += text + (partial ? '' : '\n');
        expect(joined).toBe(clean.map(({ text }) => `${text}\n`).join(''));
        expect(lines.every((line) => line.time === time)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a frame of 4 GiB', false],
    ['a line without end', true],
  ])('the memory has a bound: %s', (_, tty) => {
    const decoder = new LogDecoder(tty);
    if (!tty) decoder.push(Buffer.of(1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff));
    const chunk = Buffer.alloc(100_000, 'x');
    let length = 0;
    for (let round = 0; round < 250; round++) {
      for (const { text, partial } of decoder.push(chunk)) {
        expect(partial).toBe(true);
        expect(text.length).toBeLessThanOrEqual(maxLineLength);
        length += text.length;
      }
    }
    // What is held back is less than one line.
    expect(250 * chunk.length - length).toBeLessThanOrEqual(maxLineLength);
  });

  it('50,000 short lines are read in less than a second', () => {
    const bytes = Buffer.concat(Array.from({ length: 50_000 }, (_, at) => frame(1, `${time} line ${at}\n`)));
    const chunks = cut(bytes, [65_535]);
    let read = 0;
    expect(cpuTime(() => (read = decode(chunks, false).lines.length))).toBeLessThan(1000);
    expect(read).toBe(50_000);
  });
});

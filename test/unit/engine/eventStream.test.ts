import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter, parseEvent, sinceParameter } from '../../../src/engine/docker/eventStream.ts';
import { EngineError } from '../../../src/engine/engine.ts';

const id = 'c'.repeat(64);

test('both shapes of a container event, before and after API 1.52', () => {
  const expected = { kind: 'container', action: 'start', containerId: id, time: 1700000000.5 };
  const actor = { Type: 'container', Action: 'start', Actor: { ID: id, Attributes: { name: 'web' } }, scope: 'local' };
  const time = { time: 1700000000, timeNano: 1700000000500000000 };
  expect(parseEvent(JSON.stringify({ status: 'start', id, from: 'redis', ...actor, ...time }))).toEqual(expected);
  expect(parseEvent(JSON.stringify({ ...actor, ...time }))).toEqual(expected);
  expect(parseEvent(JSON.stringify({ status: 'start', id, from: 'redis', ...time }))).toEqual(expected);
});

test('a network event names the container that was plugged in or out', () => {
  const event = {
    Type: 'network',
    Action: 'connect',
    Actor: { ID: 'n1', Attributes: { container: id, name: 'net' } },
    time: 5,
  };
  expect(parseEvent(JSON.stringify(event))).toEqual({
    kind: 'network',
    action: 'connect',
    networkId: 'n1',
    containerId: id,
    time: 5,
  });
  const made = { Type: 'network', Action: 'create', Actor: { ID: 'n1', Attributes: { name: 'net' } }, time: 5 };
  expect(parseEvent(JSON.stringify(made))).not.toHaveProperty('containerId');
});

test.each([
  'exec_create: sh -c ls',
  'exec_start: ls',
  'exec_die',
  'health_status: healthy',
  'top',
  'attach',
  'resize',
  'prune',
])('noise: %s wakes nobody', (action) => {
  expect(parseEvent(JSON.stringify({ Type: 'container', Action: action, Actor: { ID: id } }))).toBeUndefined();
});

test.each([
  'create',
  'start',
  'die',
  'stop',
  'destroy',
  'pause',
  'unpause',
  'rename',
  'restart',
  'update',
  'some-new-action',
])('%s is heard', (action) => {
  expect(parseEvent(JSON.stringify({ Type: 'container', Action: action, Actor: { ID: id } }))).toMatchObject({
    action,
  });
});

test('events of images, volumes and what is still to come are left out', () => {
  expect(parseEvent(JSON.stringify({ Type: 'image', Action: 'pull', Actor: { ID: 'x' } }))).toBeUndefined();
  expect(parseEvent('{"message":"hello"}')).toBeUndefined();
  expect(parseEvent('null')).toBeUndefined();
});

test('a line that is no JSON is a protocol error', () => {
  expect(() => parseEvent('<html>')).toThrow(EngineError);
});

test('any text in: an event, nothing, or a protocol error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      try {
        parseEvent(line);
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
      }
    }),
  );
});

test('lines come out whole, wherever the chunks were cut: in a line, in a character', () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => text.trim() === text && !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40), { minLength: 1 }), (lines, sizes) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\r\n`).join(''));
      const splitter = new LineSplitter(10_000);
      const out: string[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = 1 + (sizes[turn % sizes.length] ?? 0);
        out.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(out).toEqual(lines);
      expect(splitter.pending).toBe(false);
    }),
  );
});

test('a line that never ends does not fill the memory', () => {
  const splitter = new LineSplitter(1000);
  expect(() => {
    for (let round = 0; round < 100; round++) splitter.push(Buffer.alloc(100, 'x'));
  }).toThrow(EngineError);
});

test('since never lies after the event that it was taken from', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1_500_000_000_000_000_000n, max: 2_500_000_000_000_000_000n }), (nano) => {
      const parameter = sinceParameter(Number(nano) / 1e9);
      const [whole = '', fraction = ''] = parameter.split('.');
      expect(BigInt(whole + fraction.padEnd(9, '0'))).toBeLessThanOrEqual(nano);
      expect(nano - BigInt(whole + fraction.padEnd(9, '0'))).toBeLessThan(5000n);
    }),
  );
});

import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { EngineErrorKind } from '../../../src/engine/engine.ts';
import type { LogLine, LogOptions, LogSubscription } from '../../../src/engine/streams.ts';
import {
  anId,
  failure,
  type FakeEngine,
  fakeEngine,
  html,
  json,
  passTime,
  type Route,
  silence,
  stopTime,
} from './fakeEngine.ts';

const inspectPath = `/containers/${anId}/json`;
const logsPath = `/containers/${anId}/logs`;
const time = '2026-11-24T20:56:51.274112458Z';
const everything: LogOptions = { follow: true, tail: 'all', stdout: true, stderr: true };

interface Heard {
  readonly lines: LogLine[];
  readonly ended: (Error | undefined)[];
  readonly over: Promise<Error | undefined>;
  subscription: LogSubscription;
}

/** A fake engine with one container and a log that the test writes. */
async function fakeLog(route: Route, tty = false): Promise<FakeEngine> {
  const inspect = { Id: anId, Config: { Tty: tty }, HostConfig: { LogConfig: { Type: 'none' } } };
  return fakeEngine({ [inspectPath]: json(inspect), [logsPath]: route });
}

async function follow(
  fake: FakeEngine,
  take: (lines: readonly LogLine[]) => void | Promise<void> = () => undefined,
  options: Partial<LogOptions> = {},
): Promise<Heard> {
  const { promise, resolve } = Promise.withResolvers<Error | undefined>();
  const heard = { lines: [] as LogLine[], ended: [] as (Error | undefined)[], over: promise };
  const subscription = await fake.engine.streams.logs(
    anId,
    { ...everything, ...options },
    {
      lines: (lines) => {
        heard.lines.push(...lines);
        return take(lines);
      },
      ended: (error) => {
        heard.ended.push(error);
        resolve(error);
      },
    },
  );
  return { ...heard, subscription };
}

function frame(text: string, type = 1): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(type);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function stream(): { route: Route; response: Promise<ServerResponse> } {
  const { promise, resolve } = Promise.withResolvers<ServerResponse>();
  return {
    route: (response) => {
      response.writeHead(200).flushHeaders();
      resolve(response);
    },
    response: promise,
  };
}

function soon(milliseconds = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

test('a log begins when the engine sends its headers, idles past every timeout and ends once', async () => {
  stopTime();
  const { route, response } = stream();
  const heard = await follow(await fakeLog(route));
  passTime();
  const out = await response;
  out.write(frame(`${time} late\n`));
  out.end();
  expect(await heard.over).toBeUndefined();
  expect(heard.lines).toEqual([{ stream: 'stdout', time, text: 'late', partial: false }]);
  expect(heard.ended).toHaveLength(1);
});

test('a terminal’s log is read without frames', async () => {
  const heard = await follow(await fakeLog((response) => response.end(`${time} a\r\n${time} b\r\n`), true));
  await heard.over;
  expect(heard.lines.map(({ text }) => text)).toEqual(['a', 'b']);
});

test('it asks for what is wanted, and always for the times', async () => {
  const fake = await fakeLog((response) => response.end());
  await (
    await follow(fake, undefined, { follow: false, tail: 7, since: 1.25, stderr: false })
  ).over;
  expect(fake.requests.at(-1)).toBe(
    `/v1.51${logsPath}?follow=false&stdout=true&stderr=false&timestamps=true&tail=7&since=1.249999`,
  );
});

describe('what is no log', () => {
  test.each<readonly [string, string, Route, EngineErrorKind]>([
    ['no such container', inspectPath, json({ message: 'No such container' }, 404), 'notFound'],
    ['an inspection that hangs', inspectPath, silence, 'timeout'],
    ['a log that hangs', logsPath, silence, 'timeout'],
    ['a page', logsPath, html, 'protocol'],
    ['403 of a socket proxy', logsPath, (response) => response.writeHead(403).end('no'), 'denied'],
    ['a dropped connection', logsPath, (response) => response.destroy(), 'unreachable'],
    ['no stream chosen', logsPath, json({ message: 'you must choose at least one stream' }, 400), 'invalid'],
  ])('%s', async (_, path, route, kind) => {
    if (route === silence) stopTime();
    const fake = await fakeLog(silence);
    fake.routes.set(path, route);
    expect((await failure(follow(fake))).kind).toBe(kind);
  });

  test('a log driver that keeps nothing is named', async () => {
    const route = json({ message: 'configured logging driver does not support reading' }, 501);
    const error = await failure(follow(await fakeLog(route)));
    expect(error).toMatchObject({ kind: 'invalid', message: expect.stringContaining('log driver, none,') as string });
  });
});

/** Sends the beginning of a line, and hangs up. */
const broken: Route = (response) => {
  response.write(frame(`${time} abc\n`).subarray(0, 20));
  setTimeout(() => response.destroy(), 5);
};

describe('a log that goes wrong', () => {
  test.each<readonly [string, Route, EngineErrorKind]>([
    ['a connection that breaks', broken, 'unreachable'],
    ['bytes that are no frames', (response) => response.end('hello, world\n'), 'protocol'],
    ['an end in the middle of a frame', (response) => response.end(frame(`${time} abc\n`).subarray(0, 20)), 'protocol'],
    ['a failure of the engine', (response) => response.end(frame('Error grabbing logs', 3)), 'engine'],
  ])('%s is told once', async (_, route, kind) => {
    const heard = await follow(await fakeLog(route));
    expect(await heard.over).toMatchObject({ name: 'EngineError', kind });
    await soon();
    expect(heard.ended).toHaveLength(1);
  });

  test('what came before a failure is there', async () => {
    const heard = await follow(
      await fakeLog((response) => {
        response.write(Buffer.concat([frame(`${time} before\n`), Buffer.from('garbage!')]));
      }),
    );
    expect(await heard.over).toMatchObject({ kind: 'protocol' });
    expect(heard.lines).toMatchObject([{ text: 'before' }]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('a sink that %s ends it', async (_, take) => {
    const { route, response } = stream();
    const heard = await follow(await fakeLog(route), take);
    const out = await response;
    const closed = new Promise((resolve) => out.on('close', resolve));
    out.write(frame(`${time} a\n`));
    expect(await heard.over).toMatchObject({ name: 'EngineError', message: 'unexpected: mine' });
    await closed;
  });
});

describe('a reader that lets go', () => {
  test('hears nothing more, and the engine’s follower is gone', async () => {
    const { route, response } = stream();
    const heard = await follow(await fakeLog(route));
    const out = await response;
    const closed = new Promise((resolve) => out.on('close', resolve));
    heard.subscription.dispose();
    out.write(frame(`${time} unheard\n`));
    await closed;
    await soon();
    expect([heard.lines, heard.ended]).toEqual([[], []]);
  });

  test('while it still takes what came: that is the last', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const { route, response } = stream();
    const heard = await follow(await fakeLog(route), () => promise);
    const out = await response;
    out.write(frame(`${time} one\n`));
    await soon();
    out.write(frame(`${time} two\n`));
    await soon();
    heard.subscription.dispose();
    resolve(undefined);
    await soon();
    expect(heard.lines.map(({ text }) => text)).toEqual(['one']);
    expect(heard.ended).toEqual([]);
  });

  test('the engine’s end of use lets go of all', async () => {
    const { route, response } = stream();
    const fake = await fakeLog(route);
    const heard = await follow(fake);
    const out = await response;
    const closed = new Promise((resolve) => out.on('close', resolve));
    fake.engine.close();
    await closed;
    await soon();
    expect(heard.ended).toEqual([]);
    expect((await failure(follow(fake))).kind).toBe('cancelled');
  });
});

test('a slow reader holds the engine back, and then loses nothing', async () => {
  const chunk = Buffer.concat(Array.from({ length: 100 }, (_, at) => frame(`${time} line ${at} ${'x'.repeat(450)}\n`)));
  const rounds = 120;
  const written = { rounds: 0 };
  const fake = await fakeLog((response) => {
    const write = (): void => {
      while (written.rounds < rounds) {
        written.rounds++;
        if (!response.write(chunk)) {
          response.once('drain', write);
          return;
        }
      }
      response.end();
    };
    write();
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const heard = await follow(fake, () => promise);
  await soon(100);
  // What the two sockets' buffers hold, and one chunk: far from the 6 MB that wait.
  expect(written.rounds * chunk.length).toBeLessThan(2_500_000);
  expect(heard.lines.length).toBeLessThan(300);
  resolve(undefined);
  expect(await heard.over).toBeUndefined();
  expect(heard.lines).toHaveLength(rounds * 100);
});

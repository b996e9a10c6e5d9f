import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { EngineError, EngineEvent } from '../../../src/engine/engine.ts';
import { type FakeEngine, fakeEngine, json, passTime, type Route, stopTime } from './fakeEngine.ts';
import { until } from '../support/until.ts';

interface Heard {
  readonly events: EngineEvent[];
  readonly closed: Promise<EngineError>;
  /** True once `closed` was called. */
  over: boolean;
  dispose(): void;
}

async function subscribe(fake: FakeEngine, since?: number): Promise<Heard> {
  const { promise, resolve } = Promise.withResolvers<EngineError>();
  const heard = { events: [] as EngineEvent[], closed: promise, over: false };
  const subscription = await fake.engine.events(
    {
      event: (event) => heard.events.push(event),
      closed: (error) => {
        if (heard.over) throw new Error('closed twice');
        heard.over = true;
        resolve(error);
      },
    },
    since,
  );
  return Object.assign(heard, { dispose: () => subscription.dispose() });
}

function line(name: string, action = 'start'): Buffer {
  return Buffer.from(
    `${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: 'c1', Attributes: { name } }, timeNano: 1e18 })}\n`,
  );
}

/** A stream that the test writes itself. */
function stream(): { route: Route; response: Promise<ServerResponse> } {
  const { promise, resolve } = Promise.withResolvers<ServerResponse>();
  return {
    route: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      resolve(response);
    },
    response: promise,
  };
}

function soon(milliseconds = 10): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

test('it settles with the headers, long before the first event, and idles past every timeout', async () => {
  stopTime();
  const { route, response } = stream();
  const heard = await subscribe(await fakeEngine({ '/events': route }));
  passTime();
  (await response).write(line('late'));
  await until(() => heard.events.length > 0);
  expect(heard.over).toBe(false);
  expect(heard.events).toHaveLength(1);
});

test('an event that is cut in the middle of a line and of a character arrives whole', async () => {
  const { route, response } = stream();
  const heard = await subscribe(await fakeEngine({ '/events': route }));
  const bytes = Buffer.concat([line('grüße-容器'), line('x', 'exec_create: sh'), line('two', 'die')]);
  const out = await response;
  for (const byte of bytes) {
    out.write(Buffer.of(byte));
    if (byte > 0x7f) await soon(0);
  }
  await soon();
  expect(heard.events).toMatchObject([{ action: 'start', containerId: 'c1', time: 1e9 }, { action: 'die' }]);
});

test('the end of the stream is told once, as unreachable', async () => {
  const { route, response } = stream();
  const heard = await subscribe(await fakeEngine({ '/events': route }));
  (await response).end(line('last'));
  expect((await heard.closed).kind).toBe('unreachable');
  expect(heard.events).toHaveLength(1);
});

test('a stream that is cut in the middle of an event is told as such', async () => {
  const { route, response } = stream();
  const heard = await subscribe(await fakeEngine({ '/events': route }));
  const out = await response;
  out.write(line('whole'));
  out.write('{"Type":"conta');
  await soon();
  out.destroy();
  expect((await heard.closed).kind).toBe('protocol');
  expect(heard.events).toHaveLength(1);
});

test('a broken connection is told as unreachable', async () => {
  const { route, response } = stream();
  const fake = await fakeEngine({ '/events': route });
  const heard = await subscribe(fake);
  await response;
  await fake.stop();
  expect((await heard.closed).kind).toBe('unreachable');
});

test('a connection that breaks right behind the headers is told, too', async () => {
  const fake = await fakeEngine({
    '/events': (response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    },
  });
  const heard = await subscribe(fake);
  expect((await heard.closed).kind).toBe('unreachable');
});

test('HTML in the place of events is a protocol error', async () => {
  const heard = await subscribe(await fakeEngine({ '/events': (response) => response.end('<html>\n<body>\n') }));
  expect((await heard.closed).kind).toBe('protocol');
  expect(heard.events).toEqual([]);
});

test('an event without end is given up', async () => {
  const { route, response } = stream();
  const heard = await subscribe(await fakeEngine({ '/events': route }, { maxEventLength: 1000 }));
  (await response).write('x'.repeat(5000));
  expect((await heard.closed).kind).toBe('protocol');
});

test('after dispose nothing is heard any more, not even the end', async () => {
  const { route, response } = stream();
  const fake = await fakeEngine({ '/events': route });
  const heard = await subscribe(fake);
  const out = await response;
  heard.dispose();
  out.write(line('x'));
  await fake.stop();
  await soon();
  expect(heard.over).toBe(false);
  expect(heard.events).toEqual([]);
});

test('close ends a subscription without a word', async () => {
  const { route, response } = stream();
  const fake = await fakeEngine({ '/events': route });
  const heard = await subscribe(fake);
  const gone = new Promise((resolve) => void response.then((out) => out.on('close', resolve)));
  fake.engine.close();
  await gone;
  expect(heard.over).toBe(false);
});

test('only containers and networks are asked for, from where the last connection was lost', async () => {
  const fake = await fakeEngine({ '/events': stream().route });
  await subscribe(fake, 1700000000.25);
  const url = new URL(fake.requests.at(-1) ?? '', 'http://docker');
  expect(url.searchParams.get('since')).toBe('1700000000.249999');
  expect(JSON.parse(url.searchParams.get('filters') ?? '')).toEqual({ type: ['container', 'network'] });
});

test("the first subscription starts at the engine's clock, so that nothing falls between its headers and its ears", async () => {
  const fake = await fakeEngine({
    '/events': stream().route,
    '/info': json({ SystemTime: '2026-01-02T03:04:05.678901234Z' }),
  });
  await fake.engine.info();
  await subscribe(fake);
  const since = new URL(fake.requests.at(-1) ?? '', 'http://docker').searchParams.get('since');
  expect(Number(since)).toBeLessThan(Date.UTC(2026, 0, 2, 3, 4, 5, 679) / 1000);
  expect(Number(since)).toBeGreaterThan(Date.UTC(2026, 0, 2, 3, 4, 5, 677) / 1000);
});

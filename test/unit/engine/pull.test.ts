import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PullProgress } from '../../../src/engine/control.ts';
import { pullQuery } from '../../../src/engine/docker/pull.ts';
import { failure, fakeEngine, type FakeRequest, json, passTime, type Route, silence, stopTime } from './fakeEngine.ts';
import { until } from '../support/until.ts';

/** What an engine sends of a pull with two layers, in UTF-8 that is not ASCII alone. */
const lines = [
  { status: 'Pulling from library/büsybox', id: 'latest' },
  { status: 'Pulling fs layer', progressDetail: {}, id: 'a1b2c3d4e5f6' },
  { status: 'Downloading', progressDetail: { current: 0, total: 2048 }, progress: '[>  ]', id: 'a1b2c3d4e5f6' },
  { status: 'Downloading', progressDetail: { current: 4096 }, id: '0123456789ab' },
  { status: 'Pull complete', progressDetail: {}, id: 'a1b2c3d4e5f6' },
  { aux: { ID: 'sha256:1' } },
  { status: 'Status: Downloaded newer image for büsybox:latest' },
];

const told: readonly PullProgress[] = [
  { layer: '', status: 'Pulling from library/büsybox' },
  { layer: 'a1b2c3d4e5f6', status: 'Pulling fs layer' },
  { layer: 'a1b2c3d4e5f6', status: 'Downloading', current: 0, total: 2048 },
  { layer: '0123456789ab', status: 'Downloading', current: 4096 },
  { layer: 'a1b2c3d4e5f6', status: 'Pull complete' },
  { layer: '', status: 'Status: Downloaded newer image for büsybox:latest' },
];

function bytesOf(values: readonly unknown[]): Buffer {
  return Buffer.from(values.map((value) => `${JSON.stringify(value)}\r\n`).join(''));
}

/** The headers, and the response for the test to write. */
function stream(): { route: Route; response: Promise<ServerResponse>; request: Promise<FakeRequest> } {
  const response = Promise.withResolvers<ServerResponse>();
  const request = Promise.withResolvers<FakeRequest>();
  return {
    route: (out, asked) => {
      out.writeHead(200, { 'content-type': 'application/json' });
      out.flushHeaders();
      response.resolve(out);
      request.resolve(asked);
    },
    response: response.promise,
    request: request.promise,
  };
}

async function pull(route: Route, signal?: AbortSignal) {
  const fake = await fakeEngine({ '/images/create': route });
  const progress: PullProgress[] = [];
  const done = fake.engine.control.pull('busybox', (one) => progress.push(one), signal);
  done.catch(() => undefined);
  return { fake, progress, done };
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

test('however the bytes are cut into chunks, every line is told once', async () => {
  const bytes = bytesOf(lines);
  const fake = await fakeEngine({});
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), async (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      fake.routes.set('/images/create', (response) => {
        response.writeHead(200);
        const send = (index: number): void => {
          const [from, to] = [edges[index], edges[index + 1]];
          if (from === undefined || to === undefined) response.end();
          else response.write(bytes.subarray(from, to), () => setImmediate(send, index + 1));
        };
        send(0);
      });
      const progress: PullProgress[] = [];
      await fake.engine.control.pull('busybox', (one) => progress.push(one));
      expect(progress).toEqual(told);
    }),
    { numRuns: 60 },
  );
});

test('it tells at once what came, and settles at the end', async () => {
  const { route, response, request } = stream();
  const { progress, done } = await pull(route);
  const out = await response;
  out.write(bytesOf(lines.slice(0, 2)));
  await soon();
  expect(progress).toEqual(told.slice(0, 2));
  out.end(bytesOf(lines.slice(2)));
  await done;
  expect(progress).toEqual(told);
  expect(Object.fromEntries((await request).query)).toEqual({ fromImage: 'busybox', tag: 'latest' });
});

test('a line with an error rejects, although the status was good', async () => {
  const { route, response } = stream();
  const { done } = await pull(route);
  const line = { errorDetail: { code: 404, message: 'manifest unknown' }, error: 'manifest unknown' };
  (await response).end(bytesOf([lines[0], line]));
  expect(await failure(done)).toMatchObject({ kind: 'engine', message: 'POST /images/create: manifest unknown' });
});

test('a refusal before the stream has its kind', async () => {
  const { done } = await pull(json({ message: 'pull access denied' }, 404));
  expect(await failure(done)).toMatchObject({ kind: 'notFound' });
});

test('to abort it ends the request', async () => {
  const { route, response } = stream();
  const abort = new AbortController();
  const { progress, done } = await pull(route, abort.signal);
  const out = await response;
  out.write(bytesOf(lines.slice(0, 1)));
  await soon();
  const hungUp = new Promise((resolve) => out.once('close', resolve));
  abort.abort();
  expect(await failure(done)).toMatchObject({ kind: 'cancelled' });
  await hungUp;
  expect(progress).toHaveLength(1);
});

test('to abort it before the headers ends the request, too', async () => {
  const abort = new AbortController();
  const { done } = await pull(silence, abort.signal);
  await soon();
  abort.abort();
  expect(await failure(done)).toMatchObject({ kind: 'cancelled' });
});

test('a silent stream is waited for longer than any time limit', async () => {
  stopTime();
  const { route, response } = stream();
  const fake = await fakeEngine({ '/images/create': route });
  const progress: PullProgress[] = [];
  const done = fake.engine.control.pull('busybox', (one) => progress.push(one));
  const out = await response;
  out.write(bytesOf(lines.slice(0, 1)));
  // What passes before the client has the headers is no silence of the stream.
  await until(() => progress.length > 0);
  passTime();
  out.end(bytesOf(lines.slice(1)));
  await done;
  expect(progress).toEqual(told);
});

test.each([
  ['the connection breaks', (out: ServerResponse) => out.destroy(), 'unreachable'],
  ['it ends in the middle of a line', (out: ServerResponse) => out.end('{"status":"Down'), 'unreachable'],
  ['a line is no JSON', (out: ServerResponse) => out.write('<html>\n'), 'protocol'],
  ['a line never ends', (out: ServerResponse) => out.write('x'.repeat(2 ** 21)), 'protocol'],
])('%s: it rejects', async (_, fault, kind) => {
  const { route, response } = stream();
  const { done } = await pull(route);
  const out = await response;
  await soon();
  fault(out);
  expect(await failure(done)).toMatchObject({ kind });
});

test('a listener that throws ends the pull', async () => {
  const { route, response } = stream();
  const fake = await fakeEngine({ '/images/create': route });
  const done = failure(
    fake.engine.control.pull('busybox', () => {
      throw new Error('bug');
    }),
  );
  const out = await response;
  const hungUp = new Promise((resolve) => out.once('close', resolve));
  out.write(bytesOf(lines));
  expect((await done).message).toContain('bug');
  await hungUp;
});

describe('pullQuery', () => {
  test.each([
    ['busybox', 'busybox', 'latest'],
    ['busybox:1.36', 'busybox', '1.36'],
    [' library/busybox ', 'library/busybox', 'latest'],
    ['localhost:5000/team/app', 'localhost:5000/team/app', 'latest'],
    ['localhost:5000/team/app:v1', 'localhost:5000/team/app', 'v1'],
    ['app@sha256:0123', 'app', 'sha256:0123'],
    ['host:5000/app:v1@sha256:0123', 'host:5000/app', 'sha256:0123'],
    ['app:', 'app', 'latest'],
  ])('%s', (reference, fromImage, tag) => {
    expect(pullQuery(reference)).toEqual({ fromImage, tag });
  });

  test('an empty name is refused before anything is sent', async () => {
    const fake = await fakeEngine({});
    expect(await failure(fake.engine.control.pull('  ', () => undefined))).toMatchObject({ kind: 'invalid' });
    expect(fake.requests.join()).not.toContain('/images/create');
  });
});

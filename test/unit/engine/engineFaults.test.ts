import { expect, test } from 'vitest';
import { networkError } from '../../../src/engine/docker/errors.ts';
import type { Engine, EngineErrorKind } from '../../../src/engine/engine.ts';
import { anId, cutShort, failure, fakeEngine, html, json, type Route, silence, stopTime } from './fakeEngine.ts';

const listener = { event: () => undefined, closed: () => undefined };

const methods: readonly (readonly [string, (engine: Engine) => Promise<unknown>])[] = [
  ['info', (engine) => engine.info()],
  ['networks', (engine) => engine.networks()],
  ['containers', (engine) => engine.containers()],
  ['network', (engine) => engine.network(anId)],
  ['container', (engine) => engine.container(anId)],
  ['events', (engine) => engine.events(listener)],
];

const inner: Readonly<Record<string, string>> = {
  info: '/info',
  networks: '/networks',
  containers: '/containers/json',
  network: `/networks/${anId}`,
  container: `/containers/${anId}/json`,
  events: '/events',
};

const faults: readonly (readonly [string, Route, EngineErrorKind])[] = [
  ['a socket that accepts and never answers', silence, 'timeout'],
  ['a page of HTML', html, 'protocol'],
  ['an answer that is cut short', cutShort, 'unreachable'],
  ['403 of a socket proxy', (response) => response.writeHead(403).end('Forbidden'), 'denied'],
  ['401', json({ message: 'no' }, 401), 'denied'],
  ["the engine's own failure", json({ message: 'boom' }, 500), 'engine'],
  ['a redirect', (response) => response.writeHead(302, { location: 'ftp://elsewhere/' }).end(), 'protocol'],
  ['a connection that is dropped at once', (response) => response.destroy(), 'unreachable'],
  [
    'an upgrade that nobody asked for',
    (response) => response.socket?.end('HTTP/1.1 101 Hi\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n'),
    'protocol',
  ],
  ['bytes that are no HTTP', (response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'), 'protocol'],
];

for (const [name, call] of methods) {
  test.each(faults)(`${name} against %s at the first request settles with its kind`, async (_, route, kind) => {
    if (route === silence) stopTime();
    const { engine } = await fakeEngine({ '/version': route });
    expect((await failure(call(engine))).kind).toBe(kind);
  });

  // A denied /info is no failure: see below. An event stream may send anything once its headers are right: see there.
  const later = faults.filter(
    ([, route]) => !(name === 'info' && (route === faults[3]?.[1] || route === faults[4]?.[1])),
  );
  test.each(later.filter(([, route]) => name !== 'events' || (route !== html && route !== cutShort)))(
    `${name} against %s settles with its kind`,
    async (_, route, kind) => {
      if (route === silence) stopTime();
      const { engine } = await fakeEngine({ '/containers/json': json([]), [inner[name] ?? '']: route });
      expect((await failure(call(engine))).kind).toBe(kind);
    },
  );

  test(`${name} without a socket is unreachable, and works again when the engine is back`, async () => {
    const row = { Id: anId };
    const fake = await fakeEngine({
      '/networks': json([row]),
      '/containers/json': json([row]),
      [`/networks/${anId}`]: json(row),
      [`/containers/${anId}/json`]: json(row),
      '/events': (response) => response.writeHead(200).flushHeaders(),
    });
    await call(fake.engine);
    await fake.stop();
    expect((await failure(call(fake.engine))).kind).toBe('unreachable');
    await fake.start();
    await expect(call(fake.engine)).resolves.toBeDefined();
  });

  test(`${name} ends with its signal or with close`, async () => {
    const { promise: asked, resolve: hear } = Promise.withResolvers<undefined>();
    const { engine } = await fakeEngine({ '/containers/json': silence, [inner[name] ?? '']: () => hear(undefined) });
    const pending = failure(call(engine));
    await asked;
    engine.close();
    expect((await pending).kind).toBe('cancelled');
    expect((await failure(call(engine))).kind).toBe('cancelled');
  });
}

test("a caller's signal ends its own request and no other", async () => {
  const { engine } = await fakeEngine(
    { '/networks': (response) => void setTimeout(() => response.end('[]'), 50) },
    { timeoutMs: 2000 },
  );
  const controller = new AbortController();
  const mine = failure(engine.networks(controller.signal));
  const other = engine.networks();
  setTimeout(() => controller.abort(), 10);
  expect((await mine).kind).toBe('cancelled');
  await expect(other).resolves.toEqual([]);
});

test('JSON that is no Docker: protocol', async () => {
  const { engine, routes } = await fakeEngine({
    '/networks': json({ items: [] }),
    '/containers/json': json('x'),
    '/info': json([]),
  });
  expect((await failure(engine.networks())).kind).toBe('protocol');
  expect((await failure(engine.containers())).kind).toBe('protocol');
  expect((await failure(engine.info())).kind).toBe('protocol');
  routes.set('/version', json({ status: 'ok' }));
  expect((await failure(engine.info())).kind).toBe('protocol');
});

test('an answer without end is given up', async () => {
  const { engine } = await fakeEngine({ '/networks': json([{ Id: 'x'.repeat(5000) }]) }, { maxResponseBytes: 1000 });
  expect((await failure(engine.networks())).kind).toBe('protocol');
});

test('a socket that this user may not open: denied', () => {
  expect(networkError(Object.assign(new Error('connect EACCES'), { code: 'EACCES' }), 'x').kind).toBe('denied');
});

test.each([
  ['ENOENT', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['EPIPE', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['EPROTO', 'protocol'],
  ['HPE_INVALID_CONSTANT', 'protocol'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'configuration'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'configuration'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'denied'],
])('%s means %s', (code, kind) => {
  expect(networkError({ code }, 'x').kind).toBe(kind);
});

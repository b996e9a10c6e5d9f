import { expect, test, vi } from 'vitest';
import { createDockerEngine } from '../../../src/engine/docker/dockerodeEngine.ts';
import { anId, aVersion, failure, fakeEngine, json, type Route, silence, stopTime, targetOf } from './fakeEngine.ts';
import { engineFixture } from './fixtures.ts';

test('requests speak the version that was negotiated', async () => {
  const { engine, requests } = await fakeEngine({ '/networks': json([]) });
  expect((await engine.info()).apiVersion).toBe('1.51');
  await engine.networks();
  expect(requests).toEqual(['/version', '/v1.51/info', '/v1.51/networks']);
});

test('an engine that was replaced by an older one while away is asked for its version again', async () => {
  const { engine, routes, requests } = await fakeEngine({});
  await engine.info();
  routes.set('/version', json({ ...aVersion, ApiVersion: '1.41' }));
  expect((await engine.info()).apiVersion).toBe('1.41');
  expect(requests.at(-1)).toBe('/v1.41/info');
});

test('a socket proxy that keeps /info back still shows the networks', async () => {
  const { engine, log } = await fakeEngine({ '/info': json({ message: 'no' }, 403) });
  expect(await engine.info()).toMatchObject({ id: '', version: '28.5.2', os: 'linux' });
  expect(log.join('\n')).toContain('/info');
});

test('the environment of the editor has no say once the engine was chosen', async () => {
  vi.stubEnv('DOCKER_HOST', 'tcp://192.0.2.1:1');
  vi.stubEnv('DOCKER_CERT_PATH', '/nonexistent');
  vi.stubEnv('DOCKER_CLIENT_TIMEOUT', '1');
  try {
    const { engine } = await fakeEngine({ '/networks': (response) => void setTimeout(() => response.end('[]'), 30) });
    await expect(engine.networks()).resolves.toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a key that is none is named as what it is, and nothing is left behind that could still fail', async () => {
  const tls = { ca: 'garbage', cert: 'garbage', key: 'garbage', verify: true };
  const transport = { kind: 'tcp', host: '127.0.0.1', port: 1, basePath: '', tls } as const;
  const engine = createDockerEngine({ ...targetOf('unused'), transport });
  const error = await failure(engine.info());
  expect(error.kind).toBe('configuration');
  expect(error.message).not.toContain('garbage');
  engine.close();
});

test('a container that dies between the list and its inspection comes with the facts of the list', async () => {
  const rows = [1, 2, 3].map((n) => ({ Id: String(n).repeat(64), Names: [`/c${n}`], State: 'running' }));
  const { engine, log } = await fakeEngine({
    '/containers/json': json(rows),
    [`/containers/${'1'.repeat(64)}/json`]: json({ Id: '1'.repeat(64), Name: '/c1' }),
    [`/containers/${'2'.repeat(64)}/json`]: json({ message: 'No such container' }, 404),
    [`/containers/${'3'.repeat(64)}/json`]: json({ message: 'layer does not exist' }, 500),
  });
  const containers = await engine.containers();
  expect(containers.map(({ model }) => [model.name, model.inspected])).toEqual([
    ['c1', true],
    ['c2', false],
    ['c3', false],
  ]);
  expect(containers[0]?.raw).toEqual({ Id: '1'.repeat(64), Name: '/c1' });
  expect(containers[1]?.raw).toEqual(rows[1]);
  expect(log.filter((line) => line.includes("list's facts"))).toHaveLength(2);
});

test('one container that hangs does not hide the others; many mean that the engine hangs', async () => {
  const ids = ['1', '2', '3', '4', '5', '6'].map((digit) => digit.repeat(64));
  const routes = Object.fromEntries(
    ids.map((id, index) => [`/containers/${id}/json`, index === 0 ? silence : json({ Id: id })]),
  );
  const list = json(ids.map((Id) => ({ Id })));
  // One after the other: the time that passes is over for whoever waits.
  stopTime();
  const fake = await fakeEngine({ ...routes, '/containers/json': list }, { concurrency: 1 });
  expect((await fake.engine.containers()).map(({ model }) => model.inspected)).toEqual([
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
  for (const id of ids) fake.routes.set(`/containers/${id}/json`, silence);
  expect((await failure(fake.engine.containers())).kind).toBe('timeout');
});

test('the engine goes away in the middle of a read: unreachable, no half picture', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => index.toString(16).padStart(64, '0'));
  const fake = await fakeEngine({ '/containers/json': json(ids.map((Id) => ({ Id }))) });
  let answered = 0;
  for (const id of ids) {
    fake.routes.set(`/containers/${id}/json`, (response, request) => {
      if (++answered === 10) void fake.stop();
      else json({ Id: id })(response, request);
    });
  }
  expect((await failure(fake.engine.containers())).kind).toBe('unreachable');
});

test('a connection that the engine closed while it idled is not taken for an engine that is gone', async () => {
  let turn = 0;
  const { engine } = await fakeEngine({
    '/networks': (response, request) => {
      // Answers, and hangs up just when the kept connection is used again.
      if (++turn === 2) response.destroy();
      else json([])(response, request);
    },
  });
  await engine.networks();
  await expect(engine.networks()).resolves.toEqual([]);
  expect(turn).toBe(3);
});

test('a row without an id is skipped with a log line', async () => {
  const { engine, log } = await fakeEngine({
    '/networks': json([{ Name: 'x' }, null, { Id: 'n1', Name: 'good' }]),
    '/containers/json': json([{ Names: ['/x'] }, 7]),
  });
  expect((await engine.networks()).map(({ model }) => model.name)).toEqual(['good']);
  expect(await engine.containers()).toEqual([]);
  expect(log).toHaveLength(4);
});

test('10,000 labels, Markdown and right-to-left marks in names pass unharmed', async () => {
  const labels = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`label.${index}`, `**${index}** \u202e](x)`]),
  );
  const inspect = { Id: anId, Name: '/[a](b)\u202e', Config: { Labels: labels } };
  const { engine } = await fakeEngine({
    '/containers/json': json([{ Id: anId }]),
    [`/containers/${anId}/json`]: json(inspect),
  });
  const [read] = await engine.containers();
  expect(read?.model.labels).toEqual(labels);
  expect(read?.model.name).toBe('[a](b)\u202e');
});

test('what is gone is undefined; a page in its place is not', async () => {
  const { engine, routes } = await fakeEngine({
    '/containers/json': json([]),
    [`/containers/${anId}/json`]: json({ message: 'No such container' }, 404),
    [`/networks/${anId}`]: json({ message: 'network not found' }, 404),
  });
  expect(await engine.container(anId)).toBeUndefined();
  expect(await engine.network(anId)).toBeUndefined();
  routes.set(`/networks/${anId}`, (response) => response.writeHead(404).end('<h1>Not found</h1>'));
  expect((await failure(engine.network(anId))).kind).toBe('protocol');
});

test('an id from outside cannot leave its place in the path', async () => {
  const { engine, requests } = await fakeEngine({ '/containers/json': json([]) });
  await engine.container('../../images/x?force=1').catch(() => undefined);
  expect(requests.filter((line) => line.includes('images') && !line.includes('filters'))).toEqual([
    '/v1.51/containers/..%2F..%2Fimages%2Fx%3Fforce%3D1/json',
  ]);
});

test('one container alone reads the same as among all', async () => {
  const { containers, inspect, networks } = engineFixture('28.5');
  const { engine } = await fakeEngine({
    '/networks': json(networks),
    '/containers/json': (response, request) => {
      const filters = request.query.get('filters');
      const wanted = filters === null ? undefined : (JSON.parse(filters) as { id: string[] }).id[0];
      json(containers.filter((row) => wanted === undefined || row['Id'] === wanted))(response, request);
    },
    ...Object.fromEntries(inspect.map((record) => [`/containers/${String(record['Id'])}/json`, json(record)])),
  });
  const all = await engine.containers();
  expect(all).toHaveLength(16);
  for (const read of all) expect(await engine.container(read.model.id)).toEqual(read);
});

test('alone, too, the owner of a shared namespace and the network of a never started one are found', async () => {
  const owner = 'b'.repeat(64);
  const { engine } = await fakeEngine({
    '/containers/json': json([]),
    '/networks': json([{ Id: 'n1', Name: 'dual' }]),
    '/containers/web/json': json({ Id: owner }),
    [`/containers/${anId}/json`]: json({
      Id: anId,
      HostConfig: { NetworkMode: 'container:web' },
      NetworkSettings: { Networks: { dual: { NetworkID: '' } } },
    }),
  });
  const read = await engine.container(anId);
  expect(read?.model.mode).toEqual({ kind: 'container', ownerId: owner });
  expect(read?.model.endpoints[0]?.networkId).toBe('n1');
});

test('never more inspections at one time than allowed', async () => {
  let open = 0;
  let most = 0;
  const ids = Array.from({ length: 30 }, (_, index) => index.toString(16).padStart(64, '0'));
  const slow =
    (id: string): Route =>
    (response, request) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        json({ Id: id })(response, request);
      }, 2);
    };
  const routes = Object.fromEntries(ids.map((id) => [`/containers/${id}/json`, slow(id)]));
  const { engine } = await fakeEngine(
    { ...routes, '/containers/json': json(ids.map((Id) => ({ Id }))) },
    { concurrency: 4 },
  );
  expect(await engine.containers()).toHaveLength(30);
  expect(most).toBe(4);
});

test('a macvlan of the swarm has its parent and its pool, which a manager’s list leaves out', async () => {
  const listed = { Id: anId, Name: 'lan', Driver: 'macvlan', Scope: 'swarm', IPAM: { Config: null }, Options: null };
  const pool = { Subnet: '10.1.0.0/24', Gateway: '10.1.0.1' };
  const { engine } = await fakeEngine({
    '/networks': json([listed]),
    [`/networks/${anId}`]: json({ ...listed, IPAM: { Config: [pool] }, Options: { parent: 'eth1' } }),
  });
  const [lan] = await engine.networks();
  expect(lan?.model).toMatchObject({ options: { parent: 'eth1' }, pools: [{ subnet: '10.1.0.0/24' }] });
});

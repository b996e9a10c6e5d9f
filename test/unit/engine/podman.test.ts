import { expect, test } from 'vitest';
import type { EngineEvent } from '../../../src/engine/engine.ts';
import { isBuiltIn } from '../../../src/topology/builtIn.ts';
import type { Container } from '../../../src/topology/model.ts';
import { expectedBridges } from '../../../src/topology/snapshot.ts';
import { wire } from '../../../src/topology/wiring.ts';
import { type FakeEngine, failure, fakeEngine, html, json, type Route } from './fakeEngine.ts';
import { engineFixture, podmanFixture } from './fixtures.ts';

/** The engine of the fixtures, with Podman's own API beside Docker's as on a real socket. */
function podman(more: Readonly<Record<string, Route>> = {}): Promise<FakeEngine> {
  const { version, info, networks, containers, inspect } = engineFixture('podman');
  const { libpod, alone } = podmanFixture();
  return fakeEngine({
    '/version': json(version),
    '/info': json(info),
    '/networks': json(networks),
    '/containers/json': json(containers),
    ...Object.fromEntries(inspect.map((raw) => [`/containers/${String(raw['Id'])}/json`, json(raw)])),
    ...Object.fromEntries(alone.map((raw) => [`/networks/${String(raw['Id'])}`, json(raw)])),
    // Three parts of the version: the server of these tests cuts off two.
    '/v5.4.2/libpod/networks/json': json(libpod),
    ...Object.fromEntries(libpod.map((raw) => [`/v5.4.2/libpod/networks/${String(raw['id'])}/json`, json(raw)])),
    ...more,
  });
}

async function containersOf({ engine }: FakeEngine): Promise<ReadonlyMap<string, Container>> {
  return new Map((await engine.containers()).map(({ model }) => [model.name, model]));
}

test('it is known by its component, whatever version of Docker’s API it speaks', async () => {
  const { engine, log } = await podman();
  expect(await engine.info()).toMatchObject({ flavour: 'podman', version: '5.4.2', apiVersion: '1.41' });
  expect(log.join('\n')).toContain('Podman 5.4.2');
});

test('its own API names the bridges and the parent', async () => {
  const { engine } = await podman();
  const networks = (await engine.networks()).map(({ model }) => model);
  expect(Object.fromEntries(networks.map(({ name, networkInterface }) => [name, networkInterface]))).toEqual({
    podman: 'podman0',
    'my-bridge': 'podman1',
    shop_default: 'podman2',
    dual: 'podman3',
    inner: 'podman4',
    lan: 'dne-mac0',
  });
  expect(networks.filter(isBuiltIn).map(({ name }) => name)).toEqual(['podman']);
});

test('it tells the range that addresses are given out from', async () => {
  const { engine } = await podman();
  const networks = (await engine.networks()).map(({ model }) => model);
  expect(
    networks.flatMap(({ name, pools }) => pools.flatMap(({ ipRange }) => ipRange ?? []).map((range) => [name, range])),
  )
    // As it was asked for: `--ip-range 10.120.0.128/25`.
    .toEqual([['dual', '10.120.0.128/25']]);
});

test.each([
  ['10.0.0.1', '10.0.0.255', '10.0.0.0/24'],
  ['10.0.0.129', '10.0.0.131', '10.0.0.128/30'],
  ['0.0.0.1', '255.255.255.255', '0.0.0.0/0'],
  ['10.0.0.10', '10.0.0.20', '10.0.0.10-10.0.0.20'],
  // As large as a subnet, but none.
  ['10.0.0.3', '10.0.0.9', '10.0.0.3-10.0.0.9'],
  ['10.0.0.20', '10.0.0.10', '10.0.0.20-10.0.0.10'],
  ['10.0.0.10', '', '10.0.0.10-'],
  ['fd00::1', 'fd00::ff', 'fd00::1-fd00::ff'],
  ['', '', undefined],
  [7, null, undefined],
])('a range from %s to %s reads as %s', async (start_ip, end_ip, range) => {
  const { libpod } = podmanFixture();
  const changed = libpod.map((record) => ({
    ...record,
    subnets: [{ subnet: '10.120.0.0/24', lease_range: { start_ip, end_ip } }],
  }));
  const { engine } = await podman({ '/v5.4.2/libpod/networks/json': json(changed) });
  const dual = (await engine.networks()).find(({ model }) => model.name === 'dual');
  expect(dual?.model.pools[0]?.ipRange).toBe(range);
});

test('a bridge is expected where a container runs on the network', async () => {
  const { engine } = await podman();
  const networks = (await engine.networks()).map(({ model }) => model);
  const containers = (await engine.containers()).map(({ model }) => model);
  expect(expectedBridges(networks, []).sort()).toEqual([]);
  expect(expectedBridges(networks, containers).sort()).toEqual([0, 1, 2, 3, 4].map((number) => `podman${number}`));
  const stopped = containers.filter(({ name }) => name === 'stopped1' || name === 'host1' || name === 'shared1');
  expect(expectedBridges(networks, stopped)).toEqual([]);
});

test('a network alone is as in the list, though Docker’s API calls the default one by another name there', async () => {
  const { engine } = await podman();
  for (const { model } of await engine.networks()) expect((await engine.network(model.id))?.model).toEqual(model);
});

test('the time of the default network, which is that of the answer, is left out', async () => {
  const { engine } = await podman();
  const names = (await engine.networks()).flatMap(({ model }) => (model.created === undefined ? [model.name] : []));
  expect(names).toEqual(['podman']);
});

test.each([
  ['does not let Podman’s own API through', json({ message: 'no' }, 403)],
  ['answers it by a page', html],
  ['does not know it', json({ message: 'not found' }, 404)],
])('a socket proxy that %s leaves networks without the names of their bridges', async (_, route) => {
  const fake = await podman({ '/v5.4.2/libpod/networks/json': route });
  const networks = (await fake.engine.networks()).map(({ model }) => model);
  expect(networks.map(({ networkInterface }) => networkInterface)).toEqual(networks.map(() => ''));
  expect(networks.find(isBuiltIn)?.name).toBe('podman');
  expect(expectedBridges(networks, [...(await containersOf(fake)).values()])).toEqual([]);
});

test('an engine that goes away before it answered by its own API is gone', async () => {
  const { engine } = await podman({ '/v5.4.2/libpod/networks/json': (response) => void response.destroy() });
  expect((await failure(engine.networks())).kind).toBe('unreachable');
});

test('options are called as Docker calls them', async () => {
  const { networks } = engineFixture('podman');
  const lan = { ...networks.find(({ Name }) => Name === 'lan'), Options: { mode: 'vepa', mtu: '1400', other: 'x' } };
  const { engine } = await podman({ '/networks': json([lan]) });
  expect((await engine.networks())[0]?.model.options).toEqual({
    macvlan_mode: 'vepa',
    'com.docker.network.driver.mtu': '1400',
    other: 'x',
  });
});

test('host, none and those who share a namespace have no seats, and nothing is looked up for them', async () => {
  const fake = await podman();
  const containers = await containersOf(fake);
  expect(containers.get('host1')).toMatchObject({ mode: { kind: 'host' }, endpoints: [] });
  expect(containers.get('none1')).toMatchObject({ mode: { kind: 'none' }, endpoints: [] });
  const ownerId = containers.get('test1')?.id;
  expect(containers.get('shared1')).toMatchObject({ mode: { kind: 'container', ownerId }, endpoints: [] });
  expect(fake.requests.filter((path) => path.includes('/networks'))).toEqual([]);
});

test('the mode is that of the seats', async () => {
  const containers = await containersOf(await podman());
  expect(containers.get('test1')?.mode).toEqual({ kind: 'bridge' });
  // On the default network and on another one: which came first is not told.
  expect(containers.get('test2')?.mode).toEqual({ kind: 'bridge' });
  expect(containers.get('stopped1')?.mode).toEqual({ kind: 'network', network: 'my-bridge' });
  expect(containers.get('mac1')?.mode).toEqual({ kind: 'network', network: 'lan' });
});

test('what does not run publishes nothing', async () => {
  const containers = await containersOf(await podman());
  const exposed = [{ containerPort: 80, protocol: 'tcp' }];
  expect(containers.get('stopped1')?.ports).toEqual(exposed);
  expect(containers.get('never1')?.ports).toEqual(exposed);
  const port = { containerPort: 6379, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 6379 };
  expect(containers.get('redis')?.ports).toEqual([port]);
});

test('the facts of the list alone say the same, as far as they go', async () => {
  const { inspect } = engineFixture('podman');
  const gone = json({ message: 'no such container' }, 404);
  const whole = await containersOf(await podman());
  const rows = await containersOf(
    await podman(Object.fromEntries(inspect.map((raw) => [`/containers/${String(raw['Id'])}/json`, gone]))),
  );
  for (const [name, { ports, mode, endpoints }] of rows) {
    expect(ports, name).toEqual(whole.get(name)?.ports);
    // Only an inspection tells whose namespace a container shares.
    if (name === 'shared1') continue;
    expect({ mode, endpoints }, name).toEqual({ mode: whole.get(name)?.mode, endpoints: whole.get(name)?.endpoints });
  }
});

test('no wire leads to what is no network', async () => {
  const fake = await podman();
  const networks = (await fake.engine.networks()).map(({ model }) => model);
  const containers = [...(await containersOf(fake)).values()];
  const wires = wire(networks, containers, { kind: 'absent', reason: 'disabled' });
  const names = new Map(containers.map(({ id, name }) => [id, name]));
  const wired = new Set(wires.map(({ containerId }) => names.get(containerId)));
  for (const name of ['host1', 'none1', 'shared1', 'stopped1', 'never1']) expect(wired).not.toContain(name);
  expect(wired).toContain('mac1');
  expect(wires.filter(({ kind }) => kind === 'plugin')).toEqual([]);
});

test('the events of seats name the container by its id and the network by its name', async () => {
  const { events } = podmanFixture();
  const made = '0cf4e9bb126d6d7059be58df477c47fc850fe19b3c6f8a4e703453fd2f4874f0';
  const made2 = '8c6eff7a45bb719f27adf0e33f05c203e44db165ed1de920886551ad961bc9bc';
  const containerId = '07b822443cc3a716a12cba758c73ce4d595affb202760e93a7ec6c906457c827';
  const { engine } = await podman({
    '/networks': json([{ Id: made2, Name: 'made2', Driver: 'bridge' }]),
    '/events': (response) => {
      response.write(events);
    },
  });
  await engine.networks();
  const heard: EngineEvent[] = [];
  await new Promise<void>((resolve) => {
    void engine.events({
      event: (event) => {
        heard.push(event);
        if (event.kind === 'network' && event.action === 'remove') resolve();
      },
      closed: () => undefined,
    });
  });
  const seats = heard.filter(({ action }) => action.endsWith('connect'));
  expect(seats).toMatchObject([
    { kind: 'network', action: 'connect', networkId: made2, containerId },
    { kind: 'network', action: 'disconnect', networkId: made2, containerId },
  ]);
  expect(heard.at(-1)).toMatchObject({ kind: 'network', action: 'remove', networkId: made });
  expect(heard.filter(({ kind }) => kind === 'container').map(({ action }) => action)).toEqual(
    // prettier-ignore
    ['create', 'init', 'start', 'rename', 'pause', 'unpause', 'restart', 'die', 'init', 'start', 'die', 'cleanup', 'init', 'start', 'die', 'remove'],
  );
});

test('a change that is answered by a word is done', async () => {
  const { engine } = await podman({
    '/networks/n1/connect': (response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=us-ascii' });
      response.end('OK');
    },
  });
  await expect(
    engine.control.connect('n1', 'c1', { aliases: [], links: [], driverOptions: {} }),
  ).resolves.toBeUndefined();
});

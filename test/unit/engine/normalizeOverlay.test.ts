import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { normalizeEngine } from '../../../src/engine/docker/normalizeEngine.ts';
import { normalizeNetwork } from '../../../src/engine/docker/normalizeNetwork.ts';
import { networkSchema, snapshotSchema } from '../../../src/engine/recordingSchema.ts';
import type { Overlay } from '../../../src/topology/model.ts';
import { networkOf, nodeSnapshot } from '../support/overlays.ts';
import { json, fakeEngine } from './fakeEngine.ts';
import { nodeFixture, recordedVersions } from './fixtures.ts';

const short = (name: string): string => name.replace(/^(web\.\d).*/, '$1');
const remoteOf = (overlay: Overlay | undefined): string[] =>
  (overlay?.remote ?? []).map(({ name, ipv4 = '', host = '' }) => [short(name), ipv4, host].join(' ').trim());

describe.each(recordedVersions)('a swarm of Docker %s', (version) => {
  const manager = nodeSnapshot(`swarm-${version}/manager`);
  const worker = nodeSnapshot(`swarm-${version}/worker`);

  test('says which node each engine is', () => {
    expect(manager.engine.swarmNode).toMatchObject({ address: '198.18.0.1', manager: true });
    expect(worker.engine.swarmNode).toMatchObject({ address: '198.18.0.2', manager: false });
    expect(manager.engine).not.toHaveProperty('clusterStore');
  });

  test('has VNI, encryption, hosts, services and their tasks', () => {
    expect(networkOf(manager, 'sealed').overlay).toEqual({
      vnis: [4098],
      encrypted: true,
      peers: [],
      services: [],
      remote: [],
    });
    const demo = networkOf(manager, 'demo').overlay;
    expect(demo).toMatchObject({ vnis: [4097], encrypted: false });
    expect(demo?.peers.map(({ address }) => address)).toEqual(['198.18.0.1', '198.18.0.2']);
    expect(demo?.services.map(({ name, vip, tasks }) => [name, vip, tasks.map((task) => short(task.name))])).toEqual([
      ['', undefined, ['demo1', 'demo2']],
      ['web', '10.77.0.6', ['web.1', 'web.2']],
    ]);
    const ingress = networkOf(worker, 'ingress').overlay?.services.find(({ name }) => name === 'web');
    expect(ingress).toMatchObject({ vip: '10.0.0.4', ports: ['Target: 6379, Publish: 8088'] });
  });

  test('has what is on the other node, and neither its own containers nor load balancers', () => {
    expect(remoteOf(networkOf(manager, 'demo').overlay)).toEqual([
      'demo2 10.77.0.4 198.18.0.2',
      'web.1 10.77.0.7 198.18.0.2',
    ]);
    expect(remoteOf(networkOf(worker, 'demo').overlay)).toEqual([
      'demo1 10.77.0.2 198.18.0.1',
      'web.2 10.77.0.8 198.18.0.1',
    ]);
    expect(remoteOf(networkOf(manager, 'ingress').overlay)).toEqual(['web.1 10.0.0.5 198.18.0.2']);
  });

  test('has the same where it does not know its own address', () => {
    for (const raw of nodeFixture(`swarm-${version}/manager`).verbose)
      expect(normalizeNetwork(raw)).toEqual(normalizeNetwork(raw, undefined, '198.18.0.1'));
  });

  test('can be recorded', () => {
    expect(v.parse(snapshotSchema, JSON.parse(JSON.stringify(manager)))).toEqual(manager);
  });
});

describe('an etcd cluster of Docker 20.10', () => {
  test('is known by its store', () => {
    expect(nodeSnapshot('etcd-20.10/second').engine).toMatchObject({
      clusterStore: 'etcd://198.18.0.1:2379,198.18.0.2:2379',
      clusterAdvertise: '198.18.0.2:2375',
    });
  });

  test('has what is on the other host, without saying which', () => {
    const first = networkOf(nodeSnapshot('etcd-20.10/first'), 'demo');
    const demo2 = nodeSnapshot('etcd-20.10/second').containers.find(({ name }) => name === 'demo2');
    expect(first.scope).toBe('global');
    expect(first.overlay).toMatchObject({ vnis: [], peers: [], services: [] });
    expect(first.overlay?.remote).toEqual([
      { endpointId: demo2?.endpoints[0]?.endpointId, name: 'demo2', ipv4: '10.77.0.3', mac: '02:42:0a:4d:00:03' },
    ]);
  });

  test('keeps the secrets of the store', () => {
    const info = { ClusterStore: 'etcd://root:hunter2@192.0.2.1:2379,root:hunter2@192.0.2.2:2379/docker' };
    expect(normalizeEngine({}, info, '1.41').clusterStore).toBe('etcd://192.0.2.1:2379,192.0.2.2:2379/docker');
  });
});

test('an order that changes from answer to answer is no news', () => {
  const [raw] = nodeFixture('swarm-28.5/manager').verbose.filter(({ Name }) => Name === 'demo');
  const services = Object.entries(raw?.['Services'] as Record<string, { readonly Tasks: readonly unknown[] }>);
  const turned = {
    ...raw,
    Peers: (raw?.['Peers'] as readonly unknown[]).toReversed(),
    Services: Object.fromEntries(
      services.toReversed().map(([name, service]) => [name, { ...service, Tasks: service.Tasks.toReversed() }]),
    ),
  };
  expect(JSON.stringify(normalizeNetwork(turned))).toBe(JSON.stringify(normalizeNetwork(raw)));
});

test('any JSON in: no throw, and what comes out is a network', () => {
  const record = fc.record({
    Id: fc.constant('x'),
    Driver: fc.constant('overlay'),
    Scope: fc.constantFrom('swarm', 'global'),
    Options: fc.oneof(
      fc.jsonValue(),
      fc.record({ 'com.docker.network.driver.overlay.vxlanid_list': fc.string(), encrypted: fc.string() }),
    ),
    Peers: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
    Services: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
    Containers: fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('ep-1', 'ep-', 'lb-x'), fc.jsonValue())),
  });
  fc.assert(
    fc.property(record, (raw) => {
      v.parse(networkSchema, normalizeNetwork(raw, undefined, '192.0.2.1'));
    }),
  );
});

describe('reading overlay networks', () => {
  const { networks, verbose, info } = nodeFixture('swarm-28.5/worker');
  const routes = {
    '/info': json(info),
    '/networks': json(networks),
    ...Object.fromEntries(verbose.map((raw) => [`/networks/${String(raw['Id'])}`, json(raw)])),
  };
  const demoId = String(networks.find(({ Name }) => Name === 'demo')?.['Id']);

  test('asks for more only of those, and says the same of one alone', async () => {
    const { engine, requests } = await fakeEngine(routes);
    await engine.info();
    const demo = (await engine.networks()).find(({ model }) => model.id === demoId);
    expect(remoteOf(demo?.model.overlay)).toHaveLength(2);
    expect(requests.filter((line) => line.includes('/networks/'))).toHaveLength(2);
    expect((await engine.network(demoId))?.model).toEqual(demo?.model);
    expect(requests.at(-1)).toMatch(/\?verbose=true$/);
  });

  test.each([403, 400, 404, 500])('is content with the list where the engine answers %i', async (status) => {
    const { engine, log } = await fakeEngine({ ...routes, [`/networks/${demoId}`]: json({ message: 'no' }, status) });
    const demo = (await engine.networks()).find(({ model }) => model.id === demoId)?.model;
    expect(demo?.overlay).toMatchObject({ vnis: [4097], encrypted: false, services: [], remote: [] });
    expect(log.join('\n')).toContain('no');
  });

  test('asks plainly where the engine does not take the question', async () => {
    const { engine } = await fakeEngine({
      ...routes,
      [`/networks/${demoId}`]: (response, request) =>
        json(
          request.query.has('verbose') ? { message: 'what?' } : networks[0],
          request.query.has('verbose') ? 500 : 200,
        )(response, request),
    });
    expect((await engine.network(demoId))?.model.name).toBe(networks[0]?.['Name']);
  });
});

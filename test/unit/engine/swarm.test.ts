import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../../src/actions/specs.ts';
import type { SwarmControl } from '../../../src/engine/control.ts';
import { serviceBody } from '../../../src/engine/docker/swarm.ts';
import type { EngineErrorKind } from '../../../src/engine/engine.ts';
import { cutShort, failure, fakeEngine, html, json, silence, stopTime, type Route } from './fakeEngine.ts';

const aService: ServiceSpec = {
  image: 'redis:7',
  name: 'web',
  network: { id: 'net-id', name: 'over' },
  replicas: 2,
  ports: [{ containerPort: 6379, protocol: 'tcp', publishedPort: 8088 }],
  publishMode: 'ingress',
  environment: ['A=b'],
  command: ['redis-server'],
};
const token = { Worker: 'SWMTKN-1-w0rker', Manager: 'SWMTKN-1-m4nager' };
const managerInfo = {
  Swarm: {
    NodeID: 'n1',
    NodeAddr: '198.18.0.1',
    LocalNodeState: 'active',
    ControlAvailable: true,
    RemoteManagers: [
      { NodeID: 'n2', Addr: '198.18.0.2:2377' },
      { NodeID: 'n1', Addr: '198.18.0.1:2377' },
    ],
    Nodes: 3,
    Managers: 2,
  },
};

const methods: readonly (readonly [string, string, (swarm: SwarmControl) => Promise<unknown>])[] = [
  ['status', '/info', (swarm) => swarm.status()],
  ['joinToken', '/swarm', (swarm) => swarm.joinToken('worker')],
  ['leave', '/swarm/leave', (swarm) => swarm.leave(true)],
  ['nodes', '/nodes', (swarm) => swarm.nodes()],
  ['services', '/services', (swarm) => swarm.services()],
  ['createService', '/services/create', (swarm) => swarm.createService(aService)],
  ['removeService', '/services/s1', (swarm) => swarm.removeService('s1')],
];
const faults: readonly (readonly [string, Route, EngineErrorKind])[] = [
  ['a socket that accepts and never answers', silence, 'timeout'],
  ['a page of HTML', html, 'protocol'],
  ['an answer that is cut short', cutShort, 'unreachable'],
  ['400', json({ message: 'no' }, 400), 'invalid'],
  ['404', json({ message: 'no' }, 404), 'notFound'],
  ['503 of an engine that manages no swarm', json({ message: 'This node is not a swarm manager.' }, 503), 'engine'],
  ['a connection that is dropped at once', (response) => response.destroy(), 'unreachable'],
];

describe.each(methods)('%s', (_name, path, call) => {
  test.each(faults)('against %s rejects with its kind', async (_, route, kind) => {
    if (route === silence) stopTime();
    const { engine } = await fakeEngine({ [path]: route });
    expect((await failure(call(engine.control.swarm))).kind).toBe(kind);
  });

  test('takes any JSON for an answer, and lets nothing but an EngineError out', async () => {
    for (const answer of [null, 7, 'x', [], [null], [{}], {}, { Swarm: 7, JoinTokens: [] }]) {
      const { engine } = await fakeEngine({ [path]: json(answer) });
      const error: unknown = await call(engine.control.swarm).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) expect(error).toMatchObject({ name: 'EngineError', kind: 'protocol' });
    }
  });
});

test('says what the engine is in its swarm', async () => {
  const fake = await fakeEngine({ '/info': json(managerInfo) });
  expect(await fake.engine.control.swarm.status()).toEqual({
    state: 'active',
    manager: true,
    address: '198.18.0.1',
    managerAddresses: ['198.18.0.2:2377', '198.18.0.1:2377'],
    nodes: 3,
    managers: 2,
    error: '',
  });
  // Podman's has none.
  fake.routes.set('/info', json({}));
  expect(await fake.engine.control.swarm.status()).toMatchObject({ state: 'inactive', manager: false });
});

describe('a join token', () => {
  test('comes with the address of this manager, for each role', async () => {
    const { engine } = await fakeEngine({ '/info': json(managerInfo), '/swarm': json({ JoinTokens: token }) });
    const { swarm } = engine.control;
    expect(await swarm.joinToken('worker')).toEqual({ token: token.Worker, address: '198.18.0.1:2377' });
    expect(await swarm.joinToken('manager')).toEqual({ token: token.Manager, address: '198.18.0.1:2377' });
  });

  test('is in no error and no log, however broken the answer is', async () => {
    const fake = await fakeEngine({ '/info': json(managerInfo) });
    for (const body of [`{"JoinTokens":{"Worker":"${token.Worker}"`, `${token.Worker} <html>`, `[${token.Worker}]`]) {
      fake.routes.set('/swarm', (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(body));
      const error = await failure(fake.engine.control.swarm.joinToken('worker'));
      expect(error.kind).toBe('protocol');
      expect(`${error.message} ${String(error.cause)} ${fake.log.join(' ')}`).not.toContain('SWMTKN');
    }
  });
});

test('nodes are read with what people ask of them', async () => {
  const { engine } = await fakeEngine({
    '/nodes': json([
      {
        ID: 'n1',
        Spec: { Role: 'manager', Availability: 'active' },
        Description: { Hostname: 'one', Engine: { EngineVersion: '28.5.2' } },
        Status: { State: 'ready', Addr: '0.0.0.0' },
        ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '198.18.0.1:2377' },
      },
      {
        ID: 'n2',
        Spec: { Role: 'worker', Availability: 'drain' },
        Description: { Hostname: 'two', Engine: { EngineVersion: '20.10.24' } },
        Status: { State: 'down', Message: 'heartbeat failure', Addr: '198.18.0.2' },
      },
    ]),
  });
  expect(await engine.control.swarm.nodes()).toEqual([
    {
      ...{ id: 'n1', name: 'one', role: 'manager', leader: true, reachable: true, availability: 'active' },
      ...{ state: 'ready', address: '198.18.0.1', engineVersion: '28.5.2' },
    },
    {
      ...{ id: 'n2', name: 'two', role: 'worker', leader: false, reachable: false, availability: 'drain' },
      ...{ state: 'down', address: '198.18.0.2', engineVersion: '20.10.24' },
    },
  ]);
});

test('services are read with their ports, replicated and global', async () => {
  const port = { Protocol: 'tcp', TargetPort: 6379, PublishedPort: 8088, PublishMode: 'ingress' };
  const image = 'redis:7@sha256:0123';
  const { engine } = await fakeEngine({
    '/services': json([
      {
        ID: 's1',
        Spec: { Name: 'web', Mode: { Replicated: { Replicas: 2 } }, TaskTemplate: { ContainerSpec: { Image: image } } },
        Endpoint: { Ports: [port, { ...port, Protocol: 'udp', PublishMode: 'host' }] },
      },
      { ID: 's2', Spec: { Name: 'agent', Mode: { Global: {} } } },
    ]),
  });
  const read = { containerPort: 6379, publishedPort: 8088 };
  expect(await engine.control.swarm.services()).toEqual([
    {
      ...{ id: 's1', name: 'web', image: 'redis:7', replicas: 2 },
      ports: [
        { ...read, protocol: 'tcp', mode: 'ingress' },
        { ...read, protocol: 'udp', mode: 'host' },
      ],
    },
    { id: 's2', name: 'agent', image: '', ports: [] },
  ]);
});

describe('createService', () => {
  test('tells the id and the warnings of either shape', async () => {
    const fake = await fakeEngine({ '/services/create': json({ ID: 's1', Warnings: ['careful'] }, 201) });
    const { swarm } = fake.engine.control;
    expect(await swarm.createService(aService)).toEqual({ id: 's1', warnings: ['careful'] });
    fake.routes.set('/services/create', json({ ID: 's1', Warning: 'beware' }, 201));
    expect(await swarm.createService(aService)).toEqual({ id: 's1', warnings: ['beware'] });
  });

  test('ends with its signal', async () => {
    const { engine } = await fakeEngine({ '/services/create': silence });
    const error = failure(engine.control.swarm.createService(aService, AbortSignal.timeout(20)));
    expect((await error).kind).toBe('cancelled');
  });

  test('asks for nothing that the person did not', () => {
    const { network: _, ...bare } = { ...aService, name: '', replicas: 1, ports: [], environment: [], command: [] };
    expect(serviceBody(bare, '1.41')).toEqual({
      TaskTemplate: { ContainerSpec: { Image: 'redis:7' } },
      Mode: { Replicated: { Replicas: 1 } },
    });
  });

  test('speaks the words of old engines, and refuses what they would ignore', () => {
    const port = { Protocol: 'tcp', TargetPort: 6379, PublishedPort: 8088 };
    expect(serviceBody(aService, '1.24')).toMatchObject({
      Networks: [{ Target: 'net-id' }],
      EndpointSpec: { Ports: [port] },
    });
    expect(serviceBody({ ...aService, publishMode: 'host' }, '1.25')).toMatchObject({
      TaskTemplate: { Networks: [{ Target: 'net-id' }] },
      EndpointSpec: { Ports: [{ ...port, PublishMode: 'host' }] },
    });
    expect(() => serviceBody({ ...aService, publishMode: 'host' }, '1.24')).toThrow('API 1.25');
  });
});

test('leaves with force only where it is told to', async () => {
  const asked: (string | null)[] = [];
  const { engine } = await fakeEngine({
    '/swarm/leave': (response, { query }) => {
      asked.push(query.get('force'));
      response.end();
    },
  });
  await engine.control.swarm.leave(false);
  await engine.control.swarm.leave(true);
  expect(asked).toEqual(['false', 'true']);
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { EndpointSpec, RunSpec } from '../../../src/actions/specs.ts';
import type { EngineControl } from '../../../src/engine/control.ts';
import type { JsonObject } from '../../../src/engine/docker/json.ts';
import type { EngineErrorKind } from '../../../src/engine/engine.ts';
import {
  anId,
  aVersion,
  cutShort,
  failure,
  fakeEngine,
  html,
  json,
  passTime,
  type Route,
  silence,
  stopTime,
} from './fakeEngine.ts';
import { FakeMachine, population } from './fakeMachine.ts';
import { skipPauses } from './pauses.ts';
import { plainEndpoint, plainNetwork, plainRun } from '../support/specs.ts';

/** Nobody waits between attempts. */
beforeEach(() => skipPauses());

const aRun: RunSpec = { ...plainRun, name: 'web', mode: { kind: 'network', id: 'net-id', name: 'net' } };
const webBody: JsonObject = {
  Image: 'busybox',
  HostConfig: { NetworkMode: 'net' },
  NetworkingConfig: { EndpointsConfig: { net: { IPAMConfig: { IPv4Address: '10.0.0.77' }, Aliases: ['w'] } } },
};

const methods: readonly (readonly [string, string, (control: EngineControl) => Promise<unknown>])[] = [
  ['createNetwork', '/networks/create', (control) => control.createNetwork(plainNetwork)],
  ['removeNetwork', `/networks/${anId}`, (control) => control.removeNetwork(anId)],
  ['connect', `/networks/${anId}/connect`, (control) => control.connect(anId, anId, plainEndpoint)],
  ['disconnect', `/networks/${anId}/disconnect`, (control) => control.disconnect(anId, anId, false)],
  ['replaceEndpoint', `/containers/${anId}/json`, (control) => control.replaceEndpoint(anId, anId, plainEndpoint)],
  ['run', '/containers/create', (control) => control.run(plainRun)],
  ['start', `/containers/${anId}/start`, (control) => control.changeState(anId, 'start')],
  ['stop', `/containers/${anId}/json`, (control) => control.changeState(anId, 'stop')],
  ['restart', `/containers/${anId}/json`, (control) => control.changeState(anId, 'restart')],
  ['pause', `/containers/${anId}/pause`, (control) => control.changeState(anId, 'pause')],
  ['unpause', `/containers/${anId}/unpause`, (control) => control.changeState(anId, 'unpause')],
  [
    'removeContainer',
    `/containers/${anId}`,
    (control) => control.removeContainer(anId, { force: true, volumes: true }),
  ],
  ['rename', `/containers/${anId}/rename`, (control) => control.rename(anId, 'web')],
  ['images', '/images/json', (control) => control.images()],
  ['initSwarm', '/swarm/init', (control) => control.initSwarm('192.0.2.1')],
  ['previewRecreate', `/containers/${anId}/json`, (control) => control.previewRecreate(anId)],
  ['republish', `/containers/${anId}/json`, (control) => control.republish(anId, [])],
];

const faults: readonly (readonly [string, Route, EngineErrorKind])[] = [
  ['a socket that accepts and never answers', silence, 'timeout'],
  ['a page of HTML', html, 'protocol'],
  ['an answer that is cut short', cutShort, 'unreachable'],
  ['403 of a socket proxy', (response) => response.writeHead(403).end('Forbidden'), 'denied'],
  ['400', json({ message: 'no' }, 400), 'invalid'],
  ['404', json({ message: 'no' }, 404), 'notFound'],
  ['409', json({ message: 'no' }, 409), 'conflict'],
  ["the engine's own failure", json({ message: 'boom' }, 500), 'engine'],
  ['a connection that is dropped at once', (response) => response.destroy(), 'unreachable'],
];

describe.each(methods)('%s', (_name, path, call) => {
  test.each(faults)('against %s rejects with its kind', async (_, route, kind) => {
    const routes = { [`/containers/${anId}/changes`]: json([]), [path]: route };
    if (route === silence) stopTime();
    const { engine } = await fakeEngine(routes);
    expect((await failure(call(engine.control))).kind).toBe(kind);
  });

  test('a change is sent once, whatever becomes of it', async () => {
    const fake = await fakeEngine({ [path]: (response) => response.destroy() });
    await fake.engine.info();
    await failure(call(fake.engine.control));
    const sent = fake.requests.filter((line) => line.replace(/^\/v[\d.]+/, '').replace(/\?.*/, '') === path);
    // A connection that was used before may have broken by itself: what only reads is asked again then.
    if (!path.endsWith('/json')) expect(sent).toHaveLength(1);
  });
});

test('an engine that is closed refuses', async () => {
  const { engine } = await fakeEngine({});
  engine.close();
  expect((await failure(engine.control.rename(anId, 'x'))).kind).toBe('cancelled');
});

describe('createNetwork', () => {
  test('tells the id and the warning of either shape', async () => {
    const fake = await fakeEngine({ '/networks/create': json({ Id: 'n1', Warning: 'careful' }, 201) });
    expect(await fake.engine.control.createNetwork(plainNetwork)).toEqual({ id: 'n1', warning: 'careful' });
    fake.routes.set('/networks/create', json({ Id: 'n1', Warning: '' }, 201));
    expect(await fake.engine.control.createNetwork(plainNetwork)).toEqual({ id: 'n1', warning: '' });
  });

  test('ends with its signal', async () => {
    const { engine } = await fakeEngine({ '/networks/create': silence });
    const error = failure(engine.control.createNetwork(plainNetwork, AbortSignal.timeout(20)));
    expect((await error).kind).toBe('cancelled');
  });
});

describe('changeState', () => {
  test.each(['stop', 'restart'] as const)('%s waits as long as the container itself', async (change) => {
    stopTime();
    const slow: Route = (response) => {
      passTime(400);
      response.writeHead(204).end();
    };
    const fake = await fakeEngine(
      {
        [`/containers/${anId}/json`]: json({ Id: anId, Config: { StopTimeout: 1 } }),
        [`/containers/${anId}/${change}`]: slow,
      },
      { timeoutMs: 30 },
    );
    await fake.engine.control.changeState(anId, change);
    expect(fake.requests.at(-1)).toBe(`/v1.51/containers/${anId}/${change}`);
    fake.routes.set(`/containers/${anId}/json`, json({ Id: anId, Config: { StopTimeout: 0 } }));
    expect((await failure(fake.engine.control.changeState(anId, change))).kind).toBe('timeout');
  });

  test('what is in that state already is no failure', async () => {
    const { engine } = await fakeEngine({ [`/containers/${anId}/start`]: (response) => response.writeHead(304).end() });
    await engine.control.changeState(anId, 'start');
  });
});

describe('images', () => {
  test('lists those with names, and what they expose', async () => {
    const fake = await fakeEngine({
      '/images/json': json([
        { Id: 'sha256:1', RepoTags: ['a:1', '<none>:<none>', 'a:2'], Size: 10, Created: 20 },
        { Id: 'sha256:2', RepoTags: ['<none>:<none>'], Size: 1, Created: 2 },
        { Id: 'sha256:3', RepoTags: null },
        { Id: 'sha256:4', RepoTags: ['gone:latest'], Size: 3, Created: 4 },
        null,
      ]),
      '/images/sha256%3A1/json': json({ Id: 'sha256:1', Config: { ExposedPorts: { '80/tcp': {}, '53/udp': {} } } }),
    });
    const expected = [
      { id: 'sha256:1', tags: ['a:1', 'a:2'], size: 10, created: 20, exposedPorts: ['80/tcp', '53/udp'] },
      { id: 'sha256:4', tags: ['gone:latest'], size: 3, created: 4, exposedPorts: [] },
    ];
    expect(await fake.engine.control.images()).toEqual(expected);
    expect(await fake.engine.control.images()).toEqual(expected);
    expect(fake.requests.filter((path) => path.includes('sha256%3A1'))).toHaveLength(1);
  });
});

describe('connect', () => {
  test('a MAC is refused where the engine would ignore it', async () => {
    const spec = { ...plainEndpoint, mac: '02:42:ac:11:00:07' };
    const fake = await fakeEngine({ [`/networks/${anId}/connect`]: json({}) });
    expect(await failure(fake.engine.control.connect(anId, anId, spec))).toMatchObject({ kind: 'invalid' });
    expect(fake.requests).toEqual(['/version']);
    const newer = await fakeEngine({
      '/version': json({ ...aVersion, Version: '29.4.0', ApiVersion: '1.54' }),
      [`/networks/${anId}/connect`]: json({}),
    });
    await newer.engine.control.connect(anId, anId, spec);
  });
});

describe('run', () => {
  async function open(apiVersion = '1.41') {
    const machine = new FakeMachine(apiVersion);
    return { machine, control: (await machine.open()).control };
  }

  test('creates and starts', async () => {
    const { machine, control } = await open();
    const { id } = await control.run(aRun);
    expect(machine.changes).toEqual(['POST /containers/create', 'POST /containers/web/start']);
    expect(machine.find('web')).toMatchObject({ id, status: 'running', body: { HostConfig: { NetworkMode: 'net' } } });
  });

  test('names the network by its id where another one has its name', async () => {
    const { machine, control } = await open();
    machine.networks.set('net', ['elsewhere', 'net-id']);
    await control.run(aRun);
    expect(machine.find('web')?.body).toMatchObject({ HostConfig: { NetworkMode: 'net-id' } });
  });

  test.each(['refuse', 'cutBefore', 'cutAfter'] as const)(
    '%s of the start: the container is removed',
    async (fault) => {
      const { machine, control } = await open();
      machine.fault = (change) => (change.endsWith('/start') ? fault : undefined);
      expect((await failure(control.run(aRun))).kind).toBe(fault === 'refuse' ? 'engine' : 'unreachable');
      expect(population(machine)).toEqual([]);
    },
  );

  test.each(['refuse', 'cutBefore', 'cutAfter'] as const)('%s of the creation: nothing is left', async (fault) => {
    const { machine, control } = await open();
    machine.fault = (change) => (change.endsWith('/create') ? fault : undefined);
    const error = await failure(control.run(aRun));
    expect(error.kind).toBe(fault === 'refuse' ? 'engine' : 'unreachable');
    expect(population(machine)).toEqual([]);
  });

  test('says so where it cannot know what became of the creation', async () => {
    const { machine, control } = await open();
    machine.fault = (change) => (change.endsWith('/create') ? 'cutAfter' : undefined);
    expect((await failure(control.run({ ...aRun, name: '' }))).message).toContain('may have created');
  });

  test('a name that is taken is refused, and its container is let alone', async () => {
    const { machine, control } = await open();
    machine.add('web', webBody, 'exited').status = 'created';
    machine.fault = () => 'cutAfter';
    expect((await failure(control.run(aRun))).kind).toBe('conflict');
    expect(population(machine)).toEqual(['web created']);
  });

  test('where the container cannot be removed again it says which one is left', async () => {
    const { machine, control } = await open();
    machine.fault = (change) => (/start|DELETE/.test(change) ? 'refuse' : undefined);
    const error = await failure(control.run(aRun));
    expect(error).toMatchObject({ kind: 'rollback', cause: { kind: 'engine' } });
    expect(error.message).toContain((machine.find('web')?.id ?? '').slice(0, 12));
  });

  test('cancelled while it starts, it is removed', async () => {
    const { machine, control } = await open();
    const abort = new AbortController();
    machine.fault = (change) => {
      if (change.endsWith('/start')) abort.abort();
      return undefined;
    };
    expect((await failure(control.run(aRun, abort.signal))).kind).toBe('cancelled');
    expect(population(machine)).toEqual([]);
  });
});

describe('replaceEndpoint', () => {
  async function open(apiVersion = '1.41') {
    const machine = new FakeMachine(apiVersion);
    const engine = await machine.open();
    return { machine, control: engine.control, web: machine.add('web', webBody, 'running') };
  }
  const wanted: EndpointSpec = { ...plainEndpoint, aliases: ['new'] };

  test('takes the seat anew', async () => {
    const { machine, control, web } = await open();
    await control.replaceEndpoint('net-id', web.id, wanted);
    expect(machine.changes).toEqual(['POST /networks/net-id/disconnect', 'POST /networks/net-id/connect']);
    expect(web.seats['net']).toMatchObject({ Aliases: ['new'], IPAddress: '10.0.0.2' });
  });

  test('is refused where the container has no seat there, or the engine would ignore what is asked', async () => {
    const { machine, control, web } = await open();
    expect((await failure(control.replaceEndpoint('two-id', web.id, wanted))).kind).toBe('conflict');
    const mac = { ...wanted, mac: '02:42:ac:11:00:07' };
    expect((await failure(control.replaceEndpoint('net-id', web.id, mac))).kind).toBe('invalid');
    expect(machine.changes).toEqual([]);
  });

  test.each(
    [0, 1].flatMap((at) => (['refuse', 'cutBefore', 'cutAfter'] as const).map((fault) => [fault, at] as const)),
  )('%s of change %i: the old seat is taken again', async (fault, at) => {
    const { machine, control, web } = await open();
    machine.fault = (_, index) => (index === at ? fault : undefined);
    const error = await failure(control.replaceEndpoint('net-id', web.id, wanted));
    expect(error.kind).toBe(fault === 'refuse' ? 'engine' : 'unreachable');
    expect(web.seats['net']).toMatchObject({ Aliases: ['w'], IPAddress: '10.0.0.77' });
  });

  test('says what is left where that fails, too', async () => {
    const { machine, control, web } = await open();
    machine.fault = (change) => (change.endsWith('/connect') ? 'refuse' : undefined);
    const error = await failure(control.replaceEndpoint('net-id', web.id, wanted));
    expect(error.kind).toBe('rollback');
    expect(error.message).toMatch(/may be disconnected from net \(it had 10\.0\.0\.77 there\)$/);
    expect(web.seats).toEqual({});
  });

  test('says where an address could not be had again', async () => {
    const { machine, control } = await open();
    const body = { Image: 'busybox', HostConfig: { NetworkMode: 'two' } };
    const one = machine.add('one', body, 'running');
    machine.fault = (change, index) => {
      if (!change.endsWith('/connect') || index !== 1) return undefined;
      machine.add('thief', body, 'running');
      return 'refuse';
    };
    const error = await failure(control.replaceEndpoint('two-id', one.id, wanted));
    expect(error.kind).toBe('engine');
    expect(error.message).toMatch(/the container is on two again, but without 10\.0\.1\.2$/);
  });
});

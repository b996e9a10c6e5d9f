import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PublishSpec } from '../../../src/actions/specs.ts';
import type { RecreateStep } from '../../../src/engine/control.ts';
import type { JsonObject } from '../../../src/engine/docker/json.ts';
import { failure } from './fakeEngine.ts';
import { type Fault, FakeMachine, population } from './fakeMachine.ts';
import { skipPauses } from './pauses.ts';

const ports: readonly PublishSpec[] = [{ containerPort: 80, protocol: 'tcp', hostPort: 8080 }];

const webBody: JsonObject = {
  Image: 'busybox',
  StopTimeout: 1,
  HostConfig: { NetworkMode: 'net', PortBindings: {} },
  NetworkingConfig: {
    EndpointsConfig: {
      net: { IPAMConfig: { IPv4Address: '10.0.0.77' }, Aliases: ['w'] },
      two: {},
    },
  },
};

/** Nobody waits; the clock goes on as if. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  skipPauses((milliseconds) => vi.setSystemTime(Date.now() + milliseconds));
});

afterEach(() => {
  vi.useRealTimers();
});

async function machineWith(status: 'running' | 'paused' | 'exited', apiVersion = '1.41') {
  const machine = new FakeMachine(apiVersion);
  const engine = await machine.open();
  // Somebody else on the same network: dynamic addresses begin at .3.
  machine.add('other', { Image: 'busybox', HostConfig: { NetworkMode: 'two' } }, 'running');
  const web = machine.add('web', webBody, status);
  return { machine, engine, web, others: ['other running'] };
}

/** `web-dne-old-1a2b3c` → `OLD`. */
function plain(changes: readonly string[]): readonly string[] {
  return changes.map((change) => change.replace(/web-dne-old-[0-9a-f]{6}/, 'OLD'));
}

describe('it succeeds', () => {
  test('with a running one: everything in its order, and the old one is gone', async () => {
    const { machine, engine, web } = await machineWith('running');
    const steps: RecreateStep[] = [];
    const { id } = await engine.control.republish(web.id, ports, (step) => steps.push(step));
    expect(steps).toEqual(['inspect', 'stop', 'rename', 'create', 'connect', 'start', 'remove']);
    expect(plain(machine.changes)).toEqual([
      'POST /containers/web/stop',
      'POST /containers/web/rename',
      'POST /containers/create',
      'POST /networks/two-id/connect',
      'POST /containers/web/start',
      'DELETE /containers/OLD',
    ]);
    expect(population(machine)).toEqual(['other running', 'web running']);
    const found = machine.find('web');
    expect(found?.id).toBe(id);
    expect(found?.seats).toMatchObject({
      net: { IPAddress: '10.0.0.77', Aliases: ['w'] },
      two: { IPAddress: '10.0.1.3' },
    });
    expect(found?.body['HostConfig']).toMatchObject({ PortBindings: { '80/tcp': [{ HostPort: '8080' }] } });
  });

  test('since API 1.44 all networks are taken at once', async () => {
    const { machine, engine, web } = await machineWith('running', '1.51');
    await engine.control.republish(web.id, ports);
    expect(machine.changes.join()).not.toContain('connect');
    expect(machine.find('web')?.seats).toMatchObject({
      net: { IPAddress: '10.0.0.77', Aliases: ['w'] },
      two: { IPAddress: '10.0.1.3' },
    });
  });

  test('a paused one is paused again', async () => {
    const { machine, engine, web } = await machineWith('paused');
    await engine.control.republish(web.id, ports);
    expect(population(machine)).toEqual(['other running', 'web paused']);
  });

  test('a stopped one is neither stopped nor started', async () => {
    const { machine, engine, web } = await machineWith('exited');
    await engine.control.republish(web.id, ports);
    expect(population(machine)).toEqual(['other running', 'web created']);
    expect(machine.changes.join()).not.toMatch(/stop|start/);
  });

  test('an image whose name moved on is named by its id', async () => {
    const { machine, engine, web } = await machineWith('exited');
    machine.images.set('busybox', 'sha256:newer');
    await engine.control.republish(web.id, ports);
    expect(machine.find('web')?.body['Image']).toBe('sha256:busybox');
  });

  test('a network whose name another one has, too, is named by its id', async () => {
    const { machine, engine, web } = await machineWith('exited');
    machine.networks.set('net', ['net-id', 'elsewhere']);
    await engine.control.republish(web.id, ports);
    expect(machine.find('web')?.body['HostConfig']).toMatchObject({ NetworkMode: 'net-id' });
  });
});

describe('an obstacle is refused before anything is changed', () => {
  test.each([{ AutoRemove: true, NetworkMode: 'net' }, { NetworkMode: 'host' }])('%j', async (host) => {
    const machine = new FakeMachine('1.41');
    const engine = await machine.open();
    const web = machine.add('web', { ...webBody, HostConfig: host }, 'running');
    expect(await failure(engine.control.republish(web.id, ports))).toMatchObject({ kind: 'invalid' });
    expect(machine.changes).toEqual([]);
  });
});

const changesOf = { '1.41': 6, '1.51': 5 } as const;

describe.each(['1.41', '1.51'] as const)('a failure, API %s', (apiVersion) => {
  const faults: readonly Fault[] = ['refuse', 'cutBefore', 'cutAfter'];
  const cases = faults.flatMap((fault) =>
    (['running', 'paused', 'exited'] as const).flatMap((status) =>
      Array.from(
        { length: changesOf[apiVersion] + (status === 'paused' ? 1 : status === 'exited' ? -2 : 0) },
        (_, at) => ({
          fault,
          status,
          at,
        }),
      ),
    ),
  );

  test.each(cases)('$fault of change $at of a $status one leaves all as it was', async ({ fault, status, at }) => {
    const { machine, engine, web, others } = await machineWith(status, apiVersion);
    const before = structuredClone(web.seats);
    machine.fault = (_, index) => (index === at ? fault : undefined);
    const outcome = engine.control.republish(web.id, ports);
    const isLast = at === cases.filter((one) => one.status === status && one.fault === fault).length - 1;
    if (isLast && fault === 'cutAfter') {
      // The removal was done: there is nothing to go back to, and no reason.
      expect((await outcome).id).toBe(machine.find('web')?.id);
      expect(machine.containers.size).toBe(2);
      return;
    }
    expect(await failure(outcome)).toMatchObject({ kind: fault === 'refuse' ? 'engine' : 'unreachable' });
    expect(population(machine)).toEqual([...others, `web ${status}`]);
    expect(machine.find('web')?.id).toBe(web.id);
    for (const [network, { IPAddress }] of Object.entries(before))
      expect(web.seats[network]?.IPAddress).toBe(IPAddress);
  });
});

describe('going back', () => {
  test('fails: the message says what is left, and under which names', async () => {
    const { machine, engine, web } = await machineWith('running');
    machine.fault = (change) => (/connect|DELETE/.test(change) ? 'refuse' : undefined);
    const error = await failure(engine.control.republish(web.id, ports));
    expect(error.kind).toBe('rollback');
    expect(error.message).toMatch(
      /injected; going back failed, too: .*injected\. Left: the old container 0+ is "web-dne-old-[0-9a-f]{6}" \(exited\), the new container 0+ is "web" \(created\)$/,
    );
    expect(error.cause).toMatchObject({ kind: 'engine' });
  });

  test('succeeds at a later attempt', async () => {
    const { machine, engine, web, others } = await machineWith('running');
    let left = 3;
    machine.fault = (change) => {
      if (change.includes('connect')) return 'refuse';
      return change.startsWith('DELETE') && left-- > 0 ? 'cutBefore' : undefined;
    };
    expect(await failure(engine.control.republish(web.id, ports))).toMatchObject({ kind: 'engine' });
    expect(population(machine)).toEqual([...others, 'web running']);
  });

  test('does not remove the replacement where the old one is gone', async () => {
    const { machine, engine, web } = await machineWith('running');
    machine.fault = (change) => {
      if (!change.endsWith('/start')) return undefined;
      machine.containers.delete(web.id);
      return 'refuse';
    };
    const error = await failure(engine.control.republish(web.id, ports));
    expect(error).toMatchObject({ kind: 'rollback' });
    expect(error.message).toMatch(/Left: the new container 0+ is "web" \(created\)$/);
    expect(machine.find('web')).toBeDefined();
  });

  test('does not touch a container of somebody who took the name meanwhile', async () => {
    const { machine, engine, web } = await machineWith('running');
    machine.fault = (change) => {
      if (change === 'POST /containers/create') machine.add('web', webBody, 'exited').status = 'created';
      return undefined;
    };
    expect(await failure(engine.control.republish(web.id, ports))).toMatchObject({ kind: 'rollback' });
    expect(population(machine)).toEqual([
      'other running',
      expect.stringMatching(/^web-dne-old-.* exited$/),
      'web created',
    ]);
  });

  test('says where an address could not be had again', async () => {
    const { machine, engine, web, others } = await machineWith('running');
    machine.fault = (change) => {
      if (change !== 'POST /containers/create') return undefined;
      machine.add('thief', { Image: 'busybox', HostConfig: { NetworkMode: 'two' } }, 'running');
      return 'refuse';
    };
    const error = await failure(engine.control.republish(web.id, ports));
    expect(error).toMatchObject({ kind: 'engine', status: 500 });
    expect(error.message).toMatch(
      /web is back as it was, but for its addresses: two: 10\.0\.1\.4 instead of 10\.0\.1\.3$/,
    );
    expect(population(machine)).toEqual([...others, 'web running', 'thief running']);
  });

  test('tells of a container that the engine removed half', async () => {
    const { machine, engine, web } = await machineWith('running');
    machine.fault = (change) => {
      if (!change.startsWith('DELETE')) return undefined;
      web.status = 'dead';
      return 'refuse';
    };
    const error = await failure(engine.control.republish(web.id, ports));
    expect(error).toMatchObject({ kind: 'rollback' });
    expect(machine.find('web')?.status).toBe('running');
  });
});

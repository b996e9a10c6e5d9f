import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerCommand } from '../../src/actions/dockerCommand.ts';
import { leftoversOf } from '../../src/actions/leftovers.ts';
import { createDockerEngine } from '../../src/engine/docker/dockerodeEngine.ts';
import type { RecreateStep } from '../../src/engine/control.ts';
import { EngineError, type Engine } from '../../src/engine/engine.ts';
import { buildSnapshot } from '../../src/topology/snapshot.ts';
import { images, importImages } from '../lab/images.ts';
import { outerVersions, startEngine, type LabEngine } from '../lab/labEngine.ts';
import { createNetwork, idle, runIdle } from '../lab/topology.ts';
import { comparable } from './comparable.ts';
import { type FaultyProxy, startFaultyProxy } from './faultyProxy.ts';
import { openEngine, socketOf } from './openEngine.ts';

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Status: string };
  readonly Config: { readonly ExposedPorts?: unknown; readonly Entrypoint?: unknown };
  readonly HostConfig: { readonly PortBindings: unknown; readonly Mounts?: unknown; readonly Links: unknown };
  readonly Mounts: readonly { readonly Name?: string; readonly Destination: string; readonly Mode?: string }[];
  readonly NetworkSettings: {
    readonly Ports: unknown;
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string; readonly MacAddress: string }>>;
  };
}

const published = { containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 8090 } as const;
const original = { containerPort: 53, protocol: 'udp' } as const;
const macAddress = '02:42:aa:bb:cc:dd';

/** Serves what is in an anonymous volume. */
const server = ['sh', '-c', `trap "exit 0" TERM; httpd -p 80 -h /anonymous; while :; do sleep 1000000 & wait; done`];

describe.each(outerVersions)('recreation on Docker %s', (version) => {
  let lab: LabEngine;
  let proxy: FaultyProxy;
  let engine: Engine;

  beforeAll(async () => {
    lab = await startEngine({ version });
    await importImages(lab);
    for (const number of [1, 2, 3]) await createNetwork(lab, `net${number}`, '--subnet', `10.5${number}.0.0/24`);
    await runIdle(lab, 'db', '--network', 'net1');
    // prettier-ignore
    await lab.docker(
      'run', '--detach', '--name', 'web', '--network', 'net1', '--ip', '10.51.0.77', '--mac-address', macAddress,
      '--network-alias', 'w1', '--network-alias', 'w2', '--link', 'db:store', '--hostname', 'fancy',
      '--volume', '/anonymous', '--volume', 'named:/named', '--mount', 'type=volume,target=/other', '--tmpfs', '/scratch',
      '--publish', '53/udp', '--expose', '99', '--label', 'a=b', '--env', 'A=B', '--health-cmd', 'true',
      '--health-interval', '1h', '--memory', '64m', '--cpus', '0.5', '--ulimit', 'nofile=100:200', '--init',
      '--restart', 'on-failure:3', '--stop-timeout', '1', '--dns', '192.0.2.53', '--add-host', 'x:192.0.2.9',
      '--cap-add', 'NET_ADMIN', '--sysctl', 'net.ipv4.ip_forward=1', images.busybox, ...server,
    );
    await lab.docker('network', 'connect', '--ip', '10.52.0.88', '--alias', 'x2', '--link', 'db:d2', 'net2', 'web');
    await lab.docker('network', 'connect', 'net3', 'web');
    await lab.docker('exec', 'web', 'sh', '-c', 'echo kept >/anonymous/file; echo kept >/named/file; echo lost >/file');
    proxy = await startFaultyProxy(lab.socketPath);
    engine = openEngine(proxy.dockerHost);
    await engine.info();
  });

  afterAll(async () => {
    engine.close();
    await proxy.close();
    lab.dispose();
  });

  async function inspect(reference: string): Promise<Inspected> {
    return (await lab.api(`/containers/${reference}/json`)) as Inspected;
  }

  /** Everything that is there: containers with their states, and volumes. */
  async function population(): Promise<readonly string[]> {
    const containers = (await lab.api('/containers/json?all=1')) as readonly { Names: string[]; State: string }[];
    const { Volumes } = (await lab.api('/volumes')) as { Volumes: readonly { Name: string }[] };
    return [
      ...containers.map(({ Names, State }) => `${Names.join()} ${State}`),
      ...Volumes.map(({ Name }) => Name),
    ].sort();
  }

  function addresses({ NetworkSettings }: Inspected): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(NetworkSettings.Networks).map(([name, seat]) => [name, seat.IPAddress]));
  }

  /** Without what a recreation is to change: the ports, and how anonymous volumes are asked for. */
  function kept(record: Inspected): unknown {
    const { PortBindings: _p, Mounts: _m, ...HostConfig } = record.HostConfig;
    const { ExposedPorts: _e, ...Config } = record.Config;
    const { Ports: _q, ...NetworkSettings } = record.NetworkSettings;
    // The engine writes another `Mode` for a volume of `--volume` than for one of `--mount`.
    const Mounts = record.Mounts.map(({ Mode: _o, ...mount }) => mount);
    // MACs of networks that nobody asked one for: Docker 28 makes up new ones at each start.
    const Networks = Object.fromEntries(
      Object.entries(record.NetworkSettings.Networks).map(([name, { MacAddress, ...seat }]) => [
        name,
        MacAddress === macAddress ? { ...seat, MacAddress } : seat,
      ]),
    );
    return comparable(
      { ...record, Config, HostConfig, Mounts, NetworkSettings: { ...NetworkSettings, Networks, MacAddress: '' } },
      { same: {}, addresses: 'keep' },
    );
  }

  function fetchFromEngine(port: number): Promise<string> {
    return lab.runInside([
      'node',
      '-e',
      `fetch('http://127.0.0.1:${port}/file').then((r) => r.text()).then(console.log)`,
    ]);
  }

  it('tells beforehand what it keeps and what is lost', async () => {
    expect(await engine.control.previewRecreate((await inspect('web')).Id)).toEqual({
      obstacle: undefined,
      running: true,
      networks: expect.arrayContaining([
        { name: 'net1', fixed: ['10.51.0.77', macAddress], aliases: expect.arrayContaining(['w1', 'w2']) as unknown },
        { name: 'net2', fixed: ['10.52.0.88'], aliases: expect.arrayContaining(['x2']) as unknown },
        expect.objectContaining({ name: 'net3', fixed: [] }),
      ]) as unknown,
      ports: [original],
      mounts: expect.arrayContaining([
        { kind: 'anonymous', target: '/anonymous' },
        { kind: 'anonymous', target: '/other' },
        { kind: 'volume', target: '/named' },
        { kind: 'tmpfs', target: '/scratch' },
      ]) as unknown,
      labels: 1,
      healthCheck: true,
      restartPolicy: 'on-failure',
      limits: true,
      links: expect.arrayContaining(['db:store', 'db:d2']) as unknown,
      managedBy: undefined,
      // `/file` alone: what the engine made for mounts does not count.
      writtenFiles: 1,
    });
  });

  it('keeps everything, publishes the port, and leaves nothing behind', async () => {
    const before = await inspect('web');
    const there = await population();
    const steps: RecreateStep[] = [];
    const { id } = await engine.control.republish(before.Id, [published], (step) => steps.push(step));
    const after = await inspect('web');
    expect(after.Id).toBe(id);
    expect(id).not.toBe(before.Id);
    expect(kept(after)).toEqual(kept(before));
    expect(after.HostConfig.PortBindings).toEqual({ '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8090' }] });
    expect(after.Config.ExposedPorts).toEqual({ '80/tcp': {}, '99/tcp': {} });
    expect(await population()).toEqual(there);
    expect(await fetchFromEngine(8090)).toBe('kept\n\n');
    expect(await lab.docker('exec', 'web', 'cat', '/named/file')).toBe('kept\n');
    expect(steps.filter((step) => step !== 'connect')).toEqual([
      'inspect',
      'stop',
      'rename',
      'create',
      'start',
      'remove',
    ]);
    // And once more, to what it was: what one recreation makes, the next has to read.
    await engine.control.republish(id, [original]);
    expect(kept(await inspect('web'))).toEqual(kept(before));
    expect((await inspect('web')).HostConfig.PortBindings).toEqual(before.HostConfig.PortBindings);
    expect(await population()).toEqual(there);
  });

  const steps =
    version === '20.10'
      ? ['stop', 'rename', 'create', 'connect', 'connect', 'start', 'remove']
      : ['stop', 'rename', 'create', 'start', 'remove'];
  const cases = [
    ...(['refuse', 'cutAfter'] as const).flatMap((fault) => steps.map((step, at) => ({ fault, step, at }))),
    // The unit tests have the others: to the engine they are like `refuse`.
    ...(version === '20.10' ? [{ fault: 'cutBefore', step: 'stop', at: 0 } as const] : []),
    { fault: 'cutBefore', step: 'create', at: 2 } as const,
  ];

  it.each(cases)('$fault at change $at ($step): the old one is as it was', async ({ fault, step, at }) => {
    const before = await inspect('web');
    const there = await population();
    proxy.arm(fault, at);
    const outcome = engine.control.republish(before.Id, [published]);
    if (step === 'remove' && fault === 'cutAfter') {
      const { id } = await outcome;
      expect((await inspect('web')).Id).toBe(id);
      await engine.control.republish(id, [original]);
    } else {
      const error: unknown = await outcome.catch((reason: unknown) => reason);
      if (!(error instanceof EngineError)) throw new Error('no EngineError', { cause: error });
      expect(error).toMatchObject({ kind: fault === 'refuse' ? 'engine' : 'unreachable' });
      expect(proxy.changes[at]).toMatch(step === 'remove' ? 'DELETE' : `/${step}`);
      const after = await inspect('web');
      expect(after.Id).toBe(before.Id);
      expect(kept(after)).toEqual(kept(before));
      expect(addresses(after)).toEqual(addresses(before));
      expect(error.message).not.toContain('but for its addresses');
    }
    // The volumes, too: they are part of what was compared.
    expect(await population()).toEqual(there);
  });

  it('and the data is there after all that', async () => {
    expect(await lab.docker('exec', 'web', 'cat', '/anonymous/file')).toBe('kept\n');
  });

  if (version === '28.5')
    it('an answer that never comes is no reason to leave two: the time is up after the effect', async () => {
      const socketPath = socketOf(proxy.dockerHost);
      const hasty = createDockerEngine(
        {
          connection: {
            key: 'hasty',
            label: 'hasty',
            endpoint: proxy.dockerHost,
            origin: 'DOCKER_HOST',
            readOnly: false,
          },
          transport: { kind: 'socket', path: socketPath },
          setting: proxy.dockerHost,
          socketPath,
        },
        undefined,
        { timeoutMs: 250 },
      );
      const before = await inspect('web');
      const there = await population();
      proxy.arm('silence', steps.indexOf('start'));
      await expect(hasty.control.republish(before.Id, [published])).rejects.toMatchObject({ kind: 'timeout' });
      expect((await inspect('web')).Id).toBe(before.Id);
      expect(await population()).toEqual(there);
      hasty.close();
    });

  it('what a window leaves that dies in the middle is put back', async () => {
    const before = await inspect('web');
    const there = await population();
    await lab.docker('stop', 'web');
    await lab.docker('rename', 'web', 'web-dne-old-0a1b2c');
    await lab.docker('create', '--name', 'web', '--volumes-from', 'web-dne-old-0a1b2c', images.busybox);
    const [containers, networks] = [await engine.containers(), await engine.networks()];
    const found = leftoversOf(
      buildSnapshot({
        takenAt: '',
        engine: await engine.info(),
        recorded: false,
        networks: networks.map(({ model }) => model),
        containers: containers.map(({ model }) => model),
        kernel: { kind: 'absent', reason: 'disabled' },
      }),
    );
    expect(found).toMatchObject([{ name: 'web', way: 'restore' }]);
    for (const action of found.flatMap(({ actions }) => actions)) await lab.docker(...dockerCommand(action).slice(1));
    const after = await inspect('web');
    expect(after.Id).toBe(before.Id);
    expect(kept(after)).toEqual(kept(before));
    expect(await population()).toEqual(there);
  });

  it('a port that is taken fails at the start, and goes back', async () => {
    await runIdle(lab, 'holder', '--publish', '127.0.0.1:8090:1');
    const before = await inspect('web');
    const there = await population();
    proxy.arm();
    await expect(engine.control.republish(before.Id, [published])).rejects.toMatchObject({
      kind: 'engine',
      status: 500,
    });
    expect((await inspect('web')).Id).toBe(before.Id);
    expect(kept(await inspect('web'))).toEqual(kept(before));
    expect(await population()).toEqual(there);
    await lab.docker('rm', '--force', 'holder');
  });

  it('what another one links to by the default bridge is linked again after going back', async () => {
    const target = await runIdle(lab, 'target', '--stop-timeout', '1');
    await runIdle(lab, 'linking', '--link', 'target:t');
    proxy.arm('refuse', 3);
    await expect(engine.control.republish(target, [published])).rejects.toMatchObject({ kind: 'engine' });
    expect((await inspect('linking')).HostConfig.Links).toEqual(['/target:/linking/t']);
    await lab.docker('restart', '--time', '1', 'linking');
    // The other way round: its own links stay.
    proxy.arm();
    await engine.control.republish((await inspect('linking')).Id, [published]);
    expect((await inspect('linking')).HostConfig.Links).toEqual(['/target:/linking/t']);
    await lab.docker('rm', '--force', 'linking', 'target');
  });

  it('a paused one is paused after, and after going back; a stopped one stays stopped', async () => {
    const paused = await runIdle(lab, 'still');
    await lab.docker('pause', 'still');
    proxy.arm('refuse', 3);
    await expect(engine.control.republish(paused, [published])).rejects.toMatchObject({ kind: 'engine' });
    expect(await inspect('still')).toMatchObject({ Id: paused, State: { Status: 'paused' } });
    proxy.arm();
    const { id } = await engine.control.republish(paused, [published]);
    expect(await inspect('still')).toMatchObject({ Id: id, State: { Status: 'paused' } });
    await lab.docker('rm', '--force', 'still');

    const created = (
      await lab.docker('create', '--name', 'never', '--network', 'net1', images.busybox, ...idle)
    ).trim();
    await lab.docker('network', 'connect', '--ip', '10.52.0.99', 'net2', 'never');
    const { id: again } = await engine.control.republish(created, [published]);
    expect(await inspect('never')).toMatchObject({ Id: again, State: { Status: 'created' } });
    await lab.docker('start', 'never');
    expect(addresses(await inspect('never'))).toMatchObject({ net2: '10.52.0.99' });
    await lab.docker('rm', '--force', 'never');
  });

  it('refuses what could not be brought back, and changes nothing', async () => {
    const ids = [await runIdle(lab, 'gone', '--rm'), await runIdle(lab, 'mode', '--network', 'host')];
    const obstacles = ['removedWhenStopped', 'noPortsInThisMode'];
    proxy.arm();
    for (const [index, id] of ids.entries()) {
      expect((await engine.control.previewRecreate(id)).obstacle).toBe(obstacles[index]);
      await expect(engine.control.republish(id, [published])).rejects.toMatchObject({ kind: 'invalid' });
    }
    expect(proxy.changes).toEqual([]);
    await lab.docker('rm', '--force', 'gone', 'mode');
  });

  if (version === '28.5')
    it('on an overlay the address that the swarm chose does not become a fixed one', async () => {
      await lab.docker('swarm', 'init', '--advertise-addr', '192.0.2.2');
      await createNetwork(lab, 'over', '--driver', 'overlay', '--attachable', '--subnet', '10.70.0.0/24');
      const old = await runIdle(lab, 'far', '--network', 'over');
      const { id } = await engine.control.republish(old, [published]);
      expect((await inspect(id)).State.Status).toBe('running');
      await lab.docker('stop', 'far');
      expect(comparable(await inspect(id), { same: {}, addresses: 'drop' })).not.toHaveProperty(
        'NetworkSettings.Networks.over.IPAMConfig',
      );
      await lab.docker('rm', '--force', 'far');
      await lab.docker('swarm', 'leave', '--force');
    });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectObstacle } from '../../src/actions/connectObstacle.ts';
import { modesOf } from '../../src/actions/driverOptions.ts';
import { unusedNetworks } from '../../src/actions/impact.ts';
import type { EndpointSpec } from '../../src/actions/specs.ts';
import { EngineError, type Engine } from '../../src/engine/engine.ts';
import { isPlugged, isRunning, type Container, type Network, type Snapshot } from '../../src/topology/model.ts';
import { buildSnapshot } from '../../src/topology/snapshot.ts';
import { images, importImages } from '../lab/images.ts';
import { outerVersions, startEngine, type LabEngine } from '../lab/labEngine.ts';
import { waitFor } from '../lab/run.ts';
import { createNetwork, idle, runIdle } from '../lab/topology.ts';
import { openEngine } from './openEngine.ts';

const plain: EndpointSpec = { aliases: [], links: [], driverOptions: {} };

/**
 * Every kind of network, the engine's own apart; Podman has the first four. `over` and `other-over` keep a container each: an engine forgets an
 * overlay that its last container left, and finds it again only after a while.
 */
const networksToMake: readonly (readonly [name: string, ...options: string[]])[] = [
  ['own', '--subnet', '10.60.1.0/24'],
  ['other', '--subnet', '10.60.2.0/24'],
  ['inside', '--internal', '--subnet', '10.60.3.0/24'],
  ['lan', '--driver', 'macvlan', '--opt', 'parent=eth0', '--subnet', '10.60.4.0/24'],
  ['template', '--config-only', '--subnet', '10.60.5.0/24'],
  ['templated', '--config-from', 'template'],
  ['over', '--driver', 'overlay', '--attachable', '--subnet', '10.60.6.0/24'],
  ['other-over', '--driver', 'overlay', '--attachable', '--subnet', '10.60.7.0/24'],
  ['inside-over', '--driver', 'overlay', '--attachable', '--internal', '--subnet', '10.60.8.0/24'],
  ['mesh', '--driver', 'overlay', '--subnet', '10.60.9.0/24'],
];

interface Made {
  readonly on: string;
  /** Absent: it runs. */
  readonly state?: 'created' | 'exited' | 'paused';
  readonly also?: string;
  readonly without?: string;
}

const containersToMake: Readonly<Record<string, Made>> = {
  running: { on: 'own' },
  'on-bridge': { on: 'bridge' },
  paused: { on: 'own', state: 'paused' },
  created: { on: 'own', state: 'created' },
  exited: { on: 'own', state: 'exited' },
  bare: { on: 'own', without: 'own' },
  hosted: { on: 'host' },
  'hosted-created': { on: 'host', state: 'created' },
  lonely: { on: 'none' },
  'lonely-created': { on: 'none', state: 'created' },
  'lonely-exited': { on: 'none', state: 'exited' },
  'left-none': { on: 'none', without: 'none' },
  sharing: { on: 'container:owner' },
  'sharing-created': { on: 'container:owner', state: 'created' },
  'on-lan': { on: 'lan' },
  'on-over': { on: 'over' },
  'over-exited': { on: 'over', state: 'exited' },
  'own-and-over': { on: 'own', also: 'over' },
  'inside-and-over': { on: 'inside', also: 'over' },
  'on-inside-over': { on: 'inside-over' },
};

interface Bench {
  readonly lab: () => LabEngine;
  readonly engine: () => Engine;
}

/** A test for each container: every network that there is, offered and tried. Returns what reads the engine. */
function offersWhatIsTaken(
  { lab, engine }: Bench,
  toMake: Readonly<Record<string, Made>>,
): { readonly read: () => Promise<Snapshot> } {
  async function read(): Promise<Snapshot> {
    return buildSnapshot({
      takenAt: '',
      engine: await engine().info(),
      recorded: false,
      networks: (await engine().networks()).map(({ model }) => model),
      containers: (await engine().containers()).map(({ model }) => model),
      kernel: { kind: 'absent', reason: 'disabled' },
    });
  }

  async function called(name: string): Promise<Container> {
    const found = (await engine().containers()).find(({ model }) => model.name === name)?.model;
    if (found === undefined) throw new Error(`no container ${name}`);
    return found;
  }

  const remove = (name: string): Promise<string> => lab().docker('rm', '--force', name);

  async function make(name: string): Promise<Container> {
    const { on, state, also, without } = toMake[name] ?? { on: 'own' };
    await remove(name).catch(() => undefined);
    await lab().docker('create', '--name', name, '--network', on, images.busybox, ...idle);
    if (state !== 'created') await lab().docker('start', name);
    if (also !== undefined) await lab().docker('network', 'connect', also, name);
    if (without !== undefined) await lab().docker('network', 'disconnect', without, name);
    if (state === 'exited') await lab().docker('kill', name);
    if (state === 'paused') await lab().docker('pause', name);
    return called(name);
  }

  /** Whether the container has a new seat there in the end; one that does not run is started for it. */
  async function getsSeat(network: Network, before: Container): Promise<boolean> {
    try {
      await engine().control.connect(network.id, before.id, plain);
      if (!isRunning(before)) await engine().control.changeState(before.id, 'start');
    } catch (error) {
      if (error instanceof EngineError) return false;
      throw error;
    }
    const had = before.endpoints.some(({ networkName }) => networkName === network.name);
    const { endpoints } = await called(before.name);
    return !had && endpoints.some((seat) => seat.networkId === network.id && isPlugged(seat));
  }

  it.concurrent.each(Object.keys(toMake))('%s: each network is offered or kept back rightly', async (name) => {
    const { networks } = await read();
    const byId = new Map(networks.map((network) => [network.id, network]));
    const [offered, taken]: string[][] = [[], []];
    let one = await make(name);
    for (const network of networks) {
      const before = JSON.stringify(one);
      const obstacle = connectObstacle(network, one, byId);
      // From then on no container could be listed any more.
      if (obstacle?.kind === 'pausedOnPodman') continue;
      if (obstacle === undefined) offered?.push(network.name);
      if (await getsSeat(network, one)) taken?.push(network.name);
      one = await called(name);
      // What an attempt changed, a refused one too, would be in the way of the next.
      if (JSON.stringify(one) !== before) one = await make(name);
    }
    await remove(name);
    // Which of its two seats on docker_gwbridge comes first is chance: it may start, and is not offered.
    const certain = (found: string[] | undefined): string[] | undefined =>
      found?.filter((one) => name !== 'over-exited' || one !== 'docker_gwbridge').sort();
    expect(certain(offered)).toEqual(certain(taken));
    if (name === 'on-over' || name === 'over-exited') expect(offered).not.toContain('docker_gwbridge');
  });

  return { read };
}

describe.each(outerVersions)('what is offered on Docker %s is what the engine takes', (version) => {
  let lab: LabEngine;
  let engine: Engine;

  beforeAll(async () => {
    lab = await startEngine({ version });
    await importImages(lab);
    await lab.docker('swarm', 'init', '--advertise-addr', '192.0.2.2');
    for (const [name, ...options] of networksToMake) await createNetwork(lab, name, ...options);
    await runIdle(lab, 'owner');
    for (const name of ['over', 'other-over', 'inside-over']) await runIdle(lab, `keeper-${name}`, '--network', name);
    engine = openEngine(lab.dockerHost);
    await engine.info();
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  const { read } = offersWhatIsTaken({ lab: () => lab, engine: () => engine }, containersToMake);

  async function prune(): Promise<readonly string[]> {
    const [, ...names] = (await lab.docker('network', 'prune', '--force')).split('\n');
    return names.filter((name) => name !== '').sort();
  }

  async function unused(): Promise<readonly string[]> {
    return unusedNetworks(await read())
      .map(({ name }) => name)
      .sort();
  }

  it('lists exactly the unused networks that `docker network prune` removes', async () => {
    for (const name of ['empty', 'of-exited', 'of-created', 'of-running', 'of-paused', 'wished'])
      await createNetwork(lab, name);
    await runIdle(lab, 'exited', '--network', 'of-exited');
    await lab.docker('kill', 'exited');
    await lab.docker('create', '--name', 'created', '--network', 'of-created', images.busybox);
    await runIdle(lab, 'running', '--network', 'of-running');
    await runIdle(lab, 'paused', '--network', 'of-paused');
    await lab.docker('pause', 'paused');
    const impossible = lab.docker('network', 'connect', '--ip', '192.0.2.77', 'wished', 'running');
    await expect(impossible).rejects.toThrow('192.0.2.77');
    for (const [service, replicas] of [
      ['resting', 0],
      ['busy', 1],
    ] as const) {
      const network = `of-${service}-service`;
      await createNetwork(lab, network, '--driver', 'overlay');
      // prettier-ignore
      await lab.docker(
        'service', 'create', '--detach', '--no-resolve-image', '--name', service, '--replicas', `${replicas}`,
        '--network', network, images.busybox, ...idle,
      );
    }
    await waitFor(
      'the task of a service',
      async () =>
        (await engine.containers()).some(({ model }) => model.name.startsWith('busy.') && isRunning(model)) ||
        undefined,
      60_000,
    );
    const listed = await unused();
    expect(listed).toEqual(expect.arrayContaining(['empty', 'lan', 'mesh', 'of-created', 'of-exited', 'templated']));
    // No snapshot knows services: the engine refuses to remove what one of them is on, which is then said.
    expect(listed).toContain('of-resting-service');
    const { networks } = await read();
    const resting = networks.find(({ name }) => name === 'of-resting-service');
    await expect(engine.control.removeNetwork(resting?.id ?? '')).rejects.toMatchObject({ kind: 'invalid' });
    expect(await prune()).toEqual(listed.filter((name) => name !== 'of-resting-service'));
    expect(await unused()).toEqual(['of-resting-service']);
  });

  it('lists the gateway network once the swarm was left', async () => {
    await lab.docker('service', 'rm', 'resting', 'busy');
    const over = (await engine.containers()).flatMap(({ model }) =>
      model.endpoints.some(({ networkName }) => networkName.includes('over')) ? [model.id] : [],
    );
    await lab.docker('rm', '--force', ...over);
    expect(await unused()).not.toContain('docker_gwbridge');
    await lab.docker('swarm', 'leave', '--force');
    await waitFor(
      'the end of the swarm’s networks',
      async () => (await read()).networks.every(({ scope }) => scope !== 'swarm') || undefined,
    );
    const listed = await unused();
    expect(listed).toContain('docker_gwbridge');
    expect(await prune()).toEqual(listed);
  });

  it('offers the modes of ipvlan that it has', async () => {
    await lab.ip('link', 'add', 'dne-p0', 'type', 'veth', 'peer', 'name', 'dne-p1');
    const taken: string[] = [];
    for (const mode of ['l2', 'l3', 'l3s']) {
      const options = ['--driver', 'ipvlan', '--opt', 'parent=dne-p0', '--opt', `ipvlan_mode=${mode}`];
      try {
        await createNetwork(lab, 'ipvlan', ...options, '--subnet', '10.60.20.0/24');
        taken.push(mode);
        await lab.docker('network', 'rm', 'ipvlan');
      } catch (error) {
        expect(String(error)).toContain(`mode '${mode}' is not valid`);
      }
    }
    expect(modesOf('ipvlan', (await engine.info()).version)).toEqual(taken);
  });
});

describe('what is offered on Podman is what it takes', () => {
  let lab: LabEngine;
  let engine: Engine;

  beforeAll(async () => {
    lab = await startEngine({ version: 'podman' });
    await importImages(lab);
    for (const [name, ...options] of networksToMake.slice(0, 4)) await createNetwork(lab, name, ...options);
    await runIdle(lab, 'owner');
    engine = openEngine(lab.dockerHost);
    await engine.info();
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  const made = Object.entries(containersToMake).filter(([name]) => !/over|left-none/.test(name));
  offersWhatIsTaken({ lab: () => lab, engine: () => engine }, Object.fromEntries(made));

  it('lists no container any more once a paused one was connected or disconnected, which is not offered', async () => {
    await createNetwork(lab, 'ruined');
    const ruined = (await engine.networks()).find(({ model }) => model.name === 'ruined')?.model;
    if (ruined === undefined) throw new Error('there is no such network');
    for (const change of ['connect', 'disconnect'] as const) {
      const id = (await lab.docker('create', '--network', 'own', images.busybox, ...idle)).trim();
      if (change === 'disconnect') await lab.docker('network', 'connect', 'ruined', id);
      await lab.docker('start', id);
      await lab.docker('pause', id);
      const victim = (await engine.container(id))?.model;
      if (change === 'connect') {
        expect(victim && connectObstacle(ruined, victim)).toEqual({ kind: 'pausedOnPodman' });
        await engine.control.connect(ruined.id, id, plain);
      } else await engine.control.disconnect(ruined.id, id, false);
      await expect(engine.containers()).rejects.toMatchObject({ kind: 'engine', status: 500 });
      await engine.control.removeContainer(id, { force: true, volumes: false }).catch(() => undefined);
      await expect(engine.containers()).resolves.toBeDefined();
    }
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dockerCommand } from '../../src/actions/dockerCommand.ts';
import { parsePublish } from '../../src/actions/publish.ts';
import type { Action, EndpointSpec, NetworkSpec, RunSpec } from '../../src/actions/specs.ts';
import type { PullProgress } from '../../src/engine/control.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { images, importImages } from '../lab/images.ts';
import { outerVersions, startEngine, type LabEngine } from '../lab/labEngine.ts';
import { createNetwork, idle, runIdle } from '../lab/topology.ts';
import { comparable } from './comparable.ts';
import { openEngine } from './openEngine.ts';

const noEndpoint: EndpointSpec = { aliases: [], links: [], driverOptions: {} };
const aNetwork: NetworkSpec = {
  name: '',
  driver: 'bridge',
  pools: [],
  ipv6: false,
  internal: false,
  attachable: false,
  options: {},
  labels: {},
};
const aRun: RunSpec = {
  image: images.busybox,
  name: '',
  mode: { kind: 'bridge' },
  endpoint: noEndpoint,
  ports: [],
  environment: [],
  restart: 'no',
  command: idle,
  tty: false,
  removeWhenStopped: false,
};

/** Ours and the twin that the docker command makes. What may not be equal differs by these texts alone. */
const same = { mine: 'WHO', twin: 'WHO', '10.81.': '10.80.', 'fd81:': 'fd80:', '1808': '808' };

type Who = 'mine' | 'twin';

/**
 * For each method: the state afterwards is the one that the docker client of the lab makes for the command that people
 * are shown. Both are made on one engine and compared by the engine's own inspection.
 */
describe.each(outerVersions)('changes on Docker %s', (version) => {
  let lab: LabEngine;
  let engine: Engine;
  let target: string;

  beforeAll(async () => {
    lab = await startEngine({ version });
    await importImages(lab);
    await createNetwork(lab, 'shared', '--subnet', '10.77.0.0/24');
    target = await runIdle(lab, 'target', '--network', 'shared');
    engine = openEngine(lab.dockerHost);
    await engine.info();
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  afterEach(async () => {
    const made = async (kind: string, ...options: readonly string[]): Promise<readonly string[]> => {
      const list = await lab.docker(
        kind,
        'ls',
        '--quiet',
        '--filter',
        'name=mine',
        '--filter',
        'name=twin',
        ...options,
      );
      return list.split('\n').filter((id) => id !== '');
    };
    const [containers, networks] = await Promise.all([made('container', '--all'), made('network')]);
    if (containers.length > 0) await lab.docker('rm', '--force', '--volumes', ...containers);
    if (networks.length > 0) await lab.docker('network', 'rm', ...networks);
  });

  /** Exactly what people are shown. */
  async function typed(action: Action): Promise<string> {
    const [program, ...args] = dockerCommand(action);
    expect(program).toBe('docker');
    return lab.docker(...args);
  }

  async function container(name: string): Promise<unknown> {
    return comparable(await lab.api(`/containers/${name}/json`), { same, addresses: 'drop' });
  }

  async function network(name: string): Promise<unknown> {
    return comparable(await lab.api(`/networks/${name}`), { same, addresses: 'drop' });
  }

  async function idOf(kind: 'containers' | 'networks', name: string): Promise<string> {
    const path = kind === 'containers' ? `/containers/${name}/json` : `/networks/${name}`;
    return ((await lab.api(path)) as { readonly Id: string }).Id;
  }

  async function exists(path: string): Promise<boolean> {
    return lab.api(path).then(
      () => true,
      () => false,
    );
  }

  /** 10.80 and 8080 for ours, 10.81 and 18080 for the twin. */
  const block = (who: Who): string => (who === 'mine' ? '80' : '81');
  const port = (who: Who, last: number): number => Number(`${who === 'mine' ? '' : '1'}808${last}`);

  describe('networks', () => {
    const specs: readonly (readonly [string, (who: Who) => NetworkSpec])[] = [
      [
        'a bridge with all that it can have',
        (who) => ({
          ...aNetwork,
          name: `${who}-full`,
          pools: [
            {
              subnet: `10.${block(who)}.0.0/16`,
              ipRange: `10.${block(who)}.5.0/24`,
              gateway: `10.${block(who)}.5.254`,
              auxiliaryAddresses: { printer: `10.${block(who)}.1.5`, nas: `10.${block(who)}.1.6` },
            },
            { subnet: `fd${block(who)}::/64`, auxiliaryAddresses: {} },
          ],
          ipv6: true,
          internal: true,
          attachable: true,
          options: { 'com.docker.network.driver.mtu': '1400', 'com.docker.network.bridge.name': `dne-${who}` },
          labels: { 'a.b': 'c d', empty: '' },
        }),
      ],
      [
        'a macvlan on a parent',
        (who) => ({
          ...aNetwork,
          name: `${who}-macvlan`,
          driver: 'macvlan',
          pools: [{ subnet: `10.${block(who)}.0.0/24`, gateway: `10.${block(who)}.0.1`, auxiliaryAddresses: {} }],
          options: { parent: 'eth0', macvlan_mode: 'private' },
        }),
      ],
    ];

    it.each(specs)('%s', async (_, spec) => {
      const mine = await engine.control.createNetwork(spec('mine'));
      const made = await network(mine.id);
      expect(mine.warning).toBe('');
      // A macvlan's parent takes one of them.
      if (spec('mine').driver === 'macvlan') await engine.control.removeNetwork(mine.id);
      await typed({ kind: 'createNetwork', spec: spec('twin') });
      expect(made).toEqual(await network(spec('twin').name));
    });

    it('a plain one: the engine chooses the subnet', async () => {
      const { id } = await engine.control.createNetwork({ ...aNetwork, name: 'mine-plain' });
      await typed({ kind: 'createNetwork', spec: { ...aNetwork, name: 'twin-plain' } });
      const plain = async (name: string): Promise<unknown> => {
        const {
          IPAM: { Config: pools },
          ...rest
        } = (await network(name)) as { IPAM: { Config: unknown[] } };
        return { ...rest, pools: pools.length };
      };
      expect(await plain(id)).toEqual(await plain('twin-plain'));
    });

    it('a second one of the name is refused, as is a subnet that is taken', async () => {
      const { control } = engine;
      await expect(control.createNetwork({ ...aNetwork, name: 'shared' })).rejects.toMatchObject({ kind: 'conflict' });
      const pools = [{ subnet: '10.77.0.0/25', auxiliaryAddresses: {} }];
      await expect(control.createNetwork({ ...aNetwork, name: 'mine-x', pools })).rejects.toThrow('verlap');
      expect(await exists('/networks/mine-x')).toBe(false);
    });

    it('is removed; one in use is not', async () => {
      const { id } = await engine.control.createNetwork({ ...aNetwork, name: 'mine-gone' });
      await engine.control.removeNetwork(id);
      expect(await exists(`/networks/${id}`)).toBe(false);
      await expect(engine.control.removeNetwork(id)).rejects.toMatchObject({ kind: 'notFound' });
      await expect(engine.control.removeNetwork(await idOf('networks', 'shared'))).rejects.toThrow('active endpoints');
    });
  });

  describe('endpoints', () => {
    const seat: EndpointSpec = {
      aliases: ['a1', 'a2'],
      links: [{ target: 'target', alias: 't' }],
      driverOptions: { 'com.example.key': 'value' },
    };

    async function twins(): Promise<Readonly<Record<Who, string>>> {
      const make = async (who: Who): Promise<string> => {
        await createNetwork(lab, `${who}-net`, '--subnet', `10.${block(who)}.0.0/24`);
        return runIdle(lab, `${who}-box`);
      };
      const [mine, twin] = await Promise.all([make('mine'), make('twin')]);
      return { mine, twin };
    }

    it('connects with aliases, a fixed address, links and driver options; and disconnects', async () => {
      const ids = await twins();
      const net = await idOf('networks', 'mine-net');
      const [mine, twin] = [
        { ...seat, ipv4: '10.80.0.50' },
        { ...seat, ipv4: '10.81.0.50' },
      ];
      await engine.control.connect(net, ids.mine, mine);
      await typed({ kind: 'connect', network: 'twin-net', container: 'twin-box', spec: twin });
      expect(await container('mine-box')).toEqual(await container('twin-box'));
      expect(JSON.stringify(await container('mine-box'))).toContain('"IPv4Address":"10.80.0.50"');
      await expect(engine.control.connect(net, ids.mine, noEndpoint)).rejects.toMatchObject({ name: 'EngineError' });

      await engine.control.disconnect(net, ids.mine, false);
      await typed({ kind: 'disconnect', network: 'twin-net', container: 'twin-box', force: false });
      expect(await container('mine-box')).toEqual(await container('twin-box'));
      expect(JSON.stringify(await container('mine-box'))).not.toContain('WHO-net');
    });

    it('connects one that does not run', async () => {
      const ids = await twins();
      await lab.docker('kill', ids.mine, ids.twin);
      await engine.control.connect(await idOf('networks', 'mine-net'), ids.mine, seat);
      await typed({ kind: 'connect', network: 'twin-net', container: 'twin-box', spec: seat });
      expect(await container('mine-box')).toEqual(await container('twin-box'));
    });

    it('replaces a seat; where the new one cannot be had the old one is there', async () => {
      const ids = await twins();
      const net = await idOf('networks', 'mine-net');
      for (const who of ['mine', 'twin'] as const)
        await lab.docker(
          'network',
          'connect',
          '--ip',
          `10.${block(who)}.0.9`,
          '--alias',
          'old',
          `${who}-net`,
          ids[who],
        );
      const before = await container('mine-box');
      const impossible = { ...seat, ipv4: '192.0.2.77' };
      await expect(engine.control.replaceEndpoint(net, ids.mine, impossible)).rejects.toMatchObject({
        name: 'EngineError',
        kind: expect.not.stringMatching('rollback') as unknown,
      });
      expect(await container('mine-box')).toEqual(before);

      await engine.control.replaceEndpoint(net, ids.mine, seat);
      await typed({ kind: 'disconnect', network: 'twin-net', container: 'twin-box', force: false });
      await typed({ kind: 'connect', network: 'twin-net', container: 'twin-box', spec: seat });
      expect(await container('mine-box')).toEqual(await container('twin-box'));
    });

    it('refuses a MAC address that the engine would ignore', async () => {
      const spec = { ...noEndpoint, mac: '02:42:0a:50:00:77' };
      const net = await idOf('networks', 'shared');
      await expect(engine.control.connect(net, target, spec)).rejects.toMatchObject({ kind: 'invalid' });
    });

    // The lab's client is as old as Docker 20.10.
    if (version !== '20.10')
      it('connects with a gateway priority', async () => {
        const { mine } = await twins();
        await engine.control.connect(await idOf('networks', 'mine-net'), mine, { ...noEndpoint, gatewayPriority: -7 });
        expect(JSON.stringify(await container('mine-box'))).toContain('"GwPriority":-7');
      });
  });

  describe('runs', () => {
    const cases: readonly (readonly [string, (who: Who) => Partial<RunSpec>])[] = [
      ['plainly', () => ({ command: [], image: images.redis })],
      [
        'with ports, environment, restart policy and a terminal',
        (who) => ({
          ports: [
            { containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: port(who, 1) },
            { containerPort: 80, protocol: 'tcp', hostPort: port(who, 2) },
            { containerPort: 53, protocol: 'udp', hostPort: port(who, 3) },
          ],
          environment: ['A=b c', 'EMPTY=', 'UNSET_ONE'],
          restart: 'unless-stopped',
          tty: true,
        }),
      ],
      [
        'with a range of host ports for one port',
        (who) => ({
          ports:
            parsePublish(`127.0.0.1:${port(who, 4)}-${port(who, 6)}:80, ${port(who, 7)}-${port(who, 9)}:53-55/udp`)
              .value ?? [],
        }),
      ],
      [
        'on a network, with all that an endpoint can have',
        (who) => ({
          mode: { kind: 'network', id: '', name: `${who}-net` },
          endpoint: {
            aliases: ['a1', 'a2'],
            ipv4: `10.${block(who)}.0.20`,
            mac: `02:42:0a:00:00:${block(who)}`,
            links: [{ target: 'target', alias: 't' }],
            driverOptions: {},
          },
        }),
      ],
      [
        'with a link on the default bridge',
        () => ({
          endpoint: { ...noEndpoint, links: [{ target: 'bridged', alias: 'b' }] },
        }),
      ],
      ['in the host’s namespace', () => ({ mode: { kind: 'host' } })],
      ['without network', () => ({ mode: { kind: 'none' } })],
      ['in the namespace of another one', () => ({ mode: { kind: 'container', id: target, name: 'target' } })],
      ['to be removed when it stops', () => ({ removeWhenStopped: true })],
    ];

    it.each(cases)('%s', async (title, differences) => {
      if (title.includes('default bridge')) await runIdle(lab, 'bridged');
      const mine = { ...aRun, name: 'mine-box', ...differences('mine') };
      const { mode } = mine;
      for (const who of mode.kind === 'network' ? (['mine', 'twin'] as const) : [])
        await createNetwork(lab, `${who}-net`, '--subnet', `10.${block(who)}.0.0/24`);
      const located =
        mode.kind === 'network' ? { ...mine, mode: { ...mode, id: await idOf('networks', mode.name) } } : mine;
      const { id, warnings } = await engine.control.run(located);
      await typed({ kind: 'run', spec: { ...aRun, name: 'twin-box', ...differences('twin') } });
      expect(warnings).toEqual([]);
      expect(id).toBe(await idOf('containers', 'mine-box'));
      const normal = (record: unknown): string =>
        JSON.stringify(record, undefined, 1).replaceAll(':81"', ':80"').replaceAll('"default"', '"bridge"');
      expect(normal(await container('mine-box'))).toBe(normal(await container('twin-box')));
      if (title.includes('default bridge')) await lab.docker('rm', '--force', 'bridged');
    });

    it('leaves nothing where a port is taken, the name is, or the image does not exist', async () => {
      await runIdle(lab, 'mine-holder', '--publish', '127.0.0.1:8089:1');
      const there = await lab.docker('container', 'ls', '--all', '--quiet');
      const taken = { containerPort: 80, protocol: 'tcp', hostPort: 8089, hostIp: '127.0.0.1' } as const;
      await expect(engine.control.run({ ...aRun, name: 'mine-box', ports: [taken] })).rejects.toMatchObject({
        kind: 'engine',
      });
      await expect(engine.control.run({ ...aRun, name: 'mine-holder' })).rejects.toMatchObject({ kind: 'conflict' });
      await expect(engine.control.run({ ...aRun, image: 'none-such' })).rejects.toMatchObject({ kind: 'notFound' });
      await expect(engine.control.run({ ...aRun, command: ['/none-such'] })).rejects.toMatchObject({
        name: 'EngineError',
      });
      expect(await lab.docker('container', 'ls', '--all', '--quiet')).toBe(there);
    });
  });

  it('starts, stops, restarts, pauses and unpauses', async () => {
    const ids = { mine: await runIdle(lab, 'mine-box'), twin: await runIdle(lab, 'twin-box') };
    const state = async (who: Who): Promise<unknown> =>
      ((await lab.api(`/containers/${ids[who]}/json`)) as { State: { Status: string; ExitCode: number } }).State;
    for (const change of ['pause', 'unpause', 'restart', 'stop', 'stop', 'start', 'start'] as const) {
      await engine.control.changeState(ids.mine, change);
      await typed({ kind: 'state', change, containers: ['twin-box'] });
      const { Status, ExitCode } = (await state('twin')) as { Status: string; ExitCode: number };
      expect(await state('mine'), change).toMatchObject({ Status, ExitCode });
    }
    await expect(engine.control.changeState(ids.mine, 'unpause')).rejects.toMatchObject({ name: 'EngineError' });
    await expect(engine.control.changeState('0'.repeat(64), 'stop')).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('waits for a container that takes its time to stop, and ends with its signal', async () => {
    const slow = ['sh', '-c', 'trap "sleep 1; exit 7" TERM; while :; do sleep 0.1; done'];
    const id = (
      await lab.docker('run', '--detach', '--name', 'mine-slow', '--stop-timeout', '30', images.busybox, ...slow)
    ).trim();
    const stopping = engine.control.changeState(id, 'stop', AbortSignal.timeout(200));
    await expect(stopping).rejects.toMatchObject({ kind: 'cancelled' });
    await engine.control.changeState(id, 'stop');
    expect(await lab.api(`/containers/${id}/json`)).toMatchObject({ State: { Status: 'exited', ExitCode: 7 } });
  });

  it('renames and removes, with and without force and volumes', async () => {
    const volumes = async (): Promise<number> =>
      (await lab.docker('volume', 'ls', '--quiet')).split('\n').filter((name) => name !== '').length;
    const before = await volumes();
    const ids = {
      mine: await runIdle(lab, 'mine-box', '--volume', '/data'),
      twin: await runIdle(lab, 'twin-box', '--volume', '/data'),
    };
    await engine.control.rename(ids.mine, 'mine-other');
    await typed({ kind: 'rename', container: 'twin-box', name: 'twin-other' });
    expect(await container('mine-other')).toEqual(await container('twin-other'));
    await expect(engine.control.rename(ids.mine, 'twin-other')).rejects.toMatchObject({ kind: 'conflict' });

    await expect(engine.control.removeContainer(ids.mine, { force: false, volumes: false })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await engine.control.removeContainer(ids.mine, { force: true, volumes: true });
    await typed({ kind: 'removeContainers', containers: ['twin-other'], force: true, volumes: true });
    expect(await exists(`/containers/${ids.mine}/json`)).toBe(false);
    expect(await volumes()).toBe(before);
  });

  it('lists the images that have a name, with what they expose', async () => {
    // Its name moves on to another image: it is left without one.
    await lab.docker('tag', images.busybox, 'dangling:latest');
    const listed = await engine.control.images();
    expect(listed.flatMap(({ tags }) => tags).sort()).toEqual(
      [images.busybox, images.redis, images.shellless, 'dangling:latest'].sort(),
    );
    expect(listed.find(({ tags }) => tags.includes(images.redis))?.exposedPorts).toEqual(['6379/tcp']);
    const sizes = (await lab.docker('images', '--no-trunc', '--format', '{{.ID}}')).split('\n');
    for (const { id, size } of listed) {
      expect(sizes).toContain(id);
      expect(size).toBeGreaterThan(1_000_000);
    }
    await lab.docker('rmi', 'dangling:latest');
  });

  it('tells why an image cannot be pulled', async () => {
    const progress: PullProgress[] = [];
    // Nobody listens there.
    const image = '127.0.0.1:1/none:latest';
    const pulling = engine.control.pull(image, (one) => progress.push(one));
    await expect(pulling).rejects.toMatchObject({ name: 'EngineError', kind: 'engine' });
    await expect(typed({ kind: 'pull', image })).rejects.toThrow('refused');
  });

  it('makes a swarm of one, and overlay networks in it', async () => {
    const state = async (): Promise<unknown> => {
      const { Spec, DataPathPort, SubnetSize } = (await lab.api('/swarm')) as Record<string, unknown>;
      const { NodeAddr, LocalNodeState, Nodes, Managers } = (
        (await lab.api('/info')) as { Swarm: Record<string, unknown> }
      ).Swarm;
      return { Spec, DataPathPort, SubnetSize, NodeAddr, LocalNodeState, Nodes, Managers };
    };
    await engine.control.initSwarm('192.0.2.2');
    const mine = await state();
    const spec = (who: Who): NetworkSpec => ({
      ...aNetwork,
      name: `${who}-over`,
      driver: 'overlay',
      attachable: true,
      options: { encrypted: '' },
      pools: [{ subnet: `10.${block(who)}.0.0/24`, auxiliaryAddresses: {} }],
    });
    const { id } = await engine.control.createNetwork(spec('mine'));
    await typed({ kind: 'createNetwork', spec: spec('twin') });
    const vxlan = /"com.docker.network.driver.overlay.vxlanid_list":"\d+"/;
    const plain = (record: unknown): string => JSON.stringify(record).replace(vxlan, '');
    expect(plain(await network(id))).toBe(plain(await network('twin-over')));
    await expect(engine.control.initSwarm('192.0.2.2')).rejects.toMatchObject({ name: 'EngineError' });
    await lab.docker('swarm', 'leave', '--force');
    await typed({ kind: 'swarmInit', advertiseAddress: '192.0.2.2' });
    expect(mine).toEqual(await state());
    await lab.docker('swarm', 'leave', '--force');
  });
});

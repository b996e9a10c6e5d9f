import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineEvent } from '../../src/engine/engine.ts';
import { isBuiltIn } from '../../src/topology/builtIn.ts';
import type { Container, Network } from '../../src/topology/model.ts';
import { inspectContainers, inspectNetworks } from '../lab/inspect.ts';
import { ordinaryUser, startEngine, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { portByTraffic, trueWires } from '../lab/oracle.ts';
import { waitFor } from '../lab/run.ts';
import { createNetwork, idle, runIdle, tutorialTopology } from '../lab/topology.ts';
import { unknownWires, wrongWires } from './compareWires.ts';
import { openEngine } from './openEngine.ts';
import { readWires, type WireReport } from './readWires.ts';

interface LibpodNetwork {
  readonly id: string;
  readonly name: string;
  readonly network_interface: string;
}

/** What Docker's API of Podman says in another way than Docker's engine, held against the kernel and Podman's own API. */
describe('Podman', () => {
  let lab: LabEngine;
  let engine: Engine;

  beforeAll(async () => {
    lab = await startEngine({ version: 'podman' });
    engine = openEngine(lab.dockerHost);
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  async function readInside(user: InsideOptions): Promise<WireReport> {
    return JSON.parse(await lab.runInside(['node', 'test/engine/readWires.ts'], user)) as WireReport;
  }

  async function networks(): Promise<readonly Network[]> {
    return (await engine.networks()).map(({ model }) => model);
  }

  async function container(name: string): Promise<Container> {
    const found = (await engine.containers()).find(({ model }) => model.name === name);
    if (found === undefined) throw new Error(`${name} is not there`);
    return found.model;
  }

  it('is read by root while nothing runs, when no bridge is there yet', async () => {
    expect((await readInside({})).kernel).toMatchObject({ kind: 'read' });
    expect((await readWires(lab.dockerHost)).kernel).toMatchObject({ kind: 'read' });
    expect((await readInside(ordinaryUser)).kernel).toEqual({ kind: 'absent', reason: 'unproven' });
  });

  describe('with the tutorial’s containers', () => {
    beforeAll(async () => {
      await tutorialTopology(lab);
      await createNetwork(lab, 'inner', '--internal');
      await runIdle(lab, 'inner1', '--network', 'inner');
      await runIdle(lab, 'paused1', '--network', 'inner');
      await lab.docker('pause', 'paused1');
      await createNetwork(lab, 'six', '--ipv6', '--subnet', 'fd00:d0e::/64');
      await runIdle(lab, 'six1', '--network', 'six');
      await createNetwork(lab, 'ranged', '--subnet', '10.66.0.0/24', '--ip-range', '10.66.0.64/26');
      await runIdle(lab, 'ranged1', '--network', 'ranged');
      await lab.ip('link', 'add', 'dne-parent0', 'type', 'veth', 'peer', 'name', 'dne-parent0p', 'netns', lab.wanNetns);
      await lab.ip('link', 'set', 'dne-parent0', 'up');
      const parent = ['--driver', 'macvlan', '--subnet', '198.51.100.0/25', '--opt', 'parent=dne-parent0'];
      await createNetwork(lab, 'lan', ...parent);
      await runIdle(lab, 'lan1', '--network', 'lan');
      await runIdle(lab, 'many1', '--network', 'inner');
      for (const network of ['lan', 'my-bridge', 'podman']) await lab.docker('network', 'connect', network, 'many1');
      // prettier-ignore
      await lab.docker('create', '--name', 'never1', '--network', 'my-bridge', '--publish', '8085:80', 'busybox', ...idle);
      await engine.info();
    });

    it('is known as Podman', async () => {
      expect(await engine.info()).toMatchObject({ flavour: 'podman', name: lab.name.toLowerCase(), rootless: false });
    });

    it('names the bridges that the kernel has, and the parents', async () => {
      const own = (await lab.api('/v5.0.0/libpod/networks/json')) as readonly LibpodNetwork[];
      const addresses = JSON.parse(await lab.ip('-json', 'address')) as readonly {
        readonly ifname: string;
        readonly addr_info: readonly { readonly local: string }[];
      }[];
      const all = await networks();
      expect(all.map(({ id }) => id).sort()).toEqual(own.map(({ id }) => id).sort());
      for (const { id, name, networkInterface, driver, pools } of all) {
        expect([name, networkInterface], name).toEqual(
          own.filter((one) => one.id === id).flatMap((one) => [one.name, one.network_interface]),
        );
        if (driver !== 'bridge') expect(networkInterface).toBe('dne-parent0');
        else {
          const owner = addresses.find(({ addr_info }) => addr_info.some(({ local }) => local === pools[0]?.gateway));
          expect(networkInterface, `${name} by the gateway's address`).toBe(owner?.ifname);
        }
      }
    });

    it('tells the range that was asked for, and gives addresses out from it', async () => {
      const ranged = (await networks()).find(({ name }) => name === 'ranged');
      expect(ranged?.pools).toMatchObject([{ subnet: '10.66.0.0/24', ipRange: '10.66.0.64/26' }]);
      // The gateway was not asked for and is outside of the range.
      expect((await container('ranged1')).endpoints[0]?.ipv4).toBe('10.66.0.65');
    });

    it('calls the default network as its containers do, in the list and alone', async () => {
      const all = await networks();
      const podman = all.filter(isBuiltIn);
      expect(podman.map(({ name }) => name)).toEqual(['podman']);
      const names = new Map(all.map(({ id, name }) => [id, name]));
      for (const { model } of await engine.containers()) {
        for (const { networkId, networkName } of model.endpoints) expect(names.get(networkId)).toBe(networkName);
      }
      expect((await inspectNetworks(lab)).map(({ Id }) => Id).sort()).toEqual([...names.keys()].sort());
    });

    it('reads the same again while nothing changes, among all and alone', async () => {
      const all = await networks();
      expect(await networks()).toEqual(all);
      for (const network of all) expect((await engine.network(network.id))?.model).toEqual(network);
      const status = expect.any(String) as string;
      for (const { model } of await engine.containers()) {
        expect((await engine.container(model.id))?.model).toEqual({ ...model, status });
      }
    });

    it('shows host, none and shared namespaces without seats of their own', async () => {
      const [host, none, shared, test1] = await Promise.all(['host1', 'none1', 'shared1', 'test1'].map(container));
      expect(host).toMatchObject({ mode: { kind: 'host' }, endpoints: [] });
      expect(none).toMatchObject({ mode: { kind: 'none' }, endpoints: [] });
      expect(shared).toMatchObject({ mode: { kind: 'container', ownerId: test1?.id }, endpoints: [] });
    });

    it('takes the mode from the seats, as `run --network` had it', async () => {
      expect((await container('test1')).mode).toEqual({ kind: 'bridge' });
      expect((await container('test2')).mode).toEqual({ kind: 'bridge' });
      for (const [name, network] of [
        ['test3', 'my-bridge'],
        ['redis', 'my-bridge'],
        ['stopped1', 'my-bridge'],
        ['shop-web-1', 'shop_default'],
        ['lan1', 'lan'],
      ] as const) {
        expect((await container(name)).mode, name).toEqual({ kind: 'network', network });
      }
    });

    it('has addresses and MACs of the kernel', async () => {
      const inspected = new Map((await inspectContainers(lab)).map((one) => [one.Id, one]));
      const wires = await trueWires(lab);
      expect(wires.length).toBeGreaterThan(10);
      for (const { containerId, networkId, mac } of wires.filter(({ kind }) => kind === 'veth')) {
        const one = await container(inspected.get(containerId)?.Name.slice(1) ?? '');
        expect(one.endpoints.find((seat) => seat.networkId === networkId)?.mac).toBe(mac);
      }
    });

    it('publishes ports of running containers alone', async () => {
      const exposed = [{ containerPort: 80, protocol: 'tcp' }];
      expect((await container('stopped1')).ports).toEqual(exposed);
      expect((await container('never1')).ports).toEqual(exposed);
      const port = { containerPort: 6379, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 6379 };
      expect((await container('redis')).ports).toEqual([port]);
      expect((await container('shop-web-1')).ports).toMatchObject([{ hostIp: '127.0.0.1', hostPort: 8080 }]);
    });

    it.each<{ who: string; user: InsideOptions; decides: boolean }>([
      { who: 'root', user: {}, decides: true },
      { who: 'an ordinary user', user: ordinaryUser, decides: false },
    ])('shows no wrong wire to $who', async ({ user, decides }) => {
      const report = await readInside(user);
      const truth = await trueWires(lab);
      expect(report.uid).toBe(user.uid ?? 0);
      expect(report.kernel.kind).toBe('read');
      expect(wrongWires(report.wires, truth)).toEqual([]);
      if (decides) expect(unknownWires(report.wires, truth)).toEqual([]);
    });

    it('shows every wire to an ordinary user once the containers have talked', async () => {
      const truth = await trueWires(lab);
      // A paused container sends nothing, and a macvlan is no bridge's port.
      for (const wire of truth) if (wire.gateway !== '') await portByTraffic(lab, wire);
      const { wires } = await readInside(ordinaryUser);
      expect(wrongWires(wires, truth)).toEqual([]);
      expect(unknownWires(wires, truth)).toEqual([]);
    });

    it('is read beside a dockerd that has nothing to do with it, from inside and from another network namespace', async () => {
      const docker = await startEngine({ version: '20.10' });
      try {
        const truth = await trueWires(lab);
        const reports = [await readInside({}), await readInside(ordinaryUser), await readWires(lab.dockerHost)];
        for (const { kernel, wires } of reports) {
          expect(kernel.kind, JSON.stringify(kernel).slice(0, 200)).toBe('read');
          expect(wrongWires(wires, truth)).toEqual([]);
          expect(unknownWires(wires, truth)).toEqual([]);
        }
      } finally {
        docker.dispose();
      }
    });

    it('lets a person connect, change and disconnect a seat', async () => {
      const test1 = await container('test1');
      const network = (await networks()).find(({ name }) => name === 'six');
      if (network === undefined) throw new Error('six is not there');
      const seat = async () => (await container('test1')).endpoints.find(({ networkId }) => networkId === network.id);
      await engine.control.connect(network.id, test1.id, { aliases: ['first'], links: [], driverOptions: {} });
      expect((await seat())?.aliases).toContain('first');
      const [{ gateway = '' } = {}] = network.pools.filter(({ subnet }) => !subnet.includes(':'));
      const ipv4 = gateway.replace(/\d+$/, '77');
      await engine.control.replaceEndpoint(network.id, test1.id, { aliases: [], ipv4, links: [], driverOptions: {} });
      expect(await seat()).toMatchObject({ ipv4 });
      await engine.control.disconnect(network.id, test1.id, false);
      expect(await seat()).toBeUndefined();
    });

    it('lets a person publish a port of a container on two networks, which keeps both', async () => {
      const before = await container('many1');
      const port = { containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 9080 } as const;
      await engine.control.republish(before.id, [port]);
      const after = await container('many1');
      expect(after.ports).toEqual([port]);
      expect(after.endpoints.map(({ networkName }) => networkName)).toEqual(
        before.endpoints.map(({ networkName }) => networkName),
      );
    });

    it('takes Docker’s names of options, and they are read as such', async () => {
      const options = ['com.docker.network.driver.mtu=1400', 'com.docker.network.bridge.name=dne-br0'];
      const id = await createNetwork(lab, 'named', ...options.flatMap((option) => ['--opt', option]));
      expect((await engine.network(id))?.model).toMatchObject({
        networkInterface: 'dne-br0',
        options: { 'com.docker.network.driver.mtu': '1400' },
      });
      await lab.docker('network', 'rm', 'named');
    });

    it('tells by events who took and gave up which seat, and what came and went', async () => {
      const test1 = await container('test1');
      const events: EngineEvent[] = [];
      const subscription = await engine.events({ event: (event) => events.push(event), closed: () => undefined });
      const heard = (
        wanted: Partial<Record<'kind' | 'action' | 'networkId' | 'containerId', string>>,
      ): Promise<unknown> =>
        waitFor(
          JSON.stringify(wanted),
          () =>
            Promise.resolve(
              events.find((event) => Object.entries(wanted).every(([key, value]) => Reflect.get(event, key) === value)),
            ),
          10_000,
        );
      try {
        const networkId = await createNetwork(lab, 'made');
        await heard({ kind: 'network', action: 'create', networkId });
        expect((await engine.network(networkId))?.model.networkInterface).toMatch(/^podman\d+$/);
        await networks();
        await lab.docker('network', 'connect', 'made', 'test1');
        await heard({ kind: 'network', action: 'connect', networkId, containerId: test1.id });
        await lab.docker('network', 'disconnect', 'made', 'test1');
        await heard({ kind: 'network', action: 'disconnect', networkId, containerId: test1.id });
        const containerId = await runIdle(lab, 'gone1', '--network', 'made');
        await heard({ kind: 'container', action: 'start', containerId });
        await lab.docker('exec', 'gone1', 'true');
        await lab.docker('rm', '--force', 'gone1');
        await heard({ kind: 'container', action: 'remove', containerId });
        await lab.docker('network', 'rm', 'made');
        await heard({ kind: 'network', action: 'remove', networkId });
        expect(await engine.network(networkId)).toBeUndefined();
        expect(await engine.container(containerId)).toBeUndefined();
        expect(events.map(({ action }) => action).filter((action) => action.startsWith('exec'))).toEqual([]);
      } finally {
        subscription.dispose();
      }
    });

    it('knows the new wires of a container that was restarted and of one that came back to a network', async () => {
      await lab.docker('restart', 'test2');
      await lab.docker('network', 'disconnect', 'my-bridge', 'test3');
      await lab.docker('network', 'connect', 'my-bridge', 'test3');
      const report = await readInside({});
      const truth = await trueWires(lab);
      expect(wrongWires(report.wires, truth)).toEqual([]);
      expect(unknownWires(report.wires, truth)).toEqual([]);
    });
  });
});

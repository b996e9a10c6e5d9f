import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalKernel } from '../../../src/kernel/local.ts';
import type { KernelView, Link, NetNamespace, Wire } from '../../../src/topology/model.ts';
import { expectedBridges } from '../../../src/topology/snapshot.ts';
import { hasOwnNamespace, wire } from '../../../src/topology/wiring.ts';
import { unknownWires, wrongWires } from '../../engine/compareWires.ts';
import { capturedMachine, capturedVersions, clearPlanted, hideFromUsers, plant } from './machineTree.ts';

afterAll(clearPlanted);

const readers = ['root', 'user'] as const;

// Symlinks and `net:[…]` names: a Windows file system has neither.
describe.skipIf(process.platform === 'win32').each(capturedVersions)('captured files of Docker %s', (version) => {
  const { networks, containers, truth, ...tree } = capturedMachine(version);

  const readings = new Map<string, KernelView>();

  beforeAll(async () => {
    const machine = plant(tree);
    try {
      for (const reader of readers) {
        if (reader === 'user') hideFromUsers(machine);
        const kernel = await createLocalKernel(machine.where).read({
          containers: containers.filter(hasOwnNamespace).map(({ id, pid }) => ({ id, pid })),
          bridges: expectedBridges(networks, containers),
        });
        if (kernel.kind === 'read') readings.set(reader, kernel.view);
      }
    } finally {
      machine.remove();
    }
  });

  describe.each(readers)('read by %s', (reader) => {
    let view: KernelView;
    let wires: readonly Wire[];

    beforeAll(() => {
      const found = readings.get(reader);
      if (found === undefined) throw new Error('it was not read');
      view = found;
      wires = wire(networks, containers, { kind: 'read', view });
    });

    function idOf(name: string): string {
      const found = containers.find((container) => container.name === name);
      if (found === undefined) throw new Error(`no ${name} in the capture`);
      return found.id;
    }

    /** Problems with the wires of these containers alone, those that stay unknown among them. */
    function problemsOf(...names: readonly string[]): readonly string[] {
      const ids = names.map(idOf);
      expect([...new Set(truth.map(({ containerName }) => containerName))]).toEqual(expect.arrayContaining([...names]));
      const truths = truth.filter(({ containerId }) => ids.includes(containerId));
      const mine = wires.filter(({ containerId }) => ids.includes(containerId));
      return [...wrongWires(mine, truths), ...unknownWires(mine, truths)];
    }

    it('shows no wrong wire', () => {
      expect(wrongWires(wires, truth)).toEqual([]);
    });

    it('decides every wire, the user by what the bridges learned', () => {
      expect(unknownWires(wires, truth)).toEqual([]);
    });

    it.each(['host1', 'none1', 'shared1', 'stopped1'])('shows no wire for %s, which has none of its own', (name) => {
      const id = idOf(name);
      expect(wires.filter(({ containerId }) => containerId === id)).toEqual([]);
    });

    it('gives a container in none mode its own namespace, with nothing but lo in it', () => {
      const none = view.containers.find(({ containerIds }) => containerIds.includes(idOf('none1')));
      expect(none?.links.map(({ name }) => name)).toEqual(['lo']);
      expect(none?.routes).toEqual([]);
    });

    it('takes a container in host mode for a part of the host, and not for a namespace of its own', () => {
      expect(view.containers.flatMap(({ containerIds }) => containerIds)).not.toContain(idOf('host1'));
    });

    it('shows each wire of a container on several networks', () => {
      expect(wires.filter(({ containerId }) => containerId === idOf('many1'))).toHaveLength(4);
      expect(problemsOf('many1')).toEqual([]);
    });

    it('shows the wire of a container without a shell', () => {
      expect(problemsOf('shellless1')).toEqual([]);
    });

    it('shows the wire of a paused container', () => {
      expect(problemsOf('paused1')).toEqual([]);
    });

    it('tells veths apart that all read @if2 on the host', () => {
      const peers = truth
        .filter(({ networkName }) => networkName === 'collide')
        .map((one) => one.containerLink.ifindex);
      if (version === '28.5') expect(peers.filter((index) => index === 2)).toHaveLength(3);
      expect(problemsOf('collide1', 'collide2', 'collide3')).toEqual([]);
    });

    it('knows a veth with the same index at both ends', () => {
      const one = truth.find(({ containerName }) => containerName === 'equal1');
      expect(one).toMatchObject({ containerLink: { ifindex: 777 }, hostLink: { ifindex: 777 } });
      expect(view.host.links.find(({ ifindex }) => ifindex === 777)).toMatchObject({ kind: 'veth', iflink: 777 });
      expect(problemsOf('equal1')).toEqual([]);
    });

    it('gives no container an orphan veth, and shows the orphans on their bridge', () => {
      const orphans = view.host.links.filter(({ name }) => name === 'orphan1' || name === 'orphan2');
      expect(orphans.map(({ kind, master }) => [kind, master])).toEqual([
        ['veth', 'docker0'],
        ['veth', 'docker0'],
      ]);
      expect(wires.filter(({ hostLink }) => hostLink?.name.startsWith('orphan'))).toEqual([]);
      expect(problemsOf('test1')).toEqual([]);
    });

    it('calls a guess a guess once the bridges forgot every address, and guesses nothing where traffic is alike', () => {
      const forget = (link: Link): Link =>
        link.bridge === undefined
          ? link
          : { ...link, bridge: { ...link.bridge, fdb: link.bridge.fdb.filter(({ isLocal }) => isLocal) } };
      const withoutTraffic = ({ counters: _counters, ...link }: Link): Link => link;
      const of = (change: (link: Link) => Link): Wire[] => {
        const changed = (space: NetNamespace): NetNamespace => ({ ...space, links: space.links.map(change) });
        const less = { ...view, host: changed(view.host), containers: view.containers.map(changed) };
        return wire(networks, containers, { kind: 'read', view: less });
      };
      const collided = (found: readonly Wire[]): unknown[] =>
        found
          .filter(({ containerId }) => ['collide1', 'collide2', 'collide3'].map(idOf).includes(containerId))
          .map(({ confidence }) => confidence);
      const forgetful = of(forget);
      const silent = of((link) => withoutTraffic(forget(link)));
      expect(wrongWires(forgetful, truth)).toEqual([]);
      expect(wrongWires(silent, truth)).toEqual([]);
      const isCollision = reader === 'user' && version === '28.5';
      expect(collided(forgetful)).toEqual(new Array(3).fill(isCollision ? 'likely' : 'exact'));
      expect(collided(silent)).toEqual(new Array(3).fill(isCollision ? 'unknown' : 'exact'));
    });

    it('names the parent of a macvlan interface and no bridge', () => {
      expect(problemsOf('lan1')).toEqual([]);
    });

    it('shows the wire and the addresses of a container with IPv6', () => {
      expect(problemsOf('six1')).toEqual([]);
      const six = view.containers.find(({ containerIds }) => containerIds.includes(idOf('six1')));
      const seat = containers.find(({ name }) => name === 'six1')?.endpoints[0];
      const addresses = six?.links.find(({ name }) => name === 'eth0')?.addresses.map(({ address }) => address);
      expect(addresses).toEqual(expect.arrayContaining([seat?.ipv4, seat?.ipv6]));
    });

    it('has every address that the engine gave out, on the interface of its wire', () => {
      for (const { containerId, containerName, networkId, containerLink } of truth) {
        const seat = containers
          .find(({ id }) => id === containerId)
          ?.endpoints.find((endpoint) => endpoint.networkId === networkId);
        const space = view.containers.find(({ containerIds }) => containerIds.includes(containerId));
        const link = space?.links.find(({ name }) => name === containerLink.name);
        expect(link?.addresses, containerName).toContainEqual({
          address: seat?.ipv4,
          prefixLength: seat?.ipv4PrefixLength,
        });
      }
    });

    it('says of which namespaces it knows the peers', () => {
      expect(view.host.exact).toBe(true);
      for (const { exact, links, inode } of view.containers) {
        expect(exact).toBe(reader === 'root');
        expect(inode === undefined).toBe(reader === 'user');
        for (const link of links) expect(link.iflink === undefined).toBe(reader === 'user');
      }
    });
  });
});

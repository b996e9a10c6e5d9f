import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KernelReading, Link, NetNamespace, Wire } from '../../../src/topology/model.ts';
import { wire } from '../../../src/topology/wiring.ts';
import { machine, machineOptions, type Machine, type MachineOptions } from '../support/machine.ts';
import { bridge, container, endpoint, link, loopback, network } from '../support/snapshots.ts';

const docker0 = network('bridge', { options: { 'com.docker.network.bridge.name': 'docker0' } });
const none = network('none', { driver: 'null' });
const host = network('host', { driver: 'host' });

function wiresOf({ networks, containers, kernel }: Machine): Map<string, Wire> {
  const nameOf = (id: string): string =>
    containers.find((candidate) => candidate.id === id)?.name ??
    networks.find((candidate) => candidate.id === id)?.name ??
    id;
  return new Map(
    wire(networks, containers, kernel).map((found) => [
      `${nameOf(found.containerId)}/${nameOf(found.networkId)}`,
      found,
    ]),
  );
}

function reading(hostLinks: readonly Link[], ...containers: NetNamespace[]): KernelReading {
  const own: NetNamespace = { containerIds: [], pid: 1, links: hostLinks, routes: [], exact: true };
  return { kind: 'read', view: { source: 'local', host: own, containers } };
}

function namespaceOf(id: string, links: readonly Link[], exact = true): NetNamespace {
  return { containerIds: [id], pid: 100, links: [loopback(), ...links], routes: [], exact };
}

const quiet: MachineOptions = {
  exact: true,
  bornInside: true,
  orphans: 0,
  moved: false,
  learned: false,
  netnsIds: false,
  seats: [[0], [0], [0, 1]],
  traffic: new Array<number>(21).fill(0),
};

describe('wires against a machine whose truth is known', () => {
  it('never says a wrong host link, and never omits the true one from the candidates', () => {
    fc.assert(
      fc.property(machineOptions, (options) => {
        const made = machine(options);
        const wires = wiresOf(made);
        expect([...wires.keys()].sort()).toEqual([...made.truth.keys()].sort());
        for (const [seat, truth] of made.truth) {
          const found = wires.get(seat);
          // A guess may be misled by a person who moved a veth by hand; a proof may not.
          if (found?.confidence === 'exact' || (found?.confidence === 'likely' && !options.moved)) {
            expect(`${seat} ${found.hostLink?.name ?? ''}`).toBe(`${seat} ${truth}`);
          }
          if (found?.confidence === 'unknown') expect(found.candidates).toContain(truth);
          if (options.exact) expect(found?.confidence).toBe('exact');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same wires for the same machine, in the same order', () => {
    fc.assert(
      fc.property(machineOptions, (options) => {
        const { networks, containers, kernel } = machine(options);
        expect(wire(networks, containers, kernel)).toEqual(wire(networks, containers, kernel));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the @if2 collision of Docker 28', () => {
  it('is no obstacle to root: the container names its peer', () => {
    for (const [seat, found] of wiresOf(machine(quiet))) {
      expect(found.confidence, seat).toBe('exact');
      expect(found.evidence.map(({ kind }) => kind)).toEqual(['peerIndex', 'pointsBack', 'mac']);
    }
  });

  it('leaves an ordinary user with candidates rather than with a guess', () => {
    const found = wiresOf(machine({ ...quiet, exact: false, seats: [[0], [0]] })).get('c0/net0');
    expect(found?.confidence).toBe('unknown');
    expect(found?.candidates).toEqual(['veth00', 'veth10']);
    expect(found?.bridge).toBe('br0');
  });

  it('is decided by the forwarding database once the containers have spoken', () => {
    const found = wiresOf(
      machine({ ...quiet, exact: false, learned: true, traffic: new Array<number>(21).fill(5), seats: [[0], [0]] }),
    ).get('c1/net0');
    expect(found).toMatchObject({ confidence: 'exact', hostLink: { name: 'veth10' } });
    expect(found?.evidence[0]?.kind).toBe('fdb');
  });

  it('is decided by another wire of the same container where namespace ids are known', () => {
    // c0 and c1 share br0; each is alone on a second bridge, so their eth1 says which namespace is whose.
    const wires = wiresOf(machine({ ...quiet, exact: false, netnsIds: true, seats: [[0, 1], [0]] }));
    expect(wires.get('c0/net1')).toMatchObject({ confidence: 'exact', hostLink: { name: 'veth01' } });
    expect(wires.get('c0/net0')).toMatchObject({ confidence: 'exact', hostLink: { name: 'veth00' } });
    expect(wires.get('c0/net0')?.evidence[0]?.kind).toBe('peerNamespace');
    expect(wires.get('c1/net0')).toMatchObject({ confidence: 'exact', hostLink: { name: 'veth10' } });
  });

  it('is guessed by mirrored counters, and said to be a guess', () => {
    const traffic = [1, 0, 0, 2, 0, 0, ...new Array<number>(15).fill(0)];
    const found = wiresOf(machine({ ...quiet, exact: false, seats: [[0], [0]], traffic })).get('c1/net0');
    expect(found).toMatchObject({ confidence: 'likely', hostLink: { name: 'veth10' } });
    expect(found?.evidence[0]?.kind).toBe('counters');
  });
});

describe('Docker up to 27, as an ordinary user', () => {
  it('is exact by the index, which no other veth of the machine points at', () => {
    const wires = wiresOf(machine({ ...quiet, exact: false, bornInside: false, orphans: 3 }));
    for (const [seat, truth] of machine({ ...quiet, exact: false, bornInside: false, orphans: 3 }).truth) {
      expect(wires.get(seat)).toMatchObject({ confidence: 'exact', hostLink: { name: truth } });
      expect(wires.get(seat)?.evidence[0]?.kind).toBe('uniqueIndex');
    }
  });
});

describe('odd machines', () => {
  const web = container('web', {
    pid: 100,
    endpoints: [endpoint('web', docker0, { mac: '02:42:ac:11:00:02', ipv4: '172.17.0.2' })],
  });
  const bridge0 = bridge('docker0', 3, '02:42:00:00:00:01', '172.17.0.1');
  const mac = '02:42:ac:11:00:02';

  it('wires a veth with the same ifindex at both ends', () => {
    const inner = link('eth0', 7, { kind: 'veth', iflink: 7, mac });
    const outer = link('vetha', 7, { kind: 'veth', iflink: 7, master: 'docker0' });
    const [found] = wire([docker0], [web], reading([bridge0, outer], namespaceOf(web.id, [inner])));
    expect(found).toMatchObject({ confidence: 'exact', hostLink: { name: 'vetha', ifindex: 7 }, bridge: 'docker0' });
  });

  it('says so when a person unplugged the veth from its bridge', () => {
    const inner = link('eth0', 2, { kind: 'veth', iflink: 9, mac });
    const outer = link('vetha', 9, { kind: 'veth', iflink: 2 });
    const [found] = wire([docker0], [web], reading([bridge0, outer], namespaceOf(web.id, [inner])));
    expect(found).toMatchObject({ confidence: 'exact', hostLink: { name: 'vetha' } });
    expect(found?.bridge).toBeUndefined();
    expect(found?.evidence).toContainEqual({ kind: 'notOnBridge', hostLink: 'vetha', bridge: 'docker0' });
  });

  it('has no wire for host, none and container: mode, nor for a stopped container', () => {
    const modes = [
      container('h', { mode: { kind: 'host' }, endpoints: [endpoint('h', host)] }),
      container('n', { mode: { kind: 'none' }, endpoints: [endpoint('n', none)] }),
      container('s', { mode: { kind: 'container', ownerId: web.id }, endpoints: [] }),
      container('x', { state: 'exited', pid: 0, endpoints: [endpoint('x', docker0)] }),
    ];
    expect(wire([docker0, host, none], modes, reading([bridge0]))).toEqual([]);
  });

  it('has no wire for a seat that is nothing but a name, and one for a seat on a network that is not listed yet', () => {
    const named = network('none');
    const bare = endpoint('web', named, { endpointId: '' });
    const [seated] = [endpoint('db', network('new'))];
    const containers = [container('web', { endpoints: [bare] }), container('db', { endpoints: [seated] })];
    const wires = wire([docker0], containers, { kind: 'absent', reason: 'disabled' });
    expect(wires).toMatchObject([{ networkId: seated.networkId, confidence: 'unknown' }]);
  });

  it('does not believe two halves that were read at different moments', () => {
    const inner = link('eth0', 2, { kind: 'veth', iflink: 9, mac });
    const stranger = link('vethz', 9, { kind: 'veth', iflink: 4, master: 'docker0' });
    const [found] = wire([docker0], [web], reading([bridge0, stranger], namespaceOf(web.id, [inner])));
    expect(found).toMatchObject({ confidence: 'unknown' });
    expect(found?.hostLink).toBeUndefined();
    expect(found?.evidence.at(-1)).toEqual({ kind: 'contradiction', hostLink: 'vethz' });
  });

  it('believes neither of two containers that claim one veth', () => {
    const db = container('db', { pid: 101, endpoints: [endpoint('db', docker0, { mac: '02:42:ac:11:00:03' })] });
    const outer = link('vetha', 9, { kind: 'veth', iflink: 2, master: 'docker0' });
    const eth0 = (address: string): Link => link('eth0', 2, { kind: 'veth', iflink: 9, mac: address });
    const wires = wire(
      [docker0],
      [web, db],
      reading([bridge0, outer], namespaceOf(web.id, [eth0(mac)]), namespaceOf(db.id, [eth0('02:42:ac:11:00:03')])),
    );
    expect(wires.map(({ confidence, candidates }) => [confidence, candidates])).toEqual([
      ['unknown', ['vetha']],
      ['unknown', ['vetha']],
    ]);
  });

  it('does not take an overlay interface for a host veth that happens to have the number', () => {
    const demo = network('demo', { driver: 'overlay', scope: 'swarm' });
    const task = container('task', { pid: 100, endpoints: [endpoint('task', demo, { mac })] });
    const inner = link('eth0', 2, { kind: 'veth', iflink: 9, mac });
    const stranger = link('vethz', 9, { kind: 'veth', iflink: 2, master: 'docker0' });
    const [found] = wire([demo], [task], reading([bridge0, stranger], namespaceOf(task.id, [inner])));
    expect(found).toMatchObject({ kind: 'overlay', confidence: 'unknown', candidates: [] });
    expect(found?.hostLink).toBeUndefined();
  });

  it('wires a macvlan to its parent', () => {
    const lan = network('lan', { driver: 'macvlan', options: { parent: 'eth0' } });
    const box = container('box', { pid: 100, endpoints: [endpoint('box', lan, { mac })] });
    const inner = link('eth0', 12, { kind: 'macvlan', iflink: 2, mac });
    const uplink = link('eth0', 2, { kind: 'physical' });
    const [found] = wire([lan], [box], reading([uplink], namespaceOf(box.id, [inner])));
    expect(found).toMatchObject({ kind: 'macvlan', confidence: 'exact', hostLink: { name: 'eth0', ifindex: 2 } });
  });

  it('tells ipvlan children apart by address, since all carry the MAC of the parent', () => {
    const lan = network('lan', { driver: 'ipvlan', options: { parent: 'eth0' } });
    const box = container('box', { pid: 100, endpoints: [endpoint('box', lan, { mac, ipv4: '10.1.0.7' })] });
    const child = (name: string, ifindex: number, address: string): Link =>
      link(name, ifindex, { kind: 'ipvlan', iflink: 2, mac, addresses: [{ address, prefixLength: 24 }] });
    const inner = namespaceOf(box.id, [child('eth0', 5, '10.2.0.7'), child('eth1', 6, '10.1.0.7')]);
    const [found] = wire([lan], [box], reading([link('eth0', 2, { kind: 'physical' })], inner));
    expect(found?.containerLink).toEqual({ name: 'eth1', ifindex: 6 });
  });

  it('says why where there is no kernel to ask, and still names the bridge that the engine made', () => {
    const [found] = wire([docker0], [web], { kind: 'absent', reason: 'otherMachine' });
    expect(found).toMatchObject({ confidence: 'unknown', bridge: 'docker0', candidates: [] });
    expect(found?.evidence).toEqual([{ kind: 'noKernel', reason: 'otherMachine' }]);
  });

  it('says that nobody looked at the host, rather than that no veth fits, where only containers were asked', () => {
    const inside = namespaceOf(web.id, [link('eth0', 6, { kind: 'veth' })], false);
    const [found] = wire([docker0], [web], reading([], inside));
    expect(found).toMatchObject({ confidence: 'unknown', containerLink: { name: 'eth0' }, candidates: [] });
    expect(found?.evidence.map(({ kind }) => kind)).toContain('hostUnread');
  });

  it('does not call an interface eth0 that it cannot tell from another', () => {
    const inner = namespaceOf(web.id, [link('eth0', 2, { iflink: 9 }), link('eth1', 3, { iflink: 11 })], false);
    const [found] = wire([docker0], [web], reading([bridge0], inner));
    expect(found?.containerLink).toBeUndefined();
    expect(found?.confidence).toBe('unknown');
  });
});

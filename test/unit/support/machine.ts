import fc from 'fast-check';
import type { Container, KernelReading, Link, NetNamespace, Network } from '../../../src/topology/model.ts';
import { bridge, container, endpoint, link, loopback, network } from './snapshots.ts';

/** A made-up machine whose true wires are known: what `wire()` says is held against them. */
export interface Machine {
  readonly networks: Network[];
  readonly containers: Container[];
  readonly kernel: KernelReading;
  /** Endpoint (container name, network name) → the veth that it really is plugged into. */
  readonly truth: ReadonlyMap<string, string>;
}

export interface MachineOptions {
  /** True: `/sys` of each namespace was readable. False: what an ordinary user sees. */
  readonly exact: boolean;
  /** Docker 28 makes veths inside the container's namespace: every eth0 is number 2. */
  readonly bornInside: boolean;
  /** A veth that is plugged in here but belongs to no container. */
  readonly orphans: number;
  /** Names of endpoints whose veth a person unplugged or plugged into another bridge. */
  readonly moved: boolean;
  /** Part of the wires whose container has sent something lately. */
  readonly learned: boolean;
  /** Whether `ip link` could be run: it alone tells namespace ids. */
  readonly netnsIds: boolean;
  /** For each container, the bridges that it is on. */
  readonly seats: readonly (readonly number[])[];
  readonly traffic: readonly number[];
}

export const machineOptions: fc.Arbitrary<MachineOptions> = fc.record({
  exact: fc.boolean(),
  bornInside: fc.boolean(),
  orphans: fc.nat(3),
  moved: fc.boolean(),
  learned: fc.boolean(),
  netnsIds: fc.boolean(),
  seats: fc.array(fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }), { maxLength: 7 }),
  traffic: fc.array(fc.nat(5), { minLength: 21, maxLength: 21 }),
});

export function machine(options: MachineOptions): Machine {
  const networks = [0, 1, 2].map((n) =>
    network(`net${n}`, { options: { 'com.docker.network.bridge.name': `br${n}` } }),
  );
  const fdb = networks.map((): { mac: string; portNo: number; isLocal: boolean; ageSeconds: number }[] => []);
  const ports = [0, 0, 0];
  const nextPort = (n: number): number => (ports[n] = (ports[n] ?? 0) + 1);
  const veths: Link[] = [];
  const truth = new Map<string, string>();
  const namespaces: NetNamespace[] = [];
  let nextIndex = 10;

  const containers = options.seats.map((bridges, c) => {
    const name = `c${c}`;
    const links: Link[] = [loopback()];
    const endpoints = bridges.map((b, i) => {
      const owner = networks[b];
      if (!owner) throw new Error(`no network ${b}`);
      const mac = `02:42:0a:00:0${b}:${(16 + c).toString(16)}`;
      const inner = options.bornInside ? 2 + i : nextIndex++;
      const outer = nextIndex++;
      const packets = options.traffic[c * 3 + i] ?? 0;
      const counters = { rxBytes: packets * 60, rxPackets: packets, txBytes: packets * 42, txPackets: packets };
      links.push(
        link(`eth${i}`, inner, {
          kind: options.exact ? 'veth' : 'other',
          ...(options.exact ? { mac, iflink: outer } : {}),
          addresses: [{ address: `10.0.${b}.${16 + c}`, prefixLength: 24 }],
          counters: { rxBytes: counters.txBytes, rxPackets: packets, txBytes: counters.rxBytes, txPackets: packets },
        }),
      );
      const strays = options.moved && c === 0;
      const plugged = strays ? (b + 1) % 3 : b;
      const portNo = nextPort(plugged);
      veths.push(
        link(`veth${c}${i}`, outer, {
          kind: 'veth',
          iflink: inner,
          master: `br${plugged}`,
          portNo,
          counters,
          ...(options.netnsIds ? { peerNetnsId: c } : {}),
        }),
      );
      if (options.learned && packets > 2) fdb[plugged]?.push({ mac, portNo, isLocal: false, ageSeconds: 3 });
      truth.set(`${name}/net${b}`, `veth${c}${i}`);
      return endpoint(name, owner, { ipv4: `10.0.${b}.${16 + c}`, ipv4PrefixLength: 24, mac });
    });
    const made = container(name, { pid: 1000 + c, endpoints, mode: { kind: 'network', network: 'net0' } });
    namespaces.push({
      containerIds: [made.id],
      pid: 1000 + c,
      links: options.exact ? links : links.map(({ iflink: _iflink, ...rest }) => rest),
      routes: [],
      exact: options.exact,
    });
    return made;
  });
  for (let n = 0; n < options.orphans; n++) {
    const portNo = nextPort(n % 3);
    veths.push(
      link(`leaked${n}`, nextIndex++, {
        kind: 'veth',
        iflink: options.bornInside ? 2 : nextIndex++,
        master: `br${n % 3}`,
        portNo,
        counters: { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 },
        ...(options.netnsIds ? { peerNetnsId: 90 + n } : {}),
      }),
    );
  }
  const bridges = [0, 1, 2].map((n) => {
    const made = bridge(`br${n}`, 3 + n, `02:42:00:00:00:0${n}`, `10.0.${n}.1`);
    return { ...made, bridge: { bridgeId: '8000.024200000000', stp: false, fdb: fdb[n] ?? [] } };
  });
  const host: NetNamespace = {
    containerIds: [],
    pid: 1,
    links: [loopback(), link('eth0', 2, { kind: 'physical' }), ...bridges, ...veths],
    routes: [],
    exact: true,
  };
  return {
    networks,
    containers,
    kernel: { kind: 'read', view: { source: 'local', host, containers: namespaces } },
    truth,
  };
}

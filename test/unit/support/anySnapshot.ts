import fc from 'fast-check';
import type {
  Container,
  ContainerState,
  Endpoint,
  Link,
  NetNamespace,
  Network,
  NetworkMode,
  Overlay,
  OverlaySandbox,
  PortBinding,
  Route,
  Snapshot,
  SwarmNode,
} from '../../../src/topology/model.ts';
import { buildSnapshot } from '../../../src/topology/snapshot.ts';
import { anyCharacter } from './anyCharacter.ts';
import {
  bridge,
  container,
  endpoint,
  engineInfo,
  hostileNames,
  link,
  loopback,
  network,
  networks,
} from './snapshots.ts';

/** What a made-up engine is asked to be; small numbers where a choice is one of some. */
export interface Plan {
  /** `absent`: no kernel. `user`: as an ordinary user reads it, without peers. */
  readonly kernel: 'absent' | 'user' | 'root';
  readonly uplink: 'physical' | 'veth' | 'none';
  readonly networks: readonly {
    readonly driver: 'bridge' | 'internal' | 'routed' | 'macvlan' | 'ipvlan' | 'overlay' | 'weave';
    readonly project?: string;
    readonly name?: string;
  }[];
  readonly containers: readonly PlannedContainer[];
  readonly orphans: number;
  /** A libvirt bridge with a tap, a WireGuard and a VXLAN link, and a patch cable between two bridges. */
  readonly others: boolean;
}

export interface PlannedContainer {
  readonly mode: 'network' | 'host' | 'none' | 'container';
  /** Positions of networks. 0 is docker0, which has the name `bridge`. */
  readonly seats: readonly number[];
  /** In mode `container`: the position of its owner, which may be itself, share in turn, or be nobody. */
  readonly owner: number;
  readonly state: ContainerState;
  readonly ports: readonly { readonly hostPort: number; readonly hostIps: readonly string[] }[];
  /** Positions of containers that it has a legacy link to. */
  readonly links: readonly number[];
  readonly project?: string;
  readonly name?: string;
  /** An interface that no seat explains. */
  readonly extra: boolean;
}

export const anyName = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 20 }),
  fc.constantFrom(...Object.values(hostileNames).map((name) => name.slice(0, 500)), 'end', 'subgraph', 'graph', 'n1'),
);

/** Absent for most, so that names stay readable when a property fails. */
const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  kernel: fc.constantFrom('absent', 'user', 'root', 'root'),
  uplink: fc.constantFrom('physical', 'veth', 'none'),
  networks: fc.array(
    fc
      .record({
        driver: fc.constantFrom('bridge', 'bridge', 'internal', 'routed', 'macvlan', 'ipvlan', 'overlay', 'weave'),
        project: seldom(fc.constantFrom('shop', 'blog')),
        name: seldom(anyName),
      })
      .map(defined),
    { maxLength: 5 },
  ),
  containers: fc.array(
    fc
      .record({
        mode: fc.constantFrom('network', 'network', 'network', 'host', 'none', 'container'),
        seats: fc.uniqueArray(fc.nat(5), { maxLength: 3 }),
        owner: fc.nat(9),
        state: fc.constantFrom('running', 'running', 'running', 'paused', 'exited', 'created', 'dead'),
        ports: fc.array(
          fc.record({
            hostPort: fc.constantFrom(80, 443, 8080, 32_768),
            hostIps: fc.constantFrom(['0.0.0.0', '::'], ['0.0.0.0'], ['127.0.0.1'], ['192.0.2.10'], ['::1']),
          }),
          { maxLength: 3 },
        ),
        links: fc.array(fc.nat(9), { maxLength: 2 }),
        project: seldom(fc.constantFrom('shop', 'blog')),
        name: seldom(anyName),
        extra: fc.boolean(),
      })
      .map(defined),
    { maxLength: 8 },
  ),
  orphans: fc.nat(2),
  others: fc.boolean(),
});

/** Any topology that an engine can have, with the wires that the product finds in it. */
export const anySnapshot: fc.Arbitrary<Snapshot> = anyPlan.map((plan) => planned(plan));

/**
 * A lived-in engine of any size, always the same one: every tenth container is stopped, every twelfth is on two
 * networks, every fifth publishes a port, every twentieth shares its neighbour's namespace, one is the host's.
 * `crowd()` of snapshots.ts is the plain one.
 */
export function town(containers: number, width = Math.max(1, Math.round(containers / 25))): Snapshot {
  return planned({
    kernel: 'root',
    uplink: 'physical',
    networks: Array.from({ length: width }, (_, n) => ({
      driver: n % 7 === 6 ? 'macvlan' : n % 5 === 4 ? 'internal' : 'bridge',
      ...(n % 3 === 0 ? { project: `project${n / 3}` } : {}),
    })),
    containers: Array.from({ length: containers }, (_, n): PlannedContainer => {
      const home = 1 + (n % width);
      const second = 1 + ((n + 1) % width);
      return {
        mode: n === 3 ? 'host' : n % 20 === 19 ? 'container' : 'network',
        seats: n % 12 === 7 && second !== home ? [home, second] : [home],
        owner: n - 1,
        state: n % 10 === 4 ? 'exited' : 'running',
        ports: n % 5 === 0 ? [{ hostPort: 20_000 + n, hostIps: ['0.0.0.0', '::'] }] : [],
        links: [],
        extra: false,
      };
    }),
    orphans: 1,
    others: true,
  });
}

export function planned(plan: Plan): Snapshot {
  const made: Network[] = [networks.bridge, ...plan.networks.map(plannedNetwork)];
  const ids = plan.containers.map((_, n) => hexId('c', n));
  const names = plan.containers.map((one, n) => one.name ?? `c${n}`);
  const veths: Link[] = [];
  /** Network id → the ends of its veths that are in its sandbox. */
  const sandboxes = new Map<string, Link[]>();
  const namespaces = new Map<string, NetNamespace>();

  const containers = plan.containers.map((one, n): Container => {
    const id = ids[n] ?? '';
    const isUp = one.state === 'running' || one.state === 'paused';
    const seats = one.mode === 'network' ? one.seats.flatMap((seat) => made[seat] ?? []) : [];
    const endpoints = seats.map((on, i) => plannedEndpoint(id, on, n, i, isUp));
    if (isUp && (one.mode === 'network' || one.mode === 'none')) {
      const inner = seats.map((on, i) => {
        const outer = 1000 + veths.length;
        const mac = endpoints[i]?.mac ?? '';
        const address = { address: endpoints[i]?.ipv4 ?? '', prefixLength: 16 };
        if (on.driver === 'overlay') {
          const ends = sandboxes.get(on.id) ?? [];
          const ifindex = 5 + ends.length;
          sandboxes.set(on.id, [
            ...ends,
            link(`veth${ends.length}`, ifindex, { kind: 'veth', iflink: 2 + i, master: 'br0' }),
          ]);
          return link(`eth${i}`, 2 + i, { kind: 'veth', iflink: ifindex, mac, addresses: [address] });
        }
        if (on.driver !== 'bridge') {
          const kind = on.driver === 'macvlan' || on.driver === 'ipvlan' ? on.driver : 'veth';
          return link(`eth${i}`, 2 + i, { kind, iflink: 3, mac, addresses: [address] });
        }
        veths.push(
          link(`veth${outer.toString(16)}`, outer, {
            kind: 'veth',
            iflink: 2 + i,
            master: bridgeOf(on),
            portNo: outer - 999,
            peerNetnsId: n,
          }),
        );
        return link(`eth${i}`, 2 + i, { kind: 'veth', iflink: outer, mac, addresses: [address] });
      });
      const extra = one.extra ? [link('wg0', 90, { kind: 'wireguard' })] : [];
      namespaces.set(id, {
        containerIds: [id],
        pid: 1000 + n,
        inode: 5000 + n,
        links: [loopback(), ...inner, ...extra].map((own) => (plan.kernel === 'root' ? own : withoutPeer(own))),
        routes: [],
        exact: plan.kernel === 'root',
      });
    }
    return container(names[n] ?? '', {
      id,
      state: one.state,
      pid: isUp ? 1000 + n : 0,
      mode: modeOf(one, seats[0], ids),
      endpoints: one.mode === 'host' || one.mode === 'none' ? [endpointOn(id, networks[one.mode])] : endpoints,
      ports: one.ports.flatMap(({ hostPort, hostIps }) =>
        hostIps.map((hostIp): PortBinding => ({ containerPort: 80, protocol: 'tcp', hostIp, hostPort })),
      ),
      links: one.links.flatMap((target) => ({ target: names[target] ?? 'gone', alias: `a${target}` })),
      labels: one.project === undefined ? {} : { 'com.docker.compose.project': one.project },
    });
  });
  for (const sharer of containers) {
    if (sharer.mode.kind !== 'container' || sharer.pid === 0) continue;
    const lived = namespaces.get(sharer.mode.ownerId);
    if (lived)
      namespaces.set(lived.containerIds[0] ?? '', { ...lived, containerIds: [...lived.containerIds, sharer.id] });
  }
  return buildSnapshot({
    takenAt: '2026-11-24T04:05:06.000Z',
    engine: {
      ...engineInfo,
      ...(made.some(({ overlay }) => overlay !== undefined) ? { swarm: 'active', swarmNode: thisNode } : {}),
    },
    recorded: false,
    networks: [...made, networks.host, networks.none],
    containers,
    kernel:
      plan.kernel === 'absent'
        ? { kind: 'absent', reason: 'otherMachine' }
        : {
            kind: 'read',
            view: {
              source: 'local',
              host: hostOf(plan, made, veths),
              containers: [...namespaces.values()],
              ...(plan.kernel === 'root' && sandboxes.size > 0 ? { sandboxes: sandboxesOf(sandboxes) } : {}),
            },
          },
  });
}

/** As on every host that an overlay network is on. */
function sandboxesOf(ends: ReadonlyMap<string, readonly Link[]>): OverlaySandbox[] {
  return [...ends].map(([id, veths]) => ({
    name: `1-${id.slice(0, 10)}`,
    links: [
      loopback(),
      link('br0', 2, { kind: 'bridge' }),
      link('vxlan0', 4, { kind: 'vxlan', master: 'br0', vxlan: { vni: 4097, port: 4789 } }),
      ...veths,
    ],
    tunnels: [],
  }));
}

function hostOf(plan: Plan, made: readonly Network[], veths: readonly Link[]): NetNamespace {
  const bridges = made.filter(({ driver }) => driver === 'bridge');
  const routes: Route[] =
    plan.uplink === 'none' ? [] : [{ destination: 'default', gateway: '192.0.2.1', link: 'eth0', metric: 0 }];
  const own = [{ address: '192.0.2.10', prefixLength: 24 }];
  const uplink = plan.uplink === 'none' ? [] : [link('eth0', 2, { kind: plan.uplink, iflink: 2, addresses: own })];
  const others = plan.others
    ? [
        bridge('virbr0', 20, '52:54:00:00:00:01', '192.168.122.1'),
        link('vnet0', 21, { kind: 'tun', master: 'virbr0' }),
        link('wg0', 22, { kind: 'wireguard' }),
        link('flannel.1', 23, { kind: 'vxlan', vxlan: { vni: 1 } }),
        link('patch0', 24, { kind: 'veth', iflink: 25, master: 'virbr0' }),
        link('patch1', 25, { kind: 'veth', iflink: 24, master: 'docker0' }),
      ]
    : [];
  const orphans = Array.from({ length: plan.orphans }, (_, n) =>
    link(`leaked${n}`, 60 + n, { kind: 'veth', iflink: 77, master: 'docker0', portNo: 900 + n, peerNetnsId: 900 + n }),
  );
  const plugged = bridges.map((on, n) => bridge(bridgeOf(on), 100 + n, `02:42:00:00:00:${hex(n)}`, `10.${n}.0.1`));
  const parent = link('eth1', 3, { kind: 'physical' });
  return {
    containerIds: [],
    pid: 1,
    links: [loopback(), ...uplink, parent, ...plugged, ...others, ...orphans, ...veths],
    routes,
    exact: true,
  };
}

function plannedNetwork({ driver, project, name }: Plan['networks'][number], n: number): Network {
  const isBridge = driver === 'bridge' || driver === 'internal' || driver === 'routed';
  return network(name ?? `net${n + 1}`, {
    id: hexId('n', n + 1),
    driver: isBridge ? 'bridge' : driver,
    internal: driver === 'internal',
    scope: driver === 'overlay' ? 'swarm' : 'local',
    pools: [{ subnet: `10.${n + 1}.0.0/16`, gateway: `10.${n + 1}.0.1`, auxiliaryAddresses: {} }],
    options: {
      ...(driver === 'routed' ? { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } : {}),
      ...(driver === 'macvlan' || driver === 'ipvlan' ? { parent: n % 2 === 0 ? 'eth1' : 'eth9' } : {}),
    },
    labels: project === undefined ? {} : { 'com.docker.compose.project': project },
    ...(driver === 'overlay' ? { overlay: plannedOverlay(name ?? 'far', n) } : {}),
  });
}

const thisNode: SwarmNode = { id: 'node1', address: '192.0.2.10', manager: true };

/** On two other hosts; of one container there it is not known on which, as with a cluster store. */
function plannedOverlay(name: string, n: number): Overlay {
  const remote = { endpointId: hexId('r', n), name, ipv4: `10.${n + 1}.250.1` };
  return {
    vnis: [4097 + n],
    encrypted: n % 2 === 0,
    peers: ['192.0.2.10', '192.0.2.11', '192.0.2.12'].map((address) => ({ name, address })),
    services: [
      {
        name,
        vip: `10.${n + 1}.250.9`,
        ports: ['Target: 80, Publish: 8080'],
        tasks: [{ name, endpointId: remote.endpointId, address: remote.ipv4, host: '192.0.2.11' }],
      },
    ],
    remote: [
      { ...remote, host: '192.0.2.11' },
      { endpointId: hexId('s', n), name },
    ],
  };
}

function plannedEndpoint(id: string, on: Network, n: number, i: number, isUp: boolean): Endpoint {
  if (!isUp) return endpointOn(id, on);
  const second = on.pools[0]?.subnet.split('.')[1] ?? '0';
  return {
    ...endpointOn(id, on),
    ipv4: `10.${second}.${n >> 8}.${n & 255}`,
    ipv4PrefixLength: 16,
    mac: `02:42:${hex(i)}:00:${hex(n >> 8)}:${hex(n & 255)}`,
  };
}

function endpointOn(containerId: string, on: Network): Endpoint {
  return { ...endpoint('', on), containerId };
}

function modeOf(one: PlannedContainer, first: Network | undefined, ids: readonly string[]): NetworkMode {
  switch (one.mode) {
    case 'container':
      return { kind: 'container', ownerId: ids[one.owner] ?? hexId('g', one.owner) };
    case 'network':
      return first === undefined || first === networks.bridge
        ? { kind: 'bridge' }
        : { kind: 'network', network: first.name };
    case 'host':
    case 'none':
      return { kind: one.mode };
  }
}

function bridgeOf(on: Network): string {
  return on === networks.bridge ? 'docker0' : `br-${on.id.slice(0, 12)}`;
}

function withoutPeer({ iflink: _iflink, mac: _mac, ...rest }: Link): Link {
  return { ...rest, kind: rest.kind === 'loopback' ? 'loopback' : 'other' };
}

/** 64 digits whose first twelve differ too, as the names of bridges need it. */
function hexId(kind: string, n: number): string {
  const scattered = Math.imul(n + 1, 2_654_435_761) >>> 0;
  return `${scattered.toString(16).padStart(8, '0')}${kind.charCodeAt(0).toString(16)}`.padEnd(64, '0');
}

function hex(n: number): string {
  return (n & 255).toString(16).padStart(2, '0');
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without the properties that are undefined: the model leaves out what it does not know. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}

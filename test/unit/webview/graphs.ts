import fc from 'fast-check';
import type {
  Graph,
  GraphEdge,
  GraphNode,
  HostLinkNode,
  InterfaceItem,
  NamespaceNode,
  NetworkNode,
} from '../../../src/topology/graphModel.ts';

/** Graphs made by hand, with all that a layout looks at and little else. */

export interface BoxSpec {
  readonly name: string;
  readonly nets: readonly string[];
  readonly stopped?: boolean;
  /** Containers in the same namespace, the owner not counted. */
  readonly sharers?: number;
  readonly ports?: readonly number[];
  readonly type?: NamespaceNode['type'];
}

export interface GraphSpec {
  /** Built-ins are `bridge`, `host` and `none`, and come last. */
  readonly nets: readonly string[];
  readonly boxes: readonly BoxSpec[];
  readonly uplinks?: readonly string[];
  /** Veths of no container, by the network whose bridge they are plugged into. */
  readonly orphans?: readonly string[];
  /** Pairs of names: `--link`. */
  readonly links?: readonly (readonly [string, string])[];
}

const builtIns = ['bridge', 'host', 'none'];

export const netId = (name: string): string => `network:${name}`;
export const boxId = (name: string): string => `namespace:${name}`;
export const wireId = (name: string, net: string): string => `wire:${name}/${net}`;
export const endpointId = (name: string, net: string): string => `endpoint:${name}/${net}`;

function networkNode(name: string, at: number): NetworkNode {
  return {
    kind: 'network',
    id: netId(name),
    networkId: name,
    name,
    driver: name === 'host' ? 'host' : name === 'none' ? 'null' : 'bridge',
    scope: 'local',
    internal: false,
    builtIn: builtIns.includes(name),
    subnets: [`172.${17 + at}.0.0/16`],
    gateways: [`172.${17 + at}.0.1`],
    running: 0,
    stopped: 0,
  };
}

function namespaceNode({ name, nets, stopped, sharers = 0, type = 'own' }: BoxSpec): NamespaceNode {
  const containers = Array.from({ length: sharers + 1 }, (_, at) => ({
    id: `container:${name}${at || ''}`,
    containerId: `${name}${at || ''}`,
    name: `${name}${at || ''}`,
    image: 'busybox',
    state: stopped ? ('exited' as const) : ('running' as const),
    mode: 'bridge' as const,
  }));
  const interfaces: InterfaceItem[] = nets.map((net, at) => ({
    id: endpointId(name, net),
    networkId: net,
    name: `eth${at}`,
    ifindex: 6 + at,
    iflink: 7 + at,
    ipv4: `172.17.0.${2 + at}`,
  }));
  return { kind: 'namespace', id: boxId(name), type, running: !stopped, containers, interfaces };
}

function linkNode(name: string, role: HostLinkNode['role']): HostLinkNode {
  return { kind: 'link', id: `link:${name}`, role, name, isDefault: role === 'uplink' };
}

export function graph(spec: GraphSpec): Graph {
  const nodes: GraphNode[] = spec.nets.map(networkNode);
  const edges: GraphEdge[] = [];
  const uplinks = spec.uplinks ?? ['eth1'];
  for (const name of uplinks) nodes.push(linkNode(name, 'uplink'));
  for (const [at, net] of (spec.orphans ?? []).entries()) {
    nodes.push(linkNode(`veth${at}`, 'orphan'));
    edges.push({ kind: 'plug', id: `plug:veth${at}`, from: `link:veth${at}`, to: netId(net) });
  }
  for (const net of spec.nets) {
    if (uplinks[0] === undefined || net === 'host' || net === 'none') continue;
    edges.push({ kind: 'egress', id: `egress:${net}`, from: netId(net), to: `link:${uplinks[0]}`, by: 'masquerade' });
  }
  for (const box of spec.boxes) {
    nodes.push(namespaceNode(box));
    box.nets.forEach((net, at) => {
      const ends = {
        id: wireId(box.name, net),
        from: boxId(box.name),
        fromItem: endpointId(box.name, net),
        to: netId(net),
        containerId: box.name,
        networkId: net,
      };
      if (box.stopped || (box.type ?? 'own') !== 'own') edges.push({ kind: 'seat', ...ends });
      else {
        const hostLink = { name: `veth${box.name.padStart(7, '0').slice(-7)}`, ifindex: 7 + at, iflink: 6 + at };
        edges.push({ kind: 'wire', ...ends, wireKind: 'veth', confidence: 'exact', hostLink, candidates: [] });
      }
    });
  }
  for (const { name, ports = [] } of spec.boxes) {
    for (const hostPort of ports) {
      const id = `port:${name}/${hostPort}`;
      nodes.push({
        kind: 'port',
        id,
        containerId: name,
        hostIps: ['0.0.0.0'],
        hostPort,
        containerPort: 80,
        protocol: 'tcp',
        loopback: false,
      });
      edges.push({ kind: 'publish', id: `publish:${id}`, from: id, to: boxId(name), toItem: `container:${name}` });
    }
  }
  for (const [from, to] of spec.links ?? []) {
    edges.push({
      kind: 'legacyLink',
      id: `legacy:${from}/${to}`,
      from: boxId(from),
      fromItem: `container:${from}`,
      to: boxId(to),
      toItem: `container:${to}`,
      alias: to,
    });
  }
  const engine = { name: 'lab', version: '20.10.24', operatingSystem: 'Debian GNU/Linux 12 (bookworm)' };
  return { engine, recorded: false, kernelRead: true, nodes, edges };
}

/** The tutorial's lab. */
export const tutorial: GraphSpec = {
  nets: ['my-bridge', 'shop_default', 'bridge', 'host', 'none'],
  boxes: [
    { name: 'test1', nets: ['bridge'] },
    { name: 'test2', nets: ['bridge', 'my-bridge'] },
    { name: 'test3', nets: ['my-bridge'] },
    { name: 'redis', nets: ['bridge'], ports: [6379] },
    { name: 'sharer', nets: ['bridge'], sharers: 1 },
    { name: 'hosted', nets: ['host'], type: 'host' },
    { name: 'lonely', nets: ['none'], type: 'none' },
    { name: 'old', nets: ['bridge'], stopped: true },
    { name: 'web', nets: ['shop_default'], ports: [8080, 8443] },
    { name: 'db', nets: ['shop_default'] },
  ],
  links: [['test2', 'test1']],
};

/** `count` containers on networks of `each`; every fifth is on the next network too, every seventh publishes a port. */
export function crowd(count: number, each: number): GraphSpec {
  const own = Array.from({ length: Math.ceil(count / each) }, (_, at) => `net${String(at).padStart(3, '0')}`);
  return {
    nets: [...own, 'bridge', 'host', 'none'],
    boxes: Array.from({ length: count }, (_, at) => {
      const net = own[Math.floor(at / each)] ?? 'bridge';
      const next = at % 5 === 4 ? own[Math.floor(at / each) + 1] : undefined;
      return {
        name: `c${String(at).padStart(4, '0')}`,
        nets: next === undefined ? [net] : [net, next],
        ...(at % 7 === 0 ? { ports: [8000 + at] } : {}),
        ...(at % 11 === 0 ? { stopped: true } : {}),
        ...(at % 13 === 0 ? { sharers: 1 } : {}),
      };
    }),
  };
}

const netNames = ['a', 'b', 'c', 'd', 'bridge', 'host', 'none'];

const anyBox = (name: string): fc.Arbitrary<BoxSpec> =>
  fc
    .record({
      nets: fc.uniqueArray(fc.constantFrom(...netNames.slice(0, 5)), { maxLength: 5 }),
      stopped: fc.boolean(),
      sharers: fc.constantFrom(0, 0, 0, 1, 3),
      ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 2 }),
      type: fc.constantFrom('own', 'own', 'own', 'own', 'host', 'none'),
    })
    .map((box) => ({ name, ...box, nets: box.type === 'own' ? box.nets : [box.type] }));

/** Random topologies; most have few boxes on a network, some enough for cells. */
export const anySpec: fc.Arbitrary<GraphSpec> = fc
  .record({
    nets: fc.subarray(netNames, { minLength: 1 }),
    count: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.integer({ min: 30, max: 90 })),
    uplinks: fc.subarray(['eth0', 'eth1', 'wg0']),
  })
  .chain(({ nets, count, uplinks }) =>
    fc
      .tuple(
        fc.tuple(...Array.from({ length: count }, (_, at) => anyBox(`c${at}`))),
        fc.array(fc.constantFrom(...nets), { maxLength: 3 }),
      )
      .map(([boxes, orphans]) => ({
        nets,
        uplinks,
        orphans,
        boxes: boxes.map((box) => ({ ...box, nets: box.nets.filter((net) => nets.includes(net)) })),
        links: boxes.length > 1 ? ([[boxes[0]?.name ?? '', boxes.at(-1)?.name ?? '']] as const) : [],
      })),
  );

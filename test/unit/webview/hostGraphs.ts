import fc from 'fast-check';
import { scopedId } from '../../../src/topology/graphElements.ts';
import type { Graph, GraphEdge, GraphHost, GraphNode, HostId, TunnelEdge } from '../../../src/topology/graphModel.ts';
import { anySpec, graph, netId, type GraphSpec } from './graphs.ts';

/** Graphs of several hosts, made by hand. */

export interface HostsSpec {
  readonly hosts: readonly GraphSpec[];
  /** Pairs of indexes. The networks of a tunnel are the overlays that both hosts have. */
  readonly tunnels: readonly (readonly [number, number])[];
  /** Names of networks that are overlays; `demo` where nothing is said. */
  readonly overlays?: readonly string[];
  readonly encrypted?: boolean;
}

const labels = ['manager', 'worker', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];

/** With an `@` of its own, as addresses of SSH have it. */
export const hostId = (at: number): HostId => `ssh://me@host${at}`;
export const on = (at: number, id: string): string => scopedId(id, hostId(at));
export const vtepId = (at: number, other: number): string => on(at, `vtep:198.18.0.${other + 1}`);
export const tunnelId = (a: number, b: number): string => `tunnel:${hostId(a)}@${hostId(b)}`;

export function hostsGraph({ hosts, tunnels, overlays = ['demo'], encrypted = false }: HostsSpec): Graph {
  const graphs = hosts.map((spec, at) => {
    const others = tunnels.flatMap(([a, b]) => (a === at ? [b] : b === at ? [a] : []));
    const reach = spec.nets.filter((net) => overlays.includes(net));
    return scoped(withPeers(graph(spec), [...new Set(others)], reach), at);
  });
  const netsOf = (at: number): readonly string[] => hosts[at]?.nets ?? [];
  const edges = tunnels.map(([a, b]): TunnelEdge => {
    const networks = overlays.filter((net) => netsOf(a).includes(net) && netsOf(b).includes(net)).toSorted();
    return {
      kind: 'tunnel',
      id: tunnelId(a, b),
      from: vtepId(a, b),
      to: vtepId(b, a),
      vnis: networks.map((net) => vniOf(net, overlays)),
      networks,
      encrypted,
    };
  });
  return {
    engine: { name: 'manager', version: '28.5.2', operatingSystem: 'Debian GNU/Linux 13 (trixie)' },
    recorded: false,
    kernelRead: true,
    hosts: hosts.map((_, at): GraphHost => ({
      id: hostId(at),
      label: labels[at] ?? String(at),
      name: `node-${at}`,
      version: '28.5.2',
      operatingSystem: 'Debian GNU/Linux 13 (trixie)',
      recorded: false,
      kernelRead: true,
    })),
    nodes: graphs.flatMap(({ nodes }) => nodes),
    edges: [...graphs.flatMap(({ edges: own }) => own), ...edges],
  };
}

const vniOf = (net: string, overlays: readonly string[]): number => 4097 + overlays.indexOf(net);

/** What a host knows of others, and that some of its networks are overlays. */
function withPeers(one: Graph, others: readonly number[], overlays: readonly string[]): Graph {
  const nodes = one.nodes.map((node): GraphNode => {
    if (node.kind !== 'network' || !overlays.includes(node.name)) return node;
    return { ...node, driver: 'overlay', scope: 'swarm', vnis: [vniOf(node.name, overlays)] };
  });
  const peers = others.map((other): GraphNode => {
    const name = `198.18.0.${other + 1}`;
    return {
      kind: 'link',
      id: `vtep:${name}`,
      role: 'tunnel',
      name,
      isDefault: false,
      remote: 1,
      peer: hostId(other),
    };
  });
  const egress = others.flatMap((other) =>
    overlays.map((net): GraphEdge => {
      const to = `vtep:198.18.0.${other + 1}`;
      return { kind: 'egress', id: `egress:${net}/${other}`, from: netId(net), to, by: 'vxlan' };
    }),
  );
  const kept = one.edges.filter(({ kind, from }) => kind !== 'egress' || !overlays.some((net) => from === netId(net)));
  return { ...one, nodes: [...nodes, ...peers], edges: [...kept, ...egress] };
}

function scoped(one: Graph, at: number): Graph {
  const host = hostId(at);
  const inside = <T extends { readonly id: string }>(item: T): T => ({ ...item, id: on(at, item.id) });
  return {
    ...one,
    nodes: one.nodes.map((node): GraphNode => {
      if (node.kind !== 'namespace') return { ...node, id: on(at, node.id), host };
      const { containers, interfaces } = node;
      return {
        ...node,
        id: on(at, node.id),
        host,
        containers: containers.map(inside),
        interfaces: interfaces.map(inside),
      };
    }),
    edges: one.edges.map((edge): GraphEdge => ({
      ...edge,
      id: on(at, edge.id),
      host,
      from: on(at, edge.from),
      to: on(at, edge.to),
      ...(edge.fromItem === undefined ? {} : { fromItem: on(at, edge.fromItem) }),
      ...(edge.toItem === undefined ? {} : { toItem: on(at, edge.toItem) }),
    })),
  };
}

/** Two nodes of a swarm: `demo` is on both, and its containers are on docker_gwbridge too. */
export const swarm: HostsSpec = {
  hosts: [
    {
      nets: ['demo', 'docker_gwbridge', 'bridge', 'host', 'none'],
      boxes: [
        { name: 'demo1', nets: ['demo', 'docker_gwbridge'], ports: [8080] },
        { name: 'alone', nets: ['bridge'] },
      ],
    },
    {
      nets: ['demo', 'docker_gwbridge', 'bridge', 'host', 'none'],
      boxes: [
        { name: 'demo2', nets: ['demo', 'docker_gwbridge'] },
        { name: 'alone', nets: ['bridge'] },
      ],
    },
  ],
  tunnels: [[0, 1]],
};

/** Some hosts with anything on them, and tunnels between some of them. */
export function anyHosts(most: number): fc.Arbitrary<HostsSpec> {
  return fc.array(anySpec, { minLength: 2, maxLength: most }).chain((hosts) => {
    const pairs = hosts.flatMap((_, a) => hosts.slice(a + 1).map((_unused, b) => [a, a + 1 + b] as const));
    return fc.subarray(pairs).map((tunnels) => ({ hosts, tunnels, overlays: ['a', 'b'] }));
  });
}

import { graphOf } from './graph.ts';
import { scopedId } from './graphElements.ts';
import type {
  Graph,
  GraphEdge,
  GraphHost,
  GraphNode,
  HostId,
  HostLinkNode,
  NetworkNode,
  NodeId,
  TunnelEdge,
} from './graphModel.ts';
import { byText } from './graphOrder.ts';
import { hostOfPeer } from './graphOverlay.ts';
import { headOfHosts } from './graphView.ts';
import type { Snapshot } from './model.ts';
import { tunnelAddress } from './overlay.ts';

/** An engine that is shown together with others. */
export interface EnginePart {
  /** `EngineConnection.key`: no two parts have the same. */
  readonly key: HostId;
  /** What the person calls the connection. */
  readonly label: string;
  readonly snapshot: Snapshot;
}

/** A part of the graph of several hosts, all ids scoped. */
interface ScopedPart {
  readonly key: HostId;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** By network id. */
  readonly networks: ReadonlyMap<string, NetworkNode>;
  readonly neighbours: readonly Neighbour[];
}

/** Another host of overlay networks, and those of them that reach it. */
interface Neighbour {
  readonly node: HostLinkNode;
  readonly address: string;
  readonly networks: readonly NetworkNode[];
}

/** A neighbour that is a host of the same graph. */
interface Peer extends Neighbour {
  readonly peer: ScopedPart;
}

/** Key of a host → key of a host that it names → how. */
type Peers = ReadonlyMap<HostId, ReadonlyMap<HostId, Peer>>;

/** Snapshot → its part, as it was made for one key. */
const known = new WeakMap<Snapshot, ScopedPart>();

/**
 * What one engine or several together look like. Of one it is `graphOf`, with the same ids; of several each host has all
 * that it has alone, with its key behind every id, and there are tunnels between hosts that know each other.
 */
export function graphOfHosts(parts: readonly EnginePart[]): Graph {
  const [first, second] = parts;
  if (first === undefined) return nothing;
  if (second === undefined) return graphOf(first.snapshot);
  const scoped = parts.map(({ key, snapshot }) => scopedPart(key, snapshot));
  const peers = peersOf(parts, scoped);
  const hosts = parts.map(graphHost);
  return {
    ...nothing,
    ...headOfHosts(hosts),
    hosts,
    nodes: scoped.flatMap((part) => withPeers(part, peers)),
    edges: [...scoped.flatMap(({ edges }) => edges), ...tunnels(scoped, peers)],
  };
}

const nothing: Graph = {
  engine: { name: '', version: '', operatingSystem: '' },
  recorded: false,
  kernelRead: false,
  nodes: [],
  edges: [],
};

function graphHost({ key, label, snapshot }: EnginePart): GraphHost {
  const { name, version, operatingSystem } = snapshot.engine;
  const { recorded, kernel } = snapshot;
  return { id: key, label, name, version, operatingSystem, recorded, kernelRead: kernel.kind === 'read' };
}

function scopedPart(key: HostId, snapshot: Snapshot): ScopedPart {
  const before = known.get(snapshot);
  if (before?.key === key) return before;
  const graph = graphOf(snapshot);
  const nodes = graph.nodes.map((node) => scopedNode(node, key));
  const edges = graph.edges.map((edge) => scopedEdge(edge, key));
  const networks = new Map(nodes.flatMap((node) => (node.kind === 'network' ? [[node.networkId, node] as const] : [])));
  const part = { key, nodes, edges, networks, neighbours: neighboursOf(nodes, edges, networks) };
  known.set(snapshot, part);
  return part;
}

function scopedNode(node: GraphNode, host: HostId): GraphNode {
  const id = scopedId(node.id, host);
  if (node.kind !== 'namespace') return { ...node, id, host };
  const inside = <T extends { readonly id: string }>(item: T): T => ({ ...item, id: scopedId(item.id, host) });
  return { ...node, id, host, containers: node.containers.map(inside), interfaces: node.interfaces.map(inside) };
}

function scopedEdge(edge: GraphEdge, host: HostId): GraphEdge {
  const { id, from, fromItem, to, toItem } = edge;
  return {
    ...edge,
    id: scopedId(id, host),
    host,
    from: scopedId(from, host),
    to: scopedId(to, host),
    ...(fromItem === undefined ? {} : { fromItem: scopedId(fromItem, host) }),
    ...(toItem === undefined ? {} : { toItem: scopedId(toItem, host) }),
  };
}

function neighboursOf(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  networks: ReadonlyMap<string, NetworkNode>,
): Neighbour[] {
  const bars = new Map([...networks.values()].map((node) => [node.id, node]));
  const reached = new Map<NodeId, NetworkNode[]>();
  for (const { from, to } of edges) {
    const bar = bars.get(from);
    if (bar === undefined) continue;
    const there = reached.get(to);
    if (there === undefined) reached.set(to, [bar]);
    else there.push(bar);
  }
  return nodes.flatMap((node): Neighbour[] => {
    const address = hostOfPeer(node);
    if (node.kind !== 'link' || address === undefined || address === '') return [];
    return [{ node, address, networks: reached.get(node.id) ?? [] }];
  });
}

/**
 * An address alone may be another machine's, of another swarm: two hosts have to have an overlay network in common. Of two
 * ways to one engine it is the first.
 */
function peersOf(parts: readonly EnginePart[], scoped: readonly ScopedPart[]): Peers {
  const byAddress = new Map<string, ScopedPart[]>();
  for (const [at, part] of scoped.entries()) {
    const engine = parts[at]?.snapshot.engine;
    const address = engine && tunnelAddress(engine);
    if (address !== undefined) byAddress.set(address, [...(byAddress.get(address) ?? []), part]);
  }
  return new Map(
    scoped.map(({ key, neighbours }) => {
      const found = neighbours.flatMap((neighbour): [HostId, Peer][] => {
        const peer = byAddress
          .get(neighbour.address)
          ?.find((other) => other.key !== key && neighbour.networks.some((one) => other.networks.has(one.networkId)));
        return peer === undefined ? [] : [[peer.key, { ...neighbour, peer }]];
      });
      return [key, new Map(found)];
    }),
  );
}

function withPeers({ key, nodes }: ScopedPart, peers: Peers): readonly GraphNode[] {
  const keys = new Map([...(peers.get(key)?.values() ?? [])].map(({ node, peer }) => [node.id, peer.key]));
  if (keys.size === 0) return nodes;
  return nodes.map((node) => {
    const peer = keys.get(node.id);
    return node.kind === 'link' && peer !== undefined ? { ...node, peer } : node;
  });
}

/** Where each of two hosts names the other. */
function tunnels(scoped: readonly ScopedPart[], peers: Peers): readonly TunnelEdge[] {
  const order = new Map(scoped.map(({ key }, at) => [key, at]));
  return scoped.flatMap(({ key }, at) =>
    [...(peers.get(key)?.values() ?? [])].flatMap((there): TunnelEdge[] => {
      const back = peers.get(there.peer.key)?.get(key);
      return back === undefined || (order.get(there.peer.key) ?? 0) < at ? [] : tunnel(key, there, back);
    }),
  );
}

/** For the networks that both say reach the other: where one alone does, the other has no end of it. */
function tunnel(key: HostId, there: Peer, back: Peer): TunnelEdge[] {
  const ours = new Map(there.networks.map((node) => [node.networkId, node]));
  const common = back.networks.flatMap((node) => {
    const own = ours.get(node.networkId);
    return own === undefined ? [] : [[own, node] as const];
  });
  if (common.length === 0) return [];
  // With a cluster store only who reads a kernel knows a VNI.
  const vnis = new Set(common.flatMap((both) => both.flatMap((node) => node.vnis ?? [])));
  return [
    {
      kind: 'tunnel',
      id: `tunnel:${[key, there.peer.key].sort(byText).join('@')}`,
      from: there.node.id,
      to: back.node.id,
      vnis: [...vnis].sort((a, b) => a - b),
      networks: [...new Set(common.map(([{ name }]) => name))].sort(byText),
      encrypted: common.every((both) => both.some(({ encrypted }) => encrypted === true)),
    },
  ];
}

import { chipId, scopedId } from '../topology/graphElements.ts';
import type {
  ContainerItem,
  Graph,
  GraphEdge,
  GraphHost,
  GraphNode,
  HostId,
  InterfaceItem,
  NamespaceNode,
  TunnelEdge,
  WireEdge,
} from '../topology/graphModel.ts';

/** Anything of a graph that can be selected. */
export type Element =
  | { readonly kind: 'node'; readonly node: GraphNode }
  | { readonly kind: 'edge'; readonly edge: GraphEdge }
  /** The host's end of a wire, where its name is written. */
  | { readonly kind: 'chip'; readonly edge: WireEdge }
  | { readonly kind: 'container'; readonly container: ContainerItem; readonly node: NamespaceNode }
  | { readonly kind: 'interface'; readonly item: InterfaceItem; readonly node: NamespaceNode };

/** A graph by its ids. */
export interface GraphIndex {
  readonly graph: Graph;
  readonly elements: ReadonlyMap<string, Element>;
  /** Node, interface or container → edges that end there. */
  readonly edgesAt: ReadonlyMap<string, readonly GraphEdge[]>;
  /** Container id, of several hosts `scopedId`, → its item. */
  readonly containers: ReadonlyMap<string, ContainerItem>;
  /** Empty where there is but one. */
  readonly hosts: ReadonlyMap<HostId, GraphHost>;
}

const indexes = new WeakMap<Graph, GraphIndex>();

export function indexOf(graph: Graph): GraphIndex {
  let index = indexes.get(graph);
  if (!index) indexes.set(graph, (index = makeIndex(graph)));
  return index;
}

function makeIndex(graph: Graph): GraphIndex {
  const elements = new Map<string, Element>();
  const containers = new Map<string, ContainerItem>();
  const edgesAt = new Map<string, GraphEdge[]>();
  for (const node of graph.nodes) {
    elements.set(node.id, { kind: 'node', node });
    if (node.kind !== 'namespace') continue;
    for (const container of node.containers) {
      elements.set(container.id, { kind: 'container', container, node });
      containers.set(scopedId(container.containerId, node.host), container);
    }
    for (const item of node.interfaces) elements.set(item.id, { kind: 'interface', item, node });
  }
  for (const edge of graph.edges) {
    elements.set(edge.id, { kind: 'edge', edge });
    if (edge.kind === 'wire' && edge.wireKind === 'veth' && edge.hostLink)
      elements.set(chipId(edge.hostLink.name, edge.host), { kind: 'chip', edge });
    for (const end of new Set([edge.from, edge.to, edge.fromItem, edge.toItem])) {
      if (end === undefined) continue;
      const edges = edgesAt.get(end);
      if (edges) edges.push(edge);
      else edgesAt.set(end, [edge]);
    }
  }
  const hosts = new Map(graph.hosts?.map((host) => [host.id, host]));
  return { graph, elements, edgesAt, containers, hosts };
}

/** The node that an element is drawn in; undefined for an edge. */
export function nodeOf(index: GraphIndex, id: string): GraphNode | undefined {
  const element = index.elements.get(id);
  return element && 'node' in element ? element.node : undefined;
}

/** The container that an edge is of; the same engine may be there twice, so its id alone does not say which. */
export function containerOf(
  { containers }: GraphIndex,
  { containerId, host }: { readonly containerId: string; readonly host?: HostId },
): ContainerItem | undefined {
  return containers.get(scopedId(containerId, host));
}

/** The host that an element is in. Undefined for tunnels, and where there is but one host. */
export function hostOf(index: GraphIndex, id: string): GraphHost | undefined {
  const element = index.elements.get(id);
  const host = element && ('node' in element ? element.node.host : element.edge.host);
  return host === undefined ? undefined : index.hosts.get(host);
}

/** True of what is between two hosts, and so no thing of either. */
export function isTunnel(index: GraphIndex, id: string): boolean {
  const element = index.elements.get(id);
  return element?.kind === 'edge' && element.edge.kind === 'tunnel';
}

/** Ids to show bright while `id` is selected: itself, its edges, and what is at their other ends. */
export function highlightOf(index: GraphIndex, id: string): ReadonlySet<string> {
  const lit = new Set<string>();
  const element = index.elements.get(id);
  if (!element) return lit;
  lit.add(id);
  const ends = (edge: GraphEdge): void => {
    lit.add(edge.id);
    if (edge.kind === 'wire' && edge.hostLink) lit.add(chipId(edge.hostLink.name, edge.host));
    for (const end of [edge.from, edge.fromItem, edge.to, edge.toItem]) if (end !== undefined) lit.add(end);
  };
  if (element.kind === 'edge' || element.kind === 'chip') {
    ends(element.edge);
    // A wire of a macvlan goes on by its network's parent, one of an overlay by its tunnels.
    if (element.edge.kind === 'wire') onward(index, element.edge.to, lit);
    if (element.edge.kind === 'tunnel') through(index, element.edge, lit);
    return lit;
  }
  lit.add(element.node.id);
  const at = element.kind === 'container' && element.node.type === 'own' ? element.node.id : id;
  for (const edge of index.edgesAt.get(at) ?? []) ends(edge);
  for (const edge of index.edgesAt.get(id) ?? []) ends(edge);
  for (const edge of index.edgesAt.get(at) ?? []) {
    if (element.node.kind === 'namespace' && edge.kind === 'wire') onward(index, edge.to, lit);
    if (element.node.kind === 'link' && edge.kind === 'tunnel') through(index, edge, lit);
  }
  if (element.node.kind === 'network') onward(index, id, lit);
  return lit;
}

function onward(index: GraphIndex, networkId: string, lit: Set<string>): void {
  for (const edge of index.edgesAt.get(networkId) ?? []) {
    if (edge.kind !== 'egress' || edge.by === 'masquerade') continue;
    lit.add(edge.id);
    lit.add(edge.to);
    const network = nodeOf(index, networkId);
    if (edge.by !== 'vxlan' || network?.kind !== 'network') continue;
    for (const tunnel of index.edgesAt.get(edge.to) ?? []) {
      if (tunnel.kind === 'tunnel' && tunnel.networks.includes(network.name)) through(index, tunnel, lit, network.name);
    }
  }
}

/** A tunnel with the networks that run through it, or the one that is asked for, on both sides. */
function through(index: GraphIndex, tunnel: TunnelEdge, lit: Set<string>, name?: string): void {
  lit.add(tunnel.id);
  const names = name === undefined ? tunnel.networks : [name];
  for (const end of [tunnel.from, tunnel.to]) {
    lit.add(end);
    for (const edge of index.edgesAt.get(end) ?? []) {
      const network = edge.kind === 'egress' ? nodeOf(index, edge.from) : undefined;
      if (network?.kind !== 'network' || !names.includes(network.name)) continue;
      lit.add(edge.id);
      lit.add(network.id);
    }
  }
}

/** Networks that a container is on. */
export function networksOf(index: GraphIndex, containerId: string, host?: HostId): ReadonlySet<string> {
  const networks = new Set<string>();
  for (const edge of index.graph.edges) {
    if ((edge.kind === 'wire' || edge.kind === 'seat') && edge.containerId === containerId && edge.host === host)
      networks.add(edge.networkId);
  }
  return networks;
}

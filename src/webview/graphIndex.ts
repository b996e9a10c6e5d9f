import { chipId } from '../topology/graphElements.ts';
import type {
  ContainerItem,
  Graph,
  GraphEdge,
  GraphNode,
  InterfaceItem,
  NamespaceNode,
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
  /** Container id → its item. */
  readonly containers: ReadonlyMap<string, ContainerItem>;
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
      containers.set(container.containerId, container);
    }
    for (const item of node.interfaces) elements.set(item.id, { kind: 'interface', item, node });
  }
  for (const edge of graph.edges) {
    elements.set(edge.id, { kind: 'edge', edge });
    if (edge.kind === 'wire' && edge.wireKind === 'veth' && edge.hostLink)
      elements.set(chipId(edge.hostLink.name), { kind: 'chip', edge });
    for (const end of new Set([edge.from, edge.to, edge.fromItem, edge.toItem])) {
      if (end === undefined) continue;
      const edges = edgesAt.get(end);
      if (edges) edges.push(edge);
      else edgesAt.set(end, [edge]);
    }
  }
  return { graph, elements, edgesAt, containers };
}

/** The node that an element is drawn in; undefined for an edge. */
export function nodeOf(index: GraphIndex, id: string): GraphNode | undefined {
  const element = index.elements.get(id);
  return element && 'node' in element ? element.node : undefined;
}

/** Ids to show bright while `id` is selected: itself, its edges, and what is at their other ends. */
export function highlightOf(index: GraphIndex, id: string): ReadonlySet<string> {
  const lit = new Set<string>();
  const element = index.elements.get(id);
  if (!element) return lit;
  lit.add(id);
  const ends = (edge: GraphEdge): void => {
    lit.add(edge.id);
    if (edge.kind === 'wire' && edge.hostLink) lit.add(chipId(edge.hostLink.name));
    for (const end of [edge.from, edge.fromItem, edge.to, edge.toItem]) if (end !== undefined) lit.add(end);
  };
  if (element.kind === 'edge' || element.kind === 'chip') {
    ends(element.edge);
    // A wire of a macvlan goes on by its network's parent.
    if (element.edge.kind === 'wire') onward(index, element.edge.to, lit);
    return lit;
  }
  lit.add(element.node.id);
  const at = element.kind === 'container' && element.node.type === 'own' ? element.node.id : id;
  for (const edge of index.edgesAt.get(at) ?? []) ends(edge);
  for (const edge of index.edgesAt.get(id) ?? []) ends(edge);
  if (element.node.kind === 'namespace') {
    for (const edge of index.edgesAt.get(at) ?? []) if (edge.kind === 'wire') onward(index, edge.to, lit);
  }
  return lit;
}

function onward(index: GraphIndex, networkId: string, lit: Set<string>): void {
  for (const edge of index.edgesAt.get(networkId) ?? []) {
    if (edge.kind !== 'egress' || edge.by === 'masquerade') continue;
    lit.add(edge.id);
    lit.add(edge.to);
  }
}

/** Networks that a container is on. */
export function networksOf(index: GraphIndex, containerId: string): ReadonlySet<string> {
  const networks = new Set<string>();
  for (const edge of index.graph.edges) {
    if ((edge.kind === 'wire' || edge.kind === 'seat') && edge.containerId === containerId)
      networks.add(edge.networkId);
  }
  return networks;
}

import type { Graph, GraphEdge, GraphHost, GraphNode, HostId } from '../topology/graphModel.ts';

/** What of a graph is one host's: all of it, or what stands in one of several frames. */
export interface HostPart {
  /** Undefined in a graph of one. */
  readonly host: GraphHost | undefined;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface HostParts {
  /** In drawing order. Hosts of which nothing is shown are left out, unless there is nothing at all. */
  readonly parts: readonly HostPart[];
  /** Edges from one host to another. */
  readonly between: readonly GraphEdge[];
}

const known = new WeakMap<Graph, HostParts>();

export function partsOf(graph: Graph): HostParts {
  let parts = known.get(graph);
  if (!parts) known.set(graph, (parts = makeParts(graph)));
  return parts;
}

/** True where each host has a frame of its own: then ids are scoped by hosts. */
export function hasFrames(graph: Graph): graph is Graph & { readonly hosts: readonly GraphHost[] } {
  return graph.hosts !== undefined && graph.hosts.length > 0;
}

/** Names of all hosts of a graph, as people call them. */
export function hostsText(graph: Graph): string {
  return hasFrames(graph) ? graph.hosts.map(({ label }) => label).join(', ') : graph.engine.name;
}

function makeParts(graph: Graph): HostParts {
  const { nodes, edges } = graph;
  if (!hasFrames(graph)) return { parts: [{ host: undefined, nodes, edges }], between: [] };
  const { hosts } = graph;
  const parts = new Map(hosts.map((host) => [host.id, { host, nodes: [] as GraphNode[], edges: [] as GraphEdge[] }]));
  const [first] = parts.values();
  const partOf = (host: HostId | undefined) => (host === undefined ? first : (parts.get(host) ?? first));
  const homes = new Map(nodes.map((node) => [node.id, partOf(node.host)]));
  for (const node of nodes) homes.get(node.id)?.nodes.push(node);
  const between: GraphEdge[] = [];
  for (const edge of edges) {
    const home = homes.get(edge.from);
    if (edge.kind === 'tunnel' || home !== homes.get(edge.to)) between.push(edge);
    else home?.edges.push(edge);
  }
  const shown = [...parts.values()].filter((part) => nodes.length === 0 || part.nodes.length > 0);
  return { parts: shown, between };
}

import { elementsOf, scopedId } from './graphElements.ts';
import type {
  ContainerItem,
  Graph,
  GraphEdge,
  GraphHost,
  GraphNode,
  HostId,
  NamespaceNode,
  NodeId,
} from './graphModel.ts';

/** Empty or absent: all. Several values of one property: any of them. */
export interface GraphFilter {
  /** Ids of hosts; a graph of one has none. */
  readonly hosts?: readonly string[];
  /** Ids of networks, as the engine has them. */
  readonly networks?: readonly string[];
  readonly projects?: readonly string[];
  readonly states?: readonly ('running' | 'stopped')[];
  readonly drivers?: readonly string[];
}

/**
 * The part of a graph that a filter lets through. Networks pass by themselves or, for a project, through their
 * containers; containers by themselves and through their networks; links and bridges where something that passed is
 * joined to them. A box stays whole, but the host's is no common thing: it keeps those of its containers that pass. Of
 * several hosts those pass of which anything does, and a tunnel where both its ends do.
 */
export function filterGraph(graph: Graph, filter: GraphFilter): Graph {
  return filterHosts(onHosts(graph, passes(filter.hosts)), filter);
}

function onHosts(graph: Graph, isWanted: ((host: HostId) => boolean) | undefined): Graph {
  const { hosts, nodes } = graph;
  if (hosts === undefined || isWanted === undefined) return graph;
  const kept = nodes.filter(({ host }) => host !== undefined && isWanted(host));
  const shown = hosts.filter(({ id }) => isWanted(id));
  return part({ ...graph, hosts: shown }, new Map(kept.map((node) => [node.id, node])));
}

function filterHosts(graph: Graph, filter: GraphFilter): Graph {
  const networks = passes(filter.networks);
  const drivers = passes(filter.drivers);
  const projects = passes(filter.projects);
  const states = passes(filter.states);
  if (!networks && !drivers && !projects && !states) return graph;
  const { edgesAt } = elementsOf(graph);

  const wanted = new Set<NodeId>();
  for (const node of graph.nodes) {
    if (node.kind !== 'network') continue;
    if ((networks?.(node.networkId) ?? true) && (drivers?.(node.driver) ?? true)) wanted.add(node.id);
  }
  const isSeated = (container: ContainerItem, node: NamespaceNode): boolean =>
    (edgesAt.get(node.id) ?? []).some(
      (edge) =>
        isSeat(edge) &&
        wanted.has(edge.to) &&
        // In a shared box those that joined it are on their owner's networks.
        (node.type !== 'host' || edge.containerId === container.containerId),
    );
  const isWanted = (container: ContainerItem, node: NamespaceNode): boolean =>
    (states?.(isUp(container) ? 'running' : 'stopped') ?? true) &&
    (!projects || (container.project !== undefined && projects(container.project))) &&
    (!(networks ?? drivers) || isSeated(container, node));

  const kept = new Map<NodeId, GraphNode>();
  const keptContainers = new Set<string>();
  for (const node of graph.nodes) {
    if (node.kind !== 'namespace') continue;
    const some = node.containers.filter((container) => isWanted(container, node));
    if (some.length === 0) continue;
    const shown = node.type === 'host' ? some : node.containers;
    kept.set(node.id, shown.length === node.containers.length ? node : { ...node, containers: shown });
    for (const { id } of shown) keptContainers.add(id);
  }
  const touches = (id: NodeId, isOther: (other: NodeId, edge: GraphEdge) => boolean): boolean =>
    (edgesAt.get(id) ?? []).some((edge) => isOther(edge.from === id ? edge.to : edge.from, edge));
  for (const node of graph.nodes) {
    if (node.kind !== 'network' || !wanted.has(node.id)) continue;
    const isOfProject = node.project !== undefined && projects?.(node.project) === true;
    if (!projects || isOfProject || touches(node.id, (other) => kept.has(other))) kept.set(node.id, node);
  }
  const narrow = networks ?? drivers ?? projects;
  // What is in a network on one host does not show that network on another.
  const joins = (node: GraphNode): boolean =>
    !narrow || touches(node.id, (other, edge) => edge.kind !== 'tunnel' && kept.has(other));
  // Twice: a link may be joined through a bridge, or through the link that rides on it.
  for (let round = 0; round < 2; round++) {
    for (const node of graph.nodes)
      if ((node.kind === 'bridge' || node.kind === 'link') && joins(node)) kept.set(node.id, node);
  }
  for (const node of graph.nodes)
    if (node.kind === 'port' && keptContainers.has(scopedId(`container:${node.containerId}`, node.host)))
      kept.set(node.id, node);
  return part(graph, kept, keptContainers);
}

function passes(values: readonly string[] | undefined): ((value: string) => boolean) | undefined {
  if (values === undefined || values.length === 0) return undefined;
  const set = new Set(values);
  return (value) => set.has(value);
}

function isUp({ state }: ContainerItem): boolean {
  return state === 'running' || state === 'paused';
}

function isSeat(edge: GraphEdge): edge is Extract<GraphEdge, { kind: 'wire' | 'seat' }> {
  return edge.kind === 'wire' || edge.kind === 'seat';
}

/** Nodes that stay, in the graph's order, the edges between them, and the hosts that they are on. */
function part(graph: Graph, kept: ReadonlyMap<NodeId, GraphNode>, containers?: ReadonlySet<string>): Graph {
  const isThere = (item: string | undefined): boolean =>
    containers === undefined || item?.startsWith('container:') !== true || containers.has(item);
  return {
    ...graph,
    ...hostsWith(graph, kept),
    nodes: graph.nodes.flatMap(({ id }) => kept.get(id) ?? []),
    edges: graph.edges.filter(
      ({ from, fromItem, to, toItem }) => kept.has(from) && kept.has(to) && isThere(fromItem) && isThere(toItem),
    ),
  };
}

/** All of them where nothing is left: an empty picture says of whom it is. */
function hostsWith({ hosts }: Graph, kept: ReadonlyMap<NodeId, GraphNode>): Partial<Graph> {
  if (hosts === undefined) return {};
  const ids = new Set([...kept.values()].map(({ host }) => host));
  const some = hosts.filter(({ id }) => ids.has(id));
  const shown = some.length === 0 ? hosts : some;
  return { ...headOfHosts(shown), hosts: shown };
}

/** What a graph of several says of an engine, it says of the first. */
export function headOfHosts([first]: readonly GraphHost[]): Partial<Graph> {
  if (first === undefined) return {};
  const { name, version, operatingSystem, recorded, kernelRead } = first;
  return { engine: { name, version, operatingSystem }, recorded, kernelRead };
}

/**
 * What is around an element: a hop is one edge. From a container the first hop reaches its networks, ports and legacy
 * links, the second the other containers of these networks. The empty graph where there is no such element.
 */
export function neighbourhood(graph: Graph, elementId: string, hops: number | 'all'): Graph {
  const { nodes, edgesAt } = elementsOf(graph);
  const kept = new Map<NodeId, GraphNode>();
  let front: readonly NodeId[] = nodesOf(graph, elementId);
  for (let hop = 0; front.length > 0; hop++) {
    const next: NodeId[] = [];
    for (const id of front) {
      const node = nodes.get(id);
      if (node === undefined || kept.has(id)) continue;
      kept.set(id, node);
      for (const { from, to } of edgesAt.get(id) ?? []) next.push(from === id ? to : from);
    }
    if (hops !== 'all' && hop >= hops) break;
    front = next;
  }
  return part(graph, kept);
}

/** The node that an element is, or is a part of; of an edge its two ends. */
function nodesOf(graph: Graph, elementId: string): readonly NodeId[] {
  const { nodes, edges, wholes } = elementsOf(graph);
  const id = wholes.get(elementId) ?? elementId;
  if (nodes.has(id)) return [id];
  const edge = edges.get(id);
  return edge === undefined ? [] : [edge.from, edge.to];
}

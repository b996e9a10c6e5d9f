import { elementsOf } from './graphElements.ts';
import type { ContainerItem, Graph, GraphEdge, GraphNode, NamespaceNode, NodeId } from './graphModel.ts';

/** Empty or absent: all. Several values of one property: any of them. */
export interface GraphFilter {
  /** Ids of networks, as the engine has them. */
  readonly networks?: readonly string[];
  readonly projects?: readonly string[];
  readonly states?: readonly ('running' | 'stopped')[];
  readonly drivers?: readonly string[];
}

/**
 * The part of a graph that a filter lets through. Networks pass by themselves or, for a project, through their
 * containers; containers by themselves and through their networks; links and bridges where something that passed is
 * joined to them. A box stays whole, but the host's is no common thing: it keeps those of its containers that pass.
 */
export function filterGraph(graph: Graph, filter: GraphFilter): Graph {
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
  const joins = (node: GraphNode): boolean => !narrow || touches(node.id, (other) => kept.has(other));
  // Twice: a link may be joined through a bridge, or through the link that rides on it.
  for (let round = 0; round < 2; round++) {
    for (const node of graph.nodes)
      if ((node.kind === 'bridge' || node.kind === 'link') && joins(node)) kept.set(node.id, node);
  }
  for (const node of graph.nodes)
    if (node.kind === 'port' && keptContainers.has(`container:${node.containerId}`)) kept.set(node.id, node);
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

/** Nodes that stay, in the graph's order, and the edges between them. */
function part(graph: Graph, kept: ReadonlyMap<NodeId, GraphNode>, containers?: ReadonlySet<string>): Graph {
  const isThere = (item: string | undefined): boolean =>
    containers === undefined || item?.startsWith('container:') !== true || containers.has(item);
  return {
    ...graph,
    nodes: graph.nodes.flatMap(({ id }) => kept.get(id) ?? []),
    edges: graph.edges.filter(
      ({ from, fromItem, to, toItem }) => kept.has(from) && kept.has(to) && isThere(fromItem) && isThere(toItem),
    ),
  };
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

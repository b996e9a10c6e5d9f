import type {
  BridgeNode,
  Graph,
  HostLinkNode,
  NamespaceNode,
  NetworkNode,
  NodeId,
  PublicationNode,
} from '../../topology/graphModel.ts';
import { compactAbove } from './sizes.ts';

/** What is drawn as a box above a bar. */
export type BoxNode = NamespaceNode | HostLinkNode;

export interface Plan {
  readonly bars: readonly (NetworkNode | BridgeNode)[];
  /** Boxes in graph order, and the bars that each is joined to, the one it shall live at first. */
  readonly boxes: readonly { readonly node: BoxNode; readonly bars: readonly NodeId[] }[];
  /** What sits on the host's lower edge. */
  readonly edgeItems: readonly (HostLinkNode | PublicationNode)[];
}

/** Sorts a graph's nodes by where they are drawn. */
export function planOf(graph: Graph): Plan {
  const bars = new Map<NodeId, NetworkNode | BridgeNode>();
  for (const node of graph.nodes) if (node.kind === 'network' || node.kind === 'bridge') bars.set(node.id, node);

  const joined = new Map<NodeId, Set<NodeId>>();
  const members = new Map<NodeId, number>();
  for (const edge of graph.edges) {
    if (edge.kind !== 'wire' && edge.kind !== 'seat' && edge.kind !== 'plug') continue;
    if (!bars.has(edge.to)) continue;
    const own = joined.get(edge.from) ?? new Set();
    if (!own.has(edge.to)) members.set(edge.to, (members.get(edge.to) ?? 0) + 1);
    joined.set(edge.from, own.add(edge.to));
  }

  // Rather at a network of a person's own than at docker0, and rather where boxes are drawn in full.
  const rank = new Map<NodeId, number>();
  let order = 0;
  for (const [id, bar] of bars) {
    const builtIn = bar.kind === 'network' && bar.builtIn;
    const crowded = (members.get(id) ?? 0) > compactAbove;
    rank.set(id, order++ + (builtIn ? 2 : crowded ? 1 : 0) * bars.size);
  }

  const boxes: Plan['boxes'][number][] = [];
  const edgeItems: (HostLinkNode | PublicationNode)[] = [];
  for (const node of graph.nodes) {
    if (node.kind === 'network' || node.kind === 'bridge') continue;
    const own = joined.get(node.id) ?? [];
    const isOnEdge =
      node.kind === 'port' ||
      (node.kind === 'link' && (node.role === 'uplink' || node.role === 'parent' || joined.get(node.id) === undefined));
    if (isOnEdge) edgeItems.push(node);
    else boxes.push({ node, bars: [...own].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)) });
  }
  return { bars: [...bars.values()], boxes, edgeItems };
}

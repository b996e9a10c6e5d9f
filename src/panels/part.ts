import type { Graph, NodeId } from '../topology/graphModel.ts';

/** The graph of these nodes alone, with the edges between them: what a filtered diagram exports. */
export function partOf(graph: Graph, ids: readonly NodeId[]): Graph {
  const kept = new Set(ids);
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => kept.has(id)),
    edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}

import type { Positions } from '../protocol/messages.ts';
import { scopedId } from '../topology/graphElements.ts';
import type { Graph, NodeId } from '../topology/graphModel.ts';

/**
 * Positions in which networks go by their names. docker0's network gets another id at each start of the engine, and one
 * that was made anew has another too: both are the same to people, who look for them at their old places.
 */
export function byNames(positions: Positions, graph: Graph): Positions {
  const names = new Map([...uniqueNames(graph)].map(([name, id]) => [id, name]));
  return renamed(positions, (id) => names.get(id) ?? id);
}

/** The same with the ids of this graph. Positions under ids, as older versions wrote them, stay as they are. */
export function byIds(positions: Positions, graph: Graph): Positions {
  const ids = uniqueNames(graph);
  return renamed(positions, (name) => ids.get(name) ?? name);
}

/** `network:=NAME`, of several hosts with the host's id behind, → node id. Docker takes one name twice: these networks go by their ids. */
function uniqueNames(graph: Graph): Map<string, NodeId> {
  const ids = new Map<string, NodeId>();
  const twice = new Set<string>();
  for (const node of graph.nodes) {
    if (node.kind !== 'network' || !/^[\w.-]+$/.test(node.name)) continue;
    const key = scopedId(`network:=${node.name}`, node.host);
    if (ids.has(key)) twice.add(key);
    ids.set(key, node.id);
  }
  for (const key of twice) ids.delete(key);
  return ids;
}

/** The bar's own key, and those of its blocks: layout/memory.ts. */
const ofNetwork = /^((?:size:|compact:)?(?:block:)?)(network:=?[\w.-]+(?:@.+?)?)(\+\d+)?$/;

function renamed(positions: Positions, rename: (id: string) => string): Positions {
  return Object.fromEntries(
    Object.entries(positions).map(([key, position]) => {
      const [, before = '', id, annex = ''] = ofNetwork.exec(key) ?? [];
      return [id === undefined ? key : `${before}${rename(id)}${annex}`, position];
    }),
  );
}

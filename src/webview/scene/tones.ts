import type { Graph, NetworkNode, NodeId } from '../../topology/graphModel.ts';

/** How many colours there are for bars and their wires; diagram.css has them. */
export const toneCount = 5;
/** For the built-in networks and foreign bridges. */
export const plainTone = -1;

/**
 * A colour for each network. It keeps the one that it has; a new one takes the colour that is used least. A network that
 * several hosts have in common has one colour.
 */
export function tonesOf(graph: Graph, previous: ReadonlyMap<NodeId, number>): ReadonlyMap<NodeId, number> {
  const tones = new Map<NodeId, number>();
  const used = Array.from({ length: toneCount }, () => 0);
  const common = new Map<string, number>();
  const take = ({ id, networkId }: NetworkNode, tone: number): void => {
    const own = common.get(networkId) ?? tone;
    tones.set(id, own);
    if (!common.has(networkId)) used[own] = (used[own] ?? 0) + 1;
    common.set(networkId, own);
  };
  for (const node of graph.nodes) {
    const tone = previous.get(node.id);
    if (node.kind === 'network' && tone !== undefined && tone !== plainTone) take(node, tone);
  }
  for (const node of graph.nodes) {
    if (node.kind === 'bridge' || (node.kind === 'network' && node.driver !== 'bridge' && node.builtIn)) {
      tones.set(node.id, plainTone);
    } else if (node.kind === 'network' && !tones.has(node.id)) {
      take(node, used.indexOf(Math.min(...used)));
    }
  }
  return tones;
}

export const toneClass = (tone: number | undefined): string => (tone === undefined || tone < 0 ? '' : `tone-${tone}`);

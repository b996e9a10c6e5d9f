import type { Graph, GraphPatch } from '../topology/graphModel.ts';
import { summaryOf } from '../topology/graphPatch.ts';
import type { Texts } from '../protocol/texts.ts';
import { indexOf, type GraphIndex } from './graphIndex.ts';
import { nameOf, nameWithHost } from './labels.ts';
import { fill } from './texts.ts';

/** What a patch does, in the names of what people know: containers, networks, links. */
export interface Changes {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Ids of nodes and edges to point out. */
  readonly fresh: readonly string[];
  /** Elements that changed without coming or going. */
  readonly others: number;
}

export const noChanges: Changes = { added: [], removed: [], fresh: [], others: 0 };

export function changesOf(before: Graph, after: Graph, patch: GraphPatch, texts: Texts | undefined): Changes {
  const { added, changed, removed } = summaryOf(before, patch);
  return {
    added: namesIn(indexOf(after), added, texts),
    removed: namesIn(indexOf(before), removed, texts),
    fresh: added,
    others: namesIn(indexOf(after), changed, texts).length,
  };
}

/** Boxes and interfaces are named by their containers; of several hosts, with these. */
function namesIn(index: GraphIndex, ids: readonly string[], texts: Texts | undefined): string[] {
  return ids.flatMap((id) => {
    const element = index.elements.get(id);
    const isNamed = element?.kind === 'container' || (element?.kind === 'node' && element.node.kind !== 'namespace');
    return isNamed ? [texts ? nameWithHost(index, id, texts) : nameOf(index, id)] : [];
  });
}

/** Several patches within one announcement. What came and went again is not worth a word. */
export function joinChanges(a: Changes, b: Changes): Changes {
  const gone = new Set(b.removed);
  const back = new Set(b.added);
  return {
    added: [...a.added.filter((name) => !gone.has(name)), ...b.added.filter((name) => !a.removed.includes(name))],
    removed: [...a.removed.filter((name) => !back.has(name)), ...b.removed.filter((name) => !a.added.includes(name))],
    fresh: [...a.fresh, ...b.fresh],
    others: a.others + b.others,
  };
}

/** The sentence for a screen reader; empty where there is nothing to say. */
export function announce(changes: Changes, texts: Texts): string {
  const parts: string[] = [];
  if (changes.added.length > 0) parts.push(fill(texts.changesAdded, names(changes.added, texts)));
  if (changes.removed.length > 0) parts.push(fill(texts.changesRemoved, names(changes.removed, texts)));
  if (parts.length === 0 && changes.others > 0) parts.push(fill(texts.changesOther, changes.others));
  return parts.join(' ');
}

function names(all: readonly string[], texts: Texts): string {
  const shown = all.slice(0, 5).join(', ');
  return all.length > 5 ? `${shown} ${fill(texts.changesMore, all.length - 5)}` : shown;
}

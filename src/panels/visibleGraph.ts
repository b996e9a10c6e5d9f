import { visible } from '../editor/untrusted.ts';
import type { Graph } from '../topology/graphModel.ts';

/** What elements are told apart by: nobody reads it, and it has to come back as it went. */
const keys = new Set([
  ...['id', 'from', 'to', 'fromItem', 'toItem', 'host', 'peer'],
  ...['networkId', 'containerId', 'kind', 'type'],
]);

/**
 * The graph as a webview may show it: every name went through `visible`. What needs no change is not copied, which is
 * nearly all of it.
 */
export function visibleGraph(graph: Graph): Graph {
  return shown(graph) as Graph;
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const mapped = items.map(shown);
    return mapped.some((item, at) => item !== items[at]) ? mapped : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [key, before] of Object.entries(value)) {
    if (keys.has(key)) continue;
    const after = shown(before);
    if (after === before) continue;
    copy ??= { ...value };
    copy[key] = after;
  }
  return copy ?? value;
}

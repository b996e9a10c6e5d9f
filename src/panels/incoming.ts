import type { AskName, Asks, FromWebview, Positions } from '../protocol/messages.ts';

/**
 * What comes from a webview is checked before it is believed: its script is ours, but what it says may be of an older
 * version, or of somebody who found a way in. Undefined for what is no message.
 */
export function parseFromWebview(value: unknown): FromWebview | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['type']) {
    case 'ready':
      return { type: 'ready' };
    case 'positions': {
      const positions = parsePositions(value['positions']);
      return isText(value['engineKey'], longestKey) && positions !== undefined
        ? { type: 'positions', engineKey: value['engineKey'], positions }
        : undefined;
    }
    case 'selected': {
      const id = value['id'];
      return id === undefined || id === null || isText(id, longestId)
        ? { type: 'selected', id: id ?? undefined }
        : undefined;
    }
    case 'log':
      return isText(value['message'], Infinity) ? { type: 'log', message: value['message'].slice(0, 2000) } : undefined;
    case 'ask':
      return parseAsk(value);
    default:
      return undefined;
  }
}

/** Ids hold names of links, containers and engines; the engine's own are 64 characters. */
const longestId = 1000;
const longestKey = 4000;
/** A diagram of 1,000 containers has about 1,100 nodes, and remembers a size for some of them. */
const mostPositions = 20_000;
/** Diagram units; what is farther away nobody dragged there. */
const farthest = 1_000_000;

export function parsePositions(value: unknown): Positions | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length > mostPositions) return undefined;
  const good = entries.flatMap(([id, place]): [string, readonly [number, number]][] => {
    if (id.length > longestId || !Array.isArray(place)) return [];
    const pair: readonly unknown[] = place;
    const [x, y] = pair;
    return isCoordinate(x) && isCoordinate(y) ? [[id, [x, y]]] : [];
  });
  return Object.fromEntries(good);
}

function isCoordinate(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= farthest;
}

type Ask = Extract<FromWebview, { type: 'ask' }>;

function parseAsk(value: Readonly<Record<string, unknown>>): Ask | undefined {
  const { id, name, value: asked } = value;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || !isRecord(asked)) return undefined;
  switch (name as AskName) {
    case 'detail':
    case 'reveal': {
      const element = asked['id'];
      return isText(element, longestId)
        ? { type: 'ask', id, name: name as 'detail' | 'reveal', value: { id: element } }
        : undefined;
    }
    case 'save': {
      const { format, content } = asked;
      return (format === 'svg' || format === 'png') && typeof content === 'string'
        ? { type: 'ask', id, name: 'save', value: { format, content } }
        : undefined;
    }
    case 'exportText': {
      const exported = parseExport(asked);
      return exported && { type: 'ask', id, name: 'exportText', value: exported };
    }
    case 'connect': {
      const { containerId, networkId, host } = asked;
      if (!isText(containerId, longestId) || !isText(networkId, longestId)) return undefined;
      return {
        type: 'ask',
        id,
        name: 'connect',
        value: { containerId, networkId, ...(isText(host, longestId) && { host }) },
      };
    }
    default:
      return undefined;
  }
}

function parseExport({ format, to, ids }: Readonly<Record<string, unknown>>): Asks['exportText']['ask'] | undefined {
  if (format !== 'mermaid' && format !== 'dot' && format !== 'json') return undefined;
  if (to !== 'file' && to !== 'clipboard') return undefined;
  if (ids === undefined || ids === null) return { format, to };
  if (!Array.isArray(ids) || ids.length > mostPositions) return undefined;
  const some: unknown[] = ids;
  return some.every((id) => isText(id, longestId)) ? { format, to, ids: some } : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

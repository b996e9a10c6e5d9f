import { scopedId } from '../../topology/graphElements.ts';
import type { HostId } from '../../topology/graphModel.ts';
import type { Positions } from '../../protocol/messages.ts';
import type { Rect } from '../layout.ts';
import { Memory } from './memory.ts';

/** What is remembered of one of several hosts. */
export interface HostMemory {
  /** Where its frame was. */
  readonly frame: Rect | undefined;
  /** The rest, as of a picture of that host alone whose frame begins at 0, 0. */
  readonly known: Positions;
}

/** Keys whose value is no place. */
const noPlace = /^(?:size|compact):/;
/** Keys that say nothing of what they are of but by the host's id behind. */
const unnamed = /^(?:(?:size|compact):)?(?:host|block:loose(?:\+\d+)?)$/;

/** `block:loose`, which each host may have, with the host's id behind; other ids have it already. */
export function scopedBlockId(id: string, host: HostId): string {
  return unnamed.test(id) ? scopedId(id, host) : id;
}

/** Positions of several hosts, by host. Those of a host without a frame are of no use. */
export function memoriesOf(positions: Positions, hosts: readonly HostId[]): ReadonlyMap<HostId, HostMemory> {
  const memory = new Memory(positions);
  const bySuffix = [...hosts].sort((a, b) => b.length - a.length).map((id) => ({ id, suffix: `@${id}` }));
  const memories = new Map<HostId, { frame: Rect | undefined; known: Record<string, readonly [number, number]> }>(
    hosts.map((id) => [id, { frame: rounded(memory.rect(scopedId('host', id))), known: {} }]),
  );
  for (const [key, value] of Object.entries(positions)) {
    const stem = key.replace(/\+\d+$/, '');
    const owner = bySuffix.find(({ suffix }) => key.endsWith(suffix) || stem.endsWith(suffix));
    const of = owner && memories.get(owner.id);
    if (!owner || !of?.frame) continue;
    const bare = key.slice(0, -owner.suffix.length);
    const isUnnamed = key.endsWith(owner.suffix) && unnamed.test(bare);
    if (!Array.isArray(value)) continue;
    const { x, y } = noPlace.test(key) ? { x: 0, y: 0 } : of.frame;
    of.known[isUnnamed ? bare : key] = [Math.round(value[0]) - x, Math.round(value[1]) - y];
  }
  return memories;
}

/** Whole numbers, as every layout makes them: moved by a frame's corner others would not meet exactly. */
function rounded(rect: Rect | undefined): Rect | undefined {
  if (!rect) return undefined;
  const [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(Math.round);
  return { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 };
}

/** Positions of one picture as another has them that shows some of the same hosts. Undefined hosts: the one of that key. */
export function carriedOver(
  positions: Positions,
  from: { readonly key: HostId; readonly hosts: readonly HostId[] | undefined },
  to: { readonly key: HostId; readonly hosts: readonly HostId[] | undefined },
): Positions {
  if (from.hosts === undefined) {
    if (to.hosts?.includes(from.key) !== true) return {};
    return Object.fromEntries(Object.entries(positions).map(([key, value]) => [scopedKey(key, from.key), value]));
  }
  if (to.hosts !== undefined) return positions;
  const suffix = `@${to.key}`;
  return Object.fromEntries(
    Object.entries(positions).flatMap(([key, value]): [string, Positions[string]][] => {
      const [, stem = '', annex = ''] = key.endsWith(suffix) ? ['', key] : (/^(.*?)(\+\d+)$/.exec(key) ?? []);
      return stem.endsWith(suffix) ? [[stem.slice(0, -suffix.length) + annex, value]] : [];
    }),
  );
}

function scopedKey(key: string, host: HostId): string {
  if (unnamed.test(key)) return scopedId(key, host);
  const [, stem = key, annex = ''] = key.includes('block:') ? (/^(.*?)(\+\d+)$/.exec(key) ?? []) : [];
  return scopedId(stem, host) + annex;
}

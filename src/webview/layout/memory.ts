import { scopedId } from '../../topology/graphElements.ts';
import type { NodeId } from '../../topology/graphModel.ts';
import type { Positions } from '../../protocol/messages.ts';
import type { Layout, Point, Rect } from '../layout.ts';
import type { Block } from './block.ts';
import { leastBlock } from './sizes.ts';
import { usualBox } from './shape.ts';

/**
 * Remembered positions hold, beside each node's, what the next layout has to know of this one:
 *
 * - `host`, `block:…`: left and top of the host's outline and of each block;
 * - `size:host`, `size:block:…`: their width and height;
 * - `size:NODE`: a box's, where it is not the usual one, to see which of two boxes has grown;
 * - `compact:block:…`: that a block draws cells.
 *
 * Of several hosts each has its own, with the host's id behind (`scopedId`; layout/hostMemory.ts).
 *
 * Whatever does not fit, or is not there, is laid out anew.
 */
export class Memory {
  readonly #known: Positions;

  constructor(known: Positions) {
    this.#known = known;
  }

  at(id: NodeId): Point | undefined {
    if (!Object.hasOwn(this.#known, id)) return undefined;
    const pair: unknown = this.#known[id];
    // Written by another version, perhaps.
    if (!Array.isArray(pair)) return undefined;
    const [x, y] = pair as readonly unknown[];
    return isCoordinate(x) && isCoordinate(y) ? { x, y } : undefined;
  }

  /** The rectangle of the host or of a block. */
  rect(id: string): Rect | undefined {
    const at = this.at(id);
    const size = this.size(id);
    return at && size && size.x > 0 && size.y > 0 ? { ...at, width: size.x, height: size.y } : undefined;
  }

  size(id: string): Point | undefined {
    return this.at(sizeKey(id));
  }

  isCompact(blockId: string): boolean {
    return this.at(compactKey(blockId)) !== undefined;
  }

  blockIds(): string[] {
    return Object.keys(this.#known).filter((key) => key.startsWith('block:'));
  }
}

function isCoordinate(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= farthest;
}

/** No picture is larger than this. */
const farthest = 200_000;

const sizeKey = (id: string): string => `size:${id}`;
const compactKey = (blockId: string): string => `compact:${blockId}`;

/** What to remember of a layout, and to give to the next one as `known`. */
export function positionsOf(layout: Layout): Positions {
  const positions: Record<string, readonly [number, number]> = {};
  const bars = new Set([...layout.blocks.values()].map(({ bar }) => bar));
  for (const [id, { x, y, width, height, compact }] of layout.boxes) {
    positions[id] = [x, y];
    const isUsual = compact || (width === usualBox.width && height === usualBox.height);
    if (!isUsual && !bars.has(id)) positions[sizeKey(id)] = [width, height];
  }
  const keep = (id: string, rect: Rect): void => {
    positions[id] = [rect.x, rect.y];
    positions[sizeKey(id)] = [rect.width, rect.height];
  };
  for (const block of layout.blocks.values()) {
    keep(block.id, block);
    if (block.compact) positions[compactKey(block.id)] = [1, 1];
  }
  for (const frame of layout.frames) keep(scopedId('host', frame.host), frame);
  return positions;
}

/** The block as it is remembered, yet without boxes. */
export function rememberedBlock(
  memory: Memory,
  id: string,
  home: NodeId | undefined,
  hasBar: boolean,
): Block | undefined {
  const rect = memory.rect(id);
  // No layout made one in which a bar's wires have no room.
  if (!rect || rect.width < leastBlock) return undefined;
  return { id, home, hasBar, ...rect, compact: memory.isCompact(id), placed: [] };
}

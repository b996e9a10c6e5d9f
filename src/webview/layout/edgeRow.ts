import type { NodeId } from '../../topology/graphModel.ts';
import type { Rect } from '../layout.ts';
import type { Memory } from './memory.ts';
import type { Plan } from './plan.ts';
import {
  edgeLinkHeight,
  edgeLinkWidth,
  edgePitch,
  edgeRowGutter,
  hostPadding,
  portHeight,
  portWidth,
} from './sizes.ts';

export interface EdgeItem extends Rect {
  readonly id: NodeId;
  readonly row: number;
}

const pitchY = portHeight + edgeRowGutter;

/**
 * Links and published ports on the host's lower edge: the first row sits astride it, more rows are below. They keep
 * their x; when the edge moves down they move with it.
 *
 * @param wanted where each item would like to be, so that its wire is short.
 */
export function edgeRow(plan: Plan, host: Rect, memory: Memory, wanted: ReadonlyMap<NodeId, number>): EdgeItem[] {
  const places = new EdgePlaces(host);
  const before = memory.rect('host');
  const items: EdgeItem[] = [];
  const rest: Plan['edgeItems'][number][] = [];
  for (const node of plan.edgeItems) {
    const at = memory.at(node.id);
    const size = node.kind === 'link' ? 2 : 1;
    const height = node.kind === 'link' ? edgeLinkHeight : portHeight;
    const row = at && before ? Math.round((at.y + height / 2 - (before.y + before.height)) / pitchY) : -1;
    const slot = at ? (at.x - places.left) / edgePitch : -1;
    if (Number.isInteger(slot) && places.take(slot, row, size)) items.push(places.item(node.id, slot, row, size));
    else rest.push(node);
  }
  // Links first: they want two places in the first row.
  rest.sort((a, b) => Number(a.kind === 'port') - Number(b.kind === 'port'));
  for (const node of rest) {
    const size = node.kind === 'link' ? 2 : 1;
    const x = wanted.get(node.id) ?? host.x + host.width / 2;
    const [slot, row] = places.nearest(x, size);
    items.push(places.item(node.id, slot, row, size));
  }
  return items;
}

class EdgePlaces {
  readonly left: number;
  readonly #edge: number;
  readonly #count: number;
  /** Slot → rows that are taken. Below a link nothing may be: its wire could not pass. */
  readonly #taken = new Map<number, Set<number> | 'all'>();

  constructor(host: Rect) {
    this.left = host.x + hostPadding;
    this.#edge = host.y + host.height;
    // The last item needs no free strip behind it.
    const room = host.width - 2 * hostPadding + (edgePitch - portWidth);
    this.#count = Math.max(2, Math.floor(room / edgePitch));
  }

  take(slot: number, row: number, size: number): boolean {
    if (slot < 0 || slot + size > this.#count || row < 0 || (size > 1 && row > 0)) return false;
    for (let at = slot; at < slot + size; at++) {
      const taken = this.#taken.get(at);
      if (taken === 'all' || (size > 1 && taken) || taken?.has(row)) return false;
    }
    for (let at = slot; at < slot + size; at++) {
      const taken = this.#taken.get(at);
      this.#taken.set(at, size > 1 ? 'all' : (taken instanceof Set ? taken : new Set<number>()).add(row));
    }
    return true;
  }

  /** The nearest free place; a row further down counts as four places to the side. Links may make the edge longer. */
  nearest(x: number, size: number): [slot: number, row: number] {
    const isFull = ![...Array(this.#count).keys()].some((slot) => this.#taken.get(slot) !== 'all');
    if (isFull) return this.#beyond(size);
    const middle = Math.round((x - this.left - (size * edgePitch) / 2) / edgePitch);
    const wanted = Math.min(Math.max(0, middle), this.#count - size);
    for (let distance = 0; ; distance++) {
      for (let row = 0; row <= distance / 4; row++) {
        const side = distance - 4 * row;
        for (const slot of side === 0 ? [wanted] : [wanted - side, wanted + side]) {
          if (this.take(slot, row, size)) return [slot, row];
        }
      }
      if (size > 1 && distance > this.#count) return this.#beyond(size);
    }
  }

  item(id: NodeId, slot: number, row: number, size: number): EdgeItem {
    const [width, height] = size > 1 ? [edgeLinkWidth, edgeLinkHeight] : [portWidth, portHeight];
    return { id, row, x: this.left + slot * edgePitch, y: this.#edge + row * pitchY - height / 2, width, height };
  }

  #beyond(size: number): [slot: number, row: number] {
    let slot = this.#count;
    while (this.#taken.has(slot)) slot++;
    for (let at = slot; at < slot + size; at++) this.#taken.set(at, 'all');
    return [slot, 0];
  }
}

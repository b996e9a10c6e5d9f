import { barTop, rightOf, type Block } from './block.ts';
import type { Stretch } from './lanes.ts';
import type { Shelves } from './shelves.ts';
import { blockGap, busHeight, hostPadding, streetHeight } from './sizes.ts';

/** A strip of the picture that is free of boxes and bars. `bus` and `street` run sideways, `gap` up and down. */
export type Strip =
  | { readonly kind: 'bus'; readonly shelf: number }
  | { readonly kind: 'street'; readonly shelf: number }
  | { readonly kind: 'gap'; readonly shelf: number; readonly at: number };

/** Where a wire stands when it has left its box, bar or port: on the bus above the bars, or on the street below them. */
export interface Dock {
  readonly kind: 'bus' | 'street';
  readonly shelf: number;
  /** Index of the block in its shelf; the host's lower edge has none. */
  readonly block: number;
  readonly x: number;
}

/** A way up and down through a shelf; `block` is the index of the block to its right. */
interface Piece {
  readonly left: number;
  readonly right: number;
  readonly block: number;
}

const laneWidth = 5;

/** The network of strips between the blocks. */
export class Streets {
  readonly #shelves: Shelves;
  readonly #pieces: readonly (readonly Piece[])[];
  readonly #places = new Map<Block, { readonly shelf: number; readonly at: number }>();

  constructor(shelves: Shelves) {
    this.#shelves = shelves;
    this.#pieces = shelves.shelves.map((shelf) => piecesOf(shelves, shelf.blocks));
    shelves.shelves.forEach((shelf, number) => {
      shelf.blocks.forEach((block, at) => this.#places.set(block, { shelf: number, at }));
    });
  }

  placeOf(block: Block): { readonly shelf: number; readonly at: number } {
    return this.#places.get(block) ?? { shelf: 0, at: 0 };
  }

  /** The strips that lead from one dock to the other, in turn sideways and up or down. */
  way(from: Dock, to: Dock): Strip[] {
    const isNear = from.block === to.block || Math.abs(from.block - to.block) === 1;
    if (from.kind === 'bus' && to.kind === 'bus' && from.shelf === to.shelf && isNear) {
      return [{ kind: 'bus', shelf: from.shelf }];
    }
    const strips: Strip[] = [];
    let street = from.shelf;
    let x = from.x;
    const cross = (shelf: number, at: number): void => {
      strips.push({ kind: 'gap', shelf, at });
      x = this.middleOf({ kind: 'gap', shelf, at });
    };
    if (from.kind === 'bus') {
      strips.push({ kind: 'bus', shelf: from.shelf });
      cross(from.shelf, this.#beside(from, to.x));
      if (to.shelf < from.shelf) street = from.shelf - 1;
    }
    strips.push({ kind: 'street', shelf: street });
    // The street above a shelf's bus is as near to it as the one below.
    const last = to.kind === 'bus' && street < to.shelf ? to.shelf - 1 : to.shelf;
    while (street !== last) {
      const shelf = street < last ? street + 1 : street;
      street += street < last ? 1 : -1;
      cross(shelf, this.#best(shelf, x, to.x));
      strips.push({ kind: 'street', shelf: street });
    }
    if (to.kind === 'bus') {
      cross(to.shelf, this.#beside(to, x));
      strips.push({ kind: 'bus', shelf: to.shelf });
    }
    return strips;
  }

  /** The middle of a strip: the y of those that run sideways, the x of a gap. */
  middleOf(strip: Strip): number {
    if (strip.kind === 'gap') return (this.#piece(strip).left + this.#piece(strip).right) / 2;
    const lanes = this.lanesOf(strip);
    return lanes[Math.floor(lanes.length / 2)] ?? 0;
  }

  lanesOf(strip: Strip): number[] {
    const shelf = this.#shelves.shelves[strip.shelf];
    const [block] = shelf?.blocks ?? [];
    if (!shelf || !block) return [0];
    switch (strip.kind) {
      case 'bus':
        return offsets(busHeight - 3).map((offset) => barTop(block) - 3 - offset);
      case 'street':
        return offsets(streetHeight - 24).map((offset) => shelf.bottom + 6 + offset);
      case 'gap': {
        const { left, right, block: at } = this.#piece(strip);
        // From the block outward; at the left end of a shelf that is to the left.
        return offsets(right - left).map((offset) => (at === 0 ? right - offset : left + offset));
      }
    }
  }

  stretch(strip: Strip, from: number, to: number, bundle: string): Stretch {
    const at = strip.kind === 'gap' ? `/${strip.at}` : '';
    return { strip: `${strip.kind}/${strip.shelf}${at}`, lanes: this.lanesOf(strip), from, to, bundle };
  }

  #piece(strip: { readonly shelf: number; readonly at: number }): Piece {
    return this.#pieces[strip.shelf]?.[strip.at] ?? { left: 0, right: 0, block: 0 };
  }

  /** The best way up or down beside the dock's block. */
  #beside(dock: Dock, toX: number): number {
    return this.#best(dock.shelf, dock.x, toX, ({ block }) => block === dock.block || block === dock.block + 1);
  }

  #best(shelf: number, fromX: number, toX: number, suits: (piece: Piece) => boolean = () => true): number {
    let best = 0;
    let least = Infinity;
    this.#pieces[shelf]?.forEach((piece, at) => {
      const middle = (piece.left + piece.right) / 2;
      const cost = Math.abs(middle - fromX) + Math.abs(middle - toX);
      if (cost < least && suits(piece)) [best, least] = [at, cost];
    });
    return best;
  }
}

/** Gaps cut into pieces, so that a wire crosses a wide one where it needs to. */
function piecesOf(shelves: Shelves, blocks: readonly Block[]): Piece[] {
  const pieces: Piece[] = [];
  for (let block = 0; block <= blocks.length; block++) {
    const before = blocks[block - 1];
    const after = blocks[block];
    const start = before ? rightOf(before) : shelves.left - hostPadding;
    const end = after ? after.x : Math.max(start + blockGap, shelves.right + hostPadding);
    const count = Math.max(1, Math.floor((end - start) / blockGap));
    const width = (end - start) / count;
    for (let at = 0; at < count; at++) {
      pieces.push({ left: start + at * width, right: start + (at + 1) * width, block });
    }
  }
  return pieces;
}

function offsets(room: number): number[] {
  return Array.from({ length: Math.max(1, Math.floor((room - 4) / laneWidth)) }, (_, at) => 4 + at * laneWidth);
}

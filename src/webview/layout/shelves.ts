import type { Rect } from '../layout.ts';
import { bottomOf, groundOf, growthOf, rightOf, type Block } from './block.ts';
import { blockGap, hostPadding, hostTitle, streetHeight } from './sizes.ts';

/** Blocks whose bars stand in one line. They are sorted by x; between two shelves is a street. */
export interface Shelf {
  /** No block of it may begin above this. */
  top: number;
  readonly bottom: number;
  readonly blocks: Block[];
}

/** Where the blocks are: the host's inside. It only grows, so that its lower edge does not jump. */
export class Shelves {
  readonly shelves: Shelf[] = [];
  readonly left: number;
  readonly top: number;
  right: number;
  readonly #aspect: number;

  /** @param aspect width over height that the whole should come near to */
  constructor(host: Rect | undefined, aspect: number) {
    this.#aspect = aspect;
    this.left = (host?.x ?? 0) + hostPadding;
    this.top = (host?.y ?? 0) + hostTitle;
    this.right = host ? host.x + host.width - hostPadding : this.left;
  }

  get bottom(): number {
    return this.shelves.at(-1)?.bottom ?? this.top;
  }

  /** Takes remembered blocks where they are; returns those that are in the way of others, which it does not take. */
  takeBack(blocks: readonly Block[]): Block[] {
    const refused: Block[] = [];
    const byBottom = Map.groupBy(blocks, bottomOf);
    for (const bottom of [...byBottom.keys()].sort((a, b) => a - b)) {
      const top = this.shelves.length === 0 ? this.top : this.bottom + streetHeight;
      const shelf: Shelf = { top, bottom, blocks: [] };
      for (const block of [...(byBottom.get(bottom) ?? [])].sort((a, b) => a.x - b.x)) {
        const last = shelf.blocks.at(-1);
        const isFree = last ? block.x >= rightOf(last) + blockGap : block.x >= this.left;
        if (isFree && block.y >= top && groundOf(block) >= block.y) shelf.blocks.push(block);
        else refused.push(block);
      }
      if (shelf.blocks.length === 0) continue;
      this.shelves.push(shelf);
      this.right = Math.max(this.right, ...shelf.blocks.map(rightOf));
    }
    return refused;
  }

  /** Places blocks where nothing is yet: a shelf after the other, in the width that gives the best shape. */
  fill(blocks: readonly Block[]): void {
    const widths = blocks.map((block) => block.width);
    const total = widths.reduce((sum, width) => sum + width + blockGap, 0);
    const least = Math.max(...widths, this.right - this.left);
    let best: { readonly rows: Block[][]; readonly score: number } | undefined;
    for (let step = 0; step <= widthSteps; step++) {
      const rows = rowsOf(blocks, least + ((total - least) * step) / widthSteps);
      const score = scoreOf(rows, this.#aspect);
      if (!best || score < best.score - 1e-9) best = { rows, score };
    }
    for (const row of best?.rows ?? []) {
      const height = Math.max(...row.map((block) => block.height));
      const shelf = this.#newShelf(height);
      let x = this.left;
      for (const block of row) {
        block.x = x;
        block.y = shelf.bottom - block.height;
        x = rightOf(block) + blockGap;
        shelf.blocks.push(block);
      }
      this.right = Math.max(this.right, x - blockGap);
    }
  }

  /** Puts one more block on free space: in a shelf, else at a shelf's end or below, whichever shapes the whole better. */
  add(block: Block): void {
    if (this.shelves.length === 0) return this.fill([block]);
    for (const shelf of this.shelves) {
      if (shelf.bottom - shelf.top < block.height) continue;
      const ends = [this.left - blockGap, ...shelf.blocks.map(rightOf)];
      for (const [at, end] of ends.entries()) {
        const next = shelf.blocks[at]?.x ?? this.right + blockGap;
        if (next - end >= block.width + 2 * blockGap) return this.#insert(shelf, at, block, end + blockGap);
      }
    }
    const beside = this.#shortestShelf(block.height);
    const wider = beside ? beside.end + blockGap + block.width - this.left : Infinity;
    const below = this.bottom + streetHeight + block.height - this.top;
    const isBeside =
      beside &&
      misshape(wider, this.bottom - this.top, this.#aspect) <
        misshape(Math.max(this.right - this.left, block.width), below, this.#aspect);
    if (isBeside) return this.#insert(beside.shelf, beside.shelf.blocks.length, block, beside.end + blockGap);
    this.#insert(this.#newShelf(block.height), 0, block, this.left);
  }

  /** Gives the block one row or column more where that is free; false where nothing is. */
  grow(block: Block): boolean {
    const shelf = this.shelves.find((candidate) => candidate.blocks.includes(block));
    if (!shelf) return false;
    const step = growthOf(block);
    if (block.y - step.y >= shelf.top) {
      block.y -= step.y;
      block.height += step.y;
      return true;
    }
    const next = shelf.blocks[shelf.blocks.indexOf(block) + 1];
    if (rightOf(block) + step.x > (next ? next.x - blockGap : this.right)) return false;
    block.width += step.x;
    return true;
  }

  #insert(shelf: Shelf, at: number, block: Block, x: number): void {
    block.x = x;
    block.y = shelf.bottom - block.height;
    shelf.blocks.splice(at, 0, block);
    this.right = Math.max(this.right, rightOf(block));
  }

  #newShelf(height: number): Shelf {
    const top = this.shelves.length === 0 ? this.top : this.bottom + streetHeight;
    const shelf = { top, bottom: top + height, blocks: [] };
    this.shelves.push(shelf);
    return shelf;
  }

  #shortestShelf(height: number): { readonly shelf: Shelf; readonly end: number } | undefined {
    let best: { readonly shelf: Shelf; readonly end: number } | undefined;
    for (const shelf of this.shelves) {
      const last = shelf.blocks.at(-1);
      const end = last ? rightOf(last) : this.left - blockGap;
      if (shelf.bottom - shelf.top >= height && (!best || end < best.end)) best = { shelf, end };
    }
    return best;
  }
}

const widthSteps = 40;

/** The high ones first, each in the lowest row that has room; in each row the order is that of the blocks. */
function rowsOf(blocks: readonly Block[], width: number): Block[][] {
  const rows: { free: number; readonly blocks: Set<Block> }[] = [];
  for (const block of [...blocks].sort((a, b) => b.height - a.height)) {
    let row = rows.findLast((candidate) => candidate.free >= block.width + blockGap);
    if (!row) rows.push((row = { free: width + blockGap + 1e-6, blocks: new Set() }));
    row.free -= block.width + blockGap;
    row.blocks.add(block);
  }
  return rows.map((row) => blocks.filter((block) => row.blocks.has(block)));
}

function scoreOf(rows: readonly (readonly Block[])[], aspect: number): number {
  let width = 0;
  let height = 0;
  let used = 0;
  for (const row of rows) {
    width = Math.max(
      width,
      row.reduce((sum, block) => sum + block.width + blockGap, -blockGap),
    );
    height += Math.max(...row.map((block) => block.height)) + streetHeight;
    used += row.reduce((sum, block) => sum + (block.width + blockGap) * (block.height + streetHeight), 0);
  }
  return misshape(width, height, aspect) + (width * height) / used / 1.5;
}

/** How far from the wanted shape, 0 where it is that. */
function misshape(width: number, height: number, aspect: number): number {
  return Math.abs(Math.log(width / height / aspect));
}

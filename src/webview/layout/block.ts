import type { NodeId } from '../../topology/graphModel.ts';
import type { Rect } from '../layout.ts';
import type { BoxNode } from './plan.ts';
import { usualBox, type Shape } from './shape.ts';
import {
  barHeight,
  busHeight,
  cellGridAspect,
  cellPitchX,
  cellPitchY,
  cellWidth,
  chipDrop,
  chipHeight,
  gutter,
  leastBlock,
  rowGutter,
  unit,
} from './sizes.ts';

/**
 * A network's part of the picture: the bar at its lower end, above it a strip for wires that leave, above that its
 * boxes, which stand on each other in columns. Boxes, with the free strips to their right and below them, never overlap:
 * so a wire that falls from any box finds its way to the bar (drop.ts).
 */
export interface Block {
  /** `block:` and the id of the bar; an annex of a full block has a number behind; `block:loose` belongs to no bar. */
  readonly id: string;
  /** The bar's id. An annex has the bar of its first block elsewhere, and none itself. */
  readonly home: NodeId | undefined;
  readonly hasBar: boolean;
  x: number;
  y: number;
  width: number;
  height: number;
  compact: boolean;
  readonly placed: Placed[];
}

/** A box at its place. */
export interface Placed {
  readonly node: BoxNode;
  readonly shape: Shape;
  readonly x: number;
  readonly y: number;
}

export const bottomOf = (block: Block): number => block.y + block.height;
export const rightOf = (block: Block): number => block.x + block.width;
export const barTop = (block: Block): number => bottomOf(block) - barHeight;
/** Where the lowest boxes and their free strips end. */
export const groundOf = (block: Block): number => barTop(block) - busHeight;
export const barOf = (block: Block): Rect => ({
  x: block.x,
  y: barTop(block),
  width: block.width,
  height: barHeight,
});

/** A box with its chips and the free strips that are its own. */
export function footprintOf(shape: Shape, x: number, y: number): Rect {
  if (shape.units === 0) return { x, y, width: cellPitchX, height: cellPitchY };
  return { x, y, width: shape.width + gutter, height: shape.height + shape.chipZone + rowGutter };
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** True where the footprint lies in the block's part for boxes. */
export function isInside(block: Block, footprint: Rect): boolean {
  return (
    footprint.x >= block.x &&
    footprint.x + footprint.width <= rightOf(block) &&
    footprint.y >= block.y &&
    footprint.y + footprint.height <= groundOf(block)
  );
}

/** Free places of a block, the nearest to the bar first. Cells and boxes do not mix in one block. */
export class Places {
  readonly #block: Block;
  readonly #cells = new Set<string>();
  /** The lowest first. */
  readonly #footprints: Rect[] = [];
  /** All cells before this one are taken. */
  #firstCell = 0;

  constructor(block: Block) {
    this.#block = block;
    for (const placed of block.placed) this.#note(placed);
  }

  /** Puts the box on the lowest free place; false where there is none. `side`: where its other networks are. */
  add(node: BoxNode, shape: Shape, side: 'left' | 'right'): boolean {
    const place = this.#block.compact ? this.#freeCell() : this.#lowest(shape, side);
    if (!place) return false;
    const placed = { node, shape, ...place };
    this.#block.placed.push(placed);
    this.#note(placed);
    return true;
  }

  /** To be called when the block has grown. */
  grown(): void {
    this.#firstCell = 0;
  }

  #note(placed: Placed): void {
    if (this.#block.compact) {
      this.#cells.add(`${placed.x},${placed.y}`);
      return;
    }
    const footprint = footprintOf(placed.shape, placed.x, placed.y);
    const at = this.#footprints.findIndex((other) => other.y + other.height < footprint.y + footprint.height);
    this.#footprints.splice(at < 0 ? this.#footprints.length : at, 0, footprint);
  }

  #freeCell(): { x: number; y: number } | undefined {
    const block = this.#block;
    const columns = Math.floor((block.width - cellInset) / cellPitchX);
    const rows = Math.floor((groundOf(block) - block.y) / cellPitchY);
    for (; this.#firstCell < columns * rows; this.#firstCell++) {
      const x = block.x + cellInset + (this.#firstCell % columns) * cellPitchX;
      const y = groundOf(block) - (1 + Math.floor(this.#firstCell / columns)) * cellPitchY;
      if (!this.#cells.has(`${x},${y}`)) return { x, y };
    }
    return undefined;
  }

  #lowest(shape: Shape, side: 'left' | 'right'): { x: number; y: number } | undefined {
    const block = this.#block;
    const columns = Math.floor((block.width - gutter) / unit) - shape.units;
    let best: { x: number; y: number } | undefined;
    for (let at = 0; at <= columns; at++) {
      const x = block.x + gutter + (side === 'left' ? at : columns - at) * unit;
      const y = this.#lowestAt(shape, x);
      if (y !== undefined && (!best || y > best.y)) best = { x, y };
    }
    return best;
  }

  #lowestAt(shape: Shape, x: number): number | undefined {
    const block = this.#block;
    const size = footprintOf(shape, x, 0);
    let y = groundOf(block) - size.height;
    for (const other of this.#footprints) {
      if (other.x >= x + size.width || x >= other.x + other.width) continue;
      if (other.y + other.height <= y) break;
      y = Math.min(y, other.y - size.height);
    }
    return y >= block.y ? y : undefined;
  }
}

/** Cells begin this far from the block's left end, so that the gaps at both ends are alike. */
const cellInset = cellPitchX - cellWidth;

/** Height of a block without boxes. */
const emptyHeight = barHeight + busHeight;
const topPadding = 10;
/** Height of one container with one interface, and all that is below it. */
const rowHeight = usualBox.height + chipDrop + chipHeight + rowGutter;

/** How far a block grows at once, to the right and upward. */
export function growthOf(block: Block): { readonly x: number; readonly y: number } {
  return block.compact ? { x: cellPitchX, y: cellPitchY } : { x: 2 * unit, y: rowHeight };
}

/** Size of a block for these boxes and some more. */
export function sizeFor(shapes: readonly Shape[], compact: boolean, takesBoxes = true): [number, number] {
  if (shapes.length === 0) return [leastBlock, emptyHeight + (takesBoxes ? rowHeight + topPadding : 0)];
  if (compact) {
    const count = shapes.length + Math.ceil(shapes.length / 12);
    const columns = Math.ceil(Math.sqrt((count * cellGridAspect * cellPitchY) / cellPitchX));
    const rows = Math.ceil(count / columns);
    return [Math.max(leastBlock, cellInset + columns * cellPitchX), emptyHeight + rows * cellPitchY + topPadding];
  }
  const total = shapes.reduce((sum, shape) => sum + shape.units, 0);
  let best: [number, number] = [gutter + (total + 2) * unit, emptyHeight + heightFor(shapes, total + 2) + topPadding];
  if (total <= longestRow) return best;
  let least = Infinity;
  const widest = Math.max(longestRow - 1, ...shapes.map((shape) => shape.units));
  for (let units = widest; units <= widest + 12; units++) {
    const size: [number, number] = [gutter + units * unit, emptyHeight + heightFor(shapes, units) + topPadding];
    // Little room to waste, and not too far from a shape that packs well.
    const cost = (size[0] * size[1]) / (total * unit * rowHeight) + Math.abs(Math.log(size[0] / size[1] / blockAspect));
    if (cost < least - 1e-9) [best, least] = [size, cost];
  }
  return best;
}

/** Up to this many units boxes stand in one row. */
const longestRow = 9;
const blockAspect = 2.4;

/** Stacks the boxes in columns, to see how high they get with one more. */
function heightFor(shapes: readonly Shape[], units: number): number {
  const heights = new Array<number>(units).fill(0);
  const spare = shapes.find((shape) => shape.units === 2) ?? shapes[0];
  for (const shape of spare ? [...shapes, spare] : shapes) {
    let column = 0;
    let lowest = Infinity;
    for (let at = 0; at + shape.units <= units; at++) {
      const height = Math.max(...heights.slice(at, at + shape.units));
      if (height < lowest) [column, lowest] = [at, height];
    }
    const top = (lowest === Infinity ? 0 : lowest) + footprintOf(shape, 0, 0).height;
    heights.fill(top, column, column + shape.units);
  }
  return Math.max(rowHeight, ...heights);
}

import type { HostId } from '../../topology/graphModel.ts';
import type { Point } from '../layout.ts';
import { frameGap, usualWindow } from './sizes.ts';

/** The room that a host takes: its frame, and the ports that hang below it. */
export interface Cell {
  readonly host: HostId;
  readonly width: number;
  readonly height: number;
  x: number;
}

/** Hosts side by side, their upper edges in one line. Sorted by x. */
export interface Row {
  readonly cells: Cell[];
  /** Undefined for a row that was not there before. */
  y: number | undefined;
}

/**
 * Puts each host into a row, some of which were there before. What is remembered stays, unless one that has grown needs its room: then those to its right
 * move on. What is new takes room that is free.
 */
export function rowsOf(cells: readonly Omit<Cell, 'x'>[], before: (host: HostId) => Point | undefined): Row[] {
  const byTop = new Map<number, Row>();
  const fresh: Cell[] = [];
  for (const cell of cells) {
    const at = before(cell.host);
    if (!at) {
      fresh.push({ ...cell, x: 0 });
      continue;
    }
    const row = byTop.get(at.y) ?? { cells: [], y: at.y };
    byTop.set(at.y, row);
    row.cells.push({ ...cell, x: at.x });
  }
  const rows = [...byTop.values()].sort((a, b) => (a.y ?? 0) - (b.y ?? 0));
  for (const { cells: inRow } of rows) spread(inRow.sort((a, b) => a.x - b.x));
  for (const cell of fresh) add(rows, cell);
  return rows;
}

const rightOf = ({ x, width }: Cell): number => x + width;
const heightOf = ({ cells }: Row): number => Math.max(0, ...cells.map(({ height }) => height));
const lastOf = ({ cells }: Row): number => Math.max(0, ...cells.map(rightOf));

/** Nobody overlaps: moves to the right what would. */
function spread(cells: readonly Cell[]): void {
  let free = -Infinity;
  for (const cell of cells) {
    cell.x = Math.max(cell.x, free);
    free = rightOf(cell) + frameGap;
  }
}

/** Rows of hosts that were nowhere before, so many in each. */
export function evenRows(cells: readonly Omit<Cell, 'x'>[], perRow: number): Row[] {
  const rows: Row[] = [];
  for (const [at, cell] of cells.entries()) {
    let row = rows.at(-1);
    if (!row || at % perRow === 0) rows.push((row = { cells: [], y: undefined }));
    row.cells.push({ ...cell, x: row.cells.length === 0 ? 0 : lastOf(row) + frameGap });
  }
  return rows;
}

/** How big all of it is in the usual window. */
export function scaleOf(rows: readonly Row[]): number {
  const width = Math.max(...rows.map(lastOf));
  const height = rows.reduce((sum, row) => sum + heightOf(row) + frameGap, 0);
  return Math.min(usualWindow.width / width, usualWindow.height / height);
}

/** Puts one more host where it moves nobody: into a gap, at the end of a row, or below all. */
function add(rows: Row[], cell: Cell): void {
  let best: { readonly row: Row; readonly at: number; readonly x: number; readonly scale: number } | undefined;
  const propose = (row: Row, at: number, x: number): void => {
    const trial = { ...row, cells: row.cells.toSpliced(at, 0, { ...cell, x }) };
    const scale = scaleOf(rows.includes(row) ? rows.map((one) => (one === row ? trial : one)) : [...rows, trial]);
    if (!best || scale > best.scale + 1e-9) best = { row, at, x, scale };
  };
  const left = Math.min(0, ...rows.flatMap(({ cells }) => cells.map(({ x }) => x)));
  for (const [number, row] of rows.entries()) {
    const below = rows[number + 1]?.y;
    if (below !== undefined && below - (row.y ?? 0) - frameGap < cell.height) continue;
    for (let at = 0; at <= row.cells.length; at++) {
      const before = row.cells[at - 1];
      const x = before ? rightOf(before) + frameGap : left;
      const next = row.cells[at]?.x ?? Infinity;
      if (x + cell.width + frameGap <= next) propose(row, at, x);
    }
  }
  propose({ cells: [], y: undefined }, 0, left);
  if (!best) return;
  if (!rows.includes(best.row)) rows.push(best.row);
  best.row.cells.splice(best.at, 0, { ...cell, x: best.x });
}

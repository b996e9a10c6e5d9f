import type { ViewOptions } from '../../../src/editor/settings.ts';
import { lookupOf } from '../../../src/editor/lookup.ts';
import type { Snapshot } from '../../../src/topology/model.ts';
import type { Row, RowContext } from '../../../src/views/row.ts';

const everything: ViewOptions = { groupBy: 'none', showBuiltIn: true, showStopped: true };

/** A context that fails the test where a row is left out. */
export function contextOf(snapshot: Snapshot, options: Partial<ViewOptions> = {}): RowContext {
  return {
    lookup: lookupOf(snapshot),
    options: { ...everything, ...options },
    forwards: [],
    skipped: (thrown) => {
      throw thrown instanceof Error ? thrown : new Error(String(thrown));
    },
  };
}

/** The row at the end of a path of labels. */
export function at(rows: readonly Row[], ...labels: readonly string[]): Row {
  const [label, ...rest] = labels;
  const row = rows.find((one) => one.label === label);
  if (row === undefined) throw new Error(`no row ${label ?? ''} among ${rows.map((one) => one.label).join(', ')}`);
  return rest.length === 0 ? row : at(row.children?.() ?? [], ...rest);
}

export function labels(rows: readonly Row[]): string[] {
  return rows.map((row) => row.label);
}

/** Every row of a tree, folded or not. */
export function flat(rows: readonly Row[]): Row[] {
  return rows.flatMap((row) => [row, ...flat(row.children?.() ?? [])]);
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** What it is held against, from the same run. */
  readonly yardstick: string;
  readonly ratio?: number;
  readonly target: string;
  /** Absent where DESIGN section 8 has no target. */
  readonly met?: boolean;
}

const heads = ['', 'measured', 'yardstick', 'ratio', 'target', ''] as const;

export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, yardstick, ratio, target, met }) => [
    what,
    measured,
    yardstick,
    ratio === undefined ? '' : ratio.toFixed(2),
    target,
    met === undefined ? '' : met ? 'ok' : 'over',
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (words: readonly string[]): string =>
    words
      .map((word, column) => (column === 3 ? word.padStart(widths[column] ?? 0) : word.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(heads), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].join('\n');
}

export function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}

export function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** An index, a metric or a PID: at most 32 bits. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** A counter of 64 bits. It stays at 2^53 - 1, the last whole number that a snapshot can hold. */
export function counter(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : undefined;
}

/** A hexadecimal number of at most 32 bits, without `0x`. */
export function hexadecimal(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9a-fA-F]{1,8}$/.test(text) ? parseInt(text, 16) : undefined;
}

/** The fields of a line of a table. */
export function fields(line: string): string[] {
  return line.split(/[ \t]+/).filter((field) => field !== '');
}

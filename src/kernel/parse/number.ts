/** A decimal number of the kernel, up to 64 bits. Counters past 2^53 lose their last digits; nothing here counts on those. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** A hexadecimal number of at most 32 bits, without `0x`. */
export function hexadecimal(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9a-fA-F]{1,8}$/.test(text) ? parseInt(text, 16) : undefined;
}

/** The fields of a line of a table. */
export function fields(line: string): string[] {
  return line.split(/[ \t]+/).filter((field) => field !== '');
}

/** Puts values in the places `{0}`, `{1}` … of a translated text. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}

/** A rate for people: SI prefixes, as Docker's own `stats` has them. */
export function rateText(bytesPerSecond: number): string {
  let value = Math.max(0, bytesPerSecond);
  let unit = 0;
  // What would be shown as 1000.0 belongs to the next prefix.
  while (value >= 999.95 && unit < prefixes.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${prefixes[unit] ?? ''}B/s`;
}

const prefixes = ['', 'k', 'M', 'G', 'T'];

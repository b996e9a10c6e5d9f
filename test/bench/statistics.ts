/** The value that a share of the samples is not above: 0.5 is the median. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  if (low === undefined || high === undefined) throw new Error('nothing was measured');
  return low + (high - low) * (position % 1);
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

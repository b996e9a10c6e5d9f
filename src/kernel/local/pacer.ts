/** Lets the event loop run between slices of blocking work. */
export interface Pacer {
  /** Call it between units of less than a millisecond; it rejects with the signal's reason after an abort. */
  rest(): Promise<void>;
}

/** With the longest unit, starting `ip` (2–4 ms of fork), a slice stays under 10 ms. */
const sliceMilliseconds = 3;

export function createPacer(signal: AbortSignal | undefined): Pacer {
  let sliceEnd = performance.now() + sliceMilliseconds;
  return {
    async rest() {
      signal?.throwIfAborted();
      if (performance.now() < sliceEnd) return;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      sliceEnd = performance.now() + sliceMilliseconds;
    },
  };
}

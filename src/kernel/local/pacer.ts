/** Lets the event loop run between slices of blocking work. */
export interface Pacer {
  /** Call it between units of less than a millisecond; it rejects with the signal's reason after an abort. */
  rest(): Promise<void>;
}

/** Half of what one frame of a busy extension host may take; the unit that overruns it is short. */
const sliceMilliseconds = 4;

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

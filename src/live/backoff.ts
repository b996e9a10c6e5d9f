/** Milliseconds before attempt n+1 after n failures in a row. For ever: an engine that is down now may be up tomorrow. */
export function backoff(failures: number): number {
  return Math.min(10_000, 500 * 2 ** Math.min(failures - 1, 5));
}

/** Resolves after the time, or at once when the signal aborts. Never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

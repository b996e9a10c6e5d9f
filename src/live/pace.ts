/**
 * Calls `tick` that many milliseconds from now, and again as long after each call has come to its end, until the signal
 * aborts. `tick` never rejects. It keeps no process alive.
 */
export function atPace(milliseconds: number, tick: () => Promise<void>, signal: AbortSignal): void {
  if (signal.aborted) return;
  const next = (): void => {
    signal.removeEventListener('abort', stop);
    void tick().then(() => atPace(milliseconds, tick, signal));
  };
  const timer = setTimeout(next, milliseconds);
  timer.unref();
  const stop = (): void => clearTimeout(timer);
  signal.addEventListener('abort', stop, { once: true });
}

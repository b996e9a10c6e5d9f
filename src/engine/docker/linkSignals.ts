/**
 * A signal that any of the others ends. Unlike `AbortSignal.any` it is let go by hand: some Node versions keep
 * something of each composite for as long as its longest-lived part lives, and ours lives as long as the engine.
 */
export function linkSignals(parts: readonly (AbortSignal | undefined)[]): {
  signal: AbortSignal;
  abort(): void;
  release(): void;
} {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const part of parts) {
    if (part?.aborted === true) abort();
    part?.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    abort,
    release: () => {
      for (const part of parts) part?.removeEventListener('abort', abort);
    },
  };
}

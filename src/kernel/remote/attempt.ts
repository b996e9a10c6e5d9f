import type { KernelReading } from '../../topology/model.ts';

/** For one whole read from afar: whoever waits for it has waited long enough then. */
export const defaultTimeoutMs = 10_000;

/** Of what one script prints: some 20,000 links. */
export const maxBytes = 32 * 1024 * 1024;

/** A reading that breaks is an absence, and the log says why; only an abort rejects, with the signal's reason. */
export async function orFailed(
  read: () => Promise<KernelReading>,
  signal: AbortSignal | undefined,
  log: (message: string) => void,
): Promise<KernelReading> {
  signal?.throwIfAborted();
  try {
    return await read();
  } catch (error) {
    signal?.throwIfAborted();
    log(`reading the kernel failed: ${textOf(error)}`);
    return { kind: 'absent', reason: 'failed' };
  }
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A line that says the same as the one before it says nothing. */
export function onlyNews(log: (message: string) => void): (message: string) => void {
  let last: string | undefined;
  return (message) => {
    if (message !== last) log(message);
    last = message;
  };
}

import type { EngineError } from '../engine.ts';
import { toEngineError } from './errors.ts';
import { linkSignals } from './linkSignals.ts';
import type { EngineLog } from './target.ts';

export interface InspectAllOptions {
  /** Inspections at one time. */
  readonly concurrency: number;
  /** Containers that may keep the engine waiting until the time is up, before the whole read fails. */
  readonly maxStuckContainers: number;
  readonly signal: AbortSignal;
  readonly log: EngineLog | undefined;
  /** What they are, for the log; `container` where it is not said. */
  readonly what?: 'network';
}

/**
 * The inspection of each container, in the order of the ids; undefined where it could not be had, and the list's
 * facts must do. Rejects where the failure is the engine's and not one container's.
 */
export async function inspectAll(
  ids: readonly string[],
  inspect: (id: string, signal: AbortSignal) => Promise<unknown>,
  options: InspectAllOptions,
): Promise<readonly unknown[]> {
  const results: unknown[] = ids.map(() => undefined);
  const link = linkSignals([options.signal]);
  const queue = ids.entries();
  let stuck = 0;
  const work = async (): Promise<void> => {
    // All workers take from the one iterator.
    for (const [index, id] of queue) {
      try {
        results[index] = await inspect(id, link.signal);
      } catch (error) {
        const reason = toEngineError(error);
        if (reason.kind === 'timeout') stuck++;
        if (!concernsOneContainer(reason) || stuck > options.maxStuckContainers) {
          link.abort();
          throw reason;
        }
        options.log?.warn(
          `${options.what ?? 'container'} ${id.slice(0, 12)} comes with the list's facts alone: ${reason.message}`,
        );
      }
    }
  };
  const workers = Array.from({ length: Math.min(options.concurrency, ids.length) }, work);
  try {
    await Promise.all(workers);
  } finally {
    // The first to fail has said why; the others end by its abort, and are heard to their end.
    await Promise.allSettled(workers);
    link.release();
  }
  return results;
}

/** Gone, broken or stuck: the others can be shown all the same. */
function concernsOneContainer(error: EngineError): boolean {
  return error.kind === 'notFound' || error.kind === 'conflict' || error.kind === 'engine' || error.kind === 'timeout';
}

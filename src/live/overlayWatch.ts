import type { Engine } from '../engine/engine.ts';
import { readAgain, sharedNetworks } from './overlays.ts';
import { atPace } from './pace.ts';
import type { ReadQueue } from './readQueue.ts';
import type { Records } from './records.ts';

/** Milliseconds between two looks at what other hosts put on overlay networks. */
const interval = 15_000;

interface OverlayWatchParts {
  readonly engine: Engine;
  readonly queue: ReadQueue;
  readonly known: () => Records | undefined;
  /** Something is new; called in the queue. */
  readonly changed: (records: Records, signal: AbortSignal) => Promise<void>;
  /** It does not work; told once until it does. */
  readonly failed: (reason: unknown) => void;
}

/** Reads overlay networks again and again: no event tells what comes and goes on other hosts. */
export class OverlayWatch {
  readonly #parts: OverlayWatchParts;
  #looking: AbortController | undefined;
  #failing = false;

  constructor(parts: OverlayWatchParts) {
    this.#parts = parts;
  }

  start(signal: AbortSignal): void {
    if (this.#parts.engine.connection.origin !== 'recording') atPace(interval, () => this.#look(signal), signal);
  }

  /** Ends the look that is on its way: somebody waits for a read. */
  giveWay(): void {
    this.#looking?.abort();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { queue, known, failed } = this.#parts;
    // What is read for an event or a person now is as new.
    const records = queue.busy ? undefined : known();
    const shared = records === undefined ? [] : sharedNetworks(records);
    if (shared.length === 0) return;
    this.#looking = new AbortController();
    const until = AbortSignal.any([signal, this.#looking.signal]);
    try {
      await queue.add(() => this.#read(shared, until));
      this.#failing = false;
    } catch (reason) {
      if (until.aborted) return;
      if (!this.#failing) failed(reason);
      this.#failing = true;
    }
  }

  async #read(shared: readonly string[], signal: AbortSignal): Promise<void> {
    const { engine, known, changed } = this.#parts;
    const before = known();
    const records = before && (await readAgain(engine, before, shared, signal));
    if (records !== undefined && !signal.aborted) await changed(records, signal);
  }
}

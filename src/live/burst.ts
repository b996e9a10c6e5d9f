import type { EngineEvent } from '../engine/engine.ts';
import { Touched } from './touched.ts';

/** Milliseconds of quiet before a burst of events is read. */
const quietTime = 100;
/** But never longer than this, however long the burst. */
const longest = 1_000;

/** Gathers events until they pause. */
export class Burst {
  readonly #flush: (touched: Touched) => void;
  #touched = new Touched();
  #first: number | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  /** @param flush is told what was touched since the last time */
  constructor(flush: (touched: Touched) => void) {
    this.#flush = flush;
  }

  add(event: EngineEvent): void {
    this.#touched.add(event);
    const now = Date.now();
    this.#first ??= now;
    this.#flushIn(Math.max(0, Math.min(quietTime, this.#first + longest - now)));
  }

  /** What was touched could not be read: from now on it is unknown. */
  addEverything(): void {
    this.#touched.everything = true;
    this.#flushIn(longest);
  }

  clear(): void {
    clearTimeout(this.#quiet);
    this.#touched = new Touched();
    this.#first = undefined;
  }

  #flushIn(milliseconds: number): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      const touched = this.#touched;
      this.clear();
      if (!touched.isEmpty) this.#flush(touched);
    }, milliseconds);
  }
}

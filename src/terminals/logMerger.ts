import type { LogLine } from '../engine/streams.ts';

/** A line and whose it is. */
export interface SourcedLine<S> {
  readonly source: S;
  readonly line: LogLine;
}

interface Waiting<S> extends SourcedLine<S> {
  /** What it is sorted by: its time, but never earlier than the line before it of the same source. */
  readonly key: string;
  /** On the clock of this machine. */
  readonly arrived: number;
}

export interface LogMergerOptions {
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** How long a line waits for an earlier one of another source, in milliseconds. */
  readonly windowMs?: number;
  /** More than these do not wait. */
  readonly maxLines?: number;
}

/**
 * The lines of several logs in the order of the engine's clock. A line goes on when each source has sent a later one, or
 * when it has waited for `windowMs`: a source that is silent delays the others by that and no more. Lines of one
 * source stay in their order, and the parts of a long line together.
 */
export class LogMerger<S> {
  readonly #now: () => number;
  readonly #windowMs: number;
  readonly #maxLines: number;
  /** The newest key of each source that may send more. */
  readonly #newest = new Map<S, string>();
  readonly #unfinished = new Map<S, string>();
  #waiting: Waiting<S>[] = [];

  constructor({ now, windowMs = 300, maxLines = 10_000 }: LogMergerOptions) {
    this.#now = now;
    this.#windowMs = windowMs;
    this.#maxLines = maxLines;
  }

  /** Lines are waited for from it, though it has sent none yet. */
  add(source: S): void {
    if (!this.#newest.has(source)) this.#newest.set(source, '');
  }

  /** Nothing more will come from it. */
  end(source: S): void {
    this.#newest.delete(source);
    this.#unfinished.delete(source);
  }

  push(source: S, lines: readonly LogLine[]): void {
    const arrived = this.#now();
    let newest = this.#newest.get(source) ?? '';
    for (const line of lines) {
      // A part that goes on has the key of the first one, so that nothing sorts between them.
      const key = this.#unfinished.get(source) ?? (line.time > newest ? line.time : newest);
      if (line.partial) this.#unfinished.set(source, key);
      else this.#unfinished.delete(source);
      newest = key;
      this.#waiting.push({ source, line, key, arrived });
    }
    this.#newest.set(source, newest);
  }

  /** Lines that wait for others. */
  get held(): number {
    return this.#waiting.length;
  }

  /** Milliseconds until `take` gives lines even if no more come; undefined where none wait. */
  get dueIn(): number | undefined {
    if (this.#waiting.length === 0) return undefined;
    const first = this.#waiting.reduce((least, { arrived }) => Math.min(least, arrived), Number.POSITIVE_INFINITY);
    return Math.max(0, first + this.#windowMs - this.#now());
  }

  /** The lines whose waiting is over, earliest first. */
  take(): readonly SourcedLine<S>[] {
    // The sort is stable: lines with the same key stay in the order in which they came.
    this.#waiting.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
    const due = this.#now() - this.#windowMs;
    const settled = [...this.#newest.values()].reduce<string | undefined>(
      (least, key) => (least === undefined || key < least ? key : least),
      undefined,
    );
    const last = this.#waiting.findLastIndex(
      ({ key, arrived }) => settled === undefined || key <= settled || arrived <= due,
    );
    return this.#release(Math.max(last + 1, this.#waiting.length - this.#maxLines));
  }

  /** All that wait, earliest first. */
  flush(): readonly SourcedLine<S>[] {
    const now = this.take();
    return [...now, ...this.#release(this.#waiting.length)];
  }

  #release(count: number): readonly SourcedLine<S>[] {
    return this.#waiting.splice(0, count).map(({ source, line }) => ({ source, line }));
  }
}

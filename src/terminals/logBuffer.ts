import type { SourcedLine } from './logMerger.ts';

export interface LogBufferLimits {
  readonly maxLines: number;
  /** UTF-16 units of all texts. */
  readonly maxCharacters: number;
}

const defaultLimits: LogBufferLimits = { maxLines: 100_000, maxCharacters: 20_000_000 };

/** The newest lines, for a changed filter and for saving. What does not fit goes, oldest first, and is counted. */
export class LogBuffer<S> {
  readonly #limits: LogBufferLimits;
  #lines: (SourcedLine<S> | undefined)[] = [];
  /** Those before it are gone; the array is cut only now and then, so that a push costs the same at any size. */
  #first = 0;
  #characters = 0;
  #dropped = 0;

  constructor(limits: Partial<LogBufferLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  push(lines: readonly SourcedLine<S>[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#characters += line.line.text.length;
    }
    while (this.size > 1 && this.#isOverFull()) this.#dropFirst();
    if (this.#first > 1024 && this.#first * 2 > this.#lines.length) {
      this.#lines.splice(0, this.#first);
      this.#first = 0;
    }
  }

  get size(): number {
    return this.#lines.length - this.#first;
  }

  /** Lines that are gone since the buffer was made or cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Oldest first. */
  lines(): readonly SourcedLine<S>[] {
    return this.#lines.slice(this.#first).filter((line) => line !== undefined);
  }

  clear(): void {
    this.#lines = [];
    this.#first = 0;
    this.#characters = 0;
    this.#dropped = 0;
  }

  #isOverFull(): boolean {
    return this.size > this.#limits.maxLines || this.#characters > this.#limits.maxCharacters;
  }

  #dropFirst(): void {
    this.#characters -= this.#lines[this.#first]?.line.text.length ?? 0;
    this.#lines[this.#first] = undefined;
    this.#first++;
    this.#dropped++;
  }
}

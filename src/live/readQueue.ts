/** Reads one after another, so that an older answer never overwrites a newer one. */
export class ReadQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether a read runs or waits. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  add<T>(read: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#last.then(read).finally(() => (this.#waiting -= 1));
    this.#last = result.catch(() => undefined);
    return result;
  }
}

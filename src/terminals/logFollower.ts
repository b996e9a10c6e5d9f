import type { EngineStreams, LogLine, LogOptions, LogSubscription } from '../engine/streams.ts';

export interface FollowerEvents {
  lines(lines: readonly LogLine[]): void | Promise<void>;
  /** It ended by itself: the container stopped, or the connection broke. */
  ended(error: Error | undefined): void;
}

/** Follows the log of one container over its stops and starts: each time from where it was. */
export class LogFollower {
  readonly #streams: EngineStreams;
  readonly #containerId: string;
  readonly #options: LogOptions;
  readonly #events: FollowerEvents;
  #subscription: LogSubscription | undefined;
  #state: 'idle' | 'opening' | 'following' | 'disposed' = 'idle';
  /** Time of the newest line; the engine gives lines of that very moment again. */
  #newest = '';
  /** How many lines of that moment have been seen. */
  #sameMoment = 0;
  #skip = 0;

  constructor(streams: EngineStreams, containerId: string, options: LogOptions, events: FollowerEvents) {
    this.#streams = streams;
    this.#containerId = containerId;
    this.#options = options;
    this.#events = events;
  }

  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** Begins, or goes on. Nothing happens while it follows. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'opening';
    this.#skip = this.#sameMoment;
    const since = this.#newest === '' ? undefined : Date.parse(this.#newest);
    // Whole milliseconds, rounded down: what comes again is told by its time and left out.
    const options: LogOptions =
      since === undefined ? this.#options : { ...this.#options, tail: 'all', since: since / 1000 };
    this.#streams
      .logs(this.#containerId, options, {
        lines: (lines) => (this.#isDisposed() ? undefined : this.#take(lines)),
        ended: (error) => this.#end(error),
      })
      .then(
        (subscription) => {
          if (this.#state !== 'opening') subscription.dispose();
          else {
            this.#subscription = subscription;
            this.#state = 'following';
          }
        },
        (error: unknown) => this.#end(error instanceof Error ? error : new Error(String(error))),
      );
  }

  dispose(): void {
    this.#state = 'disposed';
    this.#subscription?.dispose();
    this.#subscription = undefined;
  }

  #take(lines: readonly LogLine[]): void | Promise<void> {
    const fresh = lines.filter((line) => this.#isFresh(line));
    return fresh.length === 0 ? undefined : this.#events.lines(fresh);
  }

  #isFresh({ time }: LogLine): boolean {
    if (time < this.#newest) return this.#skip === 0;
    if (time === this.#newest) {
      if (this.#skip > 0) {
        this.#skip--;
        return false;
      }
      this.#sameMoment++;
      return true;
    }
    this.#newest = time;
    this.#sameMoment = 1;
    this.#skip = 0;
    return true;
  }

  #end(error: Error | undefined): void {
    if (this.#isDisposed()) return;
    this.#state = 'idle';
    this.#subscription = undefined;
    this.#events.ended(error);
  }

  #isDisposed(): boolean {
    return this.#state === 'disposed';
  }
}

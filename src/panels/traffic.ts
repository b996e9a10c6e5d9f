import type { Disposable } from '../live/emitter.ts';
import type { TrafficSample } from '../protocol/messages.ts';
import { scopedId } from '../topology/graphElements.ts';
import type { HostId } from '../topology/graphModel.ts';
import type { LinkCounters } from '../topology/model.ts';

/** One engine's session, as far as counters go. */
export interface CounterSource {
  counters(signal: AbortSignal): Promise<ReadonlyMap<string, LinkCounters>>;
}

export interface NamedSource {
  readonly source: CounterSource;
  /** Of several hosts: the one that its links are of. */
  readonly host: HostId | undefined;
}

export interface TrafficParts {
  /** None while there is nothing to read: no engine, a recording, or a kernel that cannot be read. */
  readonly sources: () => readonly NamedSource[];
  readonly log: (message: string) => void;
  /** Milliseconds of a clock that only moves forward. */
  readonly now?: () => number;
}

/** Milliseconds from one reading to the next. */
const interval = 1_000;
/** Reading takes at most this part of the time; where it takes long, it is done less often. */
const share = 1 / 20;
const longestInterval = 30_000;

/**
 * Reads the counters of the engines' links while somebody follows them, once for all who do.
 *
 * Architecture invariant: without a follower nothing is read, and never twice at one time.
 */
export class Traffic {
  readonly #parts: Required<TrafficParts>;
  readonly #followers = new Set<(sample: TrafficSample) => void>();
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: TrafficParts) {
    this.#parts = { now: () => performance.now(), ...parts };
  }

  follow(listener: (sample: TrafficSample) => void): Disposable {
    this.#followers.add(listener);
    if (this.#running === undefined) {
      this.#running = new AbortController();
      void this.#poll(this.#running.signal);
    }
    return {
      dispose: () => {
        this.#followers.delete(listener);
        if (this.#followers.size === 0) this.#stop();
      },
    };
  }

  dispose(): void {
    this.#followers.clear();
    this.#stop();
  }

  #stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#timer);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const began = this.#parts.now();
    const links = await this.#read(this.#parts.sources(), signal);
    if (signal.aborted) return;
    if (links.length > 0) this.#send(began, links);
    const took = this.#parts.now() - began;
    const wait = Math.min(longestInterval, Math.max(interval - took, took / share, 0));
    this.#timer = setTimeout(() => void this.#poll(signal), wait);
  }

  /** One that fails or takes its time is nothing to the others but for the pace. */
  async #read(
    sources: readonly NamedSource[],
    signal: AbortSignal,
  ): Promise<readonly (readonly [string, LinkCounters])[]> {
    const read = await Promise.all(
      sources.map(async (named) => {
        try {
          const counters = await named.source.counters(signal);
          return { named, counters: [...counters] };
        } catch (thrown) {
          if (!signal.aborted) this.#parts.log(`reading counters failed: ${String(thrown)}`);
          return { named, counters: [] };
        }
      }),
    );
    // Of an engine that is not shown any more, it would look like a jump.
    const now = this.#parts.sources();
    const isShown = ({ source, host }: NamedSource): boolean =>
      now.some((other) => other.source === source && other.host === host);
    return read
      .filter(({ named }) => isShown(named))
      .flatMap(({ named, counters }) => counters.map(([name, of]) => [scopedId(name, named.host), of] as const));
  }

  #send(at: number, links: readonly (readonly [string, LinkCounters])[]): void {
    const sample: TrafficSample = { at, links: Object.fromEntries(links) };
    for (const follower of [...this.#followers]) follower(sample);
  }
}

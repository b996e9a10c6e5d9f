import type { Engine, EngineError } from '../engine/engine.ts';
import type { KernelSource, Listener } from '../kernel/kernel.ts';
import type { LinkCounters, Snapshot } from '../topology/model.ts';
import type { Disposable } from './emitter.ts';

/** Where one engine's connection stands. Engine down is a state that a view shows, never a failed activation. */
export type SessionState =
  /** The person disconnected the engine: nothing runs until one is chosen. A session itself never is. */
  | { readonly kind: 'disconnected' }
  /** Nobody looks: nothing runs. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'ready' }
  /** Includes `timeout`, `protocol` and `engine`: the error's kind says which. It is tried again with back-off. */
  | { readonly kind: 'failed'; readonly error: EngineError; readonly attempt: number };

/** What a new snapshot changed against the one before; `everything` where that is not known. */
export interface SessionChange {
  readonly everything: boolean;
  readonly networks: ReadonlySet<string>;
  readonly containers: ReadonlySet<string>;
  /** Names of links of the engine's own namespace. */
  readonly links: ReadonlySet<string>;
}

/** The newest snapshot of one engine, kept true by its events while somebody looks. */
export interface EngineSession extends Disposable {
  readonly engine: Engine;
  readonly state: SessionState;
  /** The last good one; stays while a lost connection is tried again, so that a view can say how old it is. */
  readonly snapshot: Snapshot | undefined;
  readonly onDidChangeState: (listener: (state: SessionState) => void) => Disposable;
  readonly onDidChangeSnapshot: (listener: (change: SessionChange) => void) => Disposable;
  /** The engine's own JSON of a network or container of `snapshot`. */
  raw(id: string): unknown;
  /** A person asked: never waits behind a back-off or a background read. Rejects with the `EngineError`. */
  refresh(): Promise<Snapshot>;
  /**
   * What listens on the engine's host, read now; empty where its kernel cannot be read, and before the first snapshot.
   * Rejects only with the signal's reason.
   */
  listeners(signal?: AbortSignal): Promise<readonly Listener[]>;
  /** Counters of the links of the engine's host, read now: name → counters. Empty where `listeners` is. */
  counters(signal?: AbortSignal): Promise<ReadonlyMap<string, LinkCounters>>;
  /** While false nothing runs; going true resyncs. */
  setActive(active: boolean): void;
}

export interface SessionParts {
  readonly engine: Engine;
  readonly kernel: KernelSource;
  readonly log: SessionLog;
}

export interface SessionLog {
  info(message: string): void;
  warn(message: string): void;
}

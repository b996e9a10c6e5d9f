import { EngineError, type Engine, type EventSubscription } from '../engine/engine.ts';
import type { KernelSource, Listener } from '../kernel/kernel.ts';
import type { EngineInfo, LinkCounters, Snapshot } from '../topology/model.ts';
import { backoff, pause } from './backoff.ts';
import { Burst } from './burst.ts';
import { compare, everythingChanged, isEmpty } from './changes.ts';
import { Emitter } from './emitter.ts';
import { OverlayWatch } from './overlayWatch.ts';
import { ReadQueue } from './readQueue.ts';
import { readTouched } from './readTouched.ts';
import { byId, type Records } from './records.ts';
import type { EngineSession, SessionChange, SessionLog, SessionParts, SessionState } from './session.ts';
import { isAfar, SnapshotReader, without } from './snapshotReader.ts';
import { asEngineError, isAborted } from './thrown.ts';
import type { Touched } from './touched.ts';

/** The kernel removes a veth, and a bridge learns an address, a little after the engine's event. */
const settling = 400;
/** Milliseconds between two reads of a kernel from afar: each starts a container there, or a command in each one. */
const afarInterval = 3_000;
/** Milliseconds without events that are not worth a word. */
const longestSilence = 1_000;
/** A stream that lives shorter than this counts as a failure: something cuts it. */
const shortestStream = 2_000;

export function createSession(parts: SessionParts): EngineSession {
  return new LiveSession(parts);
}

class LiveSession implements EngineSession {
  readonly engine: Engine;
  readonly #kernel: KernelSource;
  readonly #reader: SnapshotReader;
  readonly #log: SessionLog;
  readonly #stateChanged = new Emitter<SessionState>();
  readonly #snapshotChanged = new Emitter<SessionChange>();
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidChangeSnapshot = this.#snapshotChanged.event;

  #state: SessionState = { kind: 'idle' };
  #snapshot: Snapshot | undefined;
  #records: Records | undefined;
  #info: EngineInfo | undefined;
  #following: AbortController | undefined;
  /** Wakes the loop out of its back-off. */
  #wake: (() => void) | undefined;
  readonly #burst = new Burst((touched) => this.#flush(touched));
  #settle: ReturnType<typeof setTimeout> | undefined;
  readonly #queue = new ReadQueue();
  readonly #overlays: OverlayWatch;
  #disposed = false;

  constructor({ engine, kernel, log }: SessionParts) {
    this.engine = engine;
    this.#kernel = kernel;
    this.#reader = new SnapshotReader(engine, kernel);
    this.#log = log;
    this.#overlays = new OverlayWatch({
      engine,
      queue: this.#queue,
      known: () => this.#records,
      changed: (records, signal) => this.#showOverlays(records, signal),
      failed: (reason) => log.warn(`reading overlay networks failed: ${asEngineError(reason).message}`),
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  raw(id: string): unknown {
    return this.#records?.containers.get(id)?.raw ?? this.#records?.networks.get(id)?.raw;
  }

  setActive(active: boolean): void {
    if (this.#disposed || active === (this.#following !== undefined)) return;
    if (active) {
      this.#following = new AbortController();
      void this.#follow(this.#following.signal);
    } else {
      this.#stop();
      this.#setState({ kind: 'idle' });
    }
  }

  async refresh(): Promise<Snapshot> {
    try {
      // Against an engine that was down, or may have been replaced: who it is comes first.
      const wasReady = this.#state.kind === 'ready';
      if (!wasReady) this.#info = await this.engine.info();
      this.#overlays.giveWay();
      const snapshot = await this.#queue.add(() => this.#readAll(undefined, wasReady));
      this.#wake?.();
      return snapshot;
    } catch (thrown) {
      const error = asEngineError(thrown);
      if (this.#following && this.#state.kind !== 'ready') this.#fail(error);
      throw error;
    }
  }

  listeners(signal?: AbortSignal): Promise<readonly Listener[]> {
    return this.#kernel.listeners(signal);
  }

  counters(signal?: AbortSignal): Promise<ReadonlyMap<string, LinkCounters>> {
    return this.#kernel.counters(signal);
  }

  dispose(): void {
    this.#disposed = true;
    this.#stop();
    this.#stateChanged.dispose();
    this.#snapshotChanged.dispose();
    this.engine.close();
  }

  #stop(): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#burst.clear();
    clearTimeout(this.#settle);
    this.#settle = undefined;
  }

  /** Connect, listen, read all; when the stream ends, again; when it fails, again later. Until `signal` aborts. */
  async #follow(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      // During a retry the view keeps saying what is wrong: no flicker between two messages.
      if (this.#state.kind === 'idle') this.#setState({ kind: 'connecting' });
      try {
        const lived = await this.#live(signal);
        if (isAborted(signal)) return;
        // Proxies cut idle streams: at once again, and nobody notices.
        if (lived >= shortestStream) {
          failures = 0;
          continue;
        }
        failures += 1;
        // Nothing is heard until the next attempt: the rows are as old as the message then says.
        if (backoff(failures) > longestSilence) this.#setState({ kind: 'connecting' });
      } catch (thrown) {
        if (isAborted(signal)) return;
        failures += 1;
        this.#fail(asEngineError(thrown), failures);
      }
      await this.#wait(backoff(failures), signal);
    }
  }

  /** One life of a connection. Resolves with its length in milliseconds when the event stream ends. */
  async #live(signal: AbortSignal): Promise<number> {
    this.#info = await this.engine.info(signal);
    let closed: (error: EngineError) => void = () => undefined;
    const ended = new Promise<EngineError>((resolve) => (closed = resolve));
    // Listen first, read then: what changes in between is seen twice rather than never.
    const subscription: EventSubscription = await this.engine.events({
      event: (event) => {
        if (!signal.aborted) this.#burst.add(event);
      },
      closed: (error) => closed(error),
    });
    const stop = (): void => closed(new EngineError('cancelled', 'nobody looks'));
    signal.addEventListener('abort', stop);
    const life = new AbortController();
    try {
      if (signal.aborted) return 0;
      const begun = Date.now();
      await this.#queue.add(() => this.#readAll(signal));
      if (isAborted(signal)) return 0;
      this.#setState({ kind: 'ready' });
      this.#overlays.start(AbortSignal.any([signal, life.signal]));
      const error = await ended;
      if (!isAborted(signal)) this.#log.warn(`event stream of ${this.engine.connection.label} ended: ${error.message}`);
      return Date.now() - begun;
    } finally {
      signal.removeEventListener('abort', stop);
      life.abort();
      subscription.dispose();
    }
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(milliseconds, AbortSignal.any([signal, woken.signal]));
    this.#wake = undefined;
  }

  #flush(touched: Touched): void {
    const signal = this.#following?.signal;
    if (!signal) return;
    this.#queue
      .add(async () => {
        if (touched.everything) await this.#readAll(signal);
        else await this.#readTouched(touched, signal);
      })
      .then(() => this.#settleLater(touched))
      .catch((thrown: unknown) => {
        if (isAborted(signal)) return;
        this.#log.warn(`reading what changed failed: ${asEngineError(thrown).message}`);
        // What was touched is now unknown. If the engine is going down the stream ends too, and the loop takes over.
        this.#burst.addEverything();
      });
  }

  #settleLater(touched: Touched): void {
    const signal = this.#following?.signal;
    const afar = isAfar(this.#snapshot?.kernel);
    // From afar it reads everything: the one that waits does for all that was touched meanwhile.
    if (afar && this.#settle !== undefined) return;
    clearTimeout(this.#settle);
    if (!signal) return;
    const delay = afar ? Math.max(settling, this.#reader.kernelRead + afarInterval - Date.now()) : settling;
    this.#settle = setTimeout(() => {
      this.#settle = undefined;
      this.#queue
        .add(() => this.#readKernelAgain(touched, signal))
        .catch((thrown: unknown) => {
          this.#log.warn(`settling read failed: ${asEngineError(thrown).message}`);
        });
    }, delay);
  }

  /** @param isInfoOld whether the engine is asked for its own facts too: it may be in a swarm by now */
  async #readAll(signal?: AbortSignal, isInfoOld = false): Promise<Snapshot> {
    const info = (this.#info ??= await this.engine.info(signal));
    const early = this.#reader.early(this.#records, this.#snapshot?.kernel, signal);
    try {
      const [now, networks, containers] = await Promise.all([
        isInfoOld ? this.engine.info(signal) : info,
        this.engine.networks(signal),
        this.engine.containers(signal),
      ]);
      this.#info = now;
      const records: Records = { info: now, networks: byId(networks), containers: byId(containers) };
      return this.#publish(await this.#reader.whole(records, signal, await early.reading), records, true);
    } catch (error) {
      // Nothing goes on of what failed when the next read begins.
      await early.stop();
      throw error;
    }
  }

  async #readTouched(touched: Touched, signal: AbortSignal): Promise<void> {
    const known = this.#records;
    if (!known) return;
    const records = await readTouched(this.engine, known, touched, signal);
    const before = this.#snapshot?.kernel;
    // At once with what is known; `#settleLater` reads the rest.
    const after = isAfar(before)
      ? this.#reader.known(records, without(before, touched.containers))
      : await this.#reader.part(records, before, touched.containers, signal);
    this.#publish(after, records, false);
  }

  async #showOverlays(records: Records, signal: AbortSignal): Promise<void> {
    const before = this.#snapshot?.kernel;
    // Of another host's containers the kernel learns, too.
    const after = isAfar(before)
      ? this.#reader.known(records, before)
      : await this.#reader.part(records, before, new Set(), signal);
    if (!isAborted(signal)) this.#publish(after, records, false);
  }

  async #readKernelAgain(touched: Touched, signal: AbortSignal): Promise<void> {
    const { kind } = this.#state;
    if (!this.#records || kind !== 'ready') return;
    const records = this.#records;
    const before = this.#snapshot?.kernel;
    const after = isAfar(before)
      ? await this.#reader.whole(records, signal)
      : await this.#reader.part(records, before, touched.containers, signal);
    this.#publish(after, records, false);
  }

  #publish(after: Snapshot, records: Records, whole: boolean): Snapshot {
    const before = this.#snapshot;
    if (this.#disposed) return after;
    this.#records = records;
    this.#snapshot = after;
    const change = whole || !before ? everythingChanged : compare(before, after);
    if (!isEmpty(change)) this.#snapshotChanged.fire(change);
    return after;
  }

  #fail(error: EngineError, attempt = 1): void {
    if (attempt === 1) this.#log.warn(`${this.engine.connection.label}: ${error.kind}: ${error.message}`);
    this.#setState({ kind: 'failed', error, attempt });
  }

  #setState(state: SessionState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

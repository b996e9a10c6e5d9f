import { EngineError, type Engine, type EngineEvent, type EventSubscription } from '../engine/engine.ts';
import type { KernelRequest, KernelSource, Listener } from '../kernel/kernel.ts';
import type { EngineInfo, KernelReading, LinkCounters, Snapshot } from '../topology/model.ts';
import { isSame } from '../topology/same.ts';
import { buildSnapshot } from '../topology/snapshot.ts';
import { isTorn } from '../topology/wiring.ts';
import { backoff, pause } from './backoff.ts';
import { compare, everythingChanged, isEmpty } from './changes.ts';
import { Emitter } from './emitter.ts';
import { inLanes } from './inLanes.ts';
import { byId, changedSince, models, replace, requestFor, type Records } from './records.ts';
import type { EngineSession, SessionChange, SessionLog, SessionParts, SessionState } from './session.ts';
import { Touched } from './touched.ts';

/** Milliseconds of quiet before a burst of events is read. */
const burst = 100;
/** But never longer than this, however long the burst. */
const longestBurst = 1_000;
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

/** What the kernel said before the engine had answered, and of which containers. */
interface EarlyAnswer {
  readonly kernel: KernelReading;
  readonly records: Records;
}

interface EarlyReading {
  /** Undefined where there was nothing to begin with. */
  readonly reading: Promise<EarlyAnswer | undefined>;
  /** Resolves when nothing of it goes on. */
  stop(): Promise<void>;
}

class LiveSession implements EngineSession {
  readonly engine: Engine;
  readonly #kernel: KernelSource;
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
  #touched = new Touched();
  #firstTouch: number | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;
  /** When the kernel was read the last time; milliseconds. */
  #kernelRead = 0;
  /** Reads one after another, so that an older answer never overwrites a newer one. */
  #reading: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor({ engine, kernel, log }: SessionParts) {
    this.engine = engine;
    this.#kernel = kernel;
    this.#log = log;
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
      const snapshot = await this.#enqueue(() => this.#readAll(undefined, wasReady));
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
    clearTimeout(this.#quiet);
    clearTimeout(this.#settle);
    this.#settle = undefined;
    this.#touched = new Touched();
    this.#firstTouch = undefined;
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
        if (!signal.aborted) this.#touch(event);
      },
      closed: (error) => closed(error),
    });
    const stop = (): void => closed(new EngineError('cancelled', 'nobody looks'));
    signal.addEventListener('abort', stop);
    try {
      if (signal.aborted) return 0;
      const begun = Date.now();
      await this.#enqueue(() => this.#readAll(signal));
      if (isAborted(signal)) return 0;
      this.#setState({ kind: 'ready' });
      const error = await ended;
      if (!isAborted(signal)) this.#log.warn(`event stream of ${this.engine.connection.label} ended: ${error.message}`);
      return Date.now() - begun;
    } finally {
      signal.removeEventListener('abort', stop);
      subscription.dispose();
    }
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(milliseconds, AbortSignal.any([signal, woken.signal]));
    this.#wake = undefined;
  }

  #touch(event: EngineEvent): void {
    this.#touched.add(event);
    const now = Date.now();
    this.#firstTouch ??= now;
    clearTimeout(this.#quiet);
    const wait = Math.max(0, Math.min(burst, this.#firstTouch + longestBurst - now));
    this.#quiet = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    const touched = this.#touched;
    this.#touched = new Touched();
    this.#firstTouch = undefined;
    const signal = this.#following?.signal;
    if (!signal || touched.isEmpty) return;
    this.#enqueue(async () => {
      if (touched.everything) await this.#readAll(signal);
      else await this.#readTouched(touched, signal);
    })
      .then(() => this.#settleLater(touched))
      .catch((thrown: unknown) => {
        if (isAborted(signal)) return;
        this.#log.warn(`reading what changed failed: ${asEngineError(thrown).message}`);
        // What was touched is now unknown. If the engine is going down the stream ends too, and the loop takes over.
        this.#touched.everything = true;
        this.#quiet = setTimeout(() => this.#flush(), longestBurst);
      });
  }

  #settleLater(touched: Touched): void {
    const signal = this.#following?.signal;
    const afar = isAfar(this.#snapshot?.kernel);
    // From afar it reads everything: the one that waits does for all that was touched meanwhile.
    if (afar && this.#settle !== undefined) return;
    clearTimeout(this.#settle);
    if (!signal) return;
    const delay = afar ? Math.max(settling, this.#kernelRead + afarInterval - Date.now()) : settling;
    this.#settle = setTimeout(() => {
      this.#settle = undefined;
      this.#enqueue(() => this.#readKernelAgain(touched, signal)).catch((thrown: unknown) => {
        this.#log.warn(`settling read failed: ${asEngineError(thrown).message}`);
      });
    }, delay);
  }

  #enqueue<T>(read: () => Promise<T>): Promise<T> {
    const result = this.#reading.then(read);
    this.#reading = result.catch(() => undefined);
    return result;
  }

  /** @param isInfoOld whether the engine is asked for its own facts too: it may be in a swarm by now */
  async #readAll(signal?: AbortSignal, isInfoOld = false): Promise<Snapshot> {
    const info = (this.#info ??= await this.engine.info(signal));
    const early = this.#readKernelEarly(signal);
    try {
      const [now, networks, containers] = await Promise.all([
        isInfoOld ? this.engine.info(signal) : info,
        this.engine.networks(signal),
        this.engine.containers(signal),
      ]);
      this.#info = now;
      const records: Records = { info: now, networks: byId(networks), containers: byId(containers) };
      return this.#publish(await this.#withKernel(records, signal, await early.reading), records, true);
    } catch (error) {
      // Nothing goes on of what failed when the next read begins.
      await early.stop();
      throw error;
    }
  }

  /** While the engine answers, the kernel is read for the containers that were known, which most likely are those that there are. */
  #readKernelEarly(signal: AbortSignal | undefined): EarlyReading {
    const known = this.#records;
    if (known === undefined || this.#snapshot?.kernel.kind !== 'read' || isAfar(this.#snapshot.kernel))
      return { reading: Promise.resolve(undefined), stop: () => Promise.resolve() };
    const stopped = new AbortController();
    const until = signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal]);
    const reading = this.#kernel.read(requestFor(known), until).then((kernel) => ({ kernel, records: known }));
    const settled = reading.then(
      () => undefined,
      () => undefined,
    );
    return {
      reading,
      stop: () => {
        stopped.abort();
        return settled;
      },
    };
  }

  async #readTouched(touched: Touched, signal: AbortSignal): Promise<void> {
    const known = this.#records;
    if (!known) return;
    const records: Records = {
      info: known.info,
      networks: new Map(known.networks),
      containers: new Map(known.containers),
    };
    await inLanes([
      ...[...networksToRead(touched, known)].map((id) => async (): Promise<void> => {
        replace(records.networks, id, await this.engine.network(id, signal));
      }),
      ...[...touched.containers].map((id) => async (): Promise<void> => {
        replace(records.containers, id, await this.engine.container(id, signal));
      }),
    ]);
    const before = this.#snapshot?.kernel;
    // At once with what is known; `#settleLater` reads the rest.
    const after = isAfar(before)
      ? buildSnapshot(this.#parts(records, without(before, touched.containers)))
      : await this.#readKernel(records, signal, touched.containers);
    this.#publish(after, records, false);
  }

  async #readKernelAgain(touched: Touched, signal: AbortSignal): Promise<void> {
    const { kind } = this.#state;
    if (!this.#records || kind !== 'ready') return;
    const records = this.#records;
    const part = isAfar(this.#snapshot?.kernel) ? undefined : touched.containers;
    this.#publish(await this.#readKernel(records, signal, part), records, false);
  }

  /** All of it; of what was read early, only what the engine knows better by now. */
  async #withKernel(
    records: Records,
    signal: AbortSignal | undefined,
    early: EarlyAnswer | undefined,
  ): Promise<Snapshot> {
    if (early?.kernel.kind !== 'read') return this.#readKernel(records, signal);
    const touched = changedSince(early.records, records);
    const request = requestFor(records);
    const kernel =
      touched.size === 0 && isSame(request, requestFor(early.records))
        ? early.kernel
        : await this.#kernel.read({ ...request, previous: { view: early.kernel.view, touched } }, signal);
    return this.#whole(records, kernel, request, signal);
  }

  /** With `touched`, only what those containers may have changed. */
  async #readKernel(records: Records, signal?: AbortSignal, touched?: ReadonlySet<string>): Promise<Snapshot> {
    const before = this.#snapshot?.kernel;
    const request: KernelRequest = {
      ...requestFor(records),
      ...(touched && before?.kind === 'read' ? { previous: { view: before.view, touched } } : {}),
    };
    return this.#whole(records, await this.#kernel.read(request, signal), request, signal);
  }

  /** Discovery is not atomic: a contradiction between the two ends is read once more before it is shown. */
  async #whole(
    records: Records,
    reading: KernelReading,
    request: KernelRequest,
    signal: AbortSignal | undefined,
  ): Promise<Snapshot> {
    this.#kernelRead = Date.now();
    const snapshot = buildSnapshot(this.#parts(records, reading));
    const torn = reading.kind === 'absent' || isAfar(reading) ? [] : snapshot.wires.filter(isTorn);
    if (reading.kind === 'absent' || torn.length === 0) return snapshot;
    await pause(50, signal ?? new AbortController().signal);
    const touched = new Set(torn.map(({ containerId }) => containerId));
    const again = await this.#kernel.read({ ...request, previous: { view: reading.view, touched } }, signal);
    return buildSnapshot(this.#parts(records, again));
  }

  #parts(records: Records, kernel: KernelReading): Parameters<typeof buildSnapshot>[0] {
    return {
      takenAt: this.engine.connection.recordedAt ?? new Date().toISOString(),
      engine: records.info,
      recorded: this.engine.connection.origin === 'recording',
      networks: models(records.networks),
      containers: models(records.containers),
      kernel,
    };
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

/** Asked through a call, because the compiler believes that a property stays as it was over an `await`. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Read by a container or by commands on the engine's machine (`kernel/helperContainer.ts`, `kernel/exec.ts`). */
function isAfar(reading: KernelReading | undefined): reading is Extract<KernelReading, { kind: 'read' }> {
  return reading?.kind === 'read' && reading.view.source !== 'local';
}

/** What is not known any more is left out: a container that was started again has another namespace. */
function without(
  { view }: Extract<KernelReading, { kind: 'read' }>,
  touched: ReadonlySet<string>,
): Extract<KernelReading, { kind: 'read' }> {
  const containers = view.containers.filter(({ containerIds }) => !containerIds.some((id) => touched.has(id)));
  return { kind: 'read', view: { ...view, containers } };
}

function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  return new EngineError('protocol', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

/** A swarm's node tells of an overlay network, and a worker has it at all, only while something on it uses the network. */
function networksToRead(touched: Touched, { networks }: Records): ReadonlySet<string> {
  const news = [...touched.joined].filter((id) => {
    const known = networks.get(id)?.model;
    return known === undefined || known.overlay !== undefined;
  });
  return new Set([...touched.networks, ...news]);
}

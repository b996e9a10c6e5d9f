import { EngineError, type Engine, type EngineEvent, type EventSubscription, type Read } from '../engine/engine.ts';
import type { KernelRequest, KernelSource, Listener } from '../kernel/kernel.ts';
import type { Container, EngineInfo, KernelReading, Network, Snapshot } from '../topology/model.ts';
import { buildSnapshot, expectedBridges } from '../topology/snapshot.ts';
import { hasOwnNamespace, isTorn } from '../topology/wiring.ts';
import { backoff, pause } from './backoff.ts';
import { compare, everythingChanged, isEmpty } from './changes.ts';
import { Emitter } from './emitter.ts';
import type { EngineSession, SessionChange, SessionLog, SessionParts, SessionState } from './session.ts';
import { Touched } from './touched.ts';

/** Milliseconds of quiet before a burst of events is read. */
const burst = 100;
/** But never longer than this, however long the burst. */
const longestBurst = 1_000;
/** The kernel removes a veth, and a bridge learns an address, a little after the engine's event. */
const settling = 400;
/** Milliseconds without events that are not worth a word. */
const longestSilence = 1_000;
/** A stream that lives shorter than this counts as a failure: something cuts it. */
const shortestStream = 2_000;

export function createSession(parts: SessionParts): EngineSession {
  return new LiveSession(parts);
}

/** What is known of the engine; replaced as a whole by a full read, entry by entry by a partial one. */
interface Records {
  readonly info: EngineInfo;
  readonly networks: Map<string, Read<Network>>;
  readonly containers: Map<string, Read<Container>>;
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
      if (this.#state.kind !== 'ready') this.#info = await this.engine.info();
      const snapshot = await this.#enqueue(() => this.#readAll());
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
    clearTimeout(this.#settle);
    if (!signal) return;
    this.#settle = setTimeout(() => {
      this.#enqueue(() => this.#readKernelAgain(touched, signal)).catch((thrown: unknown) => {
        this.#log.warn(`settling read failed: ${asEngineError(thrown).message}`);
      });
    }, settling);
  }

  #enqueue<T>(read: () => Promise<T>): Promise<T> {
    const result = this.#reading.then(read);
    this.#reading = result.catch(() => undefined);
    return result;
  }

  async #readAll(signal?: AbortSignal): Promise<Snapshot> {
    const info = (this.#info ??= await this.engine.info(signal));
    const [networks, containers] = await Promise.all([this.engine.networks(signal), this.engine.containers(signal)]);
    const records: Records = { info, networks: byId(networks), containers: byId(containers) };
    return this.#publish(records, await this.#readKernel(records, signal), true);
  }

  async #readTouched(touched: Touched, signal: AbortSignal): Promise<void> {
    const known = this.#records;
    if (!known) return;
    const records: Records = {
      info: known.info,
      networks: new Map(known.networks),
      containers: new Map(known.containers),
    };
    await Promise.all([
      ...[...touched.networks].map(async (id) => replace(records.networks, id, await this.engine.network(id, signal))),
      ...[...touched.containers].map(async (id) =>
        replace(records.containers, id, await this.engine.container(id, signal)),
      ),
    ]);
    this.#publish(records, await this.#readKernel(records, signal, touched.containers), false);
  }

  async #readKernelAgain(touched: Touched, signal: AbortSignal): Promise<void> {
    const { kind } = this.#state;
    if (!this.#records || kind !== 'ready') return;
    this.#publish(this.#records, await this.#readKernel(this.#records, signal, touched.containers), false);
  }

  /** With `touched`, only what those containers may have changed. */
  async #readKernel(records: Records, signal?: AbortSignal, touched?: ReadonlySet<string>): Promise<KernelReading> {
    const containers = models(records.containers).filter(hasOwnNamespace);
    const before = this.#snapshot?.kernel;
    const request: KernelRequest = {
      containers: containers.map(({ id, pid }) => ({ id, pid })),
      bridges: expectedBridges(models(records.networks)),
      ...(touched && before?.kind === 'read' ? { previous: { view: before.view, touched } } : {}),
    };
    const reading = await this.#kernel.read(request, signal);
    // Discovery is not atomic: a contradiction between the two ends is read once more before it is shown.
    const torn = buildSnapshot(this.#parts(records, reading)).wires.filter(isTorn);
    if (reading.kind === 'absent' || torn.length === 0) return reading;
    await pause(50, signal ?? new AbortController().signal);
    const again = new Set(torn.map(({ containerId }) => containerId));
    return this.#kernel.read({ ...request, previous: { view: reading.view, touched: again } }, signal);
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

  #publish(records: Records, kernel: KernelReading, whole: boolean): Snapshot {
    const before = this.#snapshot;
    const after = buildSnapshot(this.#parts(records, kernel));
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

function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  return new EngineError('protocol', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

function byId<T extends { readonly id: string }>(reads: readonly Read<T>[]): Map<string, Read<T>> {
  return new Map(reads.map((read) => [read.model.id, read]));
}

function models<T>(reads: ReadonlyMap<string, Read<T>>): T[] {
  return [...reads.values()].map(({ model }) => model);
}

function replace<T>(map: Map<string, Read<T>>, id: string, read: Read<T> | undefined): void {
  if (read) map.set(id, read);
  else map.delete(id);
}

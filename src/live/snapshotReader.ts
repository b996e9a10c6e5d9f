import type { Engine } from '../engine/engine.ts';
import type { KernelRequest, KernelSource } from '../kernel/kernel.ts';
import type { KernelReading, Snapshot } from '../topology/model.ts';
import { isSame } from '../topology/same.ts';
import { buildSnapshot } from '../topology/snapshot.ts';
import { isTorn } from '../topology/wiring.ts';
import { pause } from './backoff.ts';
import { changedSince, models, requestFor, type Records } from './records.ts';

type Read = Extract<KernelReading, { kind: 'read' }>;

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

/** Makes snapshots of what the engine says: with what the kernel says now, or with what it said before. */
export class SnapshotReader {
  readonly #engine: Engine;
  readonly #kernel: KernelSource;
  /** When the kernel was read the last time; milliseconds. */
  #kernelRead = 0;

  constructor(engine: Engine, kernel: KernelSource) {
    this.#engine = engine;
    this.#kernel = kernel;
  }

  get kernelRead(): number {
    return this.#kernelRead;
  }

  /** While the engine answers, the kernel is read for the containers that were known, which most likely are those that there are. */
  early(known: Records | undefined, before: KernelReading | undefined, signal: AbortSignal | undefined): EarlyReading {
    if (known === undefined || before?.kind !== 'read' || isAfar(before))
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

  /** All of it; of what was read early, only what the engine knows better by now. */
  async whole(records: Records, signal: AbortSignal | undefined, early?: EarlyAnswer): Promise<Snapshot> {
    const request = requestFor(records);
    if (early?.kernel.kind !== 'read') return this.#read(records, request, request, signal);
    const touched = changedSince(early.records, records);
    if (touched.size === 0 && isSame(request, requestFor(early.records)))
      return this.#untorn(records, early.kernel, request, signal);
    const previous = { view: early.kernel.view, touched };
    return this.#read(records, { ...request, previous }, request, signal);
  }

  /** Only what those containers may have changed since `before`. */
  async part(
    records: Records,
    before: KernelReading | undefined,
    touched: ReadonlySet<string>,
    signal: AbortSignal | undefined,
  ): Promise<Snapshot> {
    const request: KernelRequest = {
      ...requestFor(records),
      ...(before?.kind === 'read' ? { previous: { view: before.view, touched } } : {}),
    };
    return this.#read(records, request, request, signal);
  }

  /** With what the kernel said before. */
  known(records: Records, kernel: KernelReading): Snapshot {
    return buildSnapshot({
      takenAt: this.#engine.connection.recordedAt ?? new Date().toISOString(),
      engine: records.info,
      recorded: this.#engine.connection.origin === 'recording',
      networks: models(records.networks),
      containers: models(records.containers),
      kernel,
    });
  }

  async #read(
    records: Records,
    first: KernelRequest,
    again: KernelRequest,
    signal: AbortSignal | undefined,
  ): Promise<Snapshot> {
    return this.#untorn(records, await this.#kernel.read(first, signal), again, signal);
  }

  /** Discovery is not atomic: a contradiction between the two ends is read once more before it is shown. */
  async #untorn(
    records: Records,
    reading: KernelReading,
    request: KernelRequest,
    signal: AbortSignal | undefined,
  ): Promise<Snapshot> {
    this.#kernelRead = Date.now();
    const snapshot = this.known(records, reading);
    const torn = reading.kind === 'absent' || isAfar(reading) ? [] : snapshot.wires.filter(isTorn);
    if (reading.kind === 'absent' || torn.length === 0) return snapshot;
    await pause(50, signal ?? new AbortController().signal);
    const touched = new Set(torn.map(({ containerId }) => containerId));
    const again = await this.#kernel.read({ ...request, previous: { view: reading.view, touched } }, signal);
    return this.known(records, again);
  }
}

/** Read by a container or by commands on the engine's machine (`kernel/helperContainer.ts`, `kernel/exec.ts`). */
export function isAfar(reading: KernelReading | undefined): reading is Read {
  return reading?.kind === 'read' && reading.view.source !== 'local';
}

/** What is not known any more is left out: a container that was started again has another namespace. */
export function without({ view }: Read, touched: ReadonlySet<string>): Read {
  const containers = view.containers.filter(({ containerIds }) => !containerIds.some((id) => touched.has(id)));
  return { kind: 'read', view: { ...view, containers } };
}

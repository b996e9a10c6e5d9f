import { readOnlyControl, readOnlyProbe, readOnlyStreams } from '../../../src/engine/readOnly.ts';
import {
  EngineError,
  type Engine,
  type EngineConnection,
  type EngineEvent,
  type EngineEventListener,
  type Read,
} from '../../../src/engine/engine.ts';
import type { KernelRequest, KernelSource, Listener } from '../../../src/kernel/kernel.ts';
import type { Container, KernelReading, Network } from '../../../src/topology/model.ts';
import { engineInfo } from '../support/snapshots.ts';

type Timeless = EngineEvent extends infer E ? (E extends EngineEvent ? Omit<E, 'time'> : never) : never;

/** An engine whose contents, failures and events a test decides, and that counts what was asked of it. */
export class ScriptedEngine implements Engine {
  readonly control = readOnlyControl;
  readonly streams = readOnlyStreams;
  readonly probe = readOnlyProbe;
  connection: EngineConnection = {
    key: 'scripted',
    label: 'scripted',
    endpoint: 'unix:///scripted.sock',
    origin: 'socket',
    readOnly: false,
  };
  networksNow: Network[] = [];
  containersNow: Container[] = [];
  /** What every call rejects with, while set. */
  down: EngineError | undefined;
  /** Held back until resolved, while set: an engine that is slow to answer. */
  gate: Promise<void> | undefined;
  readonly asked: string[] = [];
  #listeners = new Set<EngineEventListener>();

  get listeners(): number {
    return this.#listeners.size;
  }

  emit(event: Timeless): void {
    for (const listener of this.#listeners) listener.event({ ...event, time: 0 });
  }

  start(containerId: string): void {
    this.emit({ kind: 'container', action: 'start', containerId });
  }

  cut(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener.closed(new EngineError('unreachable', 'cut'));
  }

  info() {
    return this.#answer('info', () => engineInfo);
  }
  networks() {
    return this.#answer('networks', () => this.networksNow.map(read));
  }
  containers() {
    return this.#answer('containers', () => this.containersNow.map(read));
  }
  readonly network: Engine['network'] = (id) => this.#answer(`network ${id}`, () => found(this.networksNow, id));
  container(id: string) {
    return this.#answer(`container ${id}`, () => found(this.containersNow, id));
  }
  events(listener: EngineEventListener) {
    return this.#answer('events', () => {
      this.#listeners.add(listener);
      return { dispose: () => void this.#listeners.delete(listener) };
    });
  }
  close(): void {
    this.#listeners.clear();
  }

  async #answer<T>(name: string, give: () => T): Promise<T> {
    this.asked.push(name);
    await this.gate;
    if (this.down) throw this.down;
    return give();
  }
}

export class ScriptedKernel implements KernelSource {
  readonly requests: KernelRequest[] = [];
  readings: KernelReading[] = [];
  listening: Listener[] = [];

  read(request: KernelRequest): Promise<KernelReading> {
    this.requests.push(request);
    const reading = this.readings.length > 1 ? this.readings.shift() : this.readings[0];
    return Promise.resolve(reading ?? { kind: 'absent', reason: 'notLocal' });
  }

  listeners(): Promise<readonly Listener[]> {
    return Promise.resolve(this.listening);
  }

  counters(): ReturnType<KernelSource['counters']> {
    return Promise.resolve(new Map());
  }
}

function read<T>(model: T): Read<T> {
  return { model, raw: { of: model } };
}

function found<T extends { id: string }>(models: readonly T[], id: string): Read<T> | undefined {
  const model = models.find((candidate) => candidate.id === id);
  return model && read(model);
}

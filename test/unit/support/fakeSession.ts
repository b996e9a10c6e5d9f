import type { Engine, EngineConnection } from '../../../src/engine/engine.ts';
import { Emitter } from '../../../src/live/emitter.ts';
import type { EngineSession, SessionChange, SessionState } from '../../../src/live/session.ts';
import type { LinkCounters, Snapshot } from '../../../src/topology/model.ts';

/** A session of which a test says what it knows. */
export class FakeSession implements EngineSession {
  readonly engine: Engine;
  readonly #states = new Emitter<SessionState>();
  readonly #changes = new Emitter<SessionChange>();
  readonly onDidChangeState = this.#states.event;
  readonly onDidChangeSnapshot = this.#changes.event;
  state: SessionState = { kind: 'ready' };
  snapshot: Snapshot | undefined;
  active = false;
  disposed = false;
  reads = 0;

  constructor(key: string, snapshot?: Snapshot, endpoint = `unix:///${key}`) {
    const connection: EngineConnection = {
      key,
      label: key,
      endpoint,
      origin: 'context',
      readOnly: false,
    };
    this.engine = { connection } as Engine;
    this.snapshot = snapshot;
  }

  setSnapshot(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.#changes.fire({ everything: true, networks: new Set(), containers: new Set(), links: new Set() });
  }

  setState(state: SessionState): void {
    this.state = state;
    this.#states.fire(state);
  }

  raw(): unknown {
    return undefined;
  }
  refresh(): Promise<Snapshot> {
    return Promise.reject(new Error('not here'));
  }
  listeners(): ReturnType<EngineSession['listeners']> {
    return Promise.resolve([]);
  }
  counters(): Promise<ReadonlyMap<string, LinkCounters>> {
    this.reads += 1;
    return Promise.resolve(new Map([['docker0', { rxBytes: 1, rxPackets: 1, txBytes: 1, txPackets: 1 }]]));
  }
  setActive(active: boolean): void {
    this.active = active;
  }
  dispose(): void {
    this.active = false;
    this.disposed = true;
  }
}

import type { Face } from '../../../src/panels/diagram.ts';
import type { Memory } from '../../../src/panels/positions.ts';
import type { Engine, EngineConnection } from '../../../src/engine/engine.ts';
import { Emitter } from '../../../src/live/emitter.ts';
import type { EngineSession, SessionChange, SessionState } from '../../../src/live/session.ts';
import type { FromWebview, ToWebview } from '../../../src/protocol/messages.ts';
import type { LinkCounters, Snapshot } from '../../../src/topology/model.ts';

/** A webview as a panel sees it. The script in it is the test. */
export class FakeFace implements Face {
  readonly posted: ToWebview[] = [];
  readonly #messages = new Emitter<unknown>();
  readonly #visibility = new Emitter<undefined>();
  readonly onMessage = this.#messages.event;
  readonly onDidChangeVisibility = this.#visibility.event;
  visible = true;

  post(message: ToWebview): void {
    // As VS Code carries it.
    this.posted.push(JSON.parse(JSON.stringify(message)) as ToWebview);
  }

  say(message: FromWebview | object | string): void {
    this.#messages.fire(message);
  }

  turn(visible: boolean): void {
    this.visible = visible;
    this.#visibility.fire(undefined);
  }

  /** What was posted since the last call, of one kind. */
  take<Type extends ToWebview['type']>(type: Type): Extract<ToWebview, { type: Type }>[] {
    const found = this.posted.filter((message) => message.type === type) as Extract<ToWebview, { type: Type }>[];
    this.posted.splice(0, this.posted.length, ...this.posted.filter((message) => message.type !== type));
    return found;
  }
}

export class FakeSession implements EngineSession {
  readonly engine: Engine;
  readonly #states = new Emitter<SessionState>();
  readonly #changes = new Emitter<SessionChange>();
  readonly onDidChangeState = this.#states.event;
  readonly onDidChangeSnapshot = this.#changes.event;
  state: SessionState = { kind: 'ready' };
  snapshot: Snapshot | undefined;
  active = false;
  reads = 0;

  constructor(key: string, snapshot?: Snapshot) {
    const connection: EngineConnection = {
      key,
      label: key,
      endpoint: `unix:///${key}`,
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
  }
}

export class FakeMemory implements Memory {
  value: unknown;
  writes = 0;
  get(): unknown {
    return this.value;
  }
  update(_key: string, value: unknown): Promise<void> {
    this.value = value;
    this.writes += 1;
    return Promise.resolve();
  }
}

import type { EngineError } from '../engine/engine.ts';
import { Emitter, type Disposable } from '../live/emitter.ts';
import type { EngineSession, SessionChange, SessionState } from '../live/session.ts';
import type { Snapshot } from '../topology/model.ts';

const nothingKnown: SessionChange = {
  everything: true,
  networks: new Set(),
  containers: new Set(),
  links: new Set(),
};

/** Names of a place, for as long as no engine tells its own. */
interface PlaceOptions {
  /** Unlike that of every other place of the window. */
  readonly id?: string;
  /** What the person chose, as text. */
  readonly label?: string;
  readonly graceMs?: number;
}

/**
 * A place for one engine that is shown: holds its session, and stays the same object when another engine is chosen for it.
 * Owns the session: a replaced one is disposed.
 *
 * Architecture invariant: a session is active exactly while a view or a diagram is visible, and for `graceMs` after
 * that, so that changing from one view to another does not cost a reconnection. The window's focus does not matter.
 */
export class CurrentSession implements Disposable {
  readonly #graceMs: number;
  readonly #id: string;
  #label: string;
  readonly #visible = new Set<string>();
  readonly #sessionChanged = new Emitter<EngineSession | undefined>();
  readonly #stateChanged = new Emitter<SessionState>();
  readonly #snapshotChanged = new Emitter<SessionChange>();
  #session: EngineSession | undefined;
  #problem: EngineError | undefined;
  #left = false;
  #subscriptions: readonly Disposable[] = [];
  #resting: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  /** Another engine is shown now, or none. The other two events follow it. */
  readonly onDidChangeSession = this.#sessionChanged.event;
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidChangeSnapshot = this.#snapshotChanged.event;

  constructor({ id = 'main', label = '', graceMs = 1000 }: PlaceOptions = {}) {
    this.#id = id;
    this.#label = label;
    this.#graceMs = graceMs;
  }

  /** By which rows and commands name the engine (`Subject.engine`): its connection's, once there is one. */
  get key(): string {
    return this.#session?.engine.connection.key ?? this.#id;
  }

  /** What the place is called until its engine says what it is called itself. */
  set wanted(label: string) {
    this.#label = label;
  }

  /** What the person calls the engine. Not escaped. */
  get label(): string {
    return this.#session?.engine.connection.label ?? this.#label;
  }

  get session(): EngineSession | undefined {
    return this.#session;
  }

  /** Without a session: `connecting` until `replace`, `fail` or `leave` was called. */
  get state(): SessionState {
    if (this.#session !== undefined) return this.#session.state;
    if (this.#left) return { kind: 'disconnected' };
    return this.#problem === undefined ? { kind: 'connecting' } : { kind: 'failed', error: this.#problem, attempt: 0 };
  }

  get snapshot(): Snapshot | undefined {
    return this.#session?.snapshot;
  }

  /** True while somebody looks. */
  get active(): boolean {
    return this.#visible.size > 0;
  }

  replace(session: EngineSession): void {
    if (this.#disposed) {
      session.dispose();
      return;
    }
    this.#drop();
    this.#session = session;
    this.#subscriptions = [
      session.onDidChangeState((state) => this.#stateChanged.fire(state)),
      session.onDidChangeSnapshot((change) => this.#snapshotChanged.fire(change)),
    ];
    this.#announce();
    if (this.active) session.setActive(true);
  }

  /** There is no engine to talk to at all: the connection is described in a way that cannot work. */
  fail(error: EngineError): void {
    if (this.#disposed) return;
    this.#drop();
    this.#problem = error;
    this.#announce();
  }

  /** The person wants no engine here. */
  leave(): void {
    if (this.#disposed) return;
    this.#drop();
    this.#left = true;
    this.#announce();
  }

  /** @param view id of a view or of one of the diagrams */
  setVisible(view: string, visible: boolean): void {
    if (this.#disposed) return;
    if (visible) this.#visible.add(view);
    else this.#visible.delete(view);
    clearTimeout(this.#resting);
    if (this.active) this.#session?.setActive(true);
    else this.#resting = setTimeout(() => this.#session?.setActive(false), this.#graceMs);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#resting);
    this.#drop();
    this.#sessionChanged.dispose();
    this.#stateChanged.dispose();
    this.#snapshotChanged.dispose();
  }

  #drop(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#subscriptions = [];
    this.#problem = undefined;
    this.#left = false;
    this.#session?.dispose();
    this.#session = undefined;
  }

  #announce(): void {
    this.#sessionChanged.fire(this.#session);
    this.#stateChanged.fire(this.state);
    this.#snapshotChanged.fire(nothingKnown);
  }
}

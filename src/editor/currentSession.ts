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

/**
 * Holds the session of the engine that is shown, and stays the same object when another engine is chosen.
 * Owns the session: a replaced one is disposed.
 *
 * Architecture invariant: a session is active exactly while a view or a diagram is visible, and for `graceMs` after
 * that, so that changing from one view to another does not cost a reconnection. The window's focus does not matter.
 */
export class CurrentSession implements Disposable {
  readonly #graceMs: number;
  readonly #visible = new Set<string>();
  readonly #sessionChanged = new Emitter<EngineSession | undefined>();
  readonly #stateChanged = new Emitter<SessionState>();
  readonly #snapshotChanged = new Emitter<SessionChange>();
  #session: EngineSession | undefined;
  #problem: EngineError | undefined;
  #subscriptions: readonly Disposable[] = [];
  #resting: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  /** Another engine is shown now, or none. The other two events follow it. */
  readonly onDidChangeSession = this.#sessionChanged.event;
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidChangeSnapshot = this.#snapshotChanged.event;

  constructor(graceMs = 1000) {
    this.#graceMs = graceMs;
  }

  get session(): EngineSession | undefined {
    return this.#session;
  }

  /** Without a session: `connecting` until `replace` or `fail` was called. */
  get state(): SessionState {
    if (this.#session !== undefined) return this.#session.state;
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
    this.#session?.dispose();
    this.#session = undefined;
  }

  #announce(): void {
    this.#sessionChanged.fire(this.#session);
    this.#stateChanged.fire(this.state);
    this.#snapshotChanged.fire(nothingKnown);
  }
}

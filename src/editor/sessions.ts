import { Emitter, type Disposable } from '../live/emitter.ts';
import type { EngineSession, SessionChange } from '../live/session.ts';
import type { CurrentSession } from './currentSession.ts';

export interface PlaceChange {
  readonly place: CurrentSession;
  readonly change: SessionChange;
}

/**
 * The engines that are shown, each in a place of its own: what one does, or does not answer, is nothing to the others.
 * There is always a first place; it is what all is about that names no engine.
 *
 * Owns the places: one that is closed is disposed.
 */
export class Sessions implements Disposable {
  readonly #visible = new Set<string>();
  readonly #placesChanged = new Emitter<undefined>();
  readonly #sessionChanged = new Emitter<CurrentSession>();
  readonly #stateChanged = new Emitter<CurrentSession>();
  readonly #snapshotChanged = new Emitter<PlaceChange>();
  readonly #subscriptions = new Map<CurrentSession, readonly Disposable[]>();
  #all: readonly [CurrentSession, ...CurrentSession[]];

  /** A place came, went or moved. */
  readonly onDidChangePlaces = this.#placesChanged.event;
  /** Another engine is in the place, or none. */
  readonly onDidChangeSession = this.#sessionChanged.event;
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidChangeSnapshot = this.#snapshotChanged.event;

  constructor(first: CurrentSession) {
    this.#all = [first];
    this.#follow(first);
  }

  /** In the order in which they are shown. */
  get all(): readonly CurrentSession[] {
    return this.#all;
  }

  get first(): CurrentSession {
    return this.#all[0];
  }

  /** The place of `Subject.engine`; the first one for whatever names none. Undefined where that engine is gone. */
  of(engine: string | undefined): CurrentSession | undefined {
    return engine === undefined ? this.first : this.#all.find(({ key }) => key === engine);
  }

  has(session: EngineSession): boolean {
    return this.#all.some((place) => place.session === session);
  }

  add(place: CurrentSession): void {
    this.#all = [...this.#all, place];
    this.#follow(place);
    for (const view of this.#visible) place.setVisible(view, true);
    this.#placesChanged.fire(undefined);
  }

  /** The first place may only be closed while there are others. */
  close(place: CurrentSession): void {
    const [first, ...others] = this.#all.filter((other) => other !== place);
    if (first === undefined || others.length + 1 === this.#all.length) return;
    this.#all = [first, ...others];
    this.#forget(place);
    this.#placesChanged.fire(undefined);
  }

  /** What was first is closed. */
  makeFirst(place: CurrentSession): void {
    const { first } = this;
    if (place === first || !this.#all.includes(place)) return;
    this.#all = [place, ...this.#all.filter((other) => other !== place && other !== first)];
    this.#forget(first);
    this.#placesChanged.fire(undefined);
  }

  /** @param view id of a view or of one of the diagrams */
  setVisible(view: string, visible: boolean): void {
    if (visible) this.#visible.add(view);
    else this.#visible.delete(view);
    for (const place of this.#all) place.setVisible(view, visible);
  }

  dispose(): void {
    this.#placesChanged.dispose();
    this.#sessionChanged.dispose();
    this.#stateChanged.dispose();
    this.#snapshotChanged.dispose();
    for (const place of this.#all) this.#forget(place);
  }

  #follow(place: CurrentSession): void {
    this.#subscriptions.set(place, [
      place.onDidChangeSession(() => this.#sessionChanged.fire(place)),
      place.onDidChangeState(() => this.#stateChanged.fire(place)),
      place.onDidChangeSnapshot((change) => this.#snapshotChanged.fire({ place, change })),
    ]);
  }

  #forget(place: CurrentSession): void {
    for (const subscription of this.#subscriptions.get(place) ?? []) subscription.dispose();
    this.#subscriptions.delete(place);
    place.dispose();
  }
}

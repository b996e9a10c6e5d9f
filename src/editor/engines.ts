import { l10n } from 'vscode';
import { EngineError } from '../engine/engine.ts';
import { settings } from '../ids.ts';
import type { EngineSession } from '../live/session.ts';
import { withoutPassword } from './addressText.ts';
import { CurrentSession } from './currentSession.ts';
import { thrownText } from './log.ts';
import type { ConnectTarget } from './ports.ts';
import type { Sessions } from './sessions.ts';
import { connectionSetting, otherConnections, writeSetting } from './settings.ts';

/** Where a target leads to at the moment. */
export interface ResolvedTarget {
  /** `EngineConnection.key`. */
  readonly key: string;
  /** `EngineConnection.endpoint`: a context and the socket that it stands for are one engine. */
  readonly endpoint: string;
  /** Changes where another way leads there now: another address behind the same context, other certificates. */
  readonly fingerprint: string;
  /** Nobody named it: it is the first of the usual sockets that there is. */
  readonly guessed: boolean;
  open(): EngineSession;
}

export interface EnginesParts {
  readonly sessions: Sessions;
  /** Rejects where what was chosen cannot work. */
  readonly resolve: (target: ConnectTarget) => Promise<ResolvedTarget>;
  readonly log: { info(message: string): void; warn(message: string): void };
}

interface Occupied {
  readonly target: ConnectTarget;
  /** Of what is there now; undefined while it is being connected, or where that failed. */
  readonly fingerprint?: string;
  readonly guessed?: boolean;
}

/**
 * Which engines are in the places, and how they came there: the settings `connection` and `otherConnections`, what the
 * person chose for this window alone (a recording), and Docker's contexts, which may change at any time.
 */
export class Engines {
  readonly #parts: EnginesParts;
  readonly #occupied = new Map<CurrentSession, Occupied>();
  /** Of each place: the newest choice wins, one that takes long to resolve does not replace a later one. */
  readonly #turns = new Map<CurrentSession, number>();
  /** Ids of places that are about to come. */
  readonly #opening = new Set<string>();
  /** The setting as it was last followed. */
  #connection = '';

  constructor(parts: EnginesParts) {
    this.#parts = parts;
  }

  /** Opens what the settings say; resolves when the first engine has been chosen, well or badly. */
  start(): Promise<void> {
    this.#connection = connectionSetting();
    const first = this.#connect(this.#parts.sessions.first, { kind: 'default' });
    void this.#followOthers();
    return first;
  }

  /** For the first place. A choice that is remembered comes back through `settingsChanged`. Rejects where it cannot work. */
  async select(target: ConnectTarget): Promise<void> {
    const { first } = this.#parts.sessions;
    if (target.kind !== 'setting' || target.value === connectionSetting()) return this.#connect(first, target);
    await this.#parts.resolve(target);
    await writeSetting(settings.connection, target.value === '' ? undefined : target.value);
    await this.settingsChanged();
    await this.#forgetOther(target);
  }

  /** One more. `already` where it is shown. Rejects where it cannot work. */
  async add(target: ConnectTarget): Promise<'added' | 'already'> {
    const { first } = this.#parts.sessions;
    if (this.#double(await this.#parts.resolve(target)) !== undefined) return 'already';
    const before = this.#occupied.get(first)?.target;
    if (before === undefined) await this.select(target);
    else if (target.kind !== 'setting') await this.#open(target);
    else if (target.value === connectionSetting()) {
      // The engine of the first place, which something else has for this window alone.
      await this.#connect(first, { kind: 'default' });
      await this.#open(before);
    } else await this.#writeOthers([...otherConnections(), target.value]);
    return 'added';
  }

  /** Forgets an engine, also in the settings. The only one leaves its place empty, for this window. */
  async remove(place: CurrentSession): Promise<void> {
    const { sessions } = this.#parts;
    if (!sessions.all.includes(place)) return;
    const target = this.#occupied.get(place)?.target;
    if (place !== sessions.first) {
      this.#close(place);
      await this.#forgetOther(target);
    } else if (target?.kind === 'sample' || target?.kind === 'recording') {
      await this.#connect(place, { kind: 'default' });
    } else await this.#removeFirst(place, target);
  }

  /** `connection` or `otherConnections` is another one. May be told late, twice, or of what was done here. */
  async settingsChanged(): Promise<void> {
    const connection = connectionSetting();
    const isOther = connection !== this.#connection;
    this.#connection = connection;
    const { sessions } = this.#parts;
    const known = sessions.all.find((place) => place !== sessions.first && this.#isFor(place, connection));
    if (isOther && known !== undefined) this.#makeFirst(known);
    else if (isOther) await this.#connect(sessions.first, { kind: 'default' });
    await this.#followOthers();
  }

  /** Once more what could not be connected. */
  async retry(place: CurrentSession): Promise<void> {
    const occupied = this.#occupied.get(place);
    if (occupied !== undefined) await this.#connect(place, occupied.target);
  }

  /** All anew, as after a setting that each session has read once. */
  async reconnect(): Promise<void> {
    await Promise.all([...this.#occupied].map(([place, { target }]) => this.#connect(place, target)));
  }

  /** Docker's contexts or sockets changed: what leads elsewhere now is connected anew, all else is left alone. */
  async surroundingsChanged(): Promise<void> {
    await Promise.all(
      [...this.#occupied].map(async ([place, { target, fingerprint, guessed }]) => {
        if (target.kind !== 'default' && target.kind !== 'setting') return;
        const now = await this.#parts.resolve(target).catch(() => undefined);
        // What cannot be resolved any more stays as long as its engine answers.
        if (now === undefined || now.fingerprint === fingerprint || this.#occupied.get(place)?.target !== target)
          return;
        // An engine that is restarted takes its socket away for a moment: nobody wants another one's networks then.
        if (now.guessed && guessed === true && place.snapshot !== undefined) return;
        this.#parts.log.info(`${place.label}: the way to the engine changed`);
        await this.#connect(place, target);
      }),
    );
    // What gave way to the first place may have an engine of its own again.
    await this.#followOthers();
  }

  async #connect(place: CurrentSession, target: ConnectTarget): Promise<void> {
    const turn = this.#begin(place);
    const isNewest = (): boolean => this.#turns.get(place) === turn;
    this.#occupied.set(place, { target });
    place.wanted = labelOf(target);
    const resolved = await this.#parts.resolve(target).catch((thrown: unknown) => {
      this.#parts.log.warn(`cannot connect ${labelOf(target)}: ${thrownText(thrown)}`);
      if (isNewest()) place.fail(asEngineError(thrown));
    });
    if (resolved === undefined || !isNewest() || this.#givesWay(place, resolved)) return;
    const { fingerprint, guessed } = resolved;
    this.#occupied.set(place, { target, fingerprint, guessed });
    place.replace(resolved.open());
  }

  /** One engine has one place: the first one takes it from another, another gives way. */
  #givesWay(place: CurrentSession, resolved: ResolvedTarget): boolean {
    const { sessions, log } = this.#parts;
    const double = this.#double(resolved, place);
    if (double === undefined) return false;
    log.info(`${double.label} is shown already`);
    const isFirst = place === sessions.first;
    this.#close(isFirst ? double : place);
    return !isFirst;
  }

  /** Another place with the same engine, by whatever name. */
  #double({ key, endpoint }: ResolvedTarget, place?: CurrentSession): CurrentSession | undefined {
    return this.#parts.sessions.all.find((other) => {
      const connection = other.session?.engine.connection;
      return (
        other !== place && connection !== undefined && (connection.key === key || connection.endpoint === endpoint)
      );
    });
  }

  /** A place for it, unless its engine has one. */
  async #open(target: ConnectTarget): Promise<void> {
    const { resolve, sessions } = this.#parts;
    const label = labelOf(target);
    const id = `${target.kind} ${label}`;
    if (this.#opening.has(id)) return;
    this.#opening.add(id);
    try {
      const resolved = await resolve(target).catch(() => undefined);
      const isShown = resolved !== undefined && this.#double(resolved) !== undefined;
      if (isShown || (target.kind === 'setting' && !this.#wanted().includes(target.value))) return;
      const place = new CurrentSession({ id });
      sessions.add(place);
      await this.#connect(place, target);
    } finally {
      this.#opening.delete(id);
    }
  }

  /** Opens and closes places until they are those of the setting; what was opened for this window alone stays. */
  async #followOthers(): Promise<void> {
    const { sessions } = this.#parts;
    const wanted = this.#wanted();
    for (const place of sessions.all.slice(1)) {
      const target = this.#occupied.get(place)?.target;
      if (target?.kind === 'setting' && !wanted.includes(target.value)) this.#close(place);
    }
    const missing = wanted.filter((value) => !sessions.all.some((place) => this.#isFor(place, value)));
    await Promise.all(missing.map((value) => this.#open({ kind: 'setting', value })));
  }

  #wanted(): readonly string[] {
    return otherConnections().filter((value) => value !== this.#connection);
  }

  /** What comes next takes the place, in the settings too. */
  async #removeFirst(place: CurrentSession, target: ConnectTarget | undefined): Promise<void> {
    const [, next] = this.#parts.sessions.all;
    if (next === undefined) {
      this.#begin(place);
      this.#occupied.delete(place);
      place.leave();
      return;
    }
    const nextTarget = this.#occupied.get(next)?.target;
    if (nextTarget?.kind !== 'setting') return this.#makeFirst(next);
    await writeSetting(settings.connection, nextTarget.value);
    await this.settingsChanged();
    await this.#forgetOther(nextTarget);
    await this.#forgetOther(target);
  }

  async #forgetOther(target: ConnectTarget | undefined): Promise<void> {
    if (target?.kind !== 'setting' || !otherConnections().includes(target.value)) return;
    await this.#writeOthers(otherConnections().filter((value) => value !== target.value));
  }

  async #writeOthers(values: readonly string[]): Promise<void> {
    const distinct = [...new Set(values)];
    await writeSetting(settings.otherConnections, distinct.length === 0 ? undefined : distinct);
    await this.settingsChanged();
  }

  #makeFirst(place: CurrentSession): void {
    const { sessions } = this.#parts;
    this.#forget(sessions.first);
    sessions.makeFirst(place);
  }

  #isFor(place: CurrentSession, value: string): boolean {
    const target = this.#occupied.get(place)?.target;
    return target?.kind === 'setting' && target.value === value;
  }

  #begin(place: CurrentSession): number {
    const turn = (this.#turns.get(place) ?? 0) + 1;
    this.#turns.set(place, turn);
    return turn;
  }

  #close(place: CurrentSession): void {
    this.#forget(place);
    this.#parts.sessions.close(place);
  }

  #forget(place: CurrentSession): void {
    this.#occupied.delete(place);
    this.#turns.delete(place);
  }
}

function labelOf(target: ConnectTarget): string {
  switch (target.kind) {
    case 'setting':
      return withoutPassword(target.value.replace(/^context:/, ''));
    case 'recording':
      return target.file;
    case 'default':
      return withoutPassword(connectionSetting().replace(/^context:/, '')) || l10n.t('Docker’s own choice');
    case 'sample':
      return target.kind;
  }
}

function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError('configuration', message, { cause: thrown });
}

import { joinOverlays, type JoinedHost } from '../topology/joinHosts.ts';
import type { CurrentSession } from './currentSession.ts';
import type { Sessions } from './sessions.ts';

/** An engine with what the others that are shown tell about it. */
export interface ShownHost extends JoinedHost {
  /** What the person calls the engine. Not escaped. */
  readonly label: string;
}

/**
 * Snapshots of all engines that are shown and were read once, each completed by the others: a container that one engine
 * knows as an endpoint on another host is a container of that one. The same objects as long as no snapshot changes.
 */
export class ShownHosts {
  readonly #sessions: Sessions;
  #known: readonly ShownHost[] = [];
  #made: readonly { readonly place: CurrentSession; readonly snapshot: unknown; readonly key: string }[] = [];

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  get all(): readonly ShownHost[] {
    const parts = this.#sessions.all.flatMap(({ key, label, snapshot }, at) => {
      const place = this.#sessions.all[at];
      return snapshot === undefined || place === undefined ? [] : { key, label, snapshot, place };
    });
    const isKnown =
      parts.length === this.#made.length &&
      parts.every(({ snapshot, key }, at) => this.#made[at]?.snapshot === snapshot && this.#made[at].key === key);
    if (!isKnown) {
      this.#made = parts;
      const labels = new Map(parts.map(({ key, label }) => [key, label]));
      this.#known = joined(parts).map((host) => ({ ...host, label: labels.get(host.key) ?? host.key }));
    }
    return this.#known;
  }

  /** Undefined where nothing is known of the engine yet. */
  of({ key }: CurrentSession): ShownHost | undefined {
    return this.all.find((host) => host.key === key);
  }
}

/** Each alone where they cannot be joined: one odd record must not take the views of all engines with it. */
function joined(parts: Parameters<typeof joinOverlays>[0]): readonly JoinedHost[] {
  try {
    return joinOverlays(parts);
  } catch {
    return parts.map(({ key, snapshot }) => ({ key, snapshot, remoteSeats: new Map() }));
  }
}

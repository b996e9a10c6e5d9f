import { Disposable, type Event } from 'vscode';
import { EngineError } from '../engine/engine.ts';
import type { Snapshot } from '../topology/model.ts';
import { Emitter } from '../live/emitter.ts';
import type { Sessions } from './sessions.ts';

/** What `extensions.getExtension(…).activate()` returns: docs/api.md. */
export interface DockerNetworksApi {
  readonly apiVersion: 1;
  /**
   * Networks, containers, kernel links and wires of the engine that the sidebar shows, the first one of several; current
   * at the time of the call. Rejects with an `Error` whose `kind` is an `EngineErrorKind` where no engine answers.
   */
  snapshot(): Promise<Snapshot>;
  /** Something in `snapshot()` changed. A listener keeps the engine followed, as an open view does. */
  readonly onDidChange: Event<void>;
}

/** Milliseconds for which what was read counts as current while nothing follows the engine. */
const justNow = 1000;

/** @param settled resolves when the first connection has been chosen, well or badly. */
export function createApi(sessions: Sessions, settled: Promise<void>): DockerNetworksApi {
  let listeners = 0;
  let newest = -Infinity;
  let { first } = sessions;
  const changed = new Emitter<undefined>();
  sessions.onDidChangeSnapshot(({ place }) => {
    if (place !== first) return;
    newest = performance.now();
    changed.fire(undefined);
  });
  sessions.onDidChangePlaces(() => {
    if (first === sessions.first) return;
    ({ first } = sessions);
    newest = -Infinity;
    first.setVisible('api', listeners > 0);
    changed.fire(undefined);
  });
  const count = (by: number): void => {
    listeners += by;
    first.setVisible('api', listeners > 0);
  };
  return {
    apiVersion: 1,
    async snapshot() {
      await settled;
      const { session, state, snapshot } = first;
      // Also where the engine refuses its events and so never is ready: a listener that asks again at each change
      // must not be the reason for the next one.
      if (snapshot && (state.kind === 'ready' || performance.now() - newest < justNow)) return snapshot;
      if (session) return session.refresh();
      throw state.kind === 'failed' ? state.error : new EngineError('unreachable', 'no engine was chosen');
    },
    onDidChange(listener, self, disposables) {
      const subscription = changed.event(() => void listener.call(self));
      count(1);
      // The editor's own runs its function once, however often it is disposed.
      const handle = new Disposable(() => {
        subscription.dispose();
        count(-1);
      });
      disposables?.push(handle);
      return handle;
    },
  };
}

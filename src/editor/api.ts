import { Disposable, type Event } from 'vscode';
import { EngineError } from '../engine/engine.ts';
import type { Snapshot } from '../topology/model.ts';
import type { CurrentSession } from './currentSession.ts';

/** What `extensions.getExtension(…).activate()` returns: docs/api.md. */
export interface DockerNetworksApi {
  readonly apiVersion: 1;
  /**
   * Networks, containers, kernel links and wires of the engine that the sidebar shows; current at the time of the
   * call. Rejects with an `Error` whose `kind` is an `EngineErrorKind` where no engine answers.
   */
  snapshot(): Promise<Snapshot>;
  /** Something in `snapshot()` changed. A listener keeps the engine followed, as an open view does. */
  readonly onDidChange: Event<void>;
}

/** @param settled resolves when the first connection has been chosen, well or badly. */
export function createApi(current: CurrentSession, settled: Promise<void>): DockerNetworksApi {
  let listeners = 0;
  const count = (by: number): void => {
    listeners += by;
    current.setVisible('api', listeners > 0);
  };
  return {
    apiVersion: 1,
    async snapshot() {
      await settled;
      const { session, state, snapshot } = current;
      if (state.kind === 'ready' && snapshot) return snapshot;
      if (session) return session.refresh();
      throw state.kind === 'failed' ? state.error : new EngineError('unreachable', 'no engine was chosen');
    },
    onDidChange(listener, self, disposables) {
      const subscription = current.onDidChangeSnapshot(() => void listener.call(self));
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

import './editor.ts';
import { CurrentSession } from '../../src/editor/currentSession.ts';
import { Sessions } from '../../src/editor/sessions.ts';
import { ShownHosts } from '../../src/editor/shownHosts.ts';
import type { EngineSession } from '../../src/live/session.ts';
import { endpointKey, type Snapshot } from '../../src/topology/model.ts';
import { hasOwnNamespace } from '../../src/topology/wiring.ts';
import { Forwards } from '../../src/forwards/forwards.ts';
import { registerViews } from '../../src/views/register.ts';

const log = { warn: (line: string): void => void process.stderr.write(`${line}\n`) };

/** The views on a session, as src/extension.ts puts them together. They are visible, so the session becomes active. */
export function showSession(session: EngineSession): void {
  const sessions = new Sessions(new CurrentSession());
  registerViews(
    sessions,
    new ShownHosts(sessions),
    new Forwards(
      () => undefined,
      () => undefined,
    ),
    log,
  );
  sessions.first.replace(session);
}

/** Resolves with the first snapshot of an active session. Rejects where the engine cannot be read. */
export function firstSnapshot(session: EngineSession): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { state, snapshot } = session;
      if (state.kind === 'ready' && snapshot !== undefined) resolve(snapshot);
      if (state.kind === 'failed') reject(state.error);
    };
    session.onDidChangeState(look);
    look();
  });
}

/** Throws unless every seat of a running container is wired by the kernel's own word: a refresh that did not wire measures nothing. */
export function assertExactWires({ kernel, wires, containers }: Snapshot): void {
  if (kernel.kind === 'absent') throw new Error(`void: the engine's kernel was not read: ${kernel.reason}`);
  const exact = new Set(
    wires.flatMap(({ confidence, containerId, networkId }) =>
      confidence === 'exact' ? endpointKey(containerId, networkId) : [],
    ),
  );
  const seats = containers
    .filter((container) => hasOwnNamespace(container) && container.mode.kind !== 'none')
    .flatMap(({ endpoints }) => endpoints);
  const missing = seats.filter(({ containerId, networkId }) => !exact.has(endpointKey(containerId, networkId)));
  if (seats.length === 0 || missing.length > 0)
    throw new Error(`void: ${missing.length} of ${seats.length} seats have no exact wire`);
}

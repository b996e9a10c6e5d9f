import { l10n, window } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import { lookupOf, type Lookup } from '../editor/lookup.ts';
import { EngineError } from '../engine/engine.ts';
import type { EngineSession } from '../live/session.ts';
import { views } from '../ids.ts';

/** What commands look things up in: current now, also where no view is visible. Rejects with the `EngineError`. */
export async function freshLookup(current: CurrentSession): Promise<Lookup> {
  const { snapshot, state } = current;
  if (snapshot !== undefined && state.kind === 'ready') return lookupOf(snapshot);
  return lookupOf(await refreshNow(current));
}

/** Reads all anew, with the progress bar of the views running. Rejects with the `EngineError`. */
export function refreshNow(current: CurrentSession): ReturnType<EngineSession['refresh']> {
  const session = sessionOf(current);
  const read = session.refresh();
  void window.withProgress({ location: { viewId: views.networks } }, () => read.then(nothing, nothing));
  return read;
}

function sessionOf({ session, state }: CurrentSession): EngineSession {
  if (session !== undefined) return session;
  throw state.kind === 'failed' ? state.error : new EngineError('unreachable', l10n.t('no engine is selected yet'));
}

function nothing(): void {
  // The caller has the same promise, and reports its failure.
}

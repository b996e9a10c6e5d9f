import { failureState, type FailureState } from '../editor/errorText.ts';
import type { SessionState } from '../live/session.ts';
import type { Snapshot } from '../topology/model.ts';
import { isBuiltIn } from '../topology/builtIn.ts';

/** Which welcome view belongs to the moment; `ready` and `empty` are those in which trees have rows. */
export type ViewState = 'connecting' | 'ready' | 'empty' | 'disconnected' | FailureState;

/**
 * Where the connection is lost the rows give way to the welcome view that says why: what they would show is no
 * longer known to be true. While it is only being made again they stay.
 */
export function viewState(state: SessionState, snapshot: Snapshot | undefined): ViewState {
  if (state.kind === 'failed') return failureState(state.error);
  if (state.kind === 'disconnected') return 'disconnected';
  if (snapshot === undefined) return 'connecting';
  return snapshot.containers.length === 0 && snapshot.networks.every(isBuiltIn) ? 'empty' : 'ready';
}

export function hasRows(state: ViewState): boolean {
  return state === 'ready' || state === 'empty';
}

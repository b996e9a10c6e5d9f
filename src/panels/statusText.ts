import { l10n } from 'vscode';
import { errorText } from '../editor/errorText.ts';
import { absenceText } from '../editor/evidenceText.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { takenAtText } from '../editor/takenAtText.ts';
import { visible } from '../editor/untrusted.ts';
import type { EngineConnection } from '../engine/engine.ts';
import type { SessionState } from '../live/session.ts';
import type { EngineStatus } from '../protocol/messages.ts';
import { isBuiltIn } from '../topology/builtIn.ts';
import type { Snapshot } from '../topology/model.ts';

/** The line of a diagram that says whether its picture is true now, and why not. Empty where there is nothing to say. */
export function engineStatus(
  state: SessionState,
  snapshot: Snapshot | undefined,
  connection: EngineConnection | undefined,
): EngineStatus {
  if (state.kind === 'failed') {
    const { sentence } = errorText(state.error);
    const old = snapshot && l10n.t('This picture is from {0}.', takenAtText(snapshot));
    return { kind: 'failed', text: old === undefined ? sentence : `${sentence} ${old}` };
  }
  if (state.kind === 'disconnected') return { kind: 'failed', text: l10n.t('No engine is connected.') };
  if (snapshot === undefined) return { kind: 'connecting', text: l10n.t('Connecting to the engine…') };
  if (snapshot.recorded) {
    const label = visible(connection?.label ?? '', 60);
    return { kind: kindOf(snapshot), text: l10n.t('Recording: {0}, taken {1}', label, takenAtText(snapshot)) };
  }
  if (state.kind !== 'ready')
    return { kind: 'connecting', text: l10n.t('Connecting… This picture is from {0}.', takenAtText(snapshot)) };
  const { kernel } = snapshot;
  const text = kernel.kind === 'read' ? '' : l10n.t('The kernel was not read: {0}', absenceText(kernel.reason));
  return { kind: kindOf(snapshot), text };
}

function kindOf(snapshot: Snapshot): 'ready' | 'empty' {
  return snapshot.containers.length === 0 && snapshot.networks.every(isBuiltIn) ? 'empty' : 'ready';
}

/** Of all engines that are shown: what there is to say of each, after its name. */
export function statusOfAll(places: readonly CurrentSession[]): EngineStatus {
  const parts = places.map(({ state, snapshot, session, key, label }) => ({
    key,
    label,
    state,
    isDrawn: snapshot !== undefined,
    status: engineStatus(state, snapshot, session?.engine.connection),
  }));
  const [first, ...others] = parts;
  if (first === undefined) return { kind: 'connecting', text: '' };
  if (others.length === 0) return first.status;
  const old = parts.filter(({ isDrawn, status }) => isDrawn && isOld(status)).map(({ key }) => key);
  const drawn = parts.filter(({ isDrawn }) => isDrawn);
  const best = kinds.find((kind) => parts.some(({ status }) => status.kind === kind)) ?? 'connecting';
  // Of a recording, or a kernel that cannot be read, its frame tells.
  const spoken = parts.filter(({ status }) => isOld(status) && status.text !== '');
  return {
    kind: drawn.length === 0 ? first.status.kind : best,
    text: spoken.map(({ label, status }) => l10n.t('{0}: {1}', visible(label, 40), status.text)).join(' '),
    ...(old.length === 0 ? {} : { old }),
  };
}

/** The best that one of the engines can say of the picture. */
const kinds = ['ready', 'empty', 'connecting', 'failed'] as const;

function isOld({ kind }: EngineStatus): boolean {
  return kind === 'failed' || kind === 'connecting';
}

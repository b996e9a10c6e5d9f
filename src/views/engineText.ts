import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import { errorText, shortErrorText } from '../editor/errorText.ts';
import { takenAtText } from '../editor/takenAtText.ts';
import { visible, withoutIcons } from '../editor/untrusted.ts';
import type { EngineConnection } from '../engine/engine.ts';
import type { SessionState } from '../live/session.ts';
import { isRunning, type Snapshot } from '../topology/model.ts';

/** The line above the rows of *Networks*, where there is something to say about where they come from. */
export function messageText(
  state: SessionState,
  snapshot: Snapshot,
  connection: EngineConnection | undefined,
): string | undefined {
  if (snapshot.recorded)
    return l10n.t('Recording: {0}, taken {1}', visible(connection?.label ?? '', 60), takenAtText(snapshot));
  if (state.kind === 'connecting') return l10n.t('Connecting… These rows are from {0}.', takenAtText(snapshot));
  return undefined;
}

/** What the status-bar item says. */
export interface StatusText {
  readonly text: string;
  readonly spoken: string;
  readonly tooltip: string;
  readonly warning: boolean;
}

export function statusText(
  state: SessionState,
  snapshot: Snapshot | undefined,
  connection: EngineConnection | undefined,
): StatusText {
  const label = connection === undefined ? l10n.t('Docker') : withoutIcons(connection.label, 40);
  const where =
    connection === undefined ? label : `${visible(connection.label, 40)} (${visible(connection.endpoint, 120)})`;
  if (state.kind === 'failed') {
    const short = shortErrorText(state.error);
    return {
      text: `$(warning) ${label}: ${short}`,
      spoken: `${label}: ${short}`,
      tooltip: `${where}\n${errorText(state.error).sentence}`,
      warning: true,
    };
  }
  if (snapshot === undefined || state.kind === 'idle') {
    const short = state.kind === 'idle' ? l10n.t('not watched while no view is visible') : l10n.t('connecting');
    const icon = state.kind === 'idle' ? '$(type-hierarchy)' : '$(sync~spin)';
    return { text: `${icon} ${label}`, spoken: `${label}: ${short}`, tooltip: `${where}\n${short}`, warning: false };
  }
  const running = snapshot.containers.filter(isRunning).length;
  const counts = [
    running === 1 ? l10n.t('1 running container') : l10n.t('{0} running containers', running),
    snapshot.networks.length === 1 ? l10n.t('1 network') : l10n.t('{0} networks', snapshot.networks.length),
  ].join(comma());
  const icon = snapshot.recorded ? '$(history)' : state.kind === 'connecting' ? '$(sync~spin)' : '$(type-hierarchy)';
  const product = snapshot.engine.flavour === 'podman' ? 'Podman' : 'Docker';
  const name = snapshot.recorded ? l10n.t('Recording {0}', label) : label;
  return {
    text: `${icon} ${name}  $(vm-running) ${running}  $(plug) ${snapshot.networks.length}`,
    spoken: `${name}: ${counts}`,
    tooltip: `${where}\n${product} ${visible(snapshot.engine.version, 40)}, API ${visible(snapshot.engine.apiVersion, 20)}\n${counts}`,
    warning: false,
  };
}

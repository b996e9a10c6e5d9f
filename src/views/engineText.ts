import { l10n } from 'vscode';
import { errorText, shortErrorText } from '../editor/errorText.ts';
import { listText } from '../editor/listText.ts';
import { countsText, productText } from '../editor/placeText.ts';
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

/** @param wanted what the person chose: its name for as long as no connection has one */
export function statusText(
  state: SessionState,
  snapshot: Snapshot | undefined,
  connection: EngineConnection | undefined,
  wanted = '',
): StatusText {
  const label = withoutIcons((connection?.label ?? wanted) || l10n.t('Docker'), 40);
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
  if (state.kind === 'disconnected') {
    const short = l10n.t('not connected');
    return { text: `$(debug-disconnect) ${label}`, spoken: `${label}: ${short}`, tooltip: short, warning: false };
  }
  if (snapshot === undefined || state.kind === 'idle') {
    const short = state.kind === 'idle' ? l10n.t('not watched while no view is visible') : l10n.t('connecting');
    const icon = state.kind === 'idle' ? '$(type-hierarchy)' : '$(sync~spin)';
    return { text: `${icon} ${label}`, spoken: `${label}: ${short}`, tooltip: `${where}\n${short}`, warning: false };
  }
  const running = snapshot.containers.filter(isRunning).length;
  const counts = countsText(snapshot);
  const icon = snapshot.recorded ? '$(history)' : state.kind === 'connecting' ? '$(sync~spin)' : '$(type-hierarchy)';
  const name = snapshot.recorded ? l10n.t('Recording {0}', label) : label;
  return {
    text: `${icon} ${name}  $(vm-running) ${running}  $(plug) ${snapshot.networks.length}`,
    spoken: `${name}: ${counts}`,
    tooltip: `${where}\n${engineLine(snapshot)}\n${counts}`,
    warning: false,
  };
}

/** `Docker 29.0.4, API 1.52, nftables`: who looks for rules has to know where. */
function engineLine(snapshot: Snapshot): string {
  const { apiVersion, firewall } = snapshot.engine;
  return [
    productText(snapshot),
    `API ${visible(apiVersion, 20)}`,
    ...(firewall === undefined ? [] : [visible(firewall, 40)]),
  ].join(', ');
}

/** Of several engines: the first one, how many more there are, and of all that is told of one. */
export function statusOfAll(parts: readonly StatusText[]): StatusText {
  const [first, ...others] = parts;
  if (first === undefined) return { text: '', spoken: '', tooltip: '', warning: false };
  if (others.length === 0) return first;
  const failed = parts.filter(({ warning }) => warning).length;
  const more = `${failed > 0 && !first.warning ? '$(warning) ' : ''}+${others.length}`;
  return {
    text: `${first.text}  ${more}`,
    spoken: listText(parts.map(({ spoken }) => spoken)),
    tooltip: parts.map(({ tooltip }) => tooltip).join('\n\n'),
    warning: failed > 0,
  };
}

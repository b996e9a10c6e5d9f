import { l10n } from 'vscode';
import { isRunning, type Snapshot } from '../topology/model.ts';
import type { CurrentSession } from './currentSession.ts';
import { shortErrorText } from './errorText.ts';
import { listText } from './listText.ts';
import { visible } from './untrusted.ts';

/** In a few words how an engine is: `connecting`, what is wrong, or what it runs. */
export function placeStateText({ state, snapshot }: Pick<CurrentSession, 'state' | 'snapshot'>): string {
  if (state.kind === 'failed') return shortErrorText(state.error);
  if (state.kind === 'disconnected') return l10n.t('not connected');
  if (snapshot === undefined) return l10n.t('connecting');
  if (snapshot.recorded) return l10n.t('recording');
  return countsText(snapshot);
}

/** `Docker 28.5.2`. */
export function productText({ engine }: Snapshot): string {
  return `${engine.flavour === 'podman' ? 'Podman' : 'Docker'} ${visible(engine.version, 40)}`;
}

/** `3 running containers, 4 networks`. */
export function countsText({ containers, networks }: Snapshot): string {
  const running = containers.filter(isRunning).length;
  return listText([
    running === 1 ? l10n.t('1 running container') : l10n.t('{0} running containers', running),
    networks.length === 1 ? l10n.t('1 network') : l10n.t('{0} networks', networks.length),
  ]);
}

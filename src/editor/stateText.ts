import { l10n } from 'vscode';
import type { Container, ContainerState } from '../topology/model.ts';

const stateTexts: Readonly<Record<ContainerState, () => string>> = {
  created: () => l10n.t('created'),
  running: () => l10n.t('running'),
  paused: () => l10n.t('paused'),
  restarting: () => l10n.t('restarting'),
  removing: () => l10n.t('removing'),
  exited: () => l10n.t('exited'),
  dead: () => l10n.t('dead'),
  unknown: () => l10n.t('state unknown'),
};

/** One word. The engine’s own sentence (`Up 6 seconds`) is only true at the moment when it was read. */
export function stateText(container: Container): string {
  return stateTexts[container.state]();
}

/** `exited (137)`: with the exit code, where there is one. */
export function stateDetail(container: Container): string {
  const code = /^Exited \((\d+)\)/.exec(container.status)?.[1];
  return code === undefined ? stateText(container) : `${stateText(container)} (${code})`;
}

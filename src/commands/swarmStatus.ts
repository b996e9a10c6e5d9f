import { commands as editorCommands, l10n, window } from 'vscode';
import { listText } from '../editor/listText.ts';
import { visible } from '../editor/untrusted.ts';
import type { SwarmStatus } from '../engine/control.ts';
import { commands } from '../ids.ts';
import type { Acting } from './act.ts';

/** What the engine is in its swarm; undefined after having said why it cannot do what only a manager can. */
export async function statusOfManager(acting: Acting): Promise<SwarmStatus | undefined> {
  const status = await acting.control().swarm.status();
  if (status.state === 'active' && status.manager) return status;
  if (status.state !== 'inactive') {
    void window.showInformationMessage(withoutManagerText(status));
    return undefined;
  }
  const start = l10n.t('Initialise Swarm');
  if ((await window.showInformationMessage(notInSwarm(), start)) === start)
    await editorCommands.executeCommand(commands.initSwarm, { engine: acting.key });
  return undefined;
}

export function notInSwarm(): string {
  return l10n.t('This engine is in no swarm. Begin one with it, or let it join another one by “docker swarm join”.');
}

/** Why an engine that is in a swarm cannot manage it. */
export function withoutManagerText({ state, managerAddresses, error }: SwarmStatus): string {
  if (state === 'active') {
    const known = managerAddresses.slice(0, 5).map((address) => visible(address, 60));
    return known.length === 0
      ? l10n.t('This engine is a worker of its swarm: ask a manager, which alone knows tokens, nodes and services.')
      : l10n.t(
          'This engine is a worker of its swarm: ask a manager, which alone knows tokens, nodes and services. Its managers: {0}',
          listText(known),
        );
  }
  if (state === 'locked')
    return l10n.t('The swarm of this engine is locked: “docker swarm unlock” asks for its key, and opens it.');
  return l10n.t('This engine is not in touch with its swarm (“{0}”). {1}', visible(state, 20), visible(error)).trim();
}

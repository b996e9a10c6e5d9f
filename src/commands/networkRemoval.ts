import { l10n, window } from 'vscode';
import { unusedNetworks } from '../actions/impact.ts';
import type { Action } from '../actions/specs.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { listText } from '../editor/listText.ts';
import { visible } from '../editor/untrusted.ts';
import { EngineError } from '../engine/engine.ts';
import { commands } from '../ids.ts';
import { isBuiltIn } from '../topology/builtIn.ts';
import type { Network } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { chooseNetworks, subjectsOf } from './chosen.ts';
import { confirm, namesInLines } from './confirm.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

type RemovalCommand = typeof commands.removeNetwork | typeof commands.pruneNetworks;

export function networkRemovalHandlers(current: CurrentSession, acting: Acting): Record<RemovalCommand, Handler> {
  return {
    [commands.removeNetwork]: (argument, selection) => remove(current, acting, argument, selection),
    [commands.pruneNetworks]: () => prune(current, acting),
  };
}

async function remove(current: CurrentSession, acting: Acting, argument: unknown, selection: unknown): Promise<void> {
  acting.control();
  const lookup = await freshLookup(current);
  const subjects = subjectsOf(argument, selection);
  const fits = (network: Network): boolean => !isBuiltIn(network);
  const networks = await chooseNetworks(lookup, subjects, l10n.t('Remove which network?'), fits);
  const [first] = networks;
  if (first === undefined) {
    if (subjects.length > 0) void window.showInformationMessage(l10n.t('The networks bridge, host and none stay.'));
    return;
  }
  const seated = networks.flatMap(({ id }) => lookup.seats.get(id) ?? []);
  await removeAll(acting, networks, {
    message:
      networks.length === 1
        ? l10n.t('Remove the network {0}?', visible(first.name, 80))
        : l10n.t('Remove {0} networks?', networks.length),
    details:
      seated.length === 0
        ? []
        : [
            l10n.t('Containers are on it; the engine refuses while one of them runs:'),
            namesInLines(seated.map(({ container }) => container.name)),
          ],
  });
}

/** Shows exactly what would go: what is listed is what is removed, and nothing that came since. */
async function prune(current: CurrentSession, acting: Acting): Promise<void> {
  acting.control();
  const { snapshot, seats } = await freshLookup(current);
  const networks = unusedNetworks(snapshot);
  if (networks.length === 0) {
    void window.showInformationMessage(
      l10n.t('Every network has a running container, or belongs to the engine itself.'),
    );
    return;
  }
  const resting = networks.flatMap(({ id }) => (seats.get(id) ?? []).map(({ container }) => container.name));
  await removeAll(acting, networks, {
    message:
      networks.length === 1
        ? l10n.t('Remove 1 network that no running container is on?')
        : l10n.t('Remove {0} networks that no running container is on?', networks.length),
    details: [
      ...(resting.length === 0
        ? []
        : [l10n.t('Stopped containers are on them, and cannot start without them:'), namesInLines(resting)]),
      ...(networks.some(isOfSwarm) ? [l10n.t('Networks of the swarm that a service uses stay.')] : []),
    ],
    passesOver: isOfSwarm,
  });
}

/** No snapshot tells which of them services use. */
function isOfSwarm({ scope }: Network): boolean {
  return scope === 'swarm';
}

async function removeAll(
  acting: Acting,
  networks: readonly Network[],
  question: {
    readonly message: string;
    readonly details: readonly string[];
    /** Networks that may stay where the engine's rules say so, as they do for `docker network prune`. */
    readonly passesOver?: (network: Network) => boolean;
  },
): Promise<void> {
  const control = acting.control();
  const action: Action = { kind: 'removeNetworks', names: networks.map(({ name }) => name) };
  const agreed = await confirm(acting, {
    message: question.message,
    details: [namesInLines(networks.map(({ name }) => name)), ...question.details],
    command: acting.commandText(action),
    button: l10n.t('Remove'),
  });
  if (!agreed) return;
  const kept: string[] = [];
  await acting.performEach(action, networks, async (network) => {
    try {
      await control.removeNetwork(network.id);
    } catch (error) {
      const refused = error instanceof EngineError && error.kind === 'invalid';
      if (!refused || question.passesOver?.(network) !== true) throw error;
      kept.push(visible(network.name, 80));
    }
  });
  if (kept.length > 0)
    void window.showInformationMessage(l10n.t('Kept, because a service of the swarm uses it: {0}', listText(kept)));
}

import { l10n } from 'vscode';
import type { ConnectObstacle } from '../actions/connectObstacle.ts';
import type { Lookup } from '../editor/lookup.ts';
import { visible } from '../editor/untrusted.ts';

/** Why the engine refuses, as a sentence. */
export function obstacleText(lookup: Lookup, obstacle: ConnectObstacle): string {
  switch (obstacle.kind) {
    case 'alreadyConnected':
      return l10n.t('It is on that network already.');
    case 'gatewaySeat':
      return l10n.t(
        'It is on that network already: the engine puts it there as its way out beside an overlay network.',
      );
    case 'hostNetwork':
      return l10n.t('The network host is no network to connect to: a container is started in it, or never is in it.');
    case 'noneNetwork':
      return l10n.t('The network none is the absence of one: nothing can be connected to it.');
    case 'ingressNetwork':
      return l10n.t('The ingress network belongs to the swarm’s routing mesh.');
    case 'configurationOnly':
      return l10n.t('That network is a template for others (config-only): nothing can be on it.');
    case 'beingRemoved':
      return l10n.t('The container is being removed.');
    case 'notAttachable':
      return l10n.t('That overlay network is for services only: it was not created as attachable.');
    case 'hostMode':
      return l10n.t('It runs in the namespace of the host, and cannot be on a network beside that.');
    case 'noneMode':
      return l10n.t('It was started without a network. Disconnect it from none first.');
    case 'noneForGood':
      return l10n.t('It was started without a network, and Podman leaves it so.');
    case 'pausedOnPodman':
      return l10n.t('It is paused: continue it first. Podman could list no container any more.');
    case 'sharesNamespace': {
      const owner = lookup.containers.get(obstacle.ownerId)?.name ?? obstacle.ownerId.slice(0, 12);
      return l10n.t('It shares the network namespace of {0}: connect that one.', visible(owner, 80));
    }
  }
}

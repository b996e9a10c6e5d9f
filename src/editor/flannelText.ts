import { l10n } from 'vscode';
import { bridgeName } from '../topology/bridgeName.ts';
import { flannelUse } from '../topology/flannel.ts';
import type { Network } from '../topology/model.ts';
import type { Lookup } from './lookup.ts';
import { visible } from './untrusted.ts';

/** Whether the containers of a network are on flannel's, as a sentence; undefined where there is nothing to say. Plain text. */
export function flannelSentence({ kernel }: Lookup, network: Network): string | undefined {
  const use = flannelUse(network, kernel);
  if (use === undefined) return undefined;
  const bridge = visible(bridgeName(network) ?? '', 40);
  const subnet = visible(use.subnet, 60);
  if (!use.uses)
    return l10n.t(
      '{0} has addresses of its own, outside of those that flannel gave to this host ({1}): its containers are not on flannel’s network.',
      bridge,
      subnet,
    );
  const source = l10n.t('{0} takes its addresses from flannel ({1}).', bridge, subnet);
  if (use.lowerMtu === undefined) return source;
  const mtu = l10n.t(
    'Its MTU is greater than flannel’s ({0}): large packets for containers of other machines may get lost.',
    use.lowerMtu,
  );
  return `${source} ${mtu}`;
}

/** The same in some words for a row. */
export function flannelWords({ kernel }: Lookup, networks: readonly Network[]): string | undefined {
  return networks.some((network) => flannelUse(network, kernel)?.uses === true)
    ? l10n.t('addresses from flannel')
    : undefined;
}

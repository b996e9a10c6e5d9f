import { l10n } from 'vscode';
import { parentMode, type ParentMode } from '../topology/parentMode.ts';
import type { Network } from '../topology/model.ts';
import type { Lookup } from './lookup.ts';
import { visible } from './untrusted.ts';

/** How a macvlan or ipvlan network rides on its parent; undefined for all others. */
export function parentOf({ snapshot }: Lookup, network: Network): ParentMode | undefined {
  return parentMode(network, snapshot);
}

/** `L3` as ipvlan's own documentation writes it, and `bridge` as the option is typed. */
export function modeName({ driver, mode, flag }: ParentMode): string {
  const name = visible(driver === 'ipvlan' ? mode.toUpperCase() : mode, 20);
  return flag === undefined ? name : `${name} ${visible(flag, 20)}`;
}

/** `VLAN 20 (802.1Q)` or nothing. */
export function vlanText({ vlanId }: ParentMode): string | undefined {
  return vlanId === undefined ? undefined : `VLAN ${vlanId} (802.1Q)`;
}

/** What the mode, the tag and the parent mean for who reaches whom: some sentences of plain text. */
export function parentSentences(network: Network, parent: ParentMode): readonly string[] {
  return [modeSentence(parent), vlanSentence(network, parent), reachSentence(parent)].filter(
    (sentence) => sentence !== undefined,
  );
}

/** Sources: drivers/net/macvlan.c, Documentation/networking/ipvlan.rst. */
function modeSentence(parent: ParentMode): string | undefined {
  switch (parent.flag ?? parent.mode) {
    case 'bridge':
      return l10n.t('Mode bridge: containers on this parent reach each other directly.');
    case 'private':
      return l10n.t('Mode private: containers on this parent do not reach each other.');
    case 'vepa':
      return l10n.t(
        'Mode VEPA: what one container sends to another leaves by the parent, and the switch there has to send it back.',
      );
    case 'passthru':
      return l10n.t('Mode passthru: one container has the parent for itself, with the MAC address of the parent.');
    case 'l2':
      return l10n.t('Mode L2: containers share the MAC address of the parent and reach each other directly.');
    case 'l3':
      return l10n.t('Mode L3: the parent routes for its containers, without ARP and broadcasts.');
    case 'l3s':
      return l10n.t(
        'Mode L3S: the parent routes for its containers, and the packet filter of the host sees what they receive.',
      );
    default:
      return undefined;
  }
}

/** Source: libnetwork drivers/macvlan and drivers/ipvlan, createNetwork and DeleteNetwork. */
function vlanSentence({ networkInterface }: Network, { parent = '', vlanId, vlanOf }: ParentMode): string | undefined {
  if (vlanId === undefined || vlanOf === undefined) return undefined;
  const tagged = l10n.t(
    '{0} carries the frames of VLAN {1} (802.1Q) of {2}.',
    visible(parent, 40),
    vlanId,
    visible(vlanOf, 40),
  );
  // Podman makes none.
  const isDockers = networkInterface === undefined && parent === `${vlanOf}.${vlanId}`;
  const maker = l10n.t('Docker makes this link itself where it is missing, and then removes it with the network.');
  return isDockers ? `${tagged} ${maker}` : tagged;
}

/**
 * What surprises everybody once: drivers/net/macvlan.c and ipvlan hand nothing from a parent to its own children. In layer 3
 * a packet of a container does arrive at the host, whose answer then leaves by the wire.
 */
export function reachSentence({ mode, flag, isDummy }: ParentMode): string {
  if (isDummy)
    return l10n.t(
      'Their parent is a dummy link that leads nowhere: neither the host nor other machines reach these containers.',
    );
  if (mode === 'l3' || mode === 'l3s')
    return l10n.t(
      'The host itself cannot reach these containers over the parent link, nor they the host; other machines can where they have a route to the subnet by this host.',
    );
  if ((flag ?? mode) === 'vepa')
    return l10n.t(
      'The host itself cannot reach these containers over the parent link, nor they the host, unless the switch sends frames back; other machines on the link can.',
    );
  return l10n.t(
    'The host itself cannot reach these containers over the parent link, nor they the host; other machines on the link can.',
  );
}

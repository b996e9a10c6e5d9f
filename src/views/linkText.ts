import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import { kindText } from '../editor/linkKindText.ts';
import { flannelSentence } from '../editor/flannelText.ts';
import { originSentence, originWords, remoteSentence, underlaySentence } from '../editor/originText.ts';
import { parentOf, parentSentences } from '../editor/parentText.ts';
import { markdownCode, markdownText, visible } from '../editor/untrusted.ts';
import { bridgeName, parentName } from '../topology/bridgeName.ts';
import { linkOrigin, remoteSubnets, type LinkOrigin, type RemoteSubnet } from '../topology/linkOrigin.ts';
import type { Link, LinkAddress, Network, Wire } from '../topology/model.ts';
import { containerName } from '../editor/containerText.ts';
import type { VethEnd } from './hostVeth.ts';
import { bold, facts, joined, nameList, paragraphs, type RowContext } from './row.ts';
import { wireTooltip } from './wireText.ts';

/** `test1 eth0`: the container and the interface that a wire ends in. */
export function wireOwner({ lookup }: RowContext, wire: Wire): string {
  const container = lookup.containers.get(wire.containerId);
  const name = container === undefined ? visible(wire.containerId.slice(0, 12)) : containerName(container);
  return joined([name, wire.containerLink && visible(wire.containerLink.name, 40)], ' ');
}

/** What is plugged into a veth, as its description. */
export function endText(context: RowContext, end: VethEnd): string {
  switch (end.kind) {
    case 'wired': {
      const owner = `⇄ ${wireOwner(context, end.wire)}`;
      return end.wire.confidence === 'likely' ? l10n.t('{0} (likely)', owner) : owner;
    }
    case 'candidate': {
      const owners = end.wires.slice(0, 3).map((wire) => wireOwner(context, wire));
      if (end.wires.length > owners.length) owners.push('…');
      return l10n.t('⇄ ? maybe {0}', owners.join(comma()));
    }
    case 'container': {
      const names = end.containerIds.slice(0, 3).map((id) => {
        const container = context.lookup.containers.get(id);
        return container === undefined ? visible(id.slice(0, 12)) : containerName(container);
      });
      return l10n.t('⇄ {0} {1}, no Docker network', names.join(comma()), visible(end.link.name, 40));
    }
    case 'pair':
      return `⇄ ${visible(end.peer.name, 40)}`;
    case 'undecided':
      return l10n.t('⇄ ? not readable');
    case 'orphan':
      return l10n.t('orphan: no container at its other end');
  }
}

/** What `ip -d link` tells of a link that is no veth. */
export function plainText(context: RowContext, link: Link, isDefaultRoute: boolean): string {
  const parents = context.lookup.snapshot.networks.filter((network) => parentName(network) === link.name);
  return joined([
    kindText(link),
    originWords(originOf(context, link)),
    link.vxlan && `VNI ${link.vxlan.vni}`,
    link.vxlan?.local && l10n.t('VTEP {0}', visible(link.vxlan.local, 60)),
    link.vxlan?.port === undefined ? undefined : l10n.t('UDP port {0}', link.vxlan.port),
    link.vlanId === undefined ? undefined : `VLAN ${link.vlanId}`,
    link.mode && visible(link.mode, 20),
    addressList(link.addresses),
    link.mtu === undefined ? undefined : `MTU ${link.mtu}`,
    link.operState === undefined || ['up', 'unknown'].includes(link.operState)
      ? undefined
      : visible(link.operState, 20),
    isDefaultRoute ? l10n.t('default route') : undefined,
    parents.length === 0
      ? undefined
      : l10n.t('parent of {0}', parents.map((one) => visible(one.name, 60)).join(comma())),
  ]);
}

export function addressList(addresses: readonly LinkAddress[]): string | undefined {
  if (addresses.length === 0) return undefined;
  const global = addresses.filter(({ address }) => !address.toLowerCase().startsWith('fe80:'));
  return (global.length === 0 ? addresses : global)
    .slice(0, 3)
    .map(({ address, prefixLength }) => `${visible(address, 60)}/${prefixLength}`)
    .join(comma());
}

/** Docker networks whose traffic goes over this bridge. */
export function networksOf({ lookup }: RowContext, bridge: Link): Network[] {
  return lookup.snapshot.networks.filter((network) => bridgeName(network) === bridge.name);
}

/** Whose a link of the host is. */
export function originOf({ lookup }: RowContext, link: Link): LinkOrigin | undefined {
  return lookup.kernel === undefined ? undefined : linkOrigin(link, lookup.kernel, lookup.snapshot.networks);
}

/** Subnets behind other machines that are routed over an uplink, by whomever. */
function routedOver({ lookup }: RowContext, link: Link, origin: LinkOrigin | undefined): readonly RemoteSubnet[] {
  if (lookup.kernel === undefined || link.kind === 'vxlan' || link.kind === 'bridge') return [];
  const told = origin?.kind === 'flannel' ? origin.remote.map(({ destination }) => destination) : [];
  return remoteSubnets(lookup.kernel, link.name).filter(({ destination }) => !told.includes(destination));
}

export function linkTooltip(context: RowContext, link: Link, end: VethEnd | undefined): string {
  const origin = originOf(context, link);
  return paragraphs(
    `${bold(link.name)} — ${kindText(link)}`,
    facts([
      ['ifindex', String(link.ifindex)],
      ['iflink', link.iflink === undefined || link.iflink === link.ifindex ? undefined : String(link.iflink)],
      [l10n.t('State'), link.operState === undefined ? undefined : markdownCode(link.operState)],
      [l10n.t('MAC'), link.mac === undefined ? undefined : markdownCode(link.mac)],
      ['MTU', link.mtu === undefined ? undefined : String(link.mtu)],
      [l10n.t('Addresses'), nameList(link.addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`))],
      [l10n.t('Plugged into'), link.master === undefined ? undefined : markdownCode(link.master)],
      [l10n.t('Bridge port'), link.portNo === undefined ? undefined : String(link.portNo)],
      [l10n.t('Bridge ID'), link.bridge && markdownCode(link.bridge.bridgeId)],
      ['STP', link.bridge && (link.bridge.stp ? l10n.t('on') : l10n.t('off'))],
      ['VNI', link.vxlan && String(link.vxlan.vni)],
      [l10n.t('Docker networks'), nameList(networksOf(context, link).map((network) => network.name))],
    ]),
    escaped(originSentence(origin)),
    escaped(remoteSentence(origin)),
    escaped(underlaySentence(routedOver(context, link, origin))),
    ...networksOf(context, link).map((network) => escaped(flannelSentence(context.lookup, network))),
    ...parentTexts(context, link).map(escaped),
    end === undefined ? undefined : endTooltip(context, end),
  );
}

function escaped(sentence: string | undefined): string | undefined {
  return sentence === undefined ? undefined : markdownText(sentence, 2000);
}

/** What the networks that ride on a link mean for who reaches whom. */
function parentTexts({ lookup }: RowContext, link: Link): readonly string[] {
  const sentences = lookup.snapshot.networks.flatMap((network) => {
    const parent = parentName(network) === link.name ? parentOf(lookup, network) : undefined;
    return parent === undefined ? [] : parentSentences(network, parent);
  });
  return [...new Set(sentences)];
}

function endTooltip(context: RowContext, end: VethEnd): string {
  switch (end.kind) {
    case 'wired':
      return paragraphs(bold(wireOwner(context, end.wire)), wireTooltip(end.wire, context.lookup.kernel?.source));
    case 'candidate':
      return l10n.t(
        'It may be the host end of {0}. The evidence does not decide.',
        nameList(end.wires.map((wire) => wireOwner(context, wire))),
      );
    case 'container':
      return l10n.t('Its other end is in a container, but no network of this engine explains it.');
    case 'pair':
      return l10n.t('Its other end is {0}, in the same namespace.', markdownCode(end.peer.name));
    case 'undecided':
      return l10n.t('Its other end is in a namespace that could not be read.');
    case 'orphan':
      return l10n.t(
        'No container of this engine is at its other end. It belongs to something else (a virtual machine, another engine), or a container left it behind.',
      );
  }
}

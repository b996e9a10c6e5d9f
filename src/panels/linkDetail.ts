import { l10n } from 'vscode';
import { containerName } from '../editor/containerText.ts';
import { kindText } from '../editor/linkKindText.ts';
import { byName } from '../editor/lookup.ts';
import { flannelSentence } from '../editor/flannelText.ts';
import { originSentence, remoteTexts } from '../editor/originText.ts';
import { parentOf, parentSentences } from '../editor/parentText.ts';
import { visible } from '../editor/untrusted.ts';
import type { Detail, DetailRow, DetailSection } from '../protocol/messages.ts';
import { bridgeName, parentName } from '../topology/bridgeName.ts';
import { linkOrigin } from '../topology/linkOrigin.ts';
import type { Link, Wire } from '../topology/model.ts';
import { codeRow, linkRows, routeRows, row, section, targetOf, type DetailContext } from './detailParts.ts';

/** A link of the engine's namespace; a bridge with its ports and what it learned. */
export function linkDetail(context: DetailContext, id: string, link: Link): Detail {
  const { kernel, snapshot } = context.lookup;
  const origin = kernel && linkOrigin(link, kernel, snapshot.networks);
  const routes = kernel?.host.routes.filter((route) => route.link === link.name) ?? [];
  return {
    id,
    title: visible(link.name),
    subtitle: kindText(link),
    sections: [
      ...section(l10n.t('Link'), [
        ...linkRows(link),
        ...row(l10n.t('Plugged into'), link.master, {
          code: true,
          ...(link.master === undefined ? {} : targetOf(context, { kind: 'link', name: link.master })),
        }),
        ...codeRow(l10n.t('Bridge port'), link.portNo),
        ...networkRows(context, link),
        ...row(l10n.t('Whose it is'), originSentence(origin)),
        ...meaningRows(context, link),
      ]),
      ...section(
        l10n.t('Subnets of other machines'),
        (remoteTexts(origin) ?? []).flatMap(({ subnet, machine }) => codeRow(subnet, machine)),
      ),
      ...bridgeSections(context, link),
      ...section(l10n.t('Routes'), routeRows(routes)),
      ...section(l10n.t('Containers'), riderRows(context, link)),
    ],
    trafficLink: link.name,
  };
}

/** STP, FDB and ports of a bridge, as `brctl show` and `brctl showmacs` have them. */
export function bridgeSections(context: DetailContext, link: Link): DetailSection[] {
  const { bridge } = link;
  if (bridge === undefined) return [];
  const learned = bridge.fdb.filter(({ isLocal }) => !isLocal).length;
  const ports = (context.lookup.kernel?.host.links ?? []).filter(({ master }) => master === link.name).sort(byName);
  return [
    ...section(l10n.t('Bridge'), [
      ...codeRow(l10n.t('Bridge ID'), bridge.bridgeId),
      ...row('STP', bridge.stp ? l10n.t('on') : l10n.t('off')),
      ...row(
        l10n.t('Forwarding database (FDB)'),
        l10n.t('{0} addresses learned, {1} its own', learned, bridge.fdb.length - learned),
      ),
    ]),
    ...section(
      l10n.t('Bridge ports'),
      ports.flatMap((port) => portRow(context, port)),
    ),
  ];
}

function portRow(context: DetailContext, port: Link): DetailRow[] {
  const [wire] = context.lookup.wiresByHostLink.get(port.name) ?? [];
  const number = port.portNo === undefined ? '' : l10n.t('port {0}', port.portNo);
  const parts = [number, wire === undefined ? kindText(port) : `⇄ ${ownerOf(context, wire)}`];
  return codeRow(
    port.name,
    parts.filter((part) => part !== '').join(' · '),
    targetOf(context, wire === undefined ? { kind: 'link', name: port.name } : endpointOf(wire)).target,
  );
}

function networkRows(context: DetailContext, link: Link): DetailRow[] {
  return context.lookup.snapshot.networks
    .filter((network) => bridgeName(network) === link.name || parentName(network) === link.name)
    .flatMap((network) =>
      row(l10n.t('Docker network'), network.name, targetOf(context, { kind: 'network', networkId: network.id })),
    );
}

/** What it means for the networks on it: flannel's addresses, and who reaches the containers that ride on it. */
function meaningRows({ lookup }: DetailContext, link: Link): DetailRow[] {
  const { networks } = lookup.snapshot;
  const flannel = networks
    .filter((network) => bridgeName(network) === link.name)
    .flatMap((network) => flannelSentence(lookup, network) ?? []);
  const riding = networks.flatMap((network) => {
    const parent = parentName(network) === link.name ? parentOf(lookup, network) : undefined;
    return parent === undefined ? [] : parentSentences(network, parent);
  });
  return [
    ...flannel.flatMap((sentence) => row('flannel', sentence)),
    ...[...new Set(riding)].flatMap((sentence, at) => row(at === 0 ? l10n.t('Who reaches whom') : '', sentence)),
  ];
}

/** Whose interfaces end here: one for a veth, many for the parent of macvlans. */
function riderRows(context: DetailContext, link: Link): DetailRow[] {
  return (context.lookup.wiresByHostLink.get(link.name) ?? []).flatMap((wire) =>
    row(wire.kind, ownerOf(context, wire), targetOf(context, endpointOf(wire))),
  );
}

function ownerOf({ lookup }: DetailContext, { containerId, containerLink }: Wire): string {
  const container = lookup.containers.get(containerId);
  const name = container === undefined ? visible(containerId, 12) : containerName(container);
  return containerLink === undefined ? name : `${name} ${visible(containerLink.name, 40)}`;
}

function endpointOf({ containerId, networkId }: Wire): {
  readonly kind: 'endpoint';
  readonly containerId: string;
  readonly networkId: string;
} {
  return { kind: 'endpoint', containerId, networkId };
}

import { l10n } from 'vscode';
import { legacyLinkText, networkNameOf } from '../editor/containerText.ts';
import { wireOf } from '../editor/elementTokens.ts';
import { tellsFixed } from '../editor/overlayText.ts';
import { modeName, parentOf, parentSentences, vlanText } from '../editor/parentText.ts';
import type { DetailRow } from '../protocol/messages.ts';
import { isRunning, type Container, type Endpoint, type Link, type Wire } from '../topology/model.ts';
import { codeRow, evidenceRows, linkRows, listRow, row, targetOf, type DetailContext } from './detailParts.ts';

/** One seat of a container: its interface, its addresses, and the wire to the host with the reasons to believe it. */
export function endpointRows(context: DetailContext, endpoint: Endpoint): DetailRow[] {
  const { lookup } = context;
  const wire = wireOf(lookup, endpoint);
  const inside = insideLink(context, endpoint, wire);
  return [
    ...row(l10n.t('Network'), networkNameOf(lookup, endpoint), {
      ...targetOf(context, { kind: 'network', networkId: endpoint.networkId }),
    }),
    ...addressRows(context, endpoint),
    ...(inside === undefined ? codeRow(l10n.t('MAC'), endpoint.mac) : []),
    ...listRow(l10n.t('Aliases'), endpoint.aliases),
    ...listRow(l10n.t('DNS names'), endpoint.dnsNames),
    ...listRow(l10n.t('Links'), endpoint.links.map(legacyLinkText)),
    ...listRow(
      l10n.t('Driver options'),
      Object.entries(endpoint.driverOptions).map(([key, value]) => `${key}=${value}`),
    ),
    ...codeRow(l10n.t('Interface'), wire?.containerLink?.name),
    ...(inside === undefined ? [] : linkRows(inside)),
    ...(wire === undefined ? [] : hostRows(context, wire)),
    ...parentRows(context, endpoint, inside),
  ];
}

/** On a macvlan or ipvlan network: how the interface rides on its parent, and what that means. */
function parentRows({ lookup }: DetailContext, endpoint: Endpoint, inside: Link | undefined): DetailRow[] {
  const network = lookup.networks.get(endpoint.networkId);
  const parent = network && parentOf(lookup, network);
  if (network === undefined || parent === undefined) return [];
  return [
    // The kernel's own word stands with the interface.
    ...(inside?.mode === undefined ? row(l10n.t('{0} mode', parent.driver), modeName(parent)) : []),
    ...row('VLAN', vlanText(parent)),
    ...parentSentences(network, parent).flatMap((sentence, at) =>
      row(at === 0 ? l10n.t('Who reaches whom') : '', sentence),
    ),
  ];
}

/** `eth0 · my-bridge`, or the network alone where no interface is known. */
export function endpointTitle({ lookup }: DetailContext, endpoint: Endpoint): string {
  const network = networkNameOf(lookup, endpoint);
  const name = wireOf(lookup, endpoint)?.containerLink?.name;
  return name === undefined ? network : `${name} · ${network}`;
}

function addressRows({ lookup }: DetailContext, endpoint: Endpoint): DetailRow[] {
  const isTold = tellsFixed(lookup.networks.get(endpoint.networkId));
  const versions = [
    [l10n.t('IPv4'), endpoint.ipv4, endpoint.ipv4PrefixLength, endpoint.fixedIpv4],
    [l10n.t('IPv6'), endpoint.ipv6, endpoint.ipv6PrefixLength, endpoint.fixedIpv6],
  ] as const;
  return [
    ...versions.flatMap(([label, address, prefix, fixed]) => {
      if (address === undefined)
        return fixed === undefined ? [] : codeRow(label, l10n.t('{0} (fixed, not in use)', fixed));
      const value = prefix === undefined ? address : `${address}/${prefix}`;
      return codeRow(label, fixed === address && isTold ? l10n.t('{0} (fixed)', value) : value);
    }),
    ...codeRow(l10n.t('Gateway'), [endpoint.gateway, endpoint.ipv6Gateway].filter(Boolean).join(', ')),
  ];
}

/** As the kernel shows it in the container's namespace. */
function insideLink({ lookup }: DetailContext, endpoint: Endpoint, wire: Wire | undefined): Link | undefined {
  const name = wire?.containerLink?.name;
  return name === undefined
    ? undefined
    : lookup.namespaces.get(endpoint.containerId)?.links.find((link) => link.name === name);
}

function hostRows(context: DetailContext, wire: Wire): DetailRow[] {
  const { lookup } = context;
  const rides = wire.kind === 'macvlan' || wire.kind === 'ipvlan';
  const label = rides ? l10n.t('Parent') : wire.kind === 'veth' ? l10n.t('Host veth') : l10n.t('Host link');
  // In a sandbox a link may have any host link's name.
  const isHosts = wire.sandbox === undefined;
  const host = isHosts && wire.hostLink ? lookup.hostLinks.get(wire.hostLink.name) : undefined;
  const shown = wire.hostLink && `${wire.hostLink.name} (ifindex ${wire.hostLink.ifindex})`;
  const target = wire.hostLink && rides ? targetOf(context, { kind: 'link', name: wire.hostLink.name }) : {};
  return [
    ...row(label, shown ?? (wire.candidates.length > 0 || wire.kind === 'veth' ? l10n.t('unknown') : undefined), {
      code: shown !== undefined,
      ...target,
    }),
    ...codeRow(l10n.t('iflink of the host end'), rides ? undefined : host?.iflink),
    ...codeRow(l10n.t('MAC of the host end'), rides ? undefined : host?.mac),
    ...codeRow(l10n.t('MTU of the host end'), rides ? undefined : host?.mtu),
    ...row(l10n.t('Bridge'), wire.bridge, {
      code: true,
      ...(wire.bridge === undefined || !isHosts ? {} : targetOf(context, { kind: 'link', name: wire.bridge })),
    }),
    ...codeRow(l10n.t('Network namespace'), wire.sandbox),
    ...codeRow(l10n.t('Bridge port'), rides ? undefined : host?.portNo),
    ...evidenceRows(wire),
  ];
}

/** The host link whose counters are the endpoint's own: the parent of a macvlan carries others' too. */
export function trafficLinkOf({ lookup }: DetailContext, container: Container, endpoint: Endpoint): string | undefined {
  const wire = isRunning(container) ? wireOf(lookup, endpoint) : undefined;
  const carriesOthers = wire?.kind === 'macvlan' || wire?.kind === 'ipvlan' || wire?.sandbox !== undefined;
  const name = carriesOthers ? undefined : wire?.hostLink?.name;
  return name !== undefined && lookup.hostLinks.has(name) ? name : undefined;
}

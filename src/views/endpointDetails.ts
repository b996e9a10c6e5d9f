import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import { legacyLinkText, networkNameOf } from '../editor/containerText.ts';
import { tellsFixed } from '../editor/overlayText.ts';
import { stateText } from '../editor/stateText.ts';
import { markdownCode, visible } from '../editor/untrusted.ts';
import { hostLinkTokens, wireOf } from '../editor/elementTokens.ts';
import type { Lookup } from '../editor/lookup.ts';
import type { Subject } from '../editor/subject.ts';
import type { Container, Endpoint, Link, Wire } from '../topology/model.ts';
import { bold, detail, facts, joined, listDetail, mapFacts, nameList, paragraphs, type Row } from './row.ts';
import { confidenceColor } from './icons.ts';
import { wireTooltip } from './wireText.ts';

/** What an endpoint row of Networks and an interface row of Containers say alike: one seat of one container. */

export function endpointSubject(endpoint: Endpoint): Subject & { kind: 'endpoint' } {
  return { kind: 'endpoint', containerId: endpoint.containerId, networkId: endpoint.networkId };
}

/** The address that a row shows: the one in use, or, while the container is stopped, the one that was fixed for it. */
export function shownAddress(endpoint: Endpoint): string | undefined {
  const address = endpoint.ipv4 ?? endpoint.ipv6;
  if (address !== undefined) return visible(address, 60);
  const fixed = endpoint.fixedIpv4 ?? endpoint.fixedIpv6;
  return fixed === undefined ? undefined : l10n.t('{0} (fixed)', visible(fixed, 60));
}

/** IP, MAC, interface, host end, bridge, gateway, names and links of one seat; what is not there has no row. */
export function endpointDetails(lookup: Lookup, endpoint: Endpoint): Row[] {
  const wire = wireOf(lookup, endpoint);
  const subject = endpointSubject(endpoint);
  const rows: (Row | undefined)[] = [
    ...addressDetails(endpoint, tellsFixed(lookup.networks.get(endpoint.networkId))),
    endpoint.mac === undefined
      ? undefined
      : detail('mac', l10n.t('MAC'), endpoint.mac, { icon: { id: 'key' }, subject, tokens: ['detail', 'can:copyMac'] }),
    ...wireDetails(lookup, endpoint, wire),
    gatewayDetail(endpoint),
    listDetail('aliases', l10n.t('Aliases'), endpoint.aliases, { id: 'tag' }),
    listDetail('dns', l10n.t('DNS names'), endpoint.dnsNames, { id: 'book' }),
    listDetail('links', l10n.t('Links'), endpoint.links.map(legacyLinkText), { id: 'link' }),
  ];
  return rows.filter((row) => row !== undefined);
}

function addressDetails(endpoint: Endpoint, isTold: boolean): Row[] {
  const versions = [
    ['ip', l10n.t('IPv4'), endpoint.ipv4, endpoint.ipv4PrefixLength, endpoint.fixedIpv4],
    ['ip6', l10n.t('IPv6'), endpoint.ipv6, endpoint.ipv6PrefixLength, endpoint.fixedIpv6],
  ] as const;
  return versions.flatMap(([key, label, address, prefixLength, fixed]) => {
    const icon = { id: 'symbol-numeric' };
    if (address === undefined)
      return fixed === undefined ? [] : [detail(key, label, l10n.t('{0} (fixed, not in use)', fixed), { icon })];
    const prefix = prefixLength === undefined ? '' : `/${prefixLength}`;
    const value = `${address}${prefix}`;
    return [
      detail(key, label, fixed === address && isTold ? l10n.t('{0} (fixed)', value) : value, {
        icon,
        subject: { ...endpointSubject(endpoint), address },
        tokens: ['detail', 'can:copyIp'],
      }),
    ];
  });
}

function wireDetails(lookup: Lookup, endpoint: Endpoint, wire: Wire | undefined): Row[] {
  if (wire === undefined) return [];
  const subject = endpointSubject(endpoint);
  const icon = { id: 'plug', color: confidenceColor[wire.confidence] };
  const tooltip = (): string => wireTooltip(wire, lookup.kernel?.source);
  const parent = wire.kind === 'macvlan' || wire.kind === 'ipvlan';
  const rows: Row[] = [];
  if (wire.containerLink !== undefined)
    rows.push(detail('interface', l10n.t('Interface'), linkText(wire.containerLink), { icon: { id: 'vm' }, tooltip }));
  const hostLabel = parent ? l10n.t('Parent') : wire.kind === 'veth' ? l10n.t('Host veth') : l10n.t('Host link');
  if (wire.hostLink !== undefined)
    rows.push(
      detail('hostLink', hostLabel, joined([linkText(wire.hostLink), likelyMark(wire)]), {
        icon,
        tooltip,
        subject,
        tokens: ['detail', ...hostLinkTokens(lookup, wire)],
      }),
    );
  else if (wire.kind === 'veth' || wire.candidates.length > 0)
    rows.push(detail('hostLink', hostLabel, unknownText(wire), { icon, tooltip, tokens: ['detail'] }));
  if (wire.bridge !== undefined)
    rows.push(
      detail('bridge', l10n.t('Bridge'), wire.bridge, {
        icon: { id: 'type-hierarchy' },
        subject: { kind: 'link', name: wire.bridge },
        tokens: [
          'detail',
          'can:copyLink',
          ...(wire.sandbox === undefined && lookup.hostLinks.has(wire.bridge) ? ['can:revealHostLink'] : []),
        ],
      }),
    );
  if (wire.sandbox !== undefined)
    rows.push(detail('sandbox', l10n.t('Network namespace'), wire.sandbox, { icon: { id: 'symbol-namespace' } }));
  return rows;
}

function gatewayDetail(endpoint: Endpoint): Row | undefined {
  const gateways = [endpoint.gateway, endpoint.ipv6Gateway].filter((one) => one !== undefined && one !== '');
  if (gateways.length === 0) return undefined;
  return detail('gateway', l10n.t('Gateway'), gateways.join(comma()), { icon: { id: 'arrow-right' } });
}

/** Markdown for a seat: who, where, every address and name, and the wire with its evidence. */
export function endpointTooltip(lookup: Lookup, container: Container, endpoint: Endpoint): string {
  const wire = wireOf(lookup, endpoint);
  const address = (ip: string | undefined, prefix: number | undefined): string | undefined =>
    ip === undefined ? undefined : markdownCode(prefix === undefined ? ip : `${ip}/${prefix}`);
  return paragraphs(
    `${bold(container.name)} — ${bold(networkNameOf(lookup, endpoint))}`,
    facts([
      [l10n.t('State'), stateText(container)],
      [l10n.t('IPv4'), address(endpoint.ipv4, endpoint.ipv4PrefixLength)],
      [l10n.t('IPv6'), address(endpoint.ipv6, endpoint.ipv6PrefixLength)],
      [l10n.t('MAC'), endpoint.mac === undefined ? undefined : markdownCode(endpoint.mac)],
      [l10n.t('Gateway'), endpoint.gateway === undefined ? undefined : markdownCode(endpoint.gateway)],
      [l10n.t('Aliases'), nameList(endpoint.aliases)],
      [l10n.t('DNS names'), nameList(endpoint.dnsNames)],
      [l10n.t('Links'), nameList(endpoint.links.map(legacyLinkText))],
    ]),
    mapFacts(l10n.t('Driver options'), endpoint.driverOptions),
    wire === undefined ? undefined : wireTooltip(wire, lookup.kernel?.source),
  );
}

function linkText(link: Pick<Link, 'name' | 'ifindex'>): string {
  return `${link.name} (ifindex ${link.ifindex})`;
}

function likelyMark(wire: Wire): string | undefined {
  return wire.confidence === 'likely' ? l10n.t('likely') : undefined;
}

function unknownText(wire: Wire): string {
  if (wire.candidates.length === 0) return l10n.t('unknown');
  return l10n.t('unknown: {0}', wire.candidates.slice(0, 8).join(comma()));
}

import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import { linkTokens } from '../editor/elementTokens.ts';
import { kindText } from '../editor/linkKindText.ts';
import { byName } from '../editor/lookup.ts';
import { flannelWords } from '../editor/flannelText.ts';
import { originWords } from '../editor/originText.ts';
import { modeName, parentOf, reachSentence } from '../editor/parentText.ts';
import { markdownText, visible } from '../editor/untrusted.ts';
import type { Link, LinkKind, Wire } from '../topology/model.ts';
import { confidenceColor, linkIcon } from './icons.ts';
import { vethEnd, type VethEnd } from './hostVeth.ts';
import { addressList, endText, linkTooltip, networksOf, originOf, plainText, wireOwner } from './linkText.ts';
import { joined, paragraphs, rowsFor, type Row, type RowContext } from './row.ts';
import { wireTooltip } from './wireText.ts';

const unfoldedUpTo = 50;

/** The tree *Host Links*: bridges with their ports first, as `brctl show` has them, then all other links in groups. */
export function hostLinkRows(context: RowContext): readonly Row[] {
  const host = context.lookup.kernel?.host;
  if (host === undefined) return [];
  const links = [...host.links].sort(byName);
  const defaultRoutes = new Set(
    host.routes.filter(({ destination }) => destination === 'default').map(({ link }) => link),
  );
  const ports = Map.groupBy(links, (link) => link.master);
  const bridges = new Set(links.filter((link) => link.kind === 'bridge').map((link) => link.name));
  const isBridge = (link: Link): boolean => link.kind === 'bridge';
  const isUplink = (link: Link): boolean =>
    !isBridge(link) && (link.kind === 'physical' || link.kind === 'bond' || defaultRoutes.has(link.name));
  const ofKind = (...kinds: readonly LinkKind[]) =>
    links.filter((link) => kinds.includes(link.kind) && !isUplink(link));
  const ends = new Map<string, VethEnd>();
  for (const veth of links) {
    const end = veth.kind === 'veth' ? vethEnd(context.lookup, veth) : undefined;
    if (end !== undefined) ends.set(veth.name, end);
  }
  const orphans = links.filter((link) => ends.get(link.name)?.kind === 'orphan');
  const grouped: readonly LinkKind[] = ['bridge', 'vxlan', 'macvlan', 'macvtap', 'ipvlan'];
  const other = links.filter(
    (link) => !isUplink(link) && !grouped.includes(link.kind) && (link.kind !== 'veth' || isLoose(link, ends, bridges)),
  );
  const parts: Parts = { context, ports, ends, defaultRoutes };
  const rows = (some: readonly Link[]): Row[] => rowsFor(context, some, (link) => linkRow(parts, link));
  return [
    ...rowsFor(context, links.filter(isBridge), (link) => bridgeRow(parts, link)),
    ...group('uplinks', l10n.t('Uplinks'), 'cloud-upload', links.filter(isUplink), rows),
    ...group('vxlan', l10n.t('VXLAN'), 'globe', ofKind('vxlan'), rows),
    ...group('macvlan', l10n.t('Macvlan and ipvlan'), 'git-branch', ofKind('macvlan', 'macvtap', 'ipvlan'), rows),
    ...group('other', l10n.t('Other Links'), 'list-unordered', other, rows),
    ...group('orphans', l10n.t('Orphan Veths'), 'debug-disconnect', orphans, rows),
  ];
}

interface Parts {
  readonly context: RowContext;
  /** Name of a bridge or bond → its ports. */
  readonly ports: ReadonlyMap<string | undefined, readonly Link[]>;
  readonly ends: ReadonlyMap<string, VethEnd>;
  readonly defaultRoutes: ReadonlySet<string>;
}

/** A veth on no bridge that is not an orphan: routed ones, as some plugins make, and loose candidates. */
function isLoose(link: Link, ends: ReadonlyMap<string, VethEnd>, bridges: ReadonlySet<string>): boolean {
  return !(link.master !== undefined && bridges.has(link.master)) && ends.get(link.name)?.kind !== 'orphan';
}

function group(
  key: string,
  label: string,
  icon: string,
  links: readonly Link[],
  rows: (links: readonly Link[]) => Row[],
): Row[] {
  if (links.length === 0) return [];
  const count = String(links.length);
  return [
    {
      key: `group:${key}`,
      label,
      description: count,
      icon: { id: icon },
      tokens: ['group'],
      spoken: l10n.t('{0}, {1} links', label, count),
      children: () => rows(links),
      unfolded: key === 'uplinks',
    },
  ];
}

function bridgeRow(parts: Parts, link: Link): Row {
  const { context, ports } = parts;
  const plugged = ports.get(link.name) ?? [];
  const networks = networksOf(context, link);
  const names = networks.map((network) => visible(network.name, 60)).join(comma());
  const count = plugged.length === 1 ? l10n.t('1 port') : l10n.t('{0} ports', plugged.length);
  const base = linkRow(parts, link);
  return {
    ...base,
    description: joined([
      names === '' ? originWords(originOf(context, link)) : l10n.t('network {0}', names),
      flannelWords(context.lookup, networks),
      link.bridge && visible(link.bridge.bridgeId, 40),
      link.bridge && (link.bridge.stp ? l10n.t('STP on') : l10n.t('STP off')),
      addressList(link.addresses),
      link.mtu === undefined ? undefined : `MTU ${link.mtu}`,
      count,
    ]),
    spoken: joined([base.spoken, names === '' ? undefined : l10n.t('network {0}', names), count], comma()),
    // An empty one is an open row too: the editor decides once, and what is plugged in is to be seen without a click.
    children: () => rowsFor(context, plugged, (port) => linkRow(parts, port)),
    unfolded: plugged.length <= unfoldedUpTo,
  };
}

/** Any link: a port under its bridge, or a member of a group. */
function linkRow(parts: Parts, link: Link): Row {
  const { context, ends } = parts;
  const name = visible(link.name);
  const end = ends.get(link.name);
  const riders = end === undefined ? (context.lookup.wiresByHostLink.get(link.name) ?? []) : [];
  const description =
    end === undefined ? plainText(context, link, parts.defaultRoutes.has(link.name)) : endText(context, end);
  const wire = end?.kind === 'wired' ? end.wire : undefined;
  return {
    key: `link:${link.name.slice(0, 64)}`,
    label: name,
    description,
    icon: end === undefined ? linkIcon(link) : endIcon(end),
    tokens: [...linkTokens(link, wire !== undefined), ...(end === undefined ? [] : [end.kind])],
    subject: {
      kind: 'link',
      name: link.name,
      ...(wire && { endpoint: { containerId: wire.containerId, networkId: wire.networkId } }),
    },
    spoken: joined([`${kindText(link)} ${name}`, description], comma()),
    tooltip: () => linkTooltip(context, link, end),
    ...(riders.length === 0
      ? {}
      : { children: () => rowsFor(context, riders, (rider) => riderRow(context, link, rider)) }),
  };
}

/** A container on a macvlan or ipvlan network, under the parent link that it rides on. */
function riderRow(context: RowContext, parent: Link, wire: Wire): Row {
  const { containerId, networkId } = wire;
  const who = wireOwner(context, wire);
  const on = context.lookup.networks.get(networkId);
  const network = visible(on?.name ?? networkId, 60);
  const mode = on && parentOf(context.lookup, on);
  const kind = joined([wire.kind, mode && l10n.t('mode {0}', modeName(mode))]);
  return {
    key: `rider:${containerId}:${networkId}`,
    label: who,
    description: joined([kind, network]),
    icon: { id: 'git-branch', color: confidenceColor[wire.confidence] },
    tokens: ['rider', 'can:revealContainer', 'can:revealEndpoint', 'can:showInDiagram'],
    subject: { kind: 'link', name: parent.name, endpoint: { containerId, networkId } },
    spoken: joined([who, kind, network], comma()),
    tooltip: () =>
      paragraphs(wireTooltip(wire, context.lookup.kernel?.source), mode && markdownText(reachSentence(mode), 400)),
  };
}

function endIcon(end: VethEnd): { id: string; color?: string } {
  switch (end.kind) {
    case 'wired':
      return { id: 'plug', color: confidenceColor[end.wire.confidence] };
    case 'orphan':
      return { id: 'debug-disconnect', color: 'list.warningForeground' };
    case 'container':
    case 'pair':
      return { id: 'plug' };
    case 'candidate':
    case 'undecided':
      return { id: 'plug', color: confidenceColor.unknown };
  }
}

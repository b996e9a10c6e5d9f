import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import { containerTokens, endpointTokens, portTokens, wireOf } from '../editor/elementTokens.ts';
import { byName } from '../editor/lookup.ts';
import { stateText } from '../editor/stateText.ts';
import { visible } from '../editor/untrusted.ts';
import type { Forward } from '../forwards/forwards.ts';
import { endpointKey, isRunning, type Container, type Endpoint, type Link } from '../topology/model.ts';
import {
  containerName,
  legacyLinkText,
  modeText,
  networkNameOf,
  ownerName,
  portGroups,
  portsLine,
  type PortGroup,
} from '../editor/containerText.ts';
import { containerTooltip } from './containerTooltip.ts';
import { endpointDetails, endpointSubject, endpointTooltip, shownAddress } from './endpointDetails.ts';
import { containerIcon, endpointIcon } from './icons.ts';
import { detail, joined, listDetail, rowsFor, type Row, type RowContext } from './row.ts';
import { sharerRow } from './sharerRow.ts';
import { farEnd, wireLine, wireSpoken } from './wireText.ts';

/** The tree *Containers*: container → its interfaces, ports, mode, names, and who shares its namespace. */
export function containerRows(context: RowContext): readonly Row[] {
  const { lookup, options } = context;
  const shown = lookup.snapshot.containers.filter((container) => options.showStopped || isRunning(container));
  return rowsFor(context, shown.sort(byName), (container) => containerRow(context, container));
}

function containerRow(context: RowContext, container: Container): Row {
  const { lookup } = context;
  const name = containerName(container);
  const addresses = container.endpoints.map(shownAddress).filter((address) => address !== undefined);
  const where =
    container.mode.kind === 'container'
      ? l10n.t('in the namespace of {0}', ownerName(lookup, container.mode.ownerId))
      : container.mode.kind === 'host' || container.mode.kind === 'none'
        ? container.mode.kind
        : addresses.slice(0, 4).join(comma());
  const ports = portsLine(container.ports);
  const forwards = context.forwards.filter(({ containerId }) => containerId === container.id);
  return {
    key: `container:${container.id}`,
    label: name,
    description: joined([where, ports, container.state === 'running' ? undefined : stateText(container)]),
    icon: containerIcon(container),
    tokens: containerTokens(lookup, container, forwards.length > 0),
    subject: { kind: 'container', containerId: container.id },
    spoken: joined([l10n.t('Container {0}', name), stateText(container), where, ports], comma()),
    tooltip: () => containerTooltip(lookup, container),
    children: () => [
      ...rowsFor(context, container.endpoints, (endpoint) => interfaceRow(context, container, endpoint)),
      ...rowsFor(context, otherLinks(context, container), otherInterfaceRow),
      ...rowsFor(context, portGroups(container.ports), (port) => portRow(container, port)),
      ...rowsFor(context, forwards, forwardRow),
      modeRow(context, container),
      ...namesOf(container),
      ...rowsFor(context, lookup.sharers.get(container.id) ?? [], (sharer) => sharerRow(context, sharer)),
    ],
  };
}

/** One seat, named after the container's interface where that is known, else after the network. */
function interfaceRow(context: RowContext, container: Container, endpoint: Endpoint): Row {
  const { lookup } = context;
  const wire = wireOf(lookup, endpoint);
  const running = isRunning(container);
  const network = visible(networkNameOf(lookup, endpoint));
  const address = shownAddress(endpoint);
  const details = endpointDetails(lookup, endpoint);
  const known = wire?.containerLink !== undefined && running;
  const far = known ? farEnd(wire) : wire && running ? wireLine(wire) : undefined;
  return {
    key: `interface:${endpoint.networkId}`,
    label: known ? visible(wire.containerLink.name) : network,
    description: joined([known ? network : undefined, address, far]),
    icon: endpointIcon(running, wire),
    tokens: [
      // The name that they copy is the container's, and this row is called otherwise.
      ...endpointTokens(lookup, container, endpoint).filter(
        (token) => token !== 'can:copyName' && token !== 'can:copyId',
      ),
      'interface',
      ...(lookup.networks.has(endpoint.networkId) ? ['can:revealEndpoint'] : []),
    ],
    subject: endpointSubject(endpoint),
    spoken: joined([l10n.t('Network {0}', network), address, wire && running ? wireSpoken(wire) : undefined], comma()),
    tooltip: () => endpointTooltip(lookup, container, endpoint),
    ...(details.length === 0 ? {} : { children: () => details }),
  };
}

/** Interfaces of the namespace that no endpoint explains: made by hand, by a plugin, or an overlay's second leg. */
function otherLinks({ lookup }: RowContext, container: Container): readonly Link[] {
  if (container.mode.kind === 'host') return [];
  const links = lookup.namespaces.get(container.id)?.links ?? [];
  const owner = container.mode.kind === 'container' ? lookup.containers.get(container.mode.ownerId) : container;
  const explained = new Set(
    owner?.endpoints.map(
      (endpoint) => lookup.wires.get(endpointKey(endpoint.containerId, endpoint.networkId))?.containerLink?.name,
    ),
  );
  const wanted = links.filter((link) => !explained.has(link.name) && link.name !== 'lo');
  const undecided = owner?.endpoints.some((endpoint) => wireOf(lookup, endpoint)?.containerLink === undefined);
  if (undecided === true && container.mode.kind !== 'none') return [];
  return wanted.length === 0 && container.mode.kind === 'none' ? links.filter((link) => link.name === 'lo') : wanted;
}

function otherInterfaceRow(link: Link): Row {
  const addresses = link.addresses
    .slice(0, 4)
    .map(({ address, prefixLength }) => `${visible(address, 60)}/${prefixLength}`)
    .join(comma());
  const name = visible(link.name);
  const description = joined([addresses, l10n.t('no Docker network')]);
  return {
    key: `link:${name}`,
    label: name,
    description: link.kind === 'loopback' ? addresses : description,
    icon: { id: 'circle-outline' },
    tokens: ['detail'],
    spoken: joined([name, description], comma()),
  };
}

function portRow(container: Container, { containerPort, protocol, published }: PortGroup): Row {
  const label = `${containerPort}/${visible(protocol, 20)}`;
  const places = published.map((place) => visible(place, 80)).join(comma());
  const value = published.length === 0 ? l10n.t('exposed, not published') : l10n.t('published on {0}', places);
  return {
    key: `port:${label}`,
    label,
    description: value,
    icon: published.length === 0 ? { id: 'circle-outline' } : { id: 'broadcast', color: 'charts.blue' },
    tokens: portTokens(protocol, published.length > 0),
    subject: { kind: 'container', containerId: container.id, port: { containerPort, protocol } },
    spoken: l10n.t('Port {0}, {1}', label, value),
  };
}

/** A temporary forward of this window; unpublishing ends it. */
function forwardRow({ id, containerId, containerPort, localPort, state, answers, connections }: Forward): Row {
  const label = `${containerPort}/tcp`;
  const value = l10n.t('forwarded from 127.0.0.1:{0} while this window is open', localPort);
  const problem =
    state === 'waiting' ? l10n.t('waits for the container') : answers ? undefined : l10n.t('nothing listens there');
  const count = connections === 0 ? undefined : l10n.t('{0} connections', connections);
  return {
    key: `forward:${id}`,
    label,
    description: joined([value, problem, count]),
    icon: { id: 'arrow-swap', color: problem === undefined ? 'charts.blue' : 'charts.yellow' },
    tokens: ['forward', 'can:unpublishPort', 'can:openInBrowser'],
    subject: { kind: 'container', containerId, port: { containerPort, protocol: 'tcp' }, forwardId: id },
    spoken: l10n.t('Port {0}, {1}', label, joined([value, problem, count], comma())),
  };
}

function modeRow({ lookup }: RowContext, container: Container): Row {
  const row = detail('mode', l10n.t('Mode'), modeText(lookup, container), { icon: { id: 'settings-gear' } });
  if (container.mode.kind !== 'container' || !lookup.containers.has(container.mode.ownerId)) return row;
  return {
    ...row,
    subject: { kind: 'container', containerId: container.mode.ownerId },
    tokens: ['detail', 'can:revealContainer'],
  };
}

function namesOf(container: Container): Row[] {
  const unique = (names: readonly string[]): string[] => [...new Set(names)];
  return [
    listDetail('links', l10n.t('Links'), container.links.map(legacyLinkText), { id: 'link' }),
    listDetail('aliases', l10n.t('Aliases'), unique(container.endpoints.flatMap(({ aliases }) => aliases)), {
      id: 'tag',
    }),
    listDetail('dns', l10n.t('DNS names'), unique(container.endpoints.flatMap(({ dnsNames }) => dnsNames)), {
      id: 'book',
    }),
    listDetail('dnsServers', l10n.t('DNS servers'), container.dnsServers, { id: 'server' }),
  ].filter((row) => row !== undefined);
}

import { l10n } from 'vscode';
import { containerName, legacyLinkText, modeText, portGroups } from '../editor/containerText.ts';
import { wireOf } from '../editor/elementTokens.ts';
import { stateDetail } from '../editor/stateText.ts';
import { visible } from '../editor/untrusted.ts';
import type { Detail, DetailRow, DetailSection } from '../protocol/messages.ts';
import type { Container, Endpoint, Link } from '../topology/model.ts';
import { codeRow, linkRows, listRow, routeRows, row, section, targetOf, type DetailContext } from './detailParts.ts';
import { endpointRows, endpointTitle, trafficLinkOf } from './endpointDetail.ts';

/** The wiring card: every interface of the container's namespace with its far end, routes, names, ports. */
export function containerDetail(context: DetailContext, id: string, container: Container): Detail {
  const { lookup } = context;
  const { mode } = container;
  const owner = mode.kind === 'container' ? lookup.containers.get(mode.ownerId) : undefined;
  const seated = owner ?? container;
  // In the host's namespace are the host's links and routes, not a container's.
  const namespace = mode.kind === 'host' ? undefined : lookup.namespaces.get(seated.id);
  const traffic = seated.endpoints.flatMap((endpoint) => trafficLinkOf(context, seated, endpoint) ?? []);
  return {
    id,
    title: containerName(container),
    subtitle: visible(container.image),
    sections: [
      ...section(l10n.t('Container'), summary(context, container)),
      ...seated.endpoints.flatMap((endpoint) =>
        section(endpointTitle(context, endpoint), endpointRows(context, endpoint)),
      ),
      ...otherLinks(context, seated, namespace?.links ?? []),
      ...section(l10n.t('Routes'), routeRows(namespace?.routes ?? [])),
      ...section(l10n.t('Ports'), portRows(container)),
      ...section(l10n.t('Names'), nameRows(container)),
    ],
    ...(traffic[0] === undefined ? {} : { trafficLink: traffic[0] }),
  };
}

/** One seat of it. */
export function endpointDetail(context: DetailContext, id: string, container: Container, endpoint: Endpoint): Detail {
  const wire = wireOf(context.lookup, endpoint);
  const traffic = trafficLinkOf(context, container, endpoint);
  return {
    id,
    title: `${containerName(container)} · ${visible(endpointTitle(context, endpoint))}`,
    ...(wire === undefined ? {} : { confidence: wire.confidence }),
    sections: [
      ...section(l10n.t('Endpoint'), [
        ...row(l10n.t('Container'), containerName(container), {
          ...targetOf(context, { kind: 'container', containerId: container.id }),
        }),
        ...row(l10n.t('State'), stateDetail(container)),
        ...endpointRows(context, endpoint),
      ]),
    ],
    ...(traffic === undefined ? {} : { trafficLink: traffic }),
  };
}

function summary(context: DetailContext, container: Container): DetailRow[] {
  const { lookup } = context;
  const { mode } = container;
  const owner = mode.kind === 'container' ? mode.ownerId : undefined;
  const project = container.labels['com.docker.compose.project'];
  return [
    ...codeRow(l10n.t('ID'), container.id.slice(0, 12)),
    ...row(l10n.t('State'), stateDetail(container)),
    ...codeRow(l10n.t('PID'), container.pid > 0 ? container.pid : undefined),
    ...row(
      l10n.t('Mode'),
      modeText(lookup, container),
      owner === undefined ? {} : targetOf(context, { kind: 'container', containerId: owner }),
    ),
    ...row(l10n.t('Compose project'), project),
    ...(lookup.sharers.get(container.id) ?? []).flatMap((sharer) =>
      row(l10n.t('Shares its namespace with'), containerName(sharer), {
        ...targetOf(context, { kind: 'container', containerId: sharer.id }),
      }),
    ),
    ...codeRow(l10n.t('Namespace file'), container.sandboxKey),
    ...row(
      '',
      container.inspected
        ? undefined
        : l10n.t('It went away before it could be inspected; only the list’s facts are here.'),
    ),
  ];
}

/** Loopback, what was made by hand, an overlay's second leg: interfaces that no seat explains. */
function otherLinks({ lookup }: DetailContext, container: Container, links: readonly Link[]): DetailSection[] {
  const explained = new Set(container.endpoints.map((endpoint) => wireOf(lookup, endpoint)?.containerLink?.name));
  return links
    .filter(({ name }) => !explained.has(name))
    .slice(0, 20)
    .flatMap((link) => section(link.name, linkRows(link)));
}

function portRows(container: Container): DetailRow[] {
  return portGroups(container.ports).flatMap(({ containerPort, protocol, published }) => {
    const places = published.slice(0, 8).join(', ');
    const value = published.length === 0 ? l10n.t('exposed, not published') : l10n.t('published on {0}', places);
    return codeRow(`${containerPort}/${protocol}`, value);
  });
}

function nameRows(container: Container): DetailRow[] {
  return [
    ...codeRow(l10n.t('Host name'), container.hostname),
    ...listRow(l10n.t('DNS servers'), container.dnsServers),
    ...listRow(l10n.t('Links'), container.links.map(legacyLinkText)),
  ];
}

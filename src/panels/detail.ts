import { l10n } from 'vscode';
import { containerName } from '../editor/containerText.ts';
import { kindText } from '../editor/linkKindText.ts';
import { stateText } from '../editor/stateText.ts';
import type { Detail } from '../protocol/messages.ts';
import { elementsOf, scopedId, type ElementSubject } from '../topology/graphElements.ts';
import type { Graph, GraphNode, HostId, NamespaceNode, PublicationNode } from '../topology/graphModel.ts';
import { hostOfPeer } from '../topology/graphOverlay.ts';
import { containerDetail, endpointDetail } from './containerDetail.ts';
import { addressText, codeRow, listRow, row, section, targetOf, type DetailContext } from './detailParts.ts';
import { linkDetail } from './linkDetail.ts';
import { networkDetail } from './networkDetail.ts';
import type { PicturedHost } from './pictures.ts';
import { peerDetail, tunnelDetail } from './peerDetail.ts';

/**
 * The card of an element of a diagram. All text is plain, translated, and went through `visible`. Undefined where
 * nothing is known of it, for example because it is gone.
 */
export function detailOf(hosts: ReadonlyMap<HostId, PicturedHost>, graph: Graph, id: string): Detail | undefined {
  const { nodes, edges, subjects } = elementsOf(graph);
  const node = nodes.get(id);
  const edge = edges.get(id);
  if (edge?.kind === 'tunnel') return tunnelDetail(graph, edge);
  const subject = subjects.get(id);
  const engine = node?.host ?? subject?.engine ?? [...hosts.keys()][0];
  const host = engine === undefined ? undefined : hosts.get(engine);
  if (host === undefined) return undefined;
  const context: DetailContext = { ...host, graph, ...(graph.hosts && engine !== undefined && { engine }) };
  const detail = detailIn(context, id, node, subject);
  // The card's chart is of a link of that host.
  return detail?.trafficLink === undefined
    ? detail
    : { ...detail, trafficLink: scopedId(detail.trafficLink, context.engine) };
}

function detailIn(
  context: DetailContext,
  id: string,
  node: GraphNode | undefined,
  subject: ElementSubject | undefined,
): Detail | undefined {
  const { lookup } = context;
  const host = node && hostOfPeer(node);
  if (node?.kind === 'link' && host !== undefined) return peerDetail(context, node, host);
  if (node?.kind === 'port') return portDetail(context, node);
  if (node?.kind === 'namespace' && subject === undefined) return hostDetail(context, node);
  switch (subject?.kind) {
    case 'network': {
      const network = lookup.networks.get(subject.networkId);
      return network && networkDetail(context, id, network);
    }
    case 'container': {
      const container = lookup.containers.get(subject.containerId);
      return container && containerDetail(context, id, container);
    }
    case 'endpoint': {
      const container = lookup.containers.get(subject.containerId);
      const endpoint = container?.endpoints.find(({ networkId }) => networkId === subject.networkId);
      return container && endpoint && endpointDetail(context, id, container, endpoint);
    }
    case 'link': {
      const link = lookup.hostLinks.get(subject.name);
      return link && linkDetail(context, id, link);
    }
    case undefined:
      return undefined;
  }
}

/** The box of all containers of mode `host`: it stands for none of them. */
function hostDetail(context: DetailContext, { id, containers }: NamespaceNode): Detail {
  const rows = containers.flatMap(({ containerId }) => {
    const container = context.lookup.containers.get(containerId);
    if (container === undefined) return [];
    return row(containerName(container), stateText(container), {
      ...targetOf(context, { kind: 'container', containerId }),
    });
  });
  const links = [...context.lookup.hostLinks.values()].flatMap((link) =>
    codeRow(
      link.name,
      link.addresses.slice(0, 3).map(addressText).join(', ') || kindText(link),
      targetOf(context, { kind: 'link', name: link.name }).target,
    ),
  );
  return {
    id,
    title: l10n.t('Namespace of the host'),
    sections: [...section(l10n.t('Containers'), rows), ...section(l10n.t('Host Links'), links)],
  };
}

/** A published port, and whose it is. */
function portDetail(context: DetailContext, node: PublicationNode): Detail {
  const { id, containerId, hostIps, hostPort, containerPort, protocol, loopback } = node;
  const container = context.lookup.containers.get(containerId);
  const name = container === undefined ? undefined : containerName(container);
  return {
    id,
    title: `${hostPort}/${protocol}`,
    subtitle: l10n.t('Published port'),
    sections: section(l10n.t('Published port'), [
      ...listRow(l10n.t('Addresses of the host'), hostIps),
      ...codeRow(l10n.t('Port of the host'), hostPort),
      ...codeRow(l10n.t('Port of the container'), `${containerPort}/${protocol}`),
      ...row(l10n.t('Container'), name, targetOf(context, { kind: 'container', containerId })),
      ...row(
        l10n.t('Reached from'),
        loopback ? l10n.t('this host only (loopback)') : l10n.t('everywhere that the host is reached from'),
      ),
    ]),
  };
}

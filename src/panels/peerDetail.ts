import { l10n } from 'vscode';
import { visible } from '../editor/untrusted.ts';
import type { Detail } from '../protocol/messages.ts';
import { elementOf, elementsOf } from '../topology/graphElements.ts';
import type { Graph, HostId, HostLinkNode, NetworkNode, TunnelEdge } from '../topology/graphModel.ts';
import { hostOfPeer } from '../topology/graphOverlay.ts';
import { otherHosts, remoteEndpoints } from '../topology/overlay.ts';
import { codeRow, row, section, targetOf, type DetailContext } from './detailParts.ts';

/**
 * Another host of overlay networks: which they are, and what is known to be there. `host` is its address, empty where
 * nobody names it. Where it is shown in the same picture it has a name, and its containers can be gone to.
 */
export function peerDetail(context: DetailContext, node: HostLinkNode, host: string): Detail {
  const { snapshot } = context.lookup;
  const { id, peer } = node;
  const label = peer === undefined ? undefined : labelOf(context.graph, peer);
  const networks = snapshot.networks
    .map((network) => ({
      network,
      endpoints: remoteEndpoints(network, snapshot).filter((endpoint) => (endpoint.host ?? '') === host),
    }))
    .filter(({ network, endpoints }) => endpoints.length > 0 || otherHosts(network, snapshot).includes(host));
  return {
    id,
    title: host === '' ? l10n.t('Another host') : (label ?? visible(host)),
    subtitle:
      host === ''
        ? l10n.t('Which one, the engine does not tell')
        : label === undefined
          ? l10n.t('another host')
          : l10n.t('another host ({0})', visible(host)),
    sections: [
      ...section(
        l10n.t('Networks'),
        networks.flatMap(({ network }) =>
          row(network.name, network.overlay?.vnis.map((vni) => `VNI ${vni}`).join(' ') || network.driver, {
            ...targetOf(context, { kind: 'network', networkId: network.id }),
          }),
        ),
      ),
      ...section(
        l10n.t('Containers of other hosts'),
        networks.flatMap(({ network, endpoints }) =>
          endpoints.flatMap(({ name, endpointId, ipv4 = '' }) =>
            codeRow(
              name === '' ? endpointId.slice(0, 12) : name,
              [ipv4, network.name].filter(Boolean).join(' · '),
              seatThere(context, endpointId),
            ),
          ),
        ),
      ),
    ],
  };
}

/** The element of the container that has the seat, where its host is in the picture too. */
function seatThere({ graph, remoteSeats }: DetailContext, endpointId: string): string | undefined {
  const seat = remoteSeats?.get(endpointId);
  return seat && elementOf(graph, { kind: 'endpoint', ...seat });
}

/** The way between two hosts: its ends, and what goes through it. */
export function tunnelDetail(graph: Graph, edge: TunnelEdge): Detail {
  const { nodes } = elementsOf(graph);
  const ends = [edge.from, edge.to].flatMap((id) => {
    const node = nodes.get(id);
    return node?.kind === 'link' && node.host !== undefined ? { node, host: node.host } : [];
  });
  const names = new Set(edge.networks);
  const carried = graph.nodes.filter(
    (node) =>
      node.kind === 'network' && node.host === ends[0]?.host && node.driver === 'overlay' && names.has(node.name),
  );
  return {
    id: edge.id,
    title: ends.map(({ host }) => labelOf(graph, host)).join(' ⇄ '),
    subtitle: l10n.t('VXLAN between two hosts'),
    sections: [
      ...section(
        l10n.t('Tunnel'),
        ends.flatMap(({ node, host }) =>
          codeRow(l10n.t('{0} reaches the other at', labelOf(graph, host)), hostOfPeer(node), node.id),
        ),
      ),
      ...section(
        l10n.t('Overlay networks'),
        carried.flatMap((node) => (node.kind === 'network' ? row(node.name, wayText(node), { target: node.id }) : [])),
      ),
    ],
  };
}

/** How frames of a network go from host to host. */
function wayText({ vnis = [], encrypted }: NetworkNode): string {
  const way = encrypted
    ? l10n.t('in UDP, and that in IPsec ESP: encrypted')
    : l10n.t('in UDP, for everybody on the way to read');
  return [...vnis.map((vni) => `VNI ${vni}`), way].join(' · ');
}

function labelOf({ hosts }: Graph, id: HostId): string {
  return visible(hosts?.find((host) => host.id === id)?.label ?? id, 60);
}

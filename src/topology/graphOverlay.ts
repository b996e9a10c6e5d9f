import { unscopedId } from './graphElements.ts';
import type { EgressEdge, GraphNode, HostLinkNode, NodeId } from './graphModel.ts';
import { byName } from './graphOrder.ts';
import type { Snapshot } from './model.ts';
import { otherHosts, remoteEndpoints } from './overlay.ts';

/** Other hosts of overlay networks, and the VXLAN by which a network reaches them. */
export interface OverlayParts {
  /** By address; last the one that stands for hosts that nobody names. */
  readonly nodes: readonly HostLinkNode[];
  readonly edges: readonly EgressEdge[];
}

/** `vtep:ADDRESS`: another host, at its end of the tunnel; without an address for those that nobody names. */
const vtep = 'vtep:';

/** Address of the host that a node stands for; empty where nobody names it, undefined where the node is none of them. */
export function hostOfPeer(node: Pick<GraphNode, 'id' | 'host'>): string | undefined {
  return node.id.startsWith(vtep) ? unscopedId(node.id, node.host).slice(vtep.length) : undefined;
}

/** `ids`: of networks, in drawing order. */
export function overlayParts(snapshot: Snapshot, ids: Iterable<string>): OverlayParts {
  const remote = new Map<string, number>();
  const edges: EgressEdge[] = [];
  const networks = new Map(snapshot.networks.map((network) => [network.id, network]));
  for (const id of ids) {
    const network = networks.get(id);
    if (network?.overlay === undefined) continue;
    const from: NodeId = `network:${id}`;
    const endpoints = remoteEndpoints(network, snapshot);
    const counts = new Map(otherHosts(network, snapshot).map((host) => [host, 0]));
    for (const { host = '' } of endpoints) counts.set(host, (counts.get(host) ?? 0) + 1);
    for (const [host, count] of counts) {
      remote.set(host, (remote.get(host) ?? 0) + count);
      edges.push({
        kind: 'egress',
        id: `egress:${id}/${host}`,
        from,
        to: `${vtep}${host}`,
        by: 'vxlan',
      });
    }
  }
  const nodes = [...remote]
    .sort(([a], [b]) => Number(a === '') - Number(b === '') || byName({ id: a, name: a }, { id: b, name: b }))
    .map(([host, count]): HostLinkNode => ({
      kind: 'link',
      id: `${vtep}${host}`,
      role: 'tunnel',
      name: host === '' ? 'vxlan' : host,
      isDefault: false,
      remote: count,
    }));
  return { nodes, edges };
}

import { parentName } from './bridgeName.ts';
import { containerItemId, endpointItemId, hostBoxId, type Boxes } from './graphBoxes.ts';
import { isRiding, linkId, lowerLinkOf, type HostParts } from './graphHost.ts';
import type { EdgeId, EgressEdge, GraphEdge, NetworkNode, NodeId, PublicationNode } from './graphModel.ts';
import { byText } from './graphOrder.ts';
import { endpointKey, type Link, type Network, type Snapshot, type Wire } from './model.ts';

/** The nodes that edges may end at. */
export interface EdgeParts {
  readonly snapshot: Snapshot;
  readonly wires: ReadonlyMap<string, Wire>;
  readonly boxes: Boxes;
  readonly host: HostParts;
  readonly ports: readonly PublicationNode[];
  /** Network id → its node, in drawing order. */
  readonly networks: ReadonlyMap<string, NetworkNode>;
  /** Name of a bridge → the bar that stands for it. */
  readonly bars: ReadonlyMap<string, { readonly id: NodeId; readonly networkId?: string }>;
  /** Of overlay networks, to other hosts. */
  readonly tunnels: readonly EgressEdge[];
  /** Ids of all nodes. */
  readonly nodeIds: ReadonlySet<NodeId>;
}

/** Edges whose two ends are both there, each id once. */
export function edgesOf(parts: EdgeParts): GraphEdge[] {
  const edges = new Map<EdgeId, GraphEdge>();
  const all = [seatEdges, looseEdges, plugEdges, egressEdges, publishEdges, legacyEdges].flatMap((make) => make(parts));
  for (const edge of all) {
    if (parts.nodeIds.has(edge.from) && parts.nodeIds.has(edge.to) && !edges.has(edge.id)) edges.set(edge.id, edge);
  }
  return [...edges.values()];
}

function seatEdges({ boxes, networks, wires, host, bars }: EdgeParts): GraphEdge[] {
  return boxes.containers.flatMap((container) => {
    const box = boxes.boxOf.get(container.id);
    if (box === undefined) return [];
    const order = new Map(box.interfaces.map(({ id }, position) => [id, position]));
    const at = (networkId: string): number => order.get(endpointItemId(container.id, networkId)) ?? 0;
    const seats = [...container.endpoints].sort(
      (a, b) => at(a.networkId) - at(b.networkId) || byText(a.networkId, b.networkId),
    );
    return seats.flatMap(({ networkId }): GraphEdge[] => {
      const network = networks.get(networkId);
      if (network === undefined) return [];
      const wire = wires.get(endpointKey(container.id, networkId));
      const hasInterface = box.id !== hostBoxId && container.mode.kind !== 'none';
      const own = {
        from: box.id,
        fromItem: hasInterface ? endpointItemId(container.id, networkId) : containerItemId(container.id),
        to: network.id,
        containerId: container.id,
        networkId,
      };
      const seat: GraphEdge = { kind: 'seat', id: `seat:${endpointKey(container.id, networkId)}`, ...own };
      if (wire === undefined || !hasInterface) return [seat];
      // In a sandbox a link may have any host link's name: the wire ends in the network's bar.
      const plugged = isRiding(wire) || wire.sandbox !== undefined ? {} : plugOf(wire, network, host);
      const bar = plugged.strayBridge === undefined ? undefined : bars.get(plugged.strayBridge);
      const edge: GraphEdge = {
        kind: 'wire',
        id: `wire:${endpointKey(container.id, networkId)}`,
        ...own,
        ...(bar === undefined ? {} : { to: bar.id }),
        wireKind: wire.kind,
        confidence: wire.confidence,
        ...plugged,
        candidates: wire.candidates,
      };
      return bar === undefined || bar.id === network.id ? [edge] : [edge, seat];
    });
  });
}

interface Plugged {
  readonly hostLink?: { readonly name: string; readonly ifindex: number; readonly iflink?: number };
  readonly strayBridge?: string;
  readonly unplugged?: true;
}

/** The veth's host end, and where it is if not on its network's bridge. */
function plugOf({ hostLink, bridge }: Wire, network: NetworkNode, { byName }: HostParts): Plugged {
  if (hostLink === undefined) return {};
  const hasBridge = network.driver === 'bridge' && network.bridgeName !== undefined;
  return {
    hostLink: hostEnd(hostLink, byName.get(hostLink.name)?.iflink),
    ...(hasBridge && bridge !== undefined && bridge !== network.bridgeName ? { strayBridge: bridge } : {}),
    ...(hasBridge && bridge === undefined ? { unplugged: true } : {}),
  };
}

function hostEnd(
  { name, ifindex }: { readonly name: string; readonly ifindex: number },
  iflink: number | undefined,
): { name: string; ifindex: number; iflink?: number } {
  return { name, ifindex, ...(iflink === undefined ? {} : { iflink }) };
}

/** Wires of interfaces that no seat explains. */
function looseEdges({ boxes, host, bars }: EdgeParts): GraphEdge[] {
  return host.looseEnds.flatMap(({ containerIds, inside, outside }): GraphEdge[] => {
    const box = containerIds.map((id) => boxes.boxOf.get(id)).find((found) => found !== undefined);
    const bar = bars.get(outside.master ?? '');
    const item = box?.interfaces.find(({ id, name }) => name === inside.name && id.startsWith('interface:'));
    const [container] = box?.containers ?? [];
    if (box === undefined || bar === undefined || item === undefined || container === undefined) return [];
    return [
      {
        kind: 'wire',
        id: `wire:${item.id.slice('interface:'.length)}`,
        from: box.id,
        fromItem: item.id,
        to: bar.id,
        containerId: container.containerId,
        networkId: bar.networkId ?? '',
        wireKind: 'veth',
        confidence: 'exact',
        hostLink: hostEnd(outside, outside.iflink),
        candidates: [],
      },
    ];
  });
}

function plugEdges({ host, bars }: EdgeParts): GraphEdge[] {
  const ports = host.nodes.flatMap(({ id, name }): GraphEdge[] => {
    const master = host.byName.get(name)?.master;
    if (master === undefined || master === name) return [];
    return [{ kind: 'plug', id: `plug:${name}`, from: id, to: bars.get(master)?.id ?? linkId(master) }];
  });
  const pairs = host.pairs.map(([a, b]): GraphEdge => ({
    kind: 'plug',
    id: `pair:${a.name}`,
    from: linkId(a.name),
    to: linkId(b.name),
  }));
  return [...ports, ...pairs];
}

function egressEdges(parts: EdgeParts): GraphEdge[] {
  const { snapshot, networks, host, bars } = parts;
  const byId = new Map(snapshot.networks.map((network) => [network.id, network]));
  const { defaultLink } = host;
  const uplink = defaultLink === undefined ? undefined : (bars.get(defaultLink)?.id ?? linkId(defaultLink));
  const byIndex = new Map([...host.byName.values()].map((link) => [link.ifindex, link]));
  const ways = [...networks.values()].flatMap((node): GraphEdge[] => {
    const network = byId.get(node.networkId);
    if (network === undefined || network.internal) return [];
    const way = wayOut(network, uplink, host);
    return way === undefined || way.to === node.id
      ? []
      : [{ kind: 'egress', id: `egress:${network.id}`, from: node.id, ...way }];
  });
  const rides = host.nodes.flatMap(({ id, name }): GraphEdge[] => {
    const link = host.byName.get(name);
    const lower = link && lowerLinkOf(byIndex, link);
    if (lower === undefined) return [];
    const to = bars.get(lower.name)?.id ?? linkId(lower.name);
    return [{ kind: 'egress', id: `egress:link:${name}`, from: id, to, by: 'parent' }];
  });
  return [...ways, ...parts.tunnels, ...rides];
}

function wayOut(
  network: Network,
  uplink: NodeId | undefined,
  host: HostParts,
): Pick<EgressEdge, 'to' | 'by'> | undefined {
  switch (network.driver) {
    case 'bridge': {
      const masquerades = network.options['com.docker.network.bridge.enable_ip_masquerade'] !== 'false';
      return uplink === undefined ? undefined : { to: uplink, by: masquerades ? 'masquerade' : 'route' };
    }
    case 'macvlan':
    case 'ipvlan': {
      const parent = parentName(network);
      return parent === undefined ? undefined : { to: linkId(parent), by: 'parent' };
    }
    case 'overlay': {
      const vnis = (network.options['com.docker.network.driver.overlay.vxlanid_list'] ?? '').split(',');
      const vxlan = [...host.byName.values()].find((link: Link) => vnis.includes(String(link.vxlan?.vni ?? '-')));
      return vxlan && { to: linkId(vxlan.name), by: 'vxlan' };
    }
    default:
      return undefined;
  }
}

function publishEdges({ ports, boxes }: EdgeParts): GraphEdge[] {
  return ports.flatMap(({ id, containerId }): GraphEdge[] => {
    const box = boxes.boxOf.get(containerId);
    if (box === undefined) return [];
    const edge = id.slice('port:'.length);
    return [{ kind: 'publish', id: `publish:${edge}`, from: id, to: box.id, toItem: containerItemId(containerId) }];
  });
}

/** `--link` names its target by name; `network connect --link` also by id. */
function legacyEdges({ boxes }: EdgeParts): GraphEdge[] {
  const byWord = new Map<string, string>();
  for (const { id, name } of [...boxes.containers].reverse()) {
    byWord.set(id.slice(0, 12), id);
    byWord.set(id, id);
    byWord.set(name, id);
  }
  return boxes.containers.flatMap((container) => {
    const from = boxes.boxOf.get(container.id);
    const links = [...container.links, ...container.endpoints.flatMap((endpoint) => endpoint.links)];
    return links.flatMap(({ target, alias }): GraphEdge[] => {
      const targetId = byWord.get(target);
      const to = targetId === undefined ? undefined : boxes.boxOf.get(targetId);
      if (from === undefined || targetId === undefined || to === undefined || to === from) return [];
      return [
        {
          kind: 'legacyLink',
          id: `legacy:${container.id}/${targetId}/${alias}`,
          from: from.id,
          fromItem: containerItemId(container.id),
          to: to.id,
          toItem: containerItemId(targetId),
          alias,
        },
      ];
    });
  });
}

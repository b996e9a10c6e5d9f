import type { Confidence, ContainerState, LinkKind, NetworkMode, WireKind } from './model.ts';

/**
 * What a diagram consists of, as plain data: `graph.ts` makes it of a snapshot, the webview draws it, `formats/` writes
 * it as text. Where a thing is drawn is not said here (webview/layout.ts).
 *
 * Architecture invariant: an id stands for the same thing in every graph of an engine, however the snapshot was read.
 */

/**
 * `network:ID`, `bridge:NAME`, `link:NAME`, `namespace:CONTAINER-ID`, `port:…`; see the makers in graph.ts. In a graph of
 * several hosts `@` and the host's id follow (`scopedId`).
 */
export type NodeId = string;
/** `wire:CONTAINER-ID/NETWORK-ID` and the like. */
export type EdgeId = string;
/** `EngineConnection.key` of the engine that the host belongs to. */
export type HostId = string;

/** One of the hosts of a graph of several engines: the frame that its nodes stand in. */
export interface GraphHost {
  readonly id: HostId;
  /** What the person calls the connection. */
  readonly label: string;
  readonly name: string;
  readonly version: string;
  readonly operatingSystem: string;
  readonly recorded: boolean;
  /** False where all that is known of links is what the engine says. */
  readonly kernelRead: boolean;
}

/** Of every node, and of every edge within one host, in a graph of several; absent in a graph of one. */
interface OfHost {
  readonly host?: HostId;
}

/** A link of the engine's own namespace, as far as a picture tells it. */
export interface LinkFacts {
  readonly name: string;
  readonly ifindex: number;
  readonly iflink?: number;
  readonly kind: LinkKind;
  readonly mac?: string;
  readonly mtu?: number;
  readonly operState?: string;
  /** CIDR; link-local IPv6 addresses come last. */
  readonly addresses: readonly string[];
  readonly vlanId?: number;
  readonly vni?: number;
  readonly mode?: string;
}

/** A network of the engine, drawn as the bar that its containers are plugged into. */
export interface NetworkNode extends OfHost {
  readonly kind: 'network';
  readonly id: NodeId;
  readonly networkId: string;
  readonly name: string;
  readonly driver: string;
  readonly scope: string;
  readonly internal: boolean;
  readonly builtIn: boolean;
  /** CIDR of each pool. */
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  /** The bridge's name: the kernel's where it was seen, else the engine's word. Absent for other drivers. */
  readonly bridgeName?: string;
  /** The bridge itself, where the kernel was read and has it. */
  readonly bridge?: LinkFacts;
  /** Compose project, where it has one. */
  readonly project?: string;
  /** VXLAN network identifiers of an overlay, where the engine or the kernel tells them. */
  readonly vnis?: readonly number[];
  /** Of an overlay: frames between hosts are encrypted. */
  readonly encrypted?: true;
  /** Of macvlan and ipvlan: the link of the host that it rides on, and its mode (`bridge`, `private`, `l2`, `l3s` …). */
  readonly parent?: string;
  readonly mode?: string;
  /** 802.1Q tag of that parent, where it is a VLAN link. */
  readonly vlanId?: number;
  /** Seats of containers that run, and of those that do not. */
  readonly running: number;
  readonly stopped: number;
}

/** A bridge that belongs to no network of this engine: libvirt's, another engine's, a manual one. */
export interface BridgeNode extends OfHost {
  readonly kind: 'bridge';
  readonly id: NodeId;
  readonly bridge: LinkFacts;
}

/**
 * A link of the host that is drawn on its own. `uplink`: a default route or another machine's route leaves by it, or it
 * is physical; `parent`: macvlans or ipvlans ride on it; `tunnel`: vxlan, wireguard, tun …; `orphan`: a veth that is no
 * container's; `other`. Also, as a `tunnel` with `remote`, another host of an overlay network, named by its address.
 */
export interface HostLinkNode extends OfHost {
  readonly kind: 'link';
  readonly id: NodeId;
  readonly role: 'uplink' | 'parent' | 'tunnel' | 'orphan' | 'other';
  /** Without an ifindex where the kernel was not read and only the engine names it. */
  readonly name: string;
  readonly link?: LinkFacts;
  /** True where a default route leaves by it; `gateway` is that route's. */
  readonly isDefault: boolean;
  readonly gateway?: string;
  /** Another host (`vtep:ADDRESS`): how many seats of containers are known to be there. */
  readonly remote?: number;
  /** The host of this graph that `vtep:ADDRESS` stands for, where it is drawn too. */
  readonly peer?: HostId;
}

export interface ContainerItem {
  /** `container:ID`. */
  readonly id: string;
  readonly containerId: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  readonly mode: NetworkMode['kind'];
  readonly project?: string;
}

/** A container's interface: where a wire ends. One for each seat on a network, and those that no seat explains. */
export interface InterfaceItem {
  /** `endpoint:CONTAINER-ID/NETWORK-ID`, or `interface:CONTAINER-ID/NAME` where it is on no network of the engine. */
  readonly id: string;
  readonly networkId?: string;
  /** `eth0`; absent where the kernel was not read or it is not known which one it is. */
  readonly name?: string;
  readonly ifindex?: number;
  /** The ifindex of the other end, as `eth0@if7` says it. */
  readonly iflink?: number;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly mac?: string;
}

/**
 * A network namespace as a box: the container that owns it first, then those that share it, with its interfaces.
 * `host`: all containers of mode `host`, in the engine's own namespace. A container that does not run has no namespace,
 * but keeps its box (`running: false`).
 */
export interface NamespaceNode extends OfHost {
  readonly kind: 'namespace';
  readonly id: NodeId;
  readonly type: 'own' | 'host' | 'none';
  readonly running: boolean;
  readonly containers: readonly ContainerItem[];
  readonly interfaces: readonly InterfaceItem[];
}

/** A published port, on the host's edge. IPv4 and IPv6 wildcard of one port are one node. */
export interface PublicationNode extends OfHost {
  readonly kind: 'port';
  readonly id: NodeId;
  readonly containerId: string;
  /** As the engine says them, for example `0.0.0.0` and `::`. */
  readonly hostIps: readonly string[];
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: string;
  /** True where it is reached by the host's own addresses only (loopback). */
  readonly loopback: boolean;
}

export type GraphNode = NetworkNode | BridgeNode | HostLinkNode | NamespaceNode | PublicationNode;

/** An edge joins two nodes; `fromItem`/`toItem` say at which of a namespace's interfaces or containers it ends. */
interface EdgeBase extends OfHost {
  readonly id: EdgeId;
  readonly from: NodeId;
  readonly fromItem?: string;
  readonly to: NodeId;
  readonly toItem?: string;
}

/**
 * Container interface → the bar that it is really plugged into: the network's, or, where a person moved the veth, the
 * bar of `strayBridge` (then a seat edge goes to the network). For macvlan and ipvlan it goes on by the network's egress.
 * An interface that no seat explains is wired too where both its ends are proven (docker_gwbridge, `ip link` by hand).
 */
export interface WireEdge extends EdgeBase {
  readonly kind: 'wire';
  readonly containerId: string;
  /** Empty where it ends in a bridge that is no network's. */
  readonly networkId: string;
  readonly wireKind: WireKind;
  readonly confidence: Confidence;
  /** The veth's host end, as on the host: name, ifindex, and the `@if` that it shows. */
  readonly hostLink?: { readonly name: string; readonly ifindex: number; readonly iflink?: number };
  /** Names that it can be, where the evidence does not decide. */
  readonly candidates: readonly string[];
  /** The bridge that the host end is really plugged into, where that is not the network's own. */
  readonly strayBridge?: string;
  /** True where the kernel says that the host end is plugged into no bridge at all. */
  readonly unplugged?: true;
}

/** A seat without a wire to its network: the container does not run, is the host's or none's, or its wire strayed. */
export interface SeatEdge extends EdgeBase {
  readonly kind: 'seat';
  readonly containerId: string;
  readonly networkId: string;
}

/**
 * Any port of a bridge that is no container's wire: an uplink, a vxlan, an orphan veth. From the link to the bar. Also
 * from the port of a bond to the bond, and between the two ends of a veth pair that are both the host's.
 */
export interface PlugEdge extends EdgeBase {
  readonly kind: 'plug';
}

/**
 * Network → link of the host, or the bar that the default route leaves by: by routing with or without `masquerade`, by
 * riding on the parent (macvlan, ipvlan), or by VXLAN. A link of the host that rides on another (VLAN, macvlan, VXLAN)
 * has a `parent` one too.
 */
export interface EgressEdge extends EdgeBase {
  readonly kind: 'egress';
  readonly by: 'masquerade' | 'route' | 'parent' | 'vxlan';
}

/** Published port → container. */
export interface PublishEdge extends EdgeBase {
  readonly kind: 'publish';
}

/** `--link`: container → the container that it names. */
export interface LegacyLinkEdge extends EdgeBase {
  readonly kind: 'legacyLink';
  readonly alias: string;
}

/**
 * Between two hosts of one graph: from the one's `vtep:` node that stands for the other to the other's that stands for
 * the one. By VXLAN, for each overlay network that both say is on the other. Has no `host`.
 */
export interface TunnelEdge extends EdgeBase {
  readonly kind: 'tunnel';
  readonly vnis: readonly number[];
  /** Names of the overlay networks, sorted. */
  readonly networks: readonly string[];
  /** True where all of these are. */
  readonly encrypted: boolean;
}

export type GraphEdge = WireEdge | SeatEdge | PlugEdge | EgressEdge | PublishEdge | LegacyLinkEdge | TunnelEdge;

export interface Graph {
  /** Of the one host, or of the first of several. */
  readonly engine: { readonly name: string; readonly version: string; readonly operatingSystem: string };
  readonly recorded: boolean;
  /** False where all that is known of links is what the engine says. */
  readonly kernelRead: boolean;
  /** In drawing order, where engines are shown together: two or more, or what a filter left of them. */
  readonly hosts?: readonly GraphHost[];
  /** Those of each host in turn. In drawing order: networks (built-ins last), bridges, links, namespaces by name, ports. Ids are unique. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What turns one graph into the next: elements whose content differs, and ids that are gone. */
export interface GraphPatch {
  readonly head: Omit<Graph, 'nodes' | 'edges'>;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly removed: readonly string[];
  /** All ids of the new graph's nodes in its order, where the order or the set changed. */
  readonly order?: readonly NodeId[];
  /** The same of its edges. */
  readonly edgeOrder?: readonly EdgeId[];
}

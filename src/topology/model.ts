/**
 * The words of the domain, as plain data. Everything here survives `JSON.stringify`:
 * a snapshot is what the trees show, what the public API hands out and what a recording holds.
 *
 * Architecture invariant: no method, no class, no date object, no reference to an editor, an engine client or a file.
 */

/** `docker version` and `docker info`, as far as wiring needs it. */
export interface EngineInfo {
  /** `ID` of `/info`. Cloned machines can share it: never a key on its own. */
  readonly id: string;
  /** Host name that the engine reports. */
  readonly name: string;
  readonly version: string;
  /** The API version that was negotiated, for example `1.41`. */
  readonly apiVersion: string;
  /** `linux` or `windows`: what the containers run on, not what the client runs on. */
  readonly os: string;
  readonly operatingSystem: string;
  readonly kernelVersion: string;
  readonly rootless: boolean;
  /** `active`, `inactive`, `pending`, `locked` or `error`. */
  readonly swarm: string;
  /** Which node of its swarm it is; absent where it is in none. */
  readonly swarmNode?: SwarmNode;
  /** `--cluster-store` of engines up to 20.10, for example `etcd://192.0.2.1:2379`, without a user or password. */
  readonly clusterStore?: string;
  /** `host:port` by which the other engines of the store know this one: its host is this end of every VXLAN. */
  readonly clusterAdvertise?: string;
  /** What it makes its rules with: `iptables` or `nftables`, with `+firewalld` where that runs (API 1.49 and later). */
  readonly firewall?: string;
  /** Whose engine answers by Docker's API, where it is not Docker's own. */
  readonly flavour?: 'podman';
}

export interface SwarmNode {
  readonly id: string;
  /** The address that it advertises: this end of every VXLAN, unless it was given a data path of its own. */
  readonly address: string;
  readonly manager: boolean;
}

/** One pool of `IPAM.Config`. */
export interface AddressPool {
  /** CIDR, for example `172.18.0.0/16`. */
  readonly subnet: string;
  readonly gateway?: string;
  readonly ipRange?: string;
  readonly auxiliaryAddresses: Readonly<Record<string, string>>;
}

export interface Network {
  readonly id: string;
  /** Not unique: an engine may hold several networks of one name. */
  readonly name: string;
  /** `bridge`, `host`, `null`, `overlay`, `macvlan`, `ipvlan`, or a plugin's name. */
  readonly driver: string;
  /** `local`, `global` (cluster store) or `swarm`. */
  readonly scope: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly ipv6: boolean;
  readonly pools: readonly AddressPool[];
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339, as the engine wrote it. */
  readonly created?: string;
  /**
   * `network_interface` of Podman: the network's bridge, or the parent of a macvlan or ipvlan. Empty where Podman did not
   * tell; absent on Docker, whose options and ids do.
   */
  readonly networkInterface?: string;
  /** Of driver `overlay` only. */
  readonly overlay?: Overlay;
}

/**
 * What an engine knows of an overlay network beyond itself. A swarm's node knows peers, services and what is on other
 * nodes where something on it uses the network; with a cluster store only `remote` is known, and no VNI.
 */
export interface Overlay {
  /** VXLAN network identifiers, one for each subnet. */
  readonly vnis: readonly number[];
  readonly encrypted: boolean;
  /** VXLAN tunnel end points: the hosts that use the network, this one too. By address. */
  readonly peers: readonly OverlayPeer[];
  /** By name; the one without a name has the containers that were attached by hand. */
  readonly services: readonly OverlayService[];
  /** By name. */
  readonly remote: readonly RemoteEndpoint[];
}

export interface OverlayPeer {
  readonly name: string;
  readonly address: string;
}

export interface OverlayService {
  readonly name: string;
  /** The virtual address that stands for all tasks. */
  readonly vip?: string;
  /** In the engine's words: `Target: 6379, Publish: 8088`. */
  readonly ports: readonly string[];
  /** By name. */
  readonly tasks: readonly OverlayTask[];
}

export interface OverlayTask {
  readonly name: string;
  readonly endpointId: string;
  /** On the overlay. */
  readonly address: string;
  /** Address of the node that it runs on. */
  readonly host: string;
}

/** A seat of a container that runs on another host: no container of this engine. */
export interface RemoteEndpoint {
  readonly endpointId: string;
  /** Of its container. */
  readonly name: string;
  readonly ipv4?: string;
  readonly mac?: string;
  /** Address of the host that it is on; a cluster store does not tell. */
  readonly host?: string;
}

export type ContainerState =
  'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead' | 'unknown';

/** `HostConfig.NetworkMode`, taken apart. `network` carries a name or an id, as it was typed. */
export type NetworkMode =
  | { readonly kind: 'bridge' }
  | { readonly kind: 'host' }
  | { readonly kind: 'none' }
  | { readonly kind: 'container'; readonly ownerId: string }
  | { readonly kind: 'network'; readonly network: string };

/** A container's seat on a network. A container has at most one on each network. */
export interface Endpoint {
  readonly containerId: string;
  readonly networkId: string;
  /** As the container's own record names it; the network itself may be gone by now. */
  readonly networkName: string;
  /** Empty while the container is stopped, and on Podman: `isPlugged` tells. */
  readonly endpointId: string;
  readonly ipv4?: string;
  readonly ipv4PrefixLength?: number;
  readonly gateway?: string;
  readonly ipv6?: string;
  readonly ipv6PrefixLength?: number;
  readonly ipv6Gateway?: string;
  /** Lower case, colon separated. */
  readonly mac?: string;
  /** Names that were asked for (`--network-alias`), with the short id that old engines add. */
  readonly aliases: readonly string[];
  /** All names that the engine's DNS answers on this network (engines of API 1.44 and later). */
  readonly dnsNames: readonly string[];
  /** `--link` on a user-defined network. */
  readonly links: readonly LegacyLink[];
  readonly driverOptions: Readonly<Record<string, string>>;
  /** API 1.48 and later: the highest one is the container's default gateway. */
  readonly gatewayPriority?: number;
  /** Addresses that the person fixed (`--ip`, `--ip6`), as opposed to those that the engine chose. */
  readonly fixedIpv4?: string;
  readonly fixedIpv6?: string;
}

/** `--link target:alias`. */
export interface LegacyLink {
  /** A container's name, without the leading slash. */
  readonly target: string;
  readonly alias: string;
}

/** A port that an image or a person exposed, and, where `hostPort` is there, where it is published. */
export interface PortBinding {
  readonly containerPort: number;
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string;
  readonly hostIp?: string;
  readonly hostPort?: number;
}

export interface Container {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  /** The engine's own sentence, for example `Up 3 minutes (healthy)`. */
  readonly status: string;
  /** First process of the container in the engine's PID namespace; 0 while it does not run. */
  readonly pid: number;
  readonly mode: NetworkMode;
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly PortBinding[];
  /** `--link` on the default bridge. */
  readonly links: readonly LegacyLink[];
  readonly labels: Readonly<Record<string, string>>;
  readonly hostname?: string;
  readonly dnsServers: readonly string[];
  /** `docker0`-style network namespace file, for example `/var/run/docker/netns/1a2b…`. */
  readonly sandboxKey?: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** False where the container died between the list and its inspection: then only the list's facts are here. */
  readonly inspected: boolean;
}

/** What `ip -d link` calls the kind of a link, with `physical` and `other` for what it does not name. */
export type LinkKind =
  | 'loopback'
  | 'physical'
  | 'bridge'
  | 'veth'
  | 'vxlan'
  | 'vlan'
  | 'macvlan'
  | 'macvtap'
  | 'ipvlan'
  | 'bond'
  | 'tun'
  | 'wireguard'
  | 'dummy'
  | 'tunnel'
  | 'other';

export interface LinkAddress {
  readonly address: string;
  readonly prefixLength: number;
}

/** Bytes and packets since the link was made, seen from the link's own side. */
export interface LinkCounters {
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly txBytes: number;
  readonly txPackets: number;
}

/** One entry of a bridge's forwarding database. Source: `struct __fdb_entry`, include/uapi/linux/if_bridge.h. */
export interface FdbEntry {
  readonly mac: string;
  readonly portNo: number;
  /** True for the bridge's and its ports' own addresses; false for what was learned from traffic. */
  readonly isLocal: boolean;
  /** Seconds since the address was last seen. */
  readonly ageSeconds: number;
}

/** What `brctl show` and `brctl showmacs` tell of a bridge. */
export interface BridgeFacts {
  /** For example `8000.0242f1a2b3c4`. */
  readonly bridgeId: string;
  readonly stp: boolean;
  readonly fdb: readonly FdbEntry[];
}

/** Any network interface of the kernel, in one network namespace. */
export interface Link {
  readonly name: string;
  readonly ifindex: number;
  /** The ifindex of the peer or of the lower link; only valid in *its* namespace. Equal to `ifindex` where there is none. */
  readonly iflink?: number;
  readonly kind: LinkKind;
  readonly mac?: string;
  readonly mtu?: number;
  /** `up`, `down`, `lowerlayerdown`, `unknown` …: Documentation/ABI/testing/sysfs-class-net. */
  readonly operState?: string;
  /** Name of the bridge or bond that it is a port of. */
  readonly master?: string;
  readonly addresses: readonly LinkAddress[];
  readonly counters?: LinkCounters;
  readonly bridge?: BridgeFacts;
  /** Port number on its bridge: what an FDB entry points at. */
  readonly portNo?: number;
  /** The id that this namespace gave to the namespace of its peer (`link-netnsid` of `ip link`). */
  readonly peerNetnsId?: number;
  readonly vxlan?: { readonly vni: number; readonly local?: string; readonly port?: number };
  readonly vlanId?: number;
  /** Mode of a macvlan or ipvlan: `bridge`, `private`, `vepa`, `passthru`, `l2`, `l3`, `l3s`. */
  readonly mode?: string;
}

export interface Route {
  /** `default` or a CIDR. */
  readonly destination: string;
  readonly gateway?: string;
  readonly link: string;
  readonly metric: number;
}

/** One network namespace and what is in it. */
export interface NetNamespace {
  /** The containers that live in it; empty for the engine's own. */
  readonly containerIds: readonly string[];
  /** A process of it. */
  readonly pid: number;
  /** `net:[…]` inode where it could be read (root only); equal inodes are one namespace. */
  readonly inode?: number;
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  /**
   * True where `/sys` of the namespace was read: `iflink` and `mac` of its links are the kernel's own words.
   * False where only `/proc/<pid>/net` was readable: names, indexes, counters and routes, but no peer.
   */
  readonly exact: boolean;
}

/**
 * The namespace that an overlay network has on each host: a bridge, the VXLAN device, and the other ends of containers'
 * veths. No process lives in it; only root of the engine's machine can look.
 */
export interface OverlaySandbox {
  /** Its file in `/run/docker/netns`: `1-` and the first ten characters of the network's id. */
  readonly name: string;
  readonly links: readonly Link[];
  /** Which host the VXLAN device sends a MAC address's frames to. */
  readonly tunnels: readonly Tunnel[];
}

export interface Tunnel {
  readonly mac: string;
  readonly host: string;
}

/** What flanneld wrote for its host into `/run/flannel/subnet.env`. */
export interface FlannelEnv {
  /** All of flannel's addresses, for example `10.244.0.0/16`. */
  readonly networks: readonly string[];
  /** This host's parts of them, with the address that a bridge is to have: `10.244.1.1/24`. Never empty. */
  readonly subnets: readonly string[];
  readonly mtu?: number;
  readonly ipMasq?: boolean;
}

/** Another machine at the far end of a VXLAN device of the engine's own namespace. */
export interface Vtep {
  /** Name of the device. */
  readonly link: string;
  /** What routes over the device name as their gateway. */
  readonly gateway: string;
  readonly mac: string;
  /** Address of the machine: the gateway's MAC address is there, as the forwarding database says. */
  readonly host: string;
}

/** The kernel's view of the machine that the engine runs on. */
export interface KernelView {
  /**
   * Which source spoke: `local` files, a `helper` container, or `exec` in the containers themselves, which leaves the
   * engine's own namespace without links.
   */
  readonly source: string;
  /** The engine's own network namespace. */
  readonly host: NetNamespace;
  readonly containers: readonly NetNamespace[];
  /** Of overlay networks, where they could be read; absent where there are none. */
  readonly sandboxes?: readonly OverlaySandbox[];
  /** Absent where flannel is not there, or its file cannot be read. */
  readonly flannel?: FlannelEnv;
  /** Of flannel's VXLAN devices, where they could be asked for. */
  readonly vteps?: readonly Vtep[];
}

/** Why there is no kernel view. */
export type KernelAbsence =
  /** The editor does not run on Linux, or the engine is reached over a network. */
  | 'notLocal'
  /** No process here belongs to a container of this engine: another machine or a virtual machine. */
  | 'otherMachine'
  /** Same kernel, but the engine's network namespace cannot be entered or read from here. */
  | 'otherNamespace'
  /** Nothing runs, so nothing proves that the engine is on this kernel. */
  | 'unproven'
  /** The person switched it off. */
  | 'disabled'
  /** It takes a helper container or `exec` in containers, and the person has not allowed either on this engine. */
  | 'notAllowed'
  /** A helper container is allowed, and the engine has no image that it could be made of. */
  | 'noImage'
  /** It was tried and broke; the log has the reason. */
  | 'failed';

export type KernelReading =
  { readonly kind: 'read'; readonly view: KernelView } | { readonly kind: 'absent'; readonly reason: KernelAbsence };

/** `exact`: the kernel says so. `likely`: nothing else fits. `unknown`: the evidence does not decide. */
export type Confidence = 'exact' | 'likely' | 'unknown';

/** A reference to a link of some namespace. */
export interface LinkRef {
  readonly name: string;
  readonly ifindex: number;
}

/** One reason to believe a wire, strongest first in a wire's list. Worded for people by `editor/evidenceText.ts`. */
export type Evidence =
  /** The container's interface names the host link as its peer: `iflink` = `ifindex`. */
  | { readonly kind: 'peerIndex'; readonly containerLink: string; readonly iflink: number; readonly hostLink: string }
  /** And the host link points back. */
  | { readonly kind: 'pointsBack'; readonly hostLink: string; readonly iflink: number }
  /** Another wire of the same container proved which namespace id is its: this host link carries the same one. */
  | { readonly kind: 'peerNamespace'; readonly hostLink: string; readonly netnsId: number }
  /** Of all veths that are nobody else's only this one points at the container's ifindex. */
  | { readonly kind: 'uniqueIndex'; readonly ifindex: number; readonly hostLink: string }
  /** The bridge learned the endpoint's MAC on that port. */
  | {
      readonly kind: 'fdb';
      readonly bridge: string;
      readonly mac: string;
      readonly portNo: number;
      readonly hostLink: string;
      readonly ageSeconds: number;
    }
  /** What one end received the other sent. */
  | { readonly kind: 'counters'; readonly hostLink: string; readonly packets: number }
  /** The only veth left on that bridge. */
  | { readonly kind: 'onlyOneLeft'; readonly bridge: string; readonly hostLink: string }
  /** How the container's interface was told from its others. */
  | { readonly kind: 'mac'; readonly containerLink: string; readonly mac: string }
  | { readonly kind: 'subnet'; readonly containerLink: string; readonly destination: string; readonly address: string }
  | { readonly kind: 'onlyInterface'; readonly containerLink: string }
  /** macvlan and ipvlan: `iflink` is the parent. */
  | { readonly kind: 'parent'; readonly containerLink: string; readonly parent: string }
  /** macvlan and ipvlan, where iflink cannot be read: the engine's record of the network names the parent. */
  | { readonly kind: 'recordedParent'; readonly containerLink: string; readonly parent: string }
  /** What speaks against, or why it stays unknown. */
  | { readonly kind: 'notOnBridge'; readonly hostLink: string; readonly bridge: string }
  | { readonly kind: 'severalCandidates'; readonly count: number }
  | { readonly kind: 'noCandidate'; readonly bridge: string }
  | { readonly kind: 'otherNamespace'; readonly driver: string }
  | { readonly kind: 'noKernel'; readonly reason: KernelAbsence }
  | { readonly kind: 'namespaceUnread' }
  /** Only the containers' side was read: nothing is known of the host's links. */
  | { readonly kind: 'hostUnread' }
  | { readonly kind: 'contradiction'; readonly hostLink: string };

/** What the container's interface is. An overlay's veth ends in a sandbox namespace, not on a host bridge. */
export type WireKind = 'veth' | 'macvlan' | 'ipvlan' | 'overlay' | 'plugin';

/**
 * Container interface ↔ host link ↔ bridge, for one endpoint of a running container.
 * Host and none mode have none: there is nothing between them and their namespace.
 */
export interface Wire {
  readonly containerId: string;
  readonly networkId: string;
  readonly kind: WireKind;
  /** Absent where the kernel could not be read or no interface could be told from the others. */
  readonly containerLink?: LinkRef;
  /** The veth's host end; the parent for macvlan and ipvlan. */
  readonly hostLink?: LinkRef;
  /** The bridge that the host end is plugged into, as the kernel says; where the host end is unknown, the network's own. */
  readonly bridge?: string;
  /** Name of the `OverlaySandbox` that `hostLink` and `bridge` are in; absent where they are the engine's own namespace's. */
  readonly sandbox?: string;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
  /** Names of host links that it can be, where the evidence does not decide. */
  readonly candidates: readonly string[];
}

/** One engine at one moment. */
export interface Snapshot {
  /** RFC 3339, this machine's clock. */
  readonly takenAt: string;
  readonly engine: EngineInfo;
  /** True where it was played from a file. */
  readonly recorded: boolean;
  readonly networks: readonly Network[];
  readonly containers: readonly Container[];
  readonly kernel: KernelReading;
  readonly wires: readonly Wire[];
}

/** A container's seat on a network, as one string: tree ids and maps are keyed by it. */
export function endpointKey(containerId: string, networkId: string): string {
  return `${containerId}/${networkId}`;
}

/**
 * Whether the container is on the network now: not where it is stopped, nor where the engine failed to connect it and kept
 * the wish. Podman has no endpoint ids.
 */
export function isPlugged(endpoint: Pick<Endpoint, 'endpointId' | 'ipv4' | 'ipv6'>): boolean {
  return endpoint.endpointId !== '' || endpoint.ipv4 !== undefined || endpoint.ipv6 !== undefined;
}

/** States in which a container has a process and so a namespace of its own. */
export function isRunning(container: Container): boolean {
  return container.state === 'running' || container.state === 'paused';
}

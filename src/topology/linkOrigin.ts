import { bridgeName, parentName } from './bridgeName.ts';
import type { Link, NetNamespace, Network, Route } from './model.ts';

/** Whose a link of the host is, as far as names, kinds and routes tell. */
export type LinkOrigin =
  /** Bridge, or parent made by the driver, of these networks of the engine. */
  | { readonly kind: 'docker'; readonly networkIds: readonly string[] }
  /** `flannel.VNI` of flannel's vxlan backend; `remote` are the subnets of the other nodes. */
  | { readonly kind: 'flannel'; readonly remote: readonly RemoteSubnet[] }
  | { readonly kind: 'weave'; readonly part: 'bridge' | 'datapath' | 'tunnel' | 'port' }
  /** A bridge that another program makes for its own machines or containers. */
  | { readonly kind: 'other'; readonly program: OtherProgram }
  /** A bridge of which nothing tells whose it is: a manual one, or another engine's. */
  | { readonly kind: 'notDocker' };

export type OtherProgram = 'libvirt' | 'LXC' | 'LXD' | 'Incus' | 'Podman' | 'Kubernetes' | 'docker';

/** A subnet that lies on another machine. */
export interface RemoteSubnet {
  readonly destination: string;
  /** The other machine, or, over flannel's vxlan, its end of the tunnel. */
  readonly gateway: string;
}

/**
 * Names that the programs give by default. Sources: libvirt src/network/bridge_driver.c, lxc-net, lxd and incus network
 * naming, containers/common libnetwork, containernetworking/plugins bridge, moby libnetwork drivers/bridge.
 */
const bridgesOfOthers: readonly (readonly [RegExp, OtherProgram])[] = [
  [/^virbr\d+$/, 'libvirt'],
  [/^lxcbr\d+$/, 'LXC'],
  [/^lxdbr\d+$/, 'LXD'],
  [/^incusbr\d+$/, 'Incus'],
  [/^(cni-)?podman\d+$/, 'Podman'],
  [/^(cni\d+|cbr\d+)$/, 'Kubernetes'],
  // Of another engine on this machine: this one would have the network.
  [/^(docker\d+|docker_gwbridge|br-[\da-f]{12})$/, 'docker'],
];

/** Undefined for links that say nothing by themselves: uplinks, veths of containers, loopback. */
export function linkOrigin(link: Link, host: NetNamespace, networks: readonly Network[]): LinkOrigin | undefined {
  const own = networks.filter((network) => [bridgeName(network), parentName(network)].includes(link.name));
  if (own.length > 0) return { kind: 'docker', networkIds: own.map(({ id }) => id) };
  if (link.kind === 'vxlan' && /^flannel\.\d+$/.test(link.name))
    return { kind: 'flannel', remote: remoteSubnets(host.routes, link.name) };
  const part = weavePart(link);
  if (part !== undefined) return { kind: 'weave', part };
  if (link.kind !== 'bridge') return undefined;
  const program = bridgesOfOthers.find(([pattern]) => pattern.test(link.name))?.[1];
  return program === undefined ? { kind: 'notDocker' } : { kind: 'other', program };
}

/** Subnets that are reached over a link by way of another machine; the default route is none. */
export function remoteSubnets(routes: readonly Route[], link: string): readonly RemoteSubnet[] {
  return routes.flatMap((route) =>
    route.link === link && route.gateway !== undefined && route.destination !== 'default'
      ? [{ destination: route.destination, gateway: route.gateway }]
      : [],
  );
}

/**
 * weave (weaveworks/weave, net/bridge.go): the bridge `weave`, the Open vSwitch datapath `datapath`, the pair
 * `vethwe-bridge`/`vethwe-datapath` or `vethwe-pcap`, containers' veths `vethwepl…` and `vethwl…`, and `vxlan-6784`.
 */
function weavePart({ name, kind }: Link): 'bridge' | 'datapath' | 'tunnel' | 'port' | undefined {
  if (name === 'weave' && kind === 'bridge') return 'bridge';
  if (name === 'datapath' && kind !== 'physical') return 'datapath';
  if (name === 'vxlan-6784') return 'tunnel';
  return kind === 'veth' && /^veth(we-?|wl)/.test(name) ? 'port' : undefined;
}

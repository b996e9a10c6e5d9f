import { bridgeName, parentName } from './bridgeName.ts';
import { isFlannelName, isFlannels } from './flannel.ts';
import type { KernelView, Link, Network } from './model.ts';

/** Whose a link of the host is, as far as names, kinds and routes tell. */
export type LinkOrigin =
  /** Bridge, or parent made by the driver, of these networks of the engine. */
  | { readonly kind: 'docker'; readonly networkIds: readonly string[] }
  /**
   * `flannel.VNI` of flannel's vxlan backend, or the link that its host-gw backend routes over; `remote` are the subnets of
   * the other nodes.
   */
  | { readonly kind: 'flannel'; readonly backend: 'vxlan' | 'host-gw'; readonly remote: readonly RemoteSubnet[] }
  | { readonly kind: 'weave'; readonly part: WeavePart }
  /** A bridge that another program makes for its own machines or containers. */
  | { readonly kind: 'other'; readonly program: OtherProgram }
  /** A bridge of which nothing tells whose it is: a manual one, or another engine's. */
  | { readonly kind: 'notDocker' };

export type OtherProgram = 'libvirt' | 'LXC' | 'LXD' | 'Incus' | 'Podman' | 'Kubernetes' | 'docker';

/**
 * `bridge`: its frames go through the datapath. `sleeve`: a bridge without one, of which weave itself takes the frames.
 */
export type WeavePart = 'bridge' | 'sleeve' | 'datapath' | 'tunnel' | 'port';

/** A subnet that lies on another machine. */
export interface RemoteSubnet {
  readonly destination: string;
  /** The other machine, or, over flannel's vxlan, its end of the tunnel. */
  readonly gateway: string;
  /** Over a tunnel: the address that the other machine has outside of it, where the kernel told. */
  readonly vtep?: string;
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
export function linkOrigin(link: Link, view: KernelView, networks: readonly Network[]): LinkOrigin | undefined {
  const own = networks.filter((network) => [bridgeName(network), parentName(network)].includes(link.name));
  if (own.length > 0) return { kind: 'docker', networkIds: own.map(({ id }) => id) };
  if (link.kind === 'vxlan' && isFlannelName(link.name))
    return { kind: 'flannel', backend: 'vxlan', remote: remoteSubnets(view, link.name) };
  const part = weavePart(link, view);
  if (part !== undefined) return { kind: 'weave', part };
  if (link.kind !== 'bridge') {
    const remote = flannelRoutes(view, link);
    return remote.length === 0 ? undefined : { kind: 'flannel', backend: 'host-gw', remote };
  }
  const program = bridgesOfOthers.find(([pattern]) => pattern.test(link.name))?.[1];
  return program === undefined ? { kind: 'notDocker' } : { kind: 'other', program };
}

/** Subnets that are reached over a link by way of another machine; the default route is none. */
export function remoteSubnets({ host, vteps = [] }: KernelView, link: string): readonly RemoteSubnet[] {
  return host.routes.flatMap(({ destination, gateway, ...route }): RemoteSubnet[] => {
    if (route.link !== link || gateway === undefined || destination === 'default') return [];
    const vtep = vteps.find((one) => one.link === link && one.gateway === gateway)?.host;
    return [{ destination, gateway, ...(vtep === undefined ? {} : { vtep }) }];
  });
}

/** What flannel's host-gw backend routes over a link, as far as flannel's own file proves that it does. */
function flannelRoutes(view: KernelView, link: Link): readonly RemoteSubnet[] {
  if (link.kind === 'vxlan' || view.flannel === undefined) return [];
  return remoteSubnets(view, link.name).filter(({ destination }) => isFlannels(destination, view.flannel));
}

/**
 * weave (weaveworks/weave, net/bridge.go): the bridge `weave`, the Open vSwitch datapath `datapath`, or `weave` itself as
 * the datapath; the pair `vethwe-bridge`/`vethwe-datapath` or `vethwe-pcap`, containers' veths `vethwepl…` and `vethwl…`,
 * and `vxlan-6784`.
 */
function weavePart({ name, kind }: Link, { host }: KernelView): WeavePart | undefined {
  if (name === 'weave' && kind === 'bridge')
    return host.links.some((link) => link.name === 'datapath' && link.kind !== 'physical') ? 'bridge' : 'sleeve';
  // `ip` calls it openvswitch, for which the model has no kind of its own.
  if (name === 'weave' && kind === 'other') return 'datapath';
  if (name === 'datapath' && kind !== 'physical') return 'datapath';
  if (name === 'vxlan-6784') return 'tunnel';
  return kind === 'veth' && /^veth(we-?|wl)/.test(name) ? 'port' : undefined;
}

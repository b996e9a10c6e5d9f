import ipaddr from 'ipaddr.js';
import { bridgeName } from './bridgeName.ts';
import { podmanDefaultId } from './builtIn.ts';
import type { FlannelEnv, KernelView, Network } from './model.ts';

/** Whether the containers of a network are on flannel's. */
export interface FlannelUse {
  /** True where the network's subnet is the one that flannel gave to this host. */
  readonly uses: boolean;
  /** This host's part of flannel's addresses: `10.244.1.0/24`. */
  readonly subnet: string;
  /** flannel's MTU, where that of the network is greater. */
  readonly lowerMtu?: number;
}

/** What Docker gives to containers where nobody chose. */
const usualMtu = 1500;
const mtuOption = 'com.docker.network.driver.mtu';
const defaultBridgeOption = 'com.docker.network.bridge.default_bridge';

/**
 * Undefined where flannel is not known to be on the host, and for networks other than the default one (`--bip`) that have
 * nothing to do with it. Without flanneld's file the address of `flannel.1` tells: it is the first one of the host's subnet.
 */
export function flannelUse(network: Network, view: KernelView | undefined): FlannelUse | undefined {
  if (view === undefined || bridgeName(network) === undefined) return undefined;
  const pools = network.pools.map(({ subnet }) => subnet);
  const subnets = view.flannel?.subnets.flatMap((subnet) => networkOf(subnet) ?? []) ?? [];
  const own = subnets.find((subnet) => pools.some((pool) => isWithin(pool, subnet)));
  if (own !== undefined) return { uses: true, subnet: own, ...lowerMtu(network, view.flannel) };
  const [subnet] = subnets;
  if (subnet !== undefined) return isDefault(network) ? { uses: false, subnet } : undefined;
  const pool = pools.find((one) => tunnelAddresses(view).some((address) => networkOf(one)?.startsWith(`${address}/`)));
  return pool === undefined ? undefined : { uses: true, subnet: pool };
}

/** Whether a route's destination is a part of flannel's addresses. */
export function isFlannels(destination: string, flannel: FlannelEnv | undefined): boolean {
  return flannel?.networks.some((network) => isWithin(destination, network)) ?? false;
}

function isDefault({ id, options }: Network): boolean {
  return options[defaultBridgeOption] === 'true' || id === podmanDefaultId;
}

function lowerMtu({ options }: Network, flannel: FlannelEnv | undefined): Pick<FlannelUse, 'lowerMtu'> {
  const mtu = Number(options[mtuOption] ?? usualMtu);
  return flannel?.mtu !== undefined && mtu > flannel.mtu ? { lowerMtu: flannel.mtu } : {};
}

function tunnelAddresses({ host }: KernelView): string[] {
  return host.links.flatMap(({ name, kind, addresses }) =>
    kind === 'vxlan' && isFlannelName(name) ? addresses.map(({ address }) => address) : [],
  );
}

/** flannel's names for its VXLAN devices: `flannel.1`, and `flannel-v6.1` for IPv6. */
export function isFlannelName(name: string): boolean {
  return /^flannel(-v6)?\.\d{1,8}$/.test(name);
}

/** `10.244.1.1/24` → `10.244.1.0/24`; undefined for what is none. */
function networkOf(cidr: string): string | undefined {
  if (!ipaddr.isValidCIDR(cidr)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${family.networkAddressFromCIDR(cidr).toString()}/${prefix}`;
}

function isWithin(inner: string, outer: string): boolean {
  if (!ipaddr.isValidCIDR(inner) || !ipaddr.isValidCIDR(outer)) return false;
  const [address, prefix] = ipaddr.parseCIDR(inner);
  const around = ipaddr.parseCIDR(outer);
  return address.kind() === around[0].kind() && prefix >= around[1] && address.match(around);
}

import type { BridgeFacts, FdbEntry, Link, LinkAddress, LinkCounters, LinkKind } from '../../topology/model.ts';
import { parseBridgeId, parseInteger, parseMac, parseOperState, parseStpState, parseUevent } from './sysfs.ts';

/** What a file below `/sys/class/net/<name>` says, by its path from there; undefined where it cannot be read. */
export type LinkFile = (file: string) => string | undefined;

/** What other files told of a link. */
export interface LinkContext {
  readonly counters?: LinkCounters | undefined;
  readonly addresses?: readonly LinkAddress[] | undefined;
}

const devtypes = new Map<string, LinkKind>([
  ['bridge', 'bridge'],
  ['vxlan', 'vxlan'],
  ['vlan', 'vlan'],
  ['macvlan', 'macvlan'],
  ['macvtap', 'macvtap'],
  ['bond', 'bond'],
  ['wireguard', 'wireguard'],
  ['geneve', 'tunnel'],
]);

/** ARPHRD_TUNNEL, _TUNNEL6, _SIT, _IPGRE, _IP6GRE: include/uapi/linux/if_arp.h. */
const tunnelTypes: readonly number[] = [768, 769, 776, 778, 823];
const loopbackType = 772;
const etherType = 1;
/** include/uapi/linux/if.h. */
const flagBroadcast = 0x2;
const flagNoArp = 0x80;
const flagMulticast = 0x1000;

/** Its kind stays `other`. Undefined where it is gone. `devtype` is what its driver calls itself. */
export function linkBasics(
  name: string,
  file: LinkFile,
  context: LinkContext,
): { readonly link: Link; readonly devtype: string | undefined } | undefined {
  const { devtype, ifindex } = parseUevent(file('uevent') ?? '');
  if (ifindex === undefined || ifindex === 0) return undefined;
  return { link: { ...linkState(name, ifindex, file, context), kind: 'other' }, devtype };
}

/** All that may change of a link while its index stays. */
export function linkState(name: string, ifindex: number, file: LinkFile, context: LinkContext): Omit<Link, 'kind'> {
  const value = (path: string): string => file(path) ?? '';
  // 0 is said by tunnels that are bound to no link.
  const iflink = parseInteger(value('iflink'));
  const mac = parseMac(value('address'));
  const mtu = parseInteger(value('mtu'));
  const operState = parseOperState(value('operstate'));
  return {
    name,
    ifindex,
    ...(iflink === undefined || iflink === 0 ? {} : { iflink }),
    ...(mac === undefined ? {} : { mac }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(operState === undefined ? {} : { operState }),
    addresses: context.addresses ?? [],
    ...(context.counters === undefined ? {} : { counters: context.counters }),
  };
}

/**
 * The kind as far as the link itself tells it: `other` where it takes a look at the other end. A veth and a macvlan
 * whose parent is in another namespace look alike from in here.
 */
export function kindFromInside(devtype: string | undefined): LinkKind {
  return devtypes.get(devtype ?? '') ?? 'other';
}

/** The kind, from what its driver leaves in sysfs; `entries` are the names in its directory. `ip` knows better where it is there. */
export function linkKind(
  link: Link,
  devtype: string | undefined,
  entries: ReadonlySet<string>,
  file: LinkFile,
): LinkKind {
  const named = devtypes.get(devtype ?? '');
  if (named !== undefined) return named;
  if (entries.has('bridge')) return 'bridge';
  if (entries.has('bonding')) return 'bond';
  if (entries.has('tun_flags')) return 'tun';
  if (entries.has('macvtap') || [...entries].some((entry) => /^tap\d+$/.test(entry))) return 'macvtap';
  // Only real devices, and what a hypervisor passes for one, have a parent on a bus.
  if (entries.has('device')) return 'physical';
  if (devtype !== undefined) return 'other';
  const isPort = entries.has('brport');
  const hasPeer = link.iflink !== undefined && link.iflink !== link.ifindex;
  const lower = [...entries].find((entry) => entry.startsWith('lower_'));
  if (isPort && hasPeer && lower === undefined) return 'veth';
  const type = parseInteger(file('type') ?? '');
  if (type === loopbackType) return 'loopback';
  if (type !== undefined && tunnelTypes.includes(type)) return 'tunnel';
  if (type !== etherType) return 'other';
  const flags = parseInteger(file('flags') ?? '') ?? 0;
  if (hasPeer) return lower === undefined ? 'veth' : stackedKind(link, lower, flags, file);
  // A veth whose ends have the same index in their two namespaces says what a link without a peer says. A bridge port
  // like that is one: dummy and ifb do no ARP, and all else that is plugged into bridges was named above.
  const plain = (flags & (flagBroadcast | flagMulticast | flagNoArp)) === (flagBroadcast | flagMulticast);
  return plain && link.iflink === link.ifindex && isPort ? 'veth' : 'other';
}

/** ipvlan has its parent's MAC and, in layer 3, no ARP; a macvlan has a MAC of its own, except in passthru mode. */
function stackedKind(link: Link, lower: string, flags: number, file: LinkFile): LinkKind {
  if ((flags & flagNoArp) !== 0) return 'ipvlan';
  const parentMac = parseMac(file(`${lower}/address`) ?? '');
  return parentMac === undefined || parentMac === link.mac ? 'other' : 'macvlan';
}

/** Undefined for what is no bridge. */
export function bridgeFacts(file: LinkFile, fdb: () => readonly FdbEntry[]): BridgeFacts | undefined {
  const bridgeId = parseBridgeId(file('bridge/bridge_id') ?? '');
  if (bridgeId === undefined) return undefined;
  return { bridgeId, stp: parseStpState(file('bridge/stp_state') ?? '') ?? false, fdb: fdb() };
}

import { endianness } from 'node:os';
import type { BridgeFacts, Link, LinkAddress, LinkCounters, LinkKind } from '../../topology/model.ts';
import { parseBrforward } from '../parse/brforward.ts';
import { parseBridgeId, parseInteger, parseMac, parseOperState, parseStpState, parseUevent } from '../parse/sysfs.ts';
import { list, readBytes, readLink, readText } from './files.ts';

/** What other files told of a link. */
export interface LinkContext {
  readonly counters?: LinkCounters | undefined;
  readonly addresses?: readonly LinkAddress[] | undefined;
}

/** 65,536 forwarding entries. */
const fdbLimit = 1024 * 1024;

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

/** A link of the engine's namespace, whole. Undefined where it is gone. `directory` is `/sys/class/net/<name>`. */
export function readSysfsLink(directory: string, name: string, context: LinkContext): Link | undefined {
  const entries = new Set(list(directory));
  const basics = readBasics(directory, name, context);
  if (basics === undefined) return undefined;
  const { link, devtype } = basics;
  const master = entries.has('master') ? readLink(`${directory}/master`)?.split('/').at(-1) : undefined;
  const portNo = entries.has('brport') ? parseInteger(readText(`${directory}/brport/port_no`) ?? '') : undefined;
  const bridge = entries.has('bridge') ? readBridge(directory) : undefined;
  return {
    ...link,
    kind: kindOf(directory, link, devtype, entries),
    ...(master === undefined || master === '' ? {} : { master }),
    ...(portNo === undefined ? {} : { portNo }),
    ...(bridge === undefined ? {} : { bridge }),
  };
}

/**
 * A link of a container: what its wire needs, in half the reads. Its kind is `other` where it takes a look at the other
 * end: a veth and a macvlan whose parent is in another namespace look alike from in here.
 */
export function readContainerLink(directory: string, name: string, context: LinkContext): Link | undefined {
  const basics = readBasics(directory, name, context);
  return basics === undefined ? undefined : { ...basics.link, kind: devtypes.get(basics.devtype ?? '') ?? 'other' };
}

export function readBridge(directory: string): BridgeFacts | undefined {
  const bridgeId = parseBridgeId(readText(`${directory}/bridge/bridge_id`) ?? '');
  if (bridgeId === undefined) return undefined;
  return {
    bridgeId,
    stp: parseStpState(readText(`${directory}/bridge/stp_state`) ?? '') ?? false,
    fdb: parseBrforward(readBytes(`${directory}/brforward`, fdbLimit) ?? new Uint8Array(), endianness()),
  };
}

function readBasics(
  directory: string,
  name: string,
  context: LinkContext,
): { link: Link; devtype: string | undefined } | undefined {
  const { devtype, ifindex } = parseUevent(readText(`${directory}/uevent`) ?? '');
  if (ifindex === undefined || ifindex === 0) return undefined;
  return { link: { ...readLinkState(directory, name, ifindex, context), kind: 'other' }, devtype };
}

/** All that may change of a link while its index stays. */
export function readLinkState(
  directory: string,
  name: string,
  ifindex: number,
  context: LinkContext,
): Omit<Link, 'kind'> {
  const value = (file: string): string => readText(`${directory}/${file}`) ?? '';
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

/** The kind, from what its driver leaves in sysfs; `ip` knows better where it is there (ipTool.ts). */
function kindOf(directory: string, link: Link, devtype: string | undefined, entries: ReadonlySet<string>): LinkKind {
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
  const type = parseInteger(readText(`${directory}/type`) ?? '');
  if (type === loopbackType) return 'loopback';
  if (type !== undefined && tunnelTypes.includes(type)) return 'tunnel';
  if (type !== etherType) return 'other';
  const flags = parseInteger(readText(`${directory}/flags`) ?? '') ?? 0;
  if (hasPeer) return lower === undefined ? 'veth' : stackedKind(directory, link, lower, flags);
  // A veth whose ends have the same index in their two namespaces says what a link without a peer says. A bridge port
  // like that is one: dummy and ifb do no ARP, and all else that is plugged into bridges was named above.
  const plain = (flags & (flagBroadcast | flagMulticast | flagNoArp)) === (flagBroadcast | flagMulticast);
  return plain && link.iflink === link.ifindex && isPort ? 'veth' : 'other';
}

/** ipvlan has its parent's MAC and, in layer 3, no ARP; a macvlan has a MAC of its own, except in passthru mode. */
function stackedKind(directory: string, link: Link, lower: string, flags: number): LinkKind {
  if ((flags & flagNoArp) !== 0) return 'ipvlan';
  const parentMac = parseMac(readText(`${directory}/${lower}/address`) ?? '');
  return parentMac === undefined || parentMac === link.mac ? 'other' : 'macvlan';
}

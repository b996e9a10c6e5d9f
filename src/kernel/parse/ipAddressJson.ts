import { isIP, isIPv4 } from 'node:net';
import type { LinkAddress, LinkKind } from '../../topology/model.ts';
import { isLinkName } from './linkName.ts';
import { parseBridgeId, parseMac, parseOperState } from './sysfs.ts';

/** What `ip -details -json address show` tells of one link. Fields that it left out or that are not what they should be are absent. */
export interface IpLink {
  readonly name: string;
  readonly ifindex: number;
  /** Absent where `ip` does not name the kind: physical ones, mostly. */
  readonly kind?: LinkKind;
  /** Name of the peer or lower link, where it is in the same namespace. */
  readonly peerName?: string;
  /** Its index, where it is in another. */
  readonly peerIndex?: number;
  readonly peerNetnsId?: number;
  readonly mac?: string;
  readonly mtu?: number;
  readonly operState?: string;
  readonly master?: string;
  readonly portNo?: number;
  readonly bridge?: { readonly bridgeId: string; readonly stp: boolean };
  readonly vxlan?: { readonly vni: number; readonly local?: string; readonly port?: number };
  readonly vlanId?: number;
  readonly mode?: string;
  readonly addresses: readonly LinkAddress[];
}

const kinds = new Map<string, LinkKind>([
  ...(
    ['bridge', 'veth', 'vxlan', 'vlan', 'macvlan', 'macvtap', 'ipvlan', 'bond', 'tun', 'wireguard', 'dummy'] as const
  ).map((kind): [string, LinkKind] => [kind, kind]),
  ['ipvtap', 'ipvlan'],
  ...[
    'ipip',
    'sit',
    'gre',
    'gretap',
    'erspan',
    'ip6tnl',
    'ip6gre',
    'ip6gretap',
    'ip6erspan',
    'vti',
    'vti6',
    'geneve',
    'xfrm',
  ].map((kind): [string, LinkKind] => [kind, 'tunnel']),
]);

/** Undefined where it is not such a list at all; entries without a name or an index are left out. */
export function parseIpAddressJson(text: string): IpLink[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(json)) return undefined;
  return json.flatMap((entry: unknown) => parseLink(record(entry)) ?? []);
}

function parseLink(entry: Record<string, unknown>): IpLink | undefined {
  const name = string(entry['ifname']);
  const ifindex = integer(entry['ifindex']);
  if (name === undefined || !isLinkName(name) || ifindex === undefined || ifindex === 0) return undefined;
  const info = record(entry['linkinfo']);
  const data = record(info['info_data']);
  const port = record(info['info_slave_data']);
  const kindName = string(info['info_kind']);
  const kind = kindName === undefined ? kindOfType(string(entry['link_type'])) : (kinds.get(kindName) ?? 'other');
  const bridgeId = bridgeIdOf(string(data['bridge_id']) ?? '');
  const vni = kind === 'vxlan' ? integer(data['id']) : undefined;
  return defined({
    name,
    ifindex,
    kind,
    peerName: linkName(entry['link']),
    peerIndex: integer(entry['link_index']),
    peerNetnsId: integer(entry['link_netnsid']),
    mac: parseMac(string(entry['address']) ?? ''),
    mtu: integer(entry['mtu']),
    operState: parseOperState((string(entry['operstate']) ?? '').toLowerCase()),
    master: linkName(entry['master']),
    portNo: info['info_slave_kind'] === 'bridge' ? hexadecimal(port['no']) : undefined,
    bridge:
      kind === 'bridge' && bridgeId !== undefined
        ? { bridgeId, stp: (integer(data['stp_state']) ?? 0) !== 0 }
        : undefined,
    vxlan:
      vni === undefined
        ? undefined
        : defined({ vni, local: address(data['local']) ?? address(data['local6']), port: integer(data['port']) }),
    vlanId: kind === 'vlan' ? integer(data['id']) : undefined,
    mode: /^[a-z0-9]{1,20}$/.exec(string(data['mode']) ?? '')?.[0],
    addresses: Array.isArray(entry['addr_info'])
      ? entry['addr_info'].flatMap((item: unknown) => parseAddress(record(item)) ?? [])
      : [],
  });
}

function kindOfType(type: string | undefined): LinkKind | undefined {
  return type === 'loopback' ? 'loopback' : undefined;
}

function parseAddress(entry: Record<string, unknown>): LinkAddress | undefined {
  const local = address(entry['local']);
  const prefixLength = integer(entry['prefixlen']);
  if (local === undefined || prefixLength === undefined || prefixLength > (isIPv4(local) ? 32 : 128)) return undefined;
  return { address: local, prefixLength };
}

/** `8000.2:42:5e:0:53:10`: ether_ntoa(3) writes octets without leading zeros. */
function bridgeIdOf(text: string): string | undefined {
  const [priority = '', mac = ''] = text.split('.');
  const octets = mac.split(':').map((octet) => octet.padStart(2, '0'));
  return parseBridgeId(`${priority}.${octets.join('')}`);
}

/** `-json` writes it as `"0x1"`. */
function hexadecimal(value: unknown): number | undefined {
  return typeof value === 'string' && /^0x[0-9a-f]{1,4}$/.test(value) ? Number(value) : integer(value);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function linkName(value: unknown): string | undefined {
  return typeof value === 'string' && isLinkName(value) ? value : undefined;
}

function address(value: unknown): string | undefined {
  return typeof value === 'string' && isIP(value) !== 0 ? value : undefined;
}

function integer(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The same object without its undefined fields: `exactOptionalPropertyTypes`, and smaller snapshots. */
function defined<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

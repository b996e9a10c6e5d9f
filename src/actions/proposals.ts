import type { Network, Snapshot } from '../topology/model.ts';
import {
  bitsOf,
  broadcastOf,
  cidrOf,
  contains,
  formatAddress,
  formatCidr,
  hasNetworkAddress,
  overlap,
  parseAddress,
  parseCidr,
  type Cidr,
} from './addresses.ts';
import { defaultGateway, holdersOfAddresses, takesFixedAddresses } from './networkAddresses.ts';
import type { Occupied } from './occupied.ts';

interface DefaultPool {
  readonly base: string;
  readonly prefixLength: number;
}

/** What an engine chooses from that was not told otherwise. Source: libnetwork/ipamutils/utils.go. */
const localPools: readonly DefaultPool[] = [
  { base: '172.17.0.0/16', prefixLength: 16 },
  { base: '172.18.0.0/16', prefixLength: 16 },
  { base: '172.19.0.0/16', prefixLength: 16 },
  { base: '172.20.0.0/14', prefixLength: 16 },
  { base: '172.24.0.0/14', prefixLength: 16 },
  { base: '172.28.0.0/14', prefixLength: 16 },
  { base: '192.168.0.0/16', prefixLength: 20 },
];
/** The same for the networks of a swarm. */
const swarmPools: readonly DefaultPool[] = [{ base: '10.0.0.0/8', prefixLength: 24 }];

/** The first free one of the engine's default address pools; undefined where all are taken. */
export function proposeSubnet(taken: readonly Occupied[], driver = 'bridge'): string | undefined {
  const ranges = taken.flatMap(({ cidr }) => parseCidr(cidr) ?? []);
  for (const pool of driver === 'overlay' ? swarmPools : localPools) {
    const base = parseCidr(pool.base);
    const free = base && firstFree(base, pool.prefixLength, ranges);
    if (free !== undefined) return formatCidr(free);
  }
  return undefined;
}

/**
 * A free /64 out of the unique local prefix (RFC 4193) of this engine: like the engine's own since Docker 27, it is
 * always the same and hardly another machine's.
 */
export function proposeIpv6Subnet({ engine }: Snapshot, taken: readonly Occupied[]): string | undefined {
  const prefix = (0xfdn << 40n) | BigInt.asUintN(40, hash(engine.id === '' ? engine.name : engine.id));
  const base = cidrOf({ family: 6, value: prefix << 80n }, 48);
  const ranges = taken.flatMap(({ cidr }) => parseCidr(cidr) ?? []);
  const free = firstFree(base, 64, ranges);
  return free && formatCidr(free);
}

/** FNV-1a, of 64 bits. */
function hash(text: string): bigint {
  let value = 0xcbf29ce484222325n;
  for (const character of text.slice(0, 256)) {
    value = BigInt.asUintN(64, (value ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return value;
}

/** Leaps over whatever it hits: as many steps as there are ranges, not subnets. */
function firstFree(base: Cidr, prefixLength: number, ranges: readonly Cidr[]): Cidr | undefined {
  const size = 1n << BigInt(bitsOf(base.family) - prefixLength);
  let first = base.first;
  while (first <= base.last) {
    const candidate = cidrOf({ family: base.family, value: first }, prefixLength);
    const hit = ranges.find((range) => overlap(range, candidate));
    if (hit === undefined) return candidate;
    // The start of the next subnet after what was hit.
    first = ((hit.last > candidate.last ? hit.last : candidate.last) / size + 1n) * size;
  }
  return undefined;
}

/**
 * The lowest free IPv4 address of a network, for `--ip`; undefined where there is none, and where it is not certain
 * that the engine takes fixed addresses.
 */
export function proposeAddress(network: Network, snapshot: Snapshot): string | undefined {
  if (takesFixedAddresses(network, 4, snapshot) !== 'yes') return undefined;
  const holders = holdersOfAddresses(network, snapshot);
  for (const pool of network.pools) {
    const subnet = parseCidr(pool.subnet);
    const range = (pool.ipRange === undefined ? undefined : parseCidr(pool.ipRange)) ?? subnet;
    if (subnet?.family !== 4 || range === undefined) continue;
    // Also where an older engine lists no gateway but has one.
    const gateway = parseAddress(pool.gateway ?? defaultGateway(subnet, range));
    for (let value = range.first; value <= range.last; value++) {
      const address = { family: 4, value } as const;
      const special = (hasNetworkAddress(subnet) && value === subnet.first) || value === broadcastOf(subnet);
      if (!special && value !== gateway?.value && contains(subnet, address) && !holders.has(formatAddress(address))) {
        return formatAddress(address);
      }
    }
  }
  return undefined;
}

/** `name-copy`, `name-copy2` …: the first that no network has. */
export function proposeNetworkName(name: string, snapshot: Snapshot): string {
  const taken = new Set(snapshot.networks.map((network) => network.name));
  // Short enough for a network of a swarm, whatever number follows.
  const base = `${name.slice(0, 48)}-copy`;
  let proposed = base;
  for (let number = 2; taken.has(proposed); number++) proposed = `${base}${number}`;
  return proposed;
}

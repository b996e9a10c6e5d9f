import type { KernelReading, Network, Route, Snapshot } from '../topology/model.ts';
import { bridgeName } from '../topology/bridgeName.ts';
import {
  bitsOf,
  cidrOf,
  formatCidr,
  insideSpecialRange,
  isInside,
  overlap,
  parseAddress,
  parseCidr,
  type Cidr,
} from './addresses.ts';

/** A range of addresses that somebody on the engine's machine uses already. */
export interface Occupied {
  readonly cidr: string;
  readonly by: Occupier;
}

export type Occupier =
  | { readonly kind: 'network'; readonly name: string; readonly id: string }
  /** The subnet of an address of a host link. */
  | { readonly kind: 'link'; readonly link: string }
  /** A route of the host, a VPN's for example. */
  | { readonly kind: 'route'; readonly link: string; readonly destination: string };

/**
 * All that a new network must keep clear of. Each range is there once: that of a network is not named again for its
 * bridge's address and route. Without a kernel view only the engine's networks are known.
 */
export function occupied(snapshot: Snapshot): readonly Occupied[] {
  const found: Occupied[] = [];
  for (const network of snapshot.networks) {
    for (const { subnet } of network.pools) {
      const cidr = parseCidr(subnet);
      if (cidr !== undefined) {
        found.push({ cidr: formatCidr(cidr), by: { kind: 'network', name: network.name, id: network.id } });
      }
    }
  }
  return [...found, ...occupiedByHost(snapshot.kernel, snapshot.networks)];
}

function occupiedByHost(kernel: KernelReading, networks: readonly Network[]): readonly Occupied[] {
  if (kernel.kind !== 'read') return [];
  const { links, routes } = kernel.view.host;
  const own = ownRanges(networks);
  const byLinks = new Map<string, readonly Cidr[]>();
  const found: Occupied[] = [];
  for (const { name, addresses } of links) {
    const ranges = addresses.flatMap(({ address, prefixLength }) => {
      const parsed = parseAddress(address);
      const fits = Number.isInteger(prefixLength) && prefixLength >= 0;
      return parsed !== undefined && fits && prefixLength <= bitsOf(parsed.family)
        ? [cidrOf(parsed, prefixLength)]
        : [];
    });
    byLinks.set(name, ranges);
    for (const range of ranges) {
      if (isEverywhere(range) || own.get(name)?.some((pool) => isInside(range, pool)) === true) continue;
      found.push({ cidr: formatCidr(range), by: { kind: 'link', link: name } });
    }
  }
  for (const route of routes) {
    const range = rangeOf(route);
    if (range === undefined || isEverywhere(range)) continue;
    const told = [...(own.get(route.link) ?? []), ...(byLinks.get(route.link) ?? [])];
    if (told.some((one) => isInside(range, one))) continue;
    found.push({
      cidr: formatCidr(range),
      by: { kind: 'route', link: route.link, destination: route.destination },
    });
  }
  return found;
}

/** The pools of the networks by their bridge: what the kernel says of that bridge is the network's. */
function ownRanges(networks: readonly Network[]): ReadonlyMap<string, readonly Cidr[]> {
  const ranges = new Map<string, Cidr[]>();
  for (const network of networks) {
    const bridge = bridgeName(network);
    if (bridge === undefined) continue;
    const pools = network.pools.flatMap(({ subnet }) => parseCidr(subnet) ?? []);
    ranges.set(bridge, [...(ranges.get(bridge) ?? []), ...pools]);
  }
  return ranges;
}

/**
 * Undefined for a default route. A VPN that takes all traffic has two of them, each for one half of all addresses:
 * no network could be made beside them, and none has to, because a longer prefix wins.
 */
function rangeOf(route: Route): Cidr | undefined {
  const cidr = parseCidr(route.destination);
  return cidr === undefined || cidr.prefixLength <= 1 ? undefined : cidr;
}

/** Every link has link-local addresses and every machine its loopback: a network in there is refused for itself. */
function isEverywhere(range: Cidr): boolean {
  return insideSpecialRange(range) !== undefined;
}

/** What a subnet hits; empty for text that is no subnet. */
export function overlapsWith(cidr: string, taken: readonly Occupied[]): readonly Occupied[] {
  const wanted = parseCidr(cidr);
  if (wanted === undefined) return [];
  return taken.filter((one) => {
    const range = parseCidr(one.cidr);
    return range !== undefined && overlap(wanted, range);
  });
}

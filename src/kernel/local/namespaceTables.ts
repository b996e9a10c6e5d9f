import type { LinkAddress, LinkCounters, Route } from '../../topology/model.ts';
import { isInSubnet } from '../parse/address.ts';
import { parseDev } from '../parse/dev.ts';
import { parseDevMcast } from '../parse/devMcast.ts';
import { parseFibTrie } from '../parse/fibTrie.ts';
import { parseIfInet6, type Inet6Entry } from '../parse/ifInet6.ts';
import { parseIgmp } from '../parse/igmp.ts';
import { parseIpv6Route } from '../parse/ipv6Route.ts';
import { parseRoute, type RouteEntry } from '../parse/route.ts';
import { readTable, readText, tableLimit } from './files.ts';

/** What `/proc/<pid>/net` tells any user of a namespace. */
export interface NamespaceTables {
  /** The key of the namespace: engineFacts.ts. */
  readonly key: number;
  /** By name, in the kernel's order. */
  readonly counters: ReadonlyMap<string, LinkCounters>;
  readonly indexes: ReadonlyMap<string, number>;
  readonly addresses: ReadonlyMap<string, readonly LinkAddress[]>;
  readonly routes: readonly Route[];
  /** What the three were made of: as long as the kernel writes the same, they are the same. */
  readonly texts: TableTexts;
}

interface TableTexts {
  readonly inet6: string;
  readonly igmp: string;
  readonly fibTrie: string;
  readonly route: string;
  /** These two are read where they are needed. */
  readonly devMcast: string | undefined;
  readonly ipv6Route: string | undefined;
}

/** `net/dev` alone: names, counters and the namespace's key. */
export function readDev(
  base: string,
): { readonly key: number; readonly counters: ReadonlyMap<string, LinkCounters> } | undefined {
  const dev = readTable(`${base}/net/dev`);
  if (dev === undefined) return undefined;
  return { key: dev.inode, counters: new Map(parseDev(dev.text).map(({ name, counters }) => [name, counters])) };
}

/** Undefined where the process is gone. `base` is `/proc/<pid>`; `before` spares the parsing of what is still the same. */
export function readNamespaceTables(base: string, before?: NamespaceTables): NamespaceTables | undefined {
  const dev = readDev(base);
  if (dev === undefined) return undefined;
  const inet6 = table(base, 'if_inet6');
  const igmp = table(base, 'igmp');
  const fibTrie = table(base, 'fib_trie');
  const route = table(base, 'route');
  if (before !== undefined && hasSameKeys(before.counters, dev.counters)) {
    const { texts } = before;
    if (
      texts.inet6 === inet6 &&
      texts.igmp === igmp &&
      texts.fibTrie === fibTrie &&
      texts.route === route &&
      (texts.devMcast === undefined || texts.devMcast === table(base, 'dev_mcast')) &&
      (texts.ipv6Route === undefined || texts.ipv6Route === table(base, 'ipv6_route'))
    )
      return { ...before, ...dev };
  }
  const inet6Entries = parseIfInet6(inet6);
  const routeEntries = parseRoute(route);
  const { indexes, devMcast } = readIndexes(base, dev.counters, inet6Entries, igmp);
  const ipv6Route = hasIpv6(inet6Entries) ? table(base, 'ipv6_route') : undefined;
  return {
    ...dev,
    indexes,
    addresses: joinAddresses(parseFibTrie(fibTrie), routeEntries, inet6Entries),
    routes: [...routeEntries, ...parseIpv6Route(ipv6Route ?? '')].map(toRoute),
    texts: { inet6, igmp, fibTrie, route, devMcast, ipv6Route },
  };
}

/** In any order: a map of links does not depend on it. */
export function hasSameKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) if (!b.has(key)) return false;
  return true;
}

export function readRoutes(base: string): Route[] {
  const ipv6 = hasIpv6(readInet6(base)) ? parseIpv6Route(table(base, 'ipv6_route')) : [];
  return [...parseRoute(table(base, 'route')), ...ipv6].map(toRoute);
}

export function readInet6(base: string): Inet6Entry[] {
  return parseIfInet6(table(base, 'if_inet6'));
}

/** Index of each link that a table names; one that is down, without IPv6 and without multicast is in none of them. */
function readIndexes(
  base: string,
  names: ReadonlyMap<string, unknown>,
  inet6: readonly Inet6Entry[],
  igmp: string,
): { readonly indexes: Map<string, number>; readonly devMcast: string | undefined } {
  const indexes = new Map<string, number>();
  const add = (entries: readonly { readonly name: string; readonly ifindex: number }[]): void => {
    for (const { name, ifindex } of entries) if (names.has(name)) indexes.set(name, ifindex);
  };
  add(inet6);
  add(parseIgmp(igmp));
  if (indexes.size >= names.size) return { indexes, devMcast: undefined };
  const devMcast = table(base, 'dev_mcast');
  add(parseDevMcast(devMcast));
  return { indexes, devMcast };
}

/**
 * Which link has which address. For IPv6 a file says so. For IPv4 none does: an own address belongs to the link whose
 * connected subnet it lies in. Where two links share a subnet, or two own addresses lie in one (the second may be
 * a /32 of another link), that decides nothing, and the address is left out.
 */
export function joinAddresses(
  own: readonly string[],
  routes: readonly RouteEntry[],
  inet6: readonly Inet6Entry[],
): Map<string, LinkAddress[]> {
  const addresses = new Map<string, LinkAddress[]>();
  const add = (link: string, address: LinkAddress): void =>
    void addresses.set(link, [...(addresses.get(link) ?? []), address]);
  // A default route without a gateway (ppp0, wg0) is nobody's subnet.
  const connected = routes.filter(
    ({ gateway, destination, prefixLength }) => gateway === undefined && prefixLength > 0 && !destination.includes(':'),
  );
  const claims = own.flatMap((address) => {
    if (isInSubnet(address, '127.0.0.0', 8)) {
      add('lo', { address, prefixLength: 8 });
      return [];
    }
    const around = connected.filter(({ destination, prefixLength }) => isInSubnet(address, destination, prefixLength));
    const longest = Math.max(0, ...around.map(({ prefixLength }) => prefixLength));
    const nearest = around.filter(({ prefixLength }) => prefixLength === longest);
    const [first] = nearest;
    // The first address of a subnet is nobody's: flannel.1 has 10.244.0.0/32 where cni0 has 10.244.0.1/24.
    if (first === undefined || (first.destination === address && longest < 31)) return [];
    return nearest.some(({ link }) => link !== first.link) ? [] : [{ address, prefixLength: longest, route: first }];
  });
  for (const { address, prefixLength, route } of claims) {
    const rivals = claims.filter(
      (other) => other.route.destination === route.destination && other.prefixLength === prefixLength,
    );
    if (rivals.length === 1) add(route.link, { address, prefixLength });
  }
  for (const { name, address, prefixLength } of inet6) add(name, { address, prefixLength });
  return addresses;
}

/** Most containers have no IPv6 but `::1`: their routes need no look. */
function hasIpv6(inet6: readonly Inet6Entry[]): boolean {
  return inet6.some(({ name }) => name !== 'lo');
}

function toRoute({ link, destination, prefixLength, gateway, metric }: RouteEntry): Route {
  const isDefault = prefixLength === 0 && (destination === '0.0.0.0' || destination === '::');
  return {
    destination: isDefault ? 'default' : `${destination}/${prefixLength}`,
    ...(gateway === undefined ? {} : { gateway }),
    link,
    metric,
  };
}

function table(base: string, name: string): string {
  return readText(`${base}/net/${name}`, tableLimit) ?? '';
}

import type { Link, LinkAddress, LinkCounters, Route } from '../../topology/model.ts';
import { joinAddresses } from '../local/namespaceTables.ts';
import { parseDev } from '../parse/dev.ts';
import { parseDevMcast } from '../parse/devMcast.ts';
import { parseFibTrie } from '../parse/fibTrie.ts';
import { parseIfInet6, type Inet6Entry } from '../parse/ifInet6.ts';
import { parseIgmp } from '../parse/igmp.ts';
import { parseIpv6Route } from '../parse/ipv6Route.ts';
import { parseRoute, type RouteEntry } from '../parse/route.ts';
import type { ByteOrder } from './byteOrder.ts';

/** What `/proc/<pid>/net` tells any user of a namespace. */
export interface NetTables {
  /** By name, in the kernel's order. */
  readonly counters: ReadonlyMap<string, LinkCounters>;
  readonly indexes: ReadonlyMap<string, number>;
  readonly addresses: ReadonlyMap<string, readonly LinkAddress[]>;
  readonly routes: readonly Route[];
}

/** The text of a table below `/proc/<pid>/net`, by its name; empty where it is not there. */
type NetTable = (name: string) => string;

/** `order` is that of the machine that wrote them. Not every table is asked for. */
export function parseNetTables(table: NetTable, order: ByteOrder): NetTables {
  const counters = parseCounters(table('dev'));
  const inet6 = parseIfInet6(table('if_inet6'));
  const route = parseRoute(table('route'), order);
  return {
    counters,
    indexes: indexesOf(table, counters, inet6),
    addresses: joinAddresses(parseFibTrie(table('fib_trie')), route, inet6),
    routes: [...route, ...ipv6Routes(table, inet6)].map(toRoute),
  };
}

export function parseCounters(dev: string): Map<string, LinkCounters> {
  return new Map(parseDev(dev).map(({ name, counters }) => [name, counters]));
}

/** Links of a namespace of which no sysfs is at hand. Those whose index no table has are left out: nothing could be said of them. */
export function limitedLinks({ counters, indexes, addresses }: NetTables): Link[] {
  return [...counters].flatMap(([name, count]) => {
    const ifindex = indexes.get(name);
    if (ifindex === undefined) return [];
    const kind = name === 'lo' ? 'loopback' : 'other';
    return [{ name, ifindex, kind, addresses: addresses.get(name) ?? [], counters: count } satisfies Link];
  });
}

/** Index of each link that a table names; one that is down, without IPv6 and without multicast is in none of them. */
function indexesOf(
  table: NetTable,
  names: ReadonlyMap<string, unknown>,
  inet6: readonly Inet6Entry[],
): Map<string, number> {
  const indexes = new Map<string, number>();
  const add = (entries: readonly { readonly name: string; readonly ifindex: number }[]): void => {
    for (const { name, ifindex } of entries) if (names.has(name)) indexes.set(name, ifindex);
  };
  add(inet6);
  add(parseIgmp(table('igmp')));
  if (indexes.size < names.size) add(parseDevMcast(table('dev_mcast')));
  return indexes;
}

/** Most containers have no IPv6 but `::1`: their routes need no look. */
function ipv6Routes(table: NetTable, inet6: readonly Inet6Entry[]): RouteEntry[] {
  return inet6.some(({ name }) => name !== 'lo') ? parseIpv6Route(table('ipv6_route')) : [];
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

import { networkInterfaces } from 'node:os';
import type { Link, LinkAddress, LinkCounters, NetNamespace } from '../../topology/model.ts';
import { isLinkName } from '../parse/linkName.ts';
import { counter } from '../parse/number.ts';
import type { IpLink } from '../parse/ipAddressJson.ts';
import { namespaceKey, processPath } from './engineFacts.ts';
import type { EngineNamespace } from './engineNamespace.ts';
import { identify, list, readLink, readText } from './files.ts';
import { enrich, linkFromIp, type IpTool } from './ipTool.ts';
import { readDev, readInet6, readNamespaceTables, readRoutes, type NamespaceTables } from './namespaceTables.ts';
import type { Pacer } from './pacer.ts';
import { readBridge, readSysfsLink } from './sysfsLinks.ts';
import { sysfsDeviceOf, sysfsOf } from './sysfsMount.ts';

export interface HostSources {
  readonly proc: string;
  /** Our own sysfs. */
  readonly sys: string;
  readonly ip: IpTool;
  readonly pacer: Pacer;
  readonly signal: AbortSignal | undefined;
}

/** More than this many new links at once, and all are asked for in one go. */
const fewLinks = 4;

/** What `ip` says of all links of the engine's namespace, asked in good time: it takes about 10 ms, in another process. */
export type AskedLinks = ReturnType<IpTool['links']>;

/** What spares the next reading some work. */
export interface KnownHost {
  readonly tables: NamespaceTables;
  /** Of our own `/sys`: its number for stat(2), and what the mount table calls it. */
  readonly device: { readonly number: number; readonly name: string | undefined } | undefined;
}

export interface HostStart {
  readonly known: KnownHost;
  /** `major:minor` of the sysfs that shows the engine's namespace; no container's can be the same. */
  readonly sysfsDevice: string | undefined;
  /** Undefined where neither a sysfs of it nor `ip` can be had. */
  finish(): Promise<NetNamespace | undefined>;
}

/** The engine's namespace, whole, in two steps: between them, while `ip` is at work, other things can be read. */
export async function readHost(
  engine: EngineNamespace,
  from: HostSources,
  before?: KnownHost,
  asked: AskedLinks = from.ip.links(engine.process, undefined, from.signal),
): Promise<HostStart | undefined> {
  const base = processPath(from.proc, engine.process);
  await from.pacer.rest();
  const tables = readNamespaceTables(base, before?.tables);
  if (tables?.key !== engine.key) return undefined;
  await from.pacer.rest();
  const device = engine.process === 'self' ? ownDevice(base, from.sys, before?.device) : undefined;
  const mount = device === undefined ? sysfsOf(base) : { path: from.sys, device: device.name };
  const net = mount === undefined ? undefined : `${mount.path}/class/net`;
  const isShown = net !== undefined && hasSameNames(net, tables) && hasSameCounters(net, base, tables);
  const finish = async (): Promise<NetNamespace | undefined> => {
    const details = await asked;
    // A process that is another one by now may have led `ip` into another namespace.
    const isAsked = details !== undefined && namespaceKey(from.proc, engine.process) === engine.key;
    const links = await linksOf(engine, from, tables, isShown ? net : undefined, isAsked ? details : undefined);
    if (links === undefined) return undefined;
    const inode = inodeOf(base);
    return {
      containerIds: [],
      pid: engine.process === 'self' ? process.pid : engine.process,
      ...(inode === undefined ? {} : { inode }),
      links,
      routes: tables.routes,
      exact: true,
    };
  };
  return { known: { tables, device }, sysfsDevice: isShown ? mount?.device : undefined, finish };
}

/** The mount table of a machine with many containers is long: it is read where `/sys` is another file system than before. */
function ownDevice(base: string, sys: string, before: KnownHost['device']): NonNullable<KnownHost['device']> {
  const number = identify(sys)?.device ?? 0;
  return number !== 0 && number === before?.number ? before : { number, name: sysfsDeviceOf(base) };
}

async function linksOf(
  engine: EngineNamespace,
  from: HostSources,
  tables: NamespaceTables,
  net: string | undefined,
  details: readonly IpLink[] | undefined,
): Promise<readonly Link[] | undefined> {
  const links = net === undefined ? undefined : await readLinks(net, tables, details, from.pacer);
  if (links === undefined)
    return details === undefined || details.length === 0
      ? undefined
      : details.map((link) => linkFromIp(link, details, tables.counters.get(link.name)));
  if (details !== undefined || engine.process !== 'self' || from.proc !== '/proc') return links;
  const own = ownAddresses();
  return links.map((link) => withAddresses(link, own.get(link.name)));
}

/** `net:[…]` of a process: a number for root, undefined for others. */
export function inodeOf(base: string): number | undefined {
  const match = /^net:\[(\d{1,15})\]$/.exec(readLink(`${base}/ns/net`) ?? '');
  return match === null ? undefined : Number(match[1]);
}

export function hasSameNames(net: string, { counters }: NamespaceTables): boolean {
  const names = (list(net) ?? []).filter((name) => name !== 'bonding_masters');
  return names.length === counters.size && names.every((name) => counters.has(name));
}

/**
 * The busiest links must have counted the same bytes: two namespaces that were set up alike have equal names and
 * indexes. A counter may run on between the reads, so it has to lie between two of them.
 */
function hasSameCounters(net: string, base: string, tables: NamespaceTables): boolean {
  const busiest = [...tables.counters].sort(([, a], [, b]) => b.rxBytes - a.rxBytes).slice(0, 3);
  const seen = busiest.map(([name, before]) => ({
    name,
    before,
    rxBytes: counter(readText(`${net}/${name}/statistics/rx_bytes`)?.trim()) ?? -1,
  }));
  if (seen.every(({ before, rxBytes }) => before.rxBytes === rxBytes)) return true;
  const after = readDev(base)?.counters;
  return seen.every(
    ({ name, before, rxBytes }) => before.rxBytes <= rxBytes && rxBytes <= (after?.get(name)?.rxBytes ?? -1),
  );
}

/**
 * From `net`, with what `ip` knows better. Undefined where this `/sys/class/net` is not of the namespace that
 * `/proc/<pid>/net` shows, as `nsenter --net` changes only the latter: then an index does not agree.
 *
 * A veth with its peer in another namespace is as `ip` says: the files that say the same are eight for each.
 */
async function readLinks(
  net: string,
  tables: NamespaceTables,
  details: readonly IpLink[] | undefined,
  pacer: Pacer,
): Promise<Link[] | undefined> {
  const byName = new Map(details?.map((link) => [link.name, link]));
  const links: Link[] = [];
  for (const [name, counters] of tables.counters) {
    const detail = byName.get(name);
    const link =
      details !== undefined && detail?.kind === 'veth' && detail.peerIndex !== undefined
        ? linkFromIp(detail, details, counters)
        : readSysfsLink(`${net}/${name}`, name, { counters, addresses: tables.addresses.get(name) });
    const expected = tables.indexes.get(name);
    if (link !== undefined && expected !== undefined && link.ifindex !== expected) return undefined;
    if (link !== undefined) links.push(enrich(link, detail));
    await pacer.rest();
  }
  return links;
}

/**
 * The host after a small change: links that are new or named in `touched`, and bridges that gained or lost a port, are
 * read; the rest stays but for its counters. Undefined where that does not do and everything has to be read.
 */
export async function refreshHost(
  engine: EngineNamespace,
  before: NetNamespace,
  touched: ReadonlySet<string>,
  from: HostSources,
): Promise<NetNamespace | undefined> {
  const base = processPath(from.proc, engine.process);
  const dev = readDev(base);
  const path = engine.process === 'self' ? from.sys : sysfsOf(base)?.path;
  if (dev?.key !== engine.key || path === undefined) return undefined;
  const net = `${path}/class/net`;
  const old = new Map(before.links.map((link) => [link.name, link]));
  const changed = [...dev.counters].flatMap(([name, counters]) =>
    isKept(old.get(name), counters, touched) ? [] : [name],
  );
  const gone = before.links.filter(({ name }) => !dev.counters.has(name));
  if (changed.length > fewLinks && changed.length > dev.counters.size / 2) return undefined;

  const asked =
    changed.length === 0
      ? undefined
      : from.ip.links(engine.process, changed.length > fewLinks ? undefined : changed, from.signal);
  const fresh = new Map<string, Link>();
  // A new port has at most its link-local address; only links on their own need the costlier join of addresses.
  const inet6 = changed.length === 0 ? [] : readInet6(base);
  for (const name of changed) {
    const addresses = inet6
      .filter((entry) => entry.name === name)
      .map(({ address, prefixLength }) => ({ address, prefixLength }));
    const link = readSysfsLink(`${net}/${name}`, name, { counters: dev.counters.get(name), addresses });
    if (link !== undefined) fresh.set(name, link);
    await from.pacer.rest();
  }
  const isPort = ({ kind, master }: Link): boolean => kind === 'veth' && master !== undefined;
  const alone = [...fresh.values()].some((link) => !isPort(link));
  const joined = alone ? readNamespaceTables(base)?.addresses : undefined;
  const details = new Map((await asked)?.map((link) => [link.name, link]));
  for (const [name, link] of fresh) fresh.set(name, enrich(withAddresses(link, joined?.get(name)), details.get(name)));

  const masters = new Set(
    [...fresh.values(), ...gone, ...[...fresh.keys()].flatMap((name) => old.get(name) ?? [])].map(
      ({ master }) => master,
    ),
  );
  const links: Link[] = [];
  for (const [name, counters] of dev.counters) {
    const link = fresh.get(name) ?? old.get(name);
    if (link === undefined || (changed.includes(name) && !fresh.has(name))) continue;
    const bridge = masters.has(name) && !fresh.has(name) ? (readBridge(`${net}/${name}`) ?? link.bridge) : link.bridge;
    links.push({ ...link, counters, ...(bridge === undefined ? {} : { bridge }) });
  }
  return { ...before, links, routes: alone || gone.some((link) => !isPort(link)) ? readRoutes(base) : before.routes };
}

/** A link of the same name whose counters ran backwards is another one. */
function isKept(old: Link | undefined, now: LinkCounters, touched: ReadonlySet<string>): boolean {
  if (old?.counters === undefined || touched.has(old.name)) return false;
  return old.counters.rxPackets <= now.rxPackets && old.counters.txPackets <= now.txPackets;
}

function withAddresses(link: Link, addresses: readonly LinkAddress[] | undefined): Link {
  return addresses === undefined || addresses.length === 0 ? link : { ...link, addresses };
}

/** Node's own list: right for the links that it has, which are those that are up and have a carrier. */
function ownAddresses(): Map<string, LinkAddress[]> {
  const addresses = new Map<string, LinkAddress[]>();
  for (const [label, entries] of Object.entries(networkInterfaces())) {
    const name = label.split(':', 1)[0] ?? '';
    if (!isLinkName(name)) continue;
    const more = (entries ?? []).map(({ address, cidr }) => ({
      address,
      prefixLength: Number(cidr?.split('/')[1] ?? 0),
    }));
    addresses.set(name, [...(addresses.get(name) ?? []), ...more]);
  }
  return addresses;
}

import { posix } from 'node:path';
import type { Link, LinkKind, NetNamespace } from '../../topology/model.ts';
import type { KernelContainer } from '../kernel.ts';
import { mayMount } from '../parse/pidCapabilities.ts';
import { readLink, readText } from './files.ts';
import { hasSameNames, inodeOf } from './hostNamespace.ts';
import { linkFromIp, type IpTool } from './ipTool.ts';
import { readNamespaceTables, type NamespaceTables } from './namespaceTables.ts';
import { placeOf, startOf } from './processLife.ts';
import { isContainer } from './sameMachine.ts';
import type { LinkContext } from '../parse/sysfsLink.ts';
import { readContainerLink } from './sysfsLinks.ts';
import { sysfsOf, type SysfsMount } from './sysfsMount.ts';

export interface ContainerReading {
  readonly container: KernelContainer;
  readonly key: number;
  readonly namespace: NetNamespace;
  /** `major:minor` of the sysfs that was believed. */
  readonly sysfsDevice: string | undefined;
  /** Device of a sysfs that was refused because it is another namespace's. */
  readonly refusedDevice: string | undefined;
  /** True where more could be read than was: root, but no sysfs to trust. */
  readonly wantsIp: boolean;
  /** For the next time; undefined where that has to begin anew. */
  readonly known?: KnownContainer | undefined;
}

/**
 * What was proven when all of a container was read, and holds for as long as its process lives: that this process is in
 * this container, and that its sysfs shows its namespace. Whatever may change besides is read again each time.
 */
export interface KnownContainer {
  readonly container: KernelContainer;
  /** When the process began. */
  readonly start: string;
  readonly inode: number | undefined;
  readonly tables: NamespaceTables;
  /** Absent for an ordinary user, who gets no sysfs. */
  readonly sysfs: KnownSysfs | undefined;
}

export interface KnownSysfs {
  readonly device: string;
  readonly place: string;
  /** All but `lo`, of which nothing is asked. */
  readonly links: ReadonlyMap<string, KnownLink>;
}

/** What a link keeps for life. */
export interface KnownLink {
  /** What `class/net/<name>` leads to, as a path for us: shorter to walk. */
  readonly directory: string;
  readonly ifindex: number;
  readonly kind: LinkKind;
}

export interface KnownNamespaces {
  readonly engineKey: number;
  /** Key of the namespace that each sysfs instance shows; -1 where two claimed it, and neither is believed. */
  readonly devices: ReadonlyMap<string, number>;
}

/**
 * One container's namespace. Undefined where its process went away in the meantime, or where it has none of its own.
 *
 * Any user gets names, indexes, counters, addresses and routes, from `/proc/<pid>/net`. Whoever may look into the process
 * gets its sysfs, which has `iflink` and MAC, once it is sure that this sysfs shows the same namespace: nothing is
 * mounted into it, its instance belongs to no other namespace (`--volume /sys:/sys` shows the engine's), and
 * names and indexes agree with `/proc/<pid>/net`.
 */
export function readContainer(
  proc: string,
  container: KernelContainer,
  known: KnownNamespaces,
): ContainerReading | undefined {
  const base = `${proc}/${container.pid}`;
  // Before all that they are to vouch for the next time.
  const start = startOf(base);
  const place = placeOf(base);
  const tables = readNamespaceTables(base);
  if (tables === undefined || tables.key === known.engineKey) return undefined;
  const inode = inodeOf(base);
  const mount = inode === undefined ? undefined : sysfsOf(base);
  const owner = mount === undefined ? undefined : known.devices.get(mount.device);
  const isOwn = mount !== undefined && (owner === undefined || owner === tables.key);
  const links = isOwn ? readLinks(base, mount.path, tables) : undefined;
  const sysfs = isOwn && links !== undefined ? knownSysfs(base, place, mount, links) : undefined;
  // Last, for all that was read above.
  if (!isContainer(proc, container)) return undefined;
  const isWhole = inode === undefined || sysfs !== undefined;
  return {
    container,
    key: tables.key,
    namespace: namespaceOf(container, inode, links ?? limitedLinks(tables), tables, links !== undefined),
    sysfsDevice: links === undefined ? undefined : mount?.device,
    refusedDevice: isOwn ? undefined : mount?.device,
    wantsIp: links === undefined && inode !== undefined,
    known: start !== undefined && isWhole ? { container, start, inode, tables, sysfs } : undefined,
  };
}

export function namespaceOf(
  container: KernelContainer,
  inode: number | undefined,
  links: readonly Link[],
  { routes }: NamespaceTables,
  exact: boolean,
): NetNamespace {
  return {
    containerIds: [container.id],
    pid: container.pid,
    ...(inode === undefined ? {} : { inode }),
    links,
    routes,
    exact,
  };
}

/** Undefined for a container that may mount something over its sysfs at any time: it is looked at anew each time. */
function knownSysfs(
  base: string,
  place: string | undefined,
  { path, device }: SysfsMount,
  links: readonly Link[],
): KnownSysfs | undefined {
  if (place === undefined || mayMount(readText(`${base}/status`) ?? '')) return undefined;
  const known = new Map<string, KnownLink>();
  for (const { name, ifindex, kind } of links) {
    if (name === 'lo') continue;
    const target = readLink(`${path}/class/net/${name}`);
    if (target === undefined || !/^\.\.\/\.\.\/devices\/(?!.*\/\.\.\/)/.test(target)) return undefined;
    known.set(name, { directory: posix.join(path, 'class/net', target), ifindex, kind });
  }
  return { device, place, links: known };
}

/** Discovery is not atomic: on a contradiction, once more. */
function readLinks(base: string, sys: string, first: NamespaceTables): Link[] | undefined {
  for (const tables of [first, undefined]) {
    const current = tables ?? readNamespaceTables(base);
    const links = current?.key === first.key ? readLinksOnce(`${sys}/class/net`, current) : undefined;
    if (links !== undefined) return links;
  }
  return undefined;
}

/** Undefined where names or indexes contradict `/proc/<pid>/net`. */
function readLinksOnce(net: string, tables: NamespaceTables): Link[] | undefined {
  if (!hasSameNames(net, tables)) return undefined;
  const links: Link[] = [];
  for (const [name, counters] of tables.counters) {
    const expected = tables.indexes.get(name);
    const context = { counters, addresses: tables.addresses.get(name) };
    // Of lo nothing is asked but that it is there; its index is 1 in every namespace (LOOPBACK_IFINDEX, net/core/dev.c).
    const link = name === 'lo' ? loopback(context) : readContainerLink(`${net}/${name}`, name, context);
    if (link === undefined || (expected !== undefined && expected !== link.ifindex)) return undefined;
    links.push(link);
  }
  return links;
}

export function loopback({ counters, addresses = [] }: LinkContext): Link {
  return {
    name: 'lo',
    ifindex: 1,
    iflink: 1,
    kind: 'loopback',
    addresses,
    ...(counters === undefined ? {} : { counters }),
  };
}

/** Links whose index no table of `/proc/<pid>/net` has are left out: nothing could be said of them. */
export function limitedLinks(tables: NamespaceTables): Link[] {
  return [...tables.counters].flatMap(([name, counters]) => {
    const ifindex = tables.indexes.get(name);
    if (ifindex === undefined) return [];
    const kind = name === 'lo' ? 'loopback' : 'other';
    return [{ name, ifindex, kind, addresses: tables.addresses.get(name) ?? [], counters } satisfies Link];
  });
}

/** The exact links by way of `nsenter` and `ip`, for root where sysfs cannot be trusted. */
export async function readByIp(
  proc: string,
  reading: ContainerReading,
  ip: IpTool,
  signal: AbortSignal | undefined,
): Promise<ContainerReading> {
  const links = await ip.links(reading.container.pid, undefined, signal);
  const tables = readNamespaceTables(`${proc}/${reading.container.pid}`);
  if (links === undefined || tables?.key !== reading.key || !isContainer(proc, reading.container)) return reading;
  const agree = links.length === tables.counters.size && links.every(({ name }) => tables.counters.has(name));
  if (!agree) return reading;
  const all = links.map((link) => linkFromIp(link, links, tables.counters.get(link.name)));
  return { ...reading, namespace: { ...reading.namespace, links: all, exact: true } };
}

/** Containers that share a namespace become one entry. */
export function mergeReadings(readings: readonly ContainerReading[], hostLinks: readonly Link[]): NetNamespace[] {
  const host = new Map(hostLinks.map((link) => [link.ifindex, link]));
  const byKey = new Map<number, NetNamespace>();
  for (const { key, namespace } of readings) {
    const other = byKey.get(key);
    const [best, rest] = other?.exact === true ? [other, namespace] : [namespace, other];
    byKey.set(key, { ...best, containerIds: [...new Set([...best.containerIds, ...(rest?.containerIds ?? [])])] });
  }
  return [...byKey.values()].map((namespace) => ({
    ...namespace,
    links: namespace.links.map((link) => asVeth(link, host)),
  }));
}

/** Two links that name each other as their peers are the ends of a veth. */
function asVeth(link: Link, host: ReadonlyMap<number, Link>): Link {
  if (link.kind !== 'other' || link.iflink === undefined) return link;
  const peer = host.get(link.iflink);
  return peer?.kind === 'veth' && peer.iflink === link.ifindex ? { ...link, kind: 'veth' } : link;
}

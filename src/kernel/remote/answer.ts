import type { FdbEntry, KernelView, Link, NetNamespace } from '../../topology/model.ts';
import type { KernelContainer } from '../kernel.ts';
import { mergeReadings, type ContainerReading } from '../local/containerNamespace.ts';
import { enrich } from '../local/ipTool.ts';
import { parseBrforward } from '../parse/brforward.ts';
import { containerIdOf } from '../parse/cgroup.ts';
import { parseIpAddressJson, type IpLink } from '../parse/ipAddressJson.ts';
import { isLinkName } from '../parse/linkName.ts';
import { parseMountinfo } from '../parse/mountinfo.ts';
import { decimal } from '../parse/number.ts';
import { parseInteger, parseUevent } from '../parse/sysfs.ts';
import { bridgeFacts, kindFromInside, linkBasics, linkKind, type LinkFile } from '../parse/sysfsLink.ts';
import { trustedSysfs } from '../parse/sysfsMount.ts';
import { parseVlanConfig } from '../parse/vlanConfig.ts';
import { byteOrder, type ByteOrder } from './byteOrder.ts';
import { flannelOf } from './flannel.ts';
import { framesOf, type Frame } from './frames.ts';
import { limitedLinks, parseCounters, parseNetTables, type NetTables } from './netTables.ts';
import { containerLinkFiles, hostLinkFiles, tableNames } from './script.ts';

type Views = Omit<KernelView, 'source'>;

/**
 * What `machineScript` printed → the engine's namespace and those of its containers. Undefined where the answer is not
 * whole or has no links. Containers whose process was not theirs (any more) are left out.
 *
 * Rules are those of `local.ts`: a container's sysfs is believed where nothing is mounted into it, its instance belongs to no
 * other namespace, and names and indexes agree with `/proc/<pid>/net`.
 */
export function parseMachine(text: string, mark: string, asked: readonly KernelContainer[]): Views | undefined {
  const frames = framesOf(text, mark);
  const raws = rawContainers(frames);
  const order = byteOrder([
    ...frames.flatMap((frame) => (frame.kind === 'host' ? [routeOf(frame)] : [])),
    ...raws.map(({ table }) => table('route')),
  ]);
  const inodes = inodesOf(frames);
  const host = hostNamespace(frames, order, inodes.get('self'));
  if (host === undefined) return undefined;
  const hostKey = inodes.get('self') ?? 0;
  const wanted = new Map(asked.map((container) => [String(container.pid), container]));
  const found = raws.flatMap((raw) => {
    const container = wanted.get(raw.process);
    const inode = inodes.get(raw.process);
    // Without inodes each process is believed to have a namespace of its own: the script left out the engine's.
    const key = inode ?? -(decimal(raw.process) ?? 0);
    if (container === undefined || key === hostKey || !belongsTo(raw, container.id)) return [];
    return [{ raw, container, key, inode }];
  });
  const claims = new Map<string, Set<number>>();
  const claim = (device: string | undefined, key: number): void => {
    if (device !== undefined) claims.set(device, (claims.get(device) ?? new Set()).add(key));
  };
  claim(host.device, hostKey);
  for (const { raw, key } of found) claim(raw.device, key);
  const readings = found.map(({ raw, container, key, inode }): ContainerReading => {
    const contested = raw.device === undefined || (claims.get(raw.device)?.size ?? 0) > 1;
    const tables = parseNetTables(raw.table, order);
    const links = contested ? undefined : sysfsLinks(raw, tables);
    return {
      container,
      key,
      namespace: {
        containerIds: [container.id],
        pid: container.pid,
        ...(inode === undefined ? {} : { inode }),
        links: links ?? limitedLinks(tables),
        routes: tables.routes,
        exact: links !== undefined,
      },
      sysfsDevice: undefined,
      refusedDevice: undefined,
      wantsIp: false,
      known: undefined,
    };
  });
  return {
    host: host.namespace,
    containers: mergeReadings(readings, host.namespace.links),
    ...flannelOf(frames),
  };
}

/**
 * What `insideScript` printed in that container. Its own `sh` said so, and might have said anything; and of the other end
 * of its links nothing is known. So it is never `exact`.
 */
export function parseInside(text: string, mark: string, container: KernelContainer): NetNamespace | undefined {
  const [raw] = rawContainers(framesOf(text, mark));
  if (raw === undefined) return undefined;
  const tables = parseNetTables(raw.table, byteOrder([raw.table('route')]));
  if (tables.counters.size === 0) return undefined;
  const links = (raw.device === undefined ? undefined : sysfsLinks(raw, tables)) ?? limitedLinks(tables);
  return { containerIds: [container.id], pid: container.pid, links, routes: tables.routes, exact: false };
}

interface RawContainer {
  /** A PID, or `self`. */
  readonly process: string;
  /** `major:minor` of its sysfs, where that can be trusted. */
  readonly device: string | undefined;
  readonly table: (name: string) => string;
  /** `net/dev` once more, read last. */
  readonly lastDev: string;
  readonly links: ReadonlyMap<string, LinkFile>;
  readonly cgroup: string;
  readonly parentArguments: string;
}

/** Mount tables, header lines of the same containers, and all their files. What does not add up is left out. */
function rawContainers(frames: readonly Frame[]): RawContainer[] {
  const found: RawContainer[] = [];
  let mounts: readonly string[] = [];
  let waiting: (readonly string[])[] = [];
  for (const { kind, words, parts } of frames) {
    if (kind === 'mounts') [mounts, waiting] = [parts, []];
    else if (kind === 'container') waiting.push(words);
    else if (kind === 'files') {
      const lengths = waiting.map((names) => partsOf(names.slice(1)));
      // Both end with a mark, after which there is nothing.
      const whole = mounts.length === waiting.length + 1 && parts.length === lengths.reduce((a, b) => a + b, 0) + 1;
      let at = 0;
      for (const [place, names] of whole ? waiting.entries() : []) {
        const end = at + (lengths[place] ?? 0);
        found.push(rawContainer(names, mounts[place] ?? '', parts.slice(at, end)));
        at = end;
      }
    }
  }
  return found;
}

/** How many files are printed of a container with these links. */
function partsOf(names: readonly string[]): number {
  return tableNames.length + names.length * containerLinkFiles.length + 3;
}

function rawContainer(
  [process = '', ...names]: readonly string[],
  mounts: string,
  parts: readonly string[],
): RawContainer {
  const [lastDev = '', cgroup = '', parentArguments = ''] = parts.slice(-3);
  return {
    process,
    device: trustedSysfs(parseMountinfo(mounts))?.device,
    table: pick(tableNames, parts),
    lastDev,
    links: new Map(names.map((name, at) => [name, valuesOf(containerLinkFiles, parts, tableNames.length, at)])),
    cgroup,
    parentArguments,
  };
}

function pick(names: readonly string[], parts: readonly string[]): (name: string) => string {
  return (name) => parts[names.indexOf(name)] ?? '';
}

/** The files of the link that comes as number `at`. */
function valuesOf(files: readonly string[], parts: readonly string[], from: number, at: number): LinkFile {
  const begin = from + at * files.length;
  return (file) => {
    const place = files.indexOf(file);
    return place < 0 ? undefined : parts[begin + place];
  };
}

/** Engines without cgroups (rootless on cgroup v1): the shim that started it has the id among its arguments. */
function belongsTo({ cgroup, parentArguments }: RawContainer, id: string): boolean {
  const found = containerIdOf(cgroup);
  return found === undefined ? parentArguments.split('\0').includes(id) : found === id;
}

/** Undefined where names or indexes contradict the tables. A link may come or go between the first file and the last. */
function sysfsLinks({ links, lastDev }: RawContainer, tables: NetTables): Link[] | undefined {
  const last = parseCounters(lastDev);
  if (!hasSameNames(new Set(links.keys()), tables.counters, last)) return undefined;
  const all: Link[] = [];
  for (const [name, file] of inOrder(links, tables)) {
    const counters = last.get(name) ?? tables.counters.get(name);
    const basics = linkBasics(name, file, { counters, addresses: tables.addresses.get(name) });
    const expected = tables.indexes.get(name);
    if (basics === undefined || (expected !== undefined && expected !== basics.link.ifindex)) return undefined;
    all.push({ ...basics.link, kind: name === 'lo' ? 'loopback' : kindFromInside(basics.devtype) });
  }
  return all;
}

function hasSameNames(
  names: ReadonlySet<string>,
  first: ReadonlyMap<string, unknown>,
  last: ReadonlyMap<string, unknown>,
): boolean {
  return (
    [...names].every((name) => first.has(name) || last.has(name)) &&
    [...first.keys()].every((name) => names.has(name) || !last.has(name))
  );
}

/** In the kernel's order; what came later is last. */
function inOrder<T>(byName: ReadonlyMap<string, T>, { counters }: NetTables): (readonly [string, T])[] {
  return [...new Set([...counters.keys(), ...byName.keys()])].flatMap((name) => {
    const found = byName.get(name);
    return found === undefined ? [] : [[name, found] as const];
  });
}

interface HostReading {
  readonly namespace: NetNamespace;
  readonly device: string | undefined;
}

function hostNamespace(frames: readonly Frame[], order: ByteOrder, inode: number | undefined): HostReading | undefined {
  const parts = frames.find(({ kind }) => kind === 'host')?.parts;
  if (parts === undefined) return undefined;
  const tables = parseNetTables(pick(tableNames, parts.slice(1)), order);
  const vlans = parseVlanConfig(parts[1 + tableNames.length] ?? '');
  const last = parseCounters(frames.find(({ kind }) => kind === 'dev')?.parts[0] ?? '');
  const details = new Map(ipLinks(frames).map((link) => [link.name, link]));
  const raws = rawHostLinks(frames);
  if (raws.length === 0 || !hasSameNames(new Set(raws.map(({ name }) => name)), tables.counters, last))
    return undefined;

  const byName = new Map(raws.map((raw) => [raw.name, raw]));
  const basics = inOrder(byName, tables).flatMap(([, raw]) => {
    const counters = last.get(raw.name) ?? tables.counters.get(raw.name);
    const found = linkBasics(raw.name, raw.file, { counters, addresses: tables.addresses.get(raw.name) });
    return found === undefined ? [] : [{ ...raw, ...found }];
  });
  const names = new Map(basics.map(({ link }) => [link.ifindex, link.name]));
  const addresses = new Map(basics.map(({ name, file }) => [`lower_${name}/address`, file('address')]));
  const links = basics.map(({ name, entries, file, link, devtype }) => {
    const master = names.get(parseUevent(file('master/uevent') ?? '').ifindex ?? 0);
    const portNo = parseInteger(file('brport/port_no') ?? '');
    const bridge = bridgeFacts(file, () => fdbOf(frames, name, order));
    const vlanId = vlans.get(name);
    const whole: Link = {
      ...link,
      kind: linkKind(link, devtype, entries, (path) => file(path) ?? addresses.get(path)),
      ...(master === undefined ? {} : { master }),
      ...(portNo === undefined ? {} : { portNo }),
      ...(bridge === undefined ? {} : { bridge }),
      ...(vlanId === undefined ? {} : { vlanId }),
    };
    return enrich(whole, details.get(name));
  });
  const contradicts = links.some(({ name, ifindex }) => (tables.indexes.get(name) ?? ifindex) !== ifindex);
  if (links.length === 0 || contradicts) return undefined;
  const namespace: NetNamespace = {
    containerIds: [],
    // The script's own process is gone by now. Of 0 no file is read, and none is a process.
    pid: frames.some(({ kind }) => kind === 'init') ? 1 : 0,
    ...(inode === undefined ? {} : { inode }),
    links,
    routes: tables.routes,
    exact: true,
  };
  return { namespace, device: trustedSysfs(parseMountinfo(parts[0] ?? ''))?.device };
}

interface RawHostLink {
  readonly name: string;
  readonly entries: ReadonlySet<string>;
  readonly file: LinkFile;
}

/** Header lines of links, and after some of them their values. */
function rawHostLinks(frames: readonly Frame[]): RawHostLink[] {
  const links: RawHostLink[] = [];
  let waiting: { name: string; entries: ReadonlySet<string> }[] = [];
  for (const { kind, words, parts } of frames) {
    const [name, ...entries] = words;
    if (kind === 'link' && name !== undefined && isLinkName(name)) waiting.push({ name, entries: new Set(entries) });
    if (kind !== 'values') continue;
    if (parts.length === waiting.length * hostLinkFiles.length + 1) {
      links.push(...waiting.map((link, at) => ({ ...link, file: valuesOf(hostLinkFiles, parts, 0, at) })));
    }
    waiting = [];
  }
  return links;
}

function ipLinks(frames: readonly Frame[]): readonly IpLink[] {
  return parseIpAddressJson(frames.find(({ kind }) => kind === 'ip')?.parts[0] ?? '') ?? [];
}

/** Two hexadecimal digits a byte, as `od` and `hexdump` write them. */
function fdbOf(frames: readonly Frame[], bridge: string, order: ByteOrder): FdbEntry[] {
  const dump = frames.find(({ kind, words }) => kind === 'fdb' && words[0] === bridge)?.parts[0] ?? '';
  if (!/^[0-9a-f\s]*$/.test(dump)) return [];
  return parseBrforward(Buffer.from(dump.replace(/\s+/g, ''), 'hex'), order);
}

/** `… /proc/1234/ns/net -> net:[4026531840]`: what `ls -l` says, in whatever columns. */
function inodesOf(frames: readonly Frame[]): Map<string, number> {
  const text = frames.find(({ kind }) => kind === 'inodes')?.parts[0] ?? '';
  const found = text.matchAll(/\/proc\/(self|\d{1,10})\/ns\/net -> net:\[(\d{1,15})\]$/gm);
  return new Map([...found].map(([, process = '', inode]) => [process, Number(inode)]));
}

function routeOf({ parts }: Frame): string {
  return pick(tableNames, parts.slice(1))('route');
}

import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Container, Network } from '../../../src/topology/model.ts';
import type { TrueWire } from '../../lab/oracle.ts';

/** A file of sysfs: its text, its bytes, or where the symlink leads. */
export type SysfsEntry = string | { readonly base64: string } | { readonly link: string };

/** `/sys/class/net` of one namespace: link → file → content. A file of a sub-directory is `bridge/stp_state`. */
export type SysfsLinks = Record<string, Record<string, SysfsEntry>>;

export interface ProcessTree {
  comm?: string;
  cgroup?: string;
  status?: string;
  stat?: string;
  cmdline?: string;
  uid_map?: string;
  mountinfo?: string;
  /** Whose `net` it shows: a key of `MachineTree.tables`. Processes of one namespace show the same files, as in procfs. */
  net?: string;
  /** Thread → whose `net` it shows. Threads are found below `/proc` like processes. */
  threads?: Record<string, string>;
  /** What `ns/net` leads to. */
  netns?: string;
  /** What `ns/mnt` leads to. */
  mntns?: string;
  /** Open files. */
  fd?: Record<string, string>;
  /** What is at its `/sys`: a key of `MachineTree.sysfs`. */
  sysfs?: string;
}

/** The part of `/proc` and `/sys` that the kernel source reads. */
export interface MachineTree {
  /** `self` is the reader; the rest are PIDs. */
  processes: Record<string, ProcessTree>;
  /** Namespace → file of `/proc/<pid>/net` → text. `@SOCKET@` stands for the path of the engine's socket. */
  tables: Record<string, Record<string, string>>;
  /** `engine` is what the reader sees at `/sys`. */
  sysfs: Record<string, SysfsLinks>;
}

export interface PlantedMachine {
  readonly directory: string;
  /** Options of `createLocalKernel`. */
  readonly where: {
    readonly proc: string;
    readonly sys: string;
    readonly socketPath: string;
    readonly platform: 'linux';
  };
  readonly remove: () => void;
}

/** A machine of test/fixtures/kernel, with what its engine said at the same moment. */
export interface CapturedMachine extends MachineTree {
  readonly networks: readonly Network[];
  readonly containers: readonly Container[];
  readonly truth: readonly TrueWire[];
}

export const capturedVersions = ['20.10', '28.5'] as const;

const fixtures = path.join(import.meta.dirname, '../../fixtures/kernel');

export function capturedMachine(version: (typeof capturedVersions)[number]): CapturedMachine {
  return JSON.parse(readFileSync(path.join(fixtures, `docker-${version}.json`), 'utf8')) as CapturedMachine;
}

/** A file of one real namespace: test/fixtures/kernel/README.md. */
export function namespaceFile(name: string): string {
  return readFileSync(path.join(fixtures, 'namespace', name), 'utf8');
}

/** `/sys/class/net` of the same namespace. */
export function namespaceSysfs(): SysfsLinks {
  return JSON.parse(namespaceFile('sys.json')) as SysfsLinks;
}

/** Content of a file, target of a symlink, or another name of the file at a place. */
type Thing = { readonly content: Buffer } | { readonly link: string } | { readonly sameAs: string };

/** Directories of machines that were removed: the next one moves in, since new inodes are what takes time. */
const spare: string[] = [];

/** Writes the tree to a directory below the temporary one: what root sees of the machine. */
export function plant(tree: MachineTree): PlantedMachine {
  const directory = spare.pop() ?? mkdtempSync(path.join(tmpdir(), 'dne-kernel-'));
  const socketPath = path.join(directory, 'run/docker.sock');
  settle(directory, thingsOf(tree, socketPath));
  return {
    directory,
    where: {
      proc: path.join(directory, 'proc'),
      sys: path.join(directory, 'sysfs/engine'),
      socketPath,
      platform: 'linux',
    },
    remove: () => void spare.push(directory),
  };
}

/** To be called after the last test of a file that plants machines. */
export function clearPlanted(): void {
  for (const directory of spare.splice(0)) rmSync(directory, { recursive: true, force: true });
}

function thingsOf(tree: MachineTree, socketPath: string): Map<string, Thing> {
  const things = new Map<string, Thing>([['run/docker.sock', { content: Buffer.of() }]]);
  const text = (place: string, value: string): void => void things.set(place, { content: Buffer.from(value) });
  for (const [name, links] of Object.entries(tree.sysfs)) {
    for (const [place, thing] of sysfsThings(`sysfs/${name}`, links)) things.set(place, thing);
  }
  for (const [name, tables] of Object.entries(tree.tables)) {
    for (const [file, value] of Object.entries(tables))
      text(`net/${name}/${file}`, value.replaceAll('@SOCKET@', socketPath));
  }
  for (const [pid, { net, threads, netns, mntns, fd, sysfs, ...files }] of Object.entries(tree.processes)) {
    const base = `proc/${pid}`;
    for (const [file, value] of Object.entries<string>(files)) text(`${base}/${file}`, value);
    if (net !== undefined) things.set(`${base}/net`, { link: `../../net/${net}` });
    for (const [thread, own] of Object.entries(threads ?? {})) {
      things.set(`${base}/task/${thread}/net`, { link: `../../../../net/${own}` });
      if (thread === pid) continue;
      things.set(`proc/${thread}/net`, { link: `../../net/${own}` });
      things.set(`proc/${thread}/root`, { link: `../${pid}/root` });
      if (files.mountinfo !== undefined) things.set(`proc/${thread}/mountinfo`, { sameAs: `${base}/mountinfo` });
    }
    if (netns !== undefined) things.set(`${base}/ns/net`, { link: netns });
    if (mntns !== undefined) things.set(`${base}/ns/mnt`, { link: mntns });
    if (sysfs !== undefined) things.set(`${base}/root/sys`, { link: `../../../sysfs/${sysfs}` });
    for (const [number, target] of Object.entries(fd ?? {})) things.set(`${base}/fd/${number}`, { link: target });
    if (fd !== undefined) things.set(`${base}/root${socketPath}`, { sameAs: 'run/docker.sock' });
  }
  return things;
}

/** As the kernel lays it out: the names in `class/net` are symlinks. */
function sysfsThings(base: string, links: SysfsLinks): [string, Thing][] {
  return Object.entries(links).flatMap(([name, files]) => [
    [`${base}/class/net/${name}`, { link: `../../devices/virtual/net/${name}` }],
    ...Object.entries(files).map(([file, entry]): [string, Thing] => [
      `${base}/devices/virtual/net/${name}/${file}`,
      typeof entry === 'object' && 'link' in entry
        ? entry
        : { content: typeof entry === 'string' ? Buffer.from(entry) : Buffer.from(entry.base64, 'base64') },
    ]),
  ]);
}

/** Makes the directory hold these things and nothing else. */
function settle(directory: string, things: ReadonlyMap<string, Thing>): void {
  const parents = new Set([...things.keys()].flatMap(ancestorsOf));
  weed(directory, '', (place, isDirectory) =>
    isDirectory ? parents.has(place) : isAlready(path.join(directory, place), things.get(place)),
  );
  for (const parent of parents) mkdirSync(path.join(directory, parent), { recursive: true });
  for (const [place, thing] of things) {
    const file = path.join(directory, place);
    if (isAlready(file, thing)) continue;
    if ('content' in thing) writeFileSync(file, thing.content);
    else if ('link' in thing) symlinkSync(thing.link, file);
    else linkSync(path.join(directory, thing.sameAs), file);
  }
}

/** Removes what is not kept. Not by a recursive readdir, which walks through symlinks: those of sysfs go round in circles. */
function weed(directory: string, base: string, isKept: (place: string, isDirectory: boolean) => boolean): void {
  for (const entry of readdirSync(path.join(directory, base), { withFileTypes: true })) {
    const place = path.join(base, entry.name);
    if (!isKept(place, entry.isDirectory())) rmSync(path.join(directory, place), { recursive: true, force: true });
    else if (entry.isDirectory()) weed(directory, place, isKept);
  }
}

function isAlready(file: string, thing: Thing | undefined): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined || thing === undefined) return false;
  if ('link' in thing) return stats.isSymbolicLink() && readlinkSync(file) === thing.link;
  if (!stats.isFile()) return false;
  return 'sameAs' in thing || readFileSync(file).equals(thing.content);
}

/** `a/b/c` → `a`, `a/b`. */
function ancestorsOf(place: string): string[] {
  const parts = place.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/**
 * Takes away what the kernel refuses to anybody but root and the owner of a process: its namespaces, open files and
 * root directory. Modes would not do: they are nothing to a root that runs tests.
 */
export function hideFromUsers({ where: { proc } }: PlantedMachine): void {
  for (const pid of readdirSync(proc)) {
    if (pid === 'self') continue;
    for (const part of ['ns', 'fd', 'root']) rmSync(path.join(proc, pid, part), { recursive: true, force: true });
  }
}

import { realpath } from 'node:fs/promises';
import { posix } from 'node:path';
import { parseDev } from '../parse/dev.ts';
import { parseUnix, type UnixListener } from '../parse/unix.ts';
import type { KernelContainer } from '../kernel.ts';
import {
  identify,
  identifyFile,
  list,
  listPids,
  readLink,
  readTable,
  readText,
  tableLimit,
  type FileIdentity,
} from './files.ts';
import type { Pacer } from './pacer.ts';
import { parentOf } from './sameMachine.ts';

/** A process, and what its network namespace shows to any user. */
export interface ProcessFacts {
  /** `self` is this process. */
  readonly process: 'self' | number;
  /** Equal for two processes exactly if they share a network namespace: `namespaceKey`. */
  readonly key: number;
  /** Names of the namespace's links. */
  readonly links: ReadonlySet<string>;
  /** Whether somebody bound the engine's socket in this namespace and listens on it. */
  readonly hasSocket: boolean;
  /** `/proc/<pid>/uid_map`: differs for a process of a user namespace, which could not have made links in ours. */
  readonly uidMap: string | undefined;
}

export interface DaemonFacts extends ProcessFacts {
  /** Effective user of the process. */
  readonly uid: number;
  /** Whether it holds the very socket that we talk to; undefined where its files may not be read (ordinary users). */
  readonly ownsSocket: boolean | undefined;
}

export interface EngineFacts {
  readonly self: ProcessFacts;
  /** Every process named `dockerd`. */
  readonly daemons: readonly DaemonFacts[];
  /** One parent (containerd-shim, conmon) of the engine's containers for each namespace that such parents live in. */
  readonly runtimes: readonly ProcessFacts[];
  readonly socketPath: string;
  readonly socketUid: number | undefined;
}

/** All shims of an engine come from one containerd: a few speak for all. */
const runtimeSample = 4;

/** An engine opens its sockets, or is handed them by systemd, before its thousands of other files. */
const firstFiles = 128;

export function processPath(proc: string, process: 'self' | number): string {
  return `${proc}/${process}`;
}

/**
 * What any user may compare: each namespace has its own `net` tree in procfs, with inodes of its own, that all its
 * processes show (`proc_net_ns_init`, fs/proc/proc_net.c; `proc_alloc_inum`, fs/proc/generic.c). `ns/net` would say the
 * same, to root only. Undefined where there is no such process.
 */
export function namespaceKey(proc: string, process: 'self' | number): number | undefined {
  return identify(`${processPath(proc, process)}/net/dev`)?.inode;
}

/** Undefined where not even this process's own namespace can be read. */
export async function gatherEngineFacts(
  proc: string,
  socketPath: string,
  containers: readonly KernelContainer[],
  pacer: Pacer,
): Promise<EngineFacts | undefined> {
  const socket = await identifyFile(socketPath);
  const isSocket = await socketMatcher(socketPath, socket);
  const tables = new Map<number, readonly UnixListener[]>();
  const factsOf = async (process: 'self' | number): Promise<ProcessFacts | undefined> => {
    const base = processPath(proc, process);
    const dev = readTable(`${base}/net/dev`);
    if (dev === undefined) return undefined;
    const listeners = tables.get(dev.inode) ?? parseUnix(readText(`${base}/net/unix`, tableLimit) ?? '');
    tables.set(dev.inode, listeners);
    const found = await Promise.all(listeners.map(({ path }) => isSocket(path, process === 'self')));
    return {
      process,
      key: dev.inode,
      links: new Set(parseDev(dev.text).map(({ name }) => name)),
      hasSocket: found.includes(true),
      uidMap: readText(`${base}/uid_map`),
    };
  };

  const self = await factsOf('self');
  if (self === undefined) return undefined;
  const daemons: DaemonFacts[] = [];
  for (const pid of listPids(proc)) {
    await pacer.rest();
    if (readText(`${proc}/${pid}/comm`) !== 'dockerd\n') continue;
    const facts = await factsOf(pid);
    const uid = identify(`${proc}/${pid}`)?.uid;
    if (facts === undefined || uid === undefined) continue;
    const listeners = [self.key, facts.key].flatMap((key) => tables.get(key) ?? []);
    daemons.push({ ...facts, uid, ownsSocket: await holdsSocket(`${proc}/${pid}`, listeners, socket) });
  }
  const runtimes = new Map<number, ProcessFacts>();
  for (const { pid } of containers.slice(0, runtimeSample)) {
    await pacer.rest();
    const parent = parentOf(proc, pid);
    const key = parent === undefined ? undefined : namespaceKey(proc, parent);
    if (parent === undefined || key === undefined || runtimes.has(key)) continue;
    const facts = await factsOf(parent);
    if (facts !== undefined) runtimes.set(facts.key, facts);
  }
  return { self, daemons, runtimes: [...runtimes.values()], socketPath, socketUid: socket?.uid };
}

/**
 * Whether a path given to bind(2) means the engine's socket: the same text, `/var/run` for `/run`, what a symlink
 * leads to, or, where the path is one of our own mount namespace, another name of the same file.
 */
async function socketMatcher(
  socketPath: string,
  socket: FileIdentity | undefined,
): Promise<(path: string, isOurs: boolean) => Promise<boolean>> {
  const target = await realpath(socketPath).catch(() => socketPath);
  const names = new Set([socketPath, target].map(withoutVar));
  const base = posix.basename(target);
  return async (path, isOurs) => {
    if (names.has(withoutVar(path))) return true;
    if (!isOurs || socket === undefined || !path.startsWith('/') || posix.basename(path) !== base) return false;
    return isSame(await identifyFile(path), socket);
  };
}

/** `/var/run` is a symlink to `/run` wherever both exist. */
function withoutVar(path: string): string {
  return path.startsWith('/var/run/') ? path.slice('/var'.length) : path;
}

/** Undefined where the kernel does not let us look at the process. */
async function holdsSocket(
  base: string,
  listeners: readonly UnixListener[],
  socket: FileIdentity | undefined,
): Promise<boolean | undefined> {
  const files = list(`${base}/fd`)?.map(Number);
  if (files === undefined || socket === undefined) return undefined;
  files.sort((a, b) => a - b);
  const paths = new Map(listeners.map(({ inode, path }) => [`socket:[${inode}]`, path]));
  for (const file of files.slice(0, firstFiles)) {
    const path = paths.get(readLink(`${base}/fd/${file}`) ?? '');
    if (path === undefined || !path.startsWith('/')) continue;
    // An absolute symlink below /proc/<pid>/root leads into our own root, and /var/run is one.
    if (isSame(await identifyFile(`${base}/root${withoutVar(path)}`), socket)) return true;
    if (isSame(await identifyFile(`${base}/root${path}`), socket)) return true;
  }
  return false;
}

function isSame(a: FileIdentity | undefined, b: FileIdentity): boolean {
  return a?.device === b.device && a.inode === b.inode;
}

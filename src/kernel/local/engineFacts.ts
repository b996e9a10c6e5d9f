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
  readonly name: 'dockerd' | 'podman';
  /** Effective user of the process. */
  readonly uid: number;
  /** Whether it holds the very socket that we talk to; undefined where its files may not be read (ordinary users). */
  readonly ownsSocket: boolean | undefined;
  /** As which open file. */
  readonly socketFile?: number | undefined;
}

export interface RuntimeFacts extends ProcessFacts {
  /** Podman's: whatever `dockerd` there is says nothing of it. */
  readonly isConmon: boolean;
}

export interface EngineFacts {
  readonly self: ProcessFacts;
  /** Every process named `dockerd`; of those named `podman`, most of which are commands, the one that holds the socket. */
  readonly daemons: readonly DaemonFacts[];
  /** One parent (containerd-shim, conmon) of the engine's containers for each namespace that such parents live in. */
  readonly runtimes: readonly RuntimeFacts[];
  readonly socketPath: string;
  readonly socketUid: number | undefined;
  /** The socket's file itself. */
  readonly socket?: FileIdentity | undefined;
}

/** A daemon, and where its socket was found. */
export interface DaemonFile {
  readonly pid: number;
  readonly file: number | undefined;
}

/** By `/proc/<pid>/comm`. */
const daemonNames: ReadonlyMap<string | undefined, DaemonFacts['name']> = new Map([
  ['dockerd\n', 'dockerd'],
  ['podman\n', 'podman'],
]);

/** All shims of an engine come from one containerd: the first few containers speak for all. */
export const runtimeSample = 4;

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

/**
 * A thread that is in the namespace which most threads of the process are in: below /proc it is found like a process. Podman
 * makes a container's namespace on a thread that Go then ends, or, if it is the first one, parks in there for ever: of the
 * whole process `/proc/<pid>/net` shows a container's then. So does that of a dockerd whose first thread waits in an
 * overlay's (`watchMiss`, libnetwork drivers/overlay/ov_network.go: for each network of a cluster store).
 */
function threadOfMost(proc: string, pid: number): number | undefined {
  const threads = listPids(`${proc}/${pid}/task`);
  const byKey = Map.groupBy(threads, (thread) => namespaceKey(`${proc}/${pid}/task`, thread));
  byKey.delete(undefined);
  const [most, next] = [...byKey.values()].sort((a, b) => b.length - a.length);
  return most?.length === next?.length ? undefined : most?.[0];
}

/**
 * Undefined where not even this process's own namespace can be read. With `processes`, only those may be daemons, which
 * spares a look at every process of the machine.
 */
export async function gatherEngineFacts(
  proc: string,
  socketPath: string,
  containers: readonly KernelContainer[],
  pacer: Pacer,
  processes?: readonly DaemonFile[],
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
  for (const { pid, file } of processes ?? listPids(proc).map((pid): DaemonFile => ({ pid, file: undefined }))) {
    await pacer.rest();
    const name = daemonNames.get(readText(`${proc}/${pid}/comm`));
    if (name === undefined) continue;
    const process = threadOfMost(proc, pid) ?? (name === 'podman' ? undefined : pid);
    if (process === undefined) continue;
    const facts = await factsOf(process);
    const uid = identify(`${proc}/${pid}`)?.uid;
    if (facts === undefined || uid === undefined) continue;
    const listeners = [self.key, facts.key].flatMap((key) => tables.get(key) ?? []);
    const socketFile = await findSocketFile(`${proc}/${pid}`, file, listeners, socket);
    const ownsSocket = socketFile === undefined ? undefined : socketFile !== 'none';
    if (name !== 'dockerd' && ownsSocket !== true) continue;
    daemons.push({ ...facts, name, uid, ownsSocket, socketFile: socketFile === 'none' ? undefined : socketFile });
  }
  const runtimes = new Map<number, RuntimeFacts>();
  for (const { pid } of containers.slice(0, runtimeSample)) {
    await pacer.rest();
    const parent = parentOf(proc, pid);
    const key = parent === undefined ? undefined : namespaceKey(proc, parent);
    if (parent === undefined || key === undefined || runtimes.has(key)) continue;
    const facts = await factsOf(parent);
    const isConmon = readText(`${proc}/${parent}/comm`) === 'conmon\n';
    if (facts !== undefined) runtimes.set(facts.key, { ...facts, isConmon });
  }
  return { self, daemons, runtimes: [...runtimes.values()], socketPath, socketUid: socket?.uid, socket };
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

/** Which of its open files is the engine's socket. Undefined where the kernel does not let us look at the process. */
async function findSocketFile(
  base: string,
  likely: number | undefined,
  listeners: readonly UnixListener[],
  socket: FileIdentity | undefined,
): Promise<number | 'none' | undefined> {
  if (socket === undefined) return undefined;
  const paths = new Map(listeners.map(({ inode, path }) => [`socket:[${inode}]`, path]));
  const isIt = async (file: number): Promise<boolean> => {
    const path = paths.get(readLink(`${base}/fd/${file}`) ?? '');
    if (path === undefined || !path.startsWith('/')) return false;
    // An absolute symlink below /proc/<pid>/root leads into our own root, and /var/run is one.
    const places = new Set([withoutVar(path), path]);
    for (const place of places) if (isSame(await identifyFile(`${base}/root${place}`), socket)) return true;
    return false;
  };
  if (likely !== undefined && (await isIt(likely))) return likely;
  const files = list(`${base}/fd`)?.map(Number);
  if (files === undefined) return undefined;
  files.sort((a, b) => a - b);
  for (const file of files.slice(0, firstFiles)) if (await isIt(file)) return file;
  return 'none';
}

export function isSame(a: FileIdentity | undefined, b: FileIdentity): boolean {
  return a?.device === b.device && a.inode === b.inode;
}

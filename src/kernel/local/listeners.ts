import type { Listener } from '../kernel.ts';
import { parseSockets, type BoundSocket } from '../parse/sockets.ts';
import { namespaceKey, processPath } from './engineFacts.ts';
import type { EngineNamespace } from './engineNamespace.ts';
import { list, listPids, readLink, readText, tableLimit } from './files.ts';
import type { Pacer } from './pacer.ts';

/**
 * `tcp` and `tcp6` have what listens first, and then every connection of the machine (`tcp_get_idx`,
 * net/ipv4/tcp_ipv4.c): some 7,000 lines will do.
 */
const tcpLimit = 1024 * 1024;

const tables = [
  { protocol: 'tcp', name: 'tcp', limit: tcpLimit },
  { protocol: 'tcp', name: 'tcp6', limit: tcpLimit },
  { protocol: 'udp', name: 'udp', limit: tableLimit },
  { protocol: 'udp', name: 'udp6', limit: tableLimit },
] as const;

/** Links of a process's open files that are read between two looks at the clock. */
const filesAtOnce = 256;

interface ListeningSocket extends BoundSocket {
  readonly protocol: Listener['protocol'];
}

interface Owner {
  readonly pid: number;
  readonly process?: string;
}

/** What listens in the engine's namespace, by port. None where that namespace is no longer the one that was proven. */
export async function readListeners(proc: string, engine: EngineNamespace, pacer: Pacer): Promise<Listener[]> {
  const isProven = (): boolean => namespaceKey(proc, engine.process) === engine.key;
  const base = processPath(proc, engine.process);
  const sockets: ListeningSocket[] = [];
  if (!isProven()) return [];
  for (const { protocol, name, limit } of tables) {
    const text = readText(`${base}/net/${name}`, limit) ?? '';
    sockets.push(...parseSockets(text, protocol).map((socket) => ({ ...socket, protocol })));
    await pacer.rest();
  }
  // The PID may have become another process's in the meantime.
  if (!isProven()) return [];
  const owners = await findOwners(proc, new Set(sockets.map(({ inode }) => inode)), pacer);
  return sockets
    .map(({ protocol, address, port, inode }) => ({ protocol, address, port, ...owners.get(inode) }))
    .sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol) || a.address.localeCompare(b.address));
}

/**
 * The process of each socket, as far as this user may look into processes. Of several that share one, the first to
 * have come (nginx's master), but init only where there is no other: systemd keeps the sockets that it hands to services.
 */
async function findOwners(proc: string, inodes: ReadonlySet<number>, pacer: Pacer): Promise<Map<number, Owner>> {
  const owners = new Map<number, Owner>();
  const wanted = new Set([...inodes].filter((inode) => inode > 0).map((inode) => `socket:[${inode}]`));
  const pids = listPids(proc);
  for (const pid of [...pids.filter((one) => one !== 1), 1]) {
    if (wanted.size === 0) break;
    await pacer.rest();
    const files = list(`${proc}/${pid}/fd`) ?? [];
    const held: string[] = [];
    for (const [at, file] of files.entries()) {
      const target = readLink(`${proc}/${pid}/fd/${file}`) ?? '';
      if (wanted.delete(target)) held.push(target);
      if (at % filesAtOnce === filesAtOnce - 1) await pacer.rest();
    }
    if (held.length === 0) continue;
    const name = readText(`${proc}/${pid}/comm`)?.replace(/\n$/, '');
    const owner: Owner = { pid, ...(name === undefined || name === '' ? {} : { process: name }) };
    for (const target of held) owners.set(Number(target.slice('socket:['.length, -1)), owner);
  }
  return owners;
}

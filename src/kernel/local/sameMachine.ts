import { containerIdOf } from '../parse/cgroup.ts';
import { parsePidStatus } from '../parse/pidStatus.ts';
import type { KernelContainer } from '../kernel.ts';
import { listPids, readText } from './files.ts';
import type { Pacer } from './pacer.ts';

const cgroupLimit = 64 * 1024;

/**
 * The containers that run on this kernel, with their PIDs as this machine counts them. Finding one proves that the
 * engine is here: the engine said "this id is that PID", and the kernel says the same of its own accord.
 *
 * PIDs are the engine's. Where none of them fits, the engine may count in another PID namespace (an engine in a
 * container): then all processes are searched once, for one whose cgroup has the id and which, further in, has just
 * the PID that the engine said.
 */
export async function locateContainers(
  proc: string,
  wanted: readonly KernelContainer[],
  pacer: Pacer,
): Promise<KernelContainer[]> {
  const located: KernelContainer[] = [];
  for (const container of wanted) {
    if (isContainer(proc, container)) located.push(container);
    await pacer.rest();
  }
  return located.length > 0 || wanted.length === 0 ? located : scan(proc, wanted, pacer);
}

/** Whether that process, at this moment, is in that container. Asked again after its files were read: PIDs are used anew. */
export function isContainer(proc: string, { id, pid }: KernelContainer): boolean {
  if (pid <= 0) return false;
  const cgroup = readText(`${proc}/${pid}/cgroup`, cgroupLimit);
  if (cgroup === undefined) return false;
  const found = containerIdOf(cgroup);
  if (found !== undefined) return found === id;
  // Engines without cgroups (rootless on cgroup v1): the shim that started it has the id among its arguments.
  const parent = parentOf(proc, pid);
  return parent !== undefined && (readText(`${proc}/${parent}/cmdline`) ?? '').split('\0').includes(id);
}

/** Undefined for init and for what init adopted. */
export function parentOf(proc: string, pid: number): number | undefined {
  const status = readText(`${proc}/${pid}/status`);
  const parent = status === undefined ? undefined : parsePidStatus(status).parentPid;
  return parent === undefined || parent <= 1 ? undefined : parent;
}

async function scan(proc: string, wanted: readonly KernelContainer[], pacer: Pacer): Promise<KernelContainer[]> {
  const pidsById = new Map(wanted.map(({ id, pid }) => [id, pid]));
  const located: KernelContainer[] = [];
  for (const pid of listPids(proc)) {
    await pacer.rest();
    const cgroup = readText(`${proc}/${pid}/cgroup`, cgroupLimit);
    const id = cgroup === undefined ? undefined : containerIdOf(cgroup);
    const pidInside = id === undefined ? undefined : pidsById.get(id);
    if (id === undefined || pidInside === undefined) continue;
    const status = parsePidStatus(readText(`${proc}/${pid}/status`) ?? '');
    if (!status.pids.slice(1).includes(pidInside)) continue;
    located.push({ id, pid });
    pidsById.delete(id);
    if (pidsById.size === 0) break;
  }
  return located;
}

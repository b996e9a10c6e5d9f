import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { EngineCalls } from './calls.ts';
import type { DockerClient } from './client.ts';
import { toEngineError } from './errors.ts';
import { object, text, textMap } from './json.ts';

/**
 * Who made a container of a namespace shell: the engine keeps one whose terminal broke off, and says of none whether
 * somebody still sits at it.
 */
const ownerLabel = 'docker-network-explorer.owner';

/** The labels of a container of a namespace shell that the process `pid` of this machine opens. */
export function toolsLabels(pid = process.pid): Readonly<Record<string, string>> {
  const place = placeOfPids();
  return { 'docker-network-explorer': 'tools', ...(place === undefined ? {} : { [ownerLabel]: `${place} ${pid}` }) };
}

/**
 * Removes what processes of this machine left that are gone by now. What another machine, or another PID namespace of
 * this one, made is not ours to judge. Never rejects.
 */
export async function sweepTools(client: DockerClient, calls: EngineCalls): Promise<void> {
  try {
    if (placeOfPids() === undefined) return;
    const filters = { label: ['docker-network-explorer=tools', ownerLabel] };
    const rows: readonly unknown[] = await client
      .api(undefined, calls.apiVersion)
      .listContainers({ all: true, filters });
    for (const row of rows) {
      if (!isLeft(textMap(object(row)['Labels']))) continue;
      await calls.remove(text(object(row)['Id']), { force: true, volumes: true });
    }
  } catch (error) {
    calls.warn(`leftover namespace shells: ${toEngineError(error).message}`);
  }
}

/** Whether a process of this machine made it that is gone by now. */
export function isLeft(labels: Readonly<Record<string, string>>): boolean {
  const [owner, pid] = (labels[ownerLabel] ?? '').split(' ');
  return owner === placeOfPids() && !lives(Number(pid));
}

/** In which a PID means the same process: a boot and its PID namespace. Undefined where that cannot be told. */
function placeOfPids(): string | undefined {
  if (process.platform !== 'linux') return `${process.platform}:${hostname().replaceAll(' ', '-')}`;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** True also for what is no PID, and for another user's process. */
function lives(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return object(error)['code'] !== 'ESRCH';
  }
}

import { parseMountinfo } from '../parse/mountinfo.ts';
import { trustedSysfs } from '../parse/sysfsMount.ts';
import { readText, tableLimit } from './files.ts';

export interface SysfsMount {
  /** The directory that is the mount, as a path for us. */
  readonly path: string;
  /** `major:minor`. The kernel makes one sysfs instance per network namespace: equal devices show equal links. */
  readonly device: string;
}

/** A process's `/sys`, where its mount table says that it can be believed (`trustedSysfs`): `/proc/<pid>/root` leads where the process chose. */
export function sysfsOf(base: string): SysfsMount | undefined {
  const top = trustedSysfs(parseMountinfo(readText(`${base}/mountinfo`, tableLimit) ?? ''));
  return top && { path: `${base}/root/sys`, device: top.device };
}

/** The device of the sysfs at `/sys`, without asking what is mounted in it. */
export function sysfsDeviceOf(base: string): string | undefined {
  const mounts = parseMountinfo(readText(`${base}/mountinfo`, tableLimit) ?? '');
  return mounts.findLast(({ mountPoint, type }) => mountPoint === '/sys' && type === 'sysfs')?.device;
}

import { parseMountinfo, type Mount } from '../parse/mountinfo.ts';
import { readText, tableLimit } from './files.ts';

export interface SysfsMount {
  /** The directory that is the mount, as a path for us. */
  readonly path: string;
  /** `major:minor`. The kernel makes one sysfs instance per network namespace: equal devices show equal links. */
  readonly device: string;
}

/**
 * A process's `/sys`, if it is sysfs through and through: `/proc/<pid>/root` leads into file systems that the process
 * chose, where a directory may be a symlink into ours and a read may never return (FUSE). The kernel's own mount table
 * says what is there, and a mount point cannot be a symlink.
 */
export function sysfsOf(base: string): SysfsMount | undefined {
  const mounts = parseMountinfo(readText(`${base}/mountinfo`, tableLimit) ?? '');
  const atSys = mounts.filter(({ mountPoint }) => mountPoint === '/sys');
  const top = atSys.find(({ id }) => !atSys.some(({ parentId }) => parentId === id));
  if (top?.type !== 'sysfs' || top.root !== '/' || mounts.some(hidesLinks)) return undefined;
  return { path: `${base}/root/sys`, device: top.device };
}

/** The device of the sysfs at `/sys`, without asking what is mounted in it. */
export function sysfsDeviceOf(base: string): string | undefined {
  const mounts = parseMountinfo(readText(`${base}/mountinfo`, tableLimit) ?? '');
  return mounts.findLast(({ mountPoint, type }) => mountPoint === '/sys' && type === 'sysfs')?.device;
}

/** Docker itself hides `/sys/firmware`, `/sys/devices/virtual/powercap` and `/sys/devices/system/cpu/…/thermal_throttle`. */
function hidesLinks({ mountPoint }: Mount): boolean {
  if (mountPoint === '/sys/class' || mountPoint.startsWith('/sys/class/')) return true;
  if (mountPoint === '/sys/devices') return true;
  if (!mountPoint.startsWith('/sys/devices/')) return false;
  if (mountPoint.startsWith('/sys/devices/system/')) return false;
  return !/^\/sys\/devices\/virtual\/(?!net(\/|$))/.test(mountPoint);
}

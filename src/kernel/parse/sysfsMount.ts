import type { Mount } from './mountinfo.ts';

/**
 * The mount at a process's `/sys`, if it is sysfs through and through: a process chooses its file systems, where a
 * directory may be a symlink into ours and a read may never return (FUSE). The kernel's own mount table says what is
 * there, and a mount point cannot be a symlink.
 */
export function trustedSysfs(mounts: readonly Mount[]): Mount | undefined {
  const atSys = mounts.filter(({ mountPoint }) => mountPoint === '/sys');
  const top = atSys.find(({ id }) => !atSys.some(({ parentId }) => parentId === id));
  return top?.type !== 'sysfs' || top.root !== '/' || mounts.some(hidesLinks) ? undefined : top;
}

/** Docker itself hides `/sys/firmware`, `/sys/devices/virtual/powercap` and `/sys/devices/system/cpu/…/thermal_throttle`. */
function hidesLinks({ mountPoint }: Mount): boolean {
  if (mountPoint === '/sys/class' || mountPoint.startsWith('/sys/class/')) return true;
  if (mountPoint === '/sys/devices') return true;
  if (!mountPoint.startsWith('/sys/devices/')) return false;
  if (mountPoint.startsWith('/sys/devices/system/')) return false;
  return !/^\/sys\/devices\/virtual\/(?!net(\/|$))/.test(mountPoint);
}

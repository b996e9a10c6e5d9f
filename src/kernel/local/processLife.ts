import { startTimeOf } from '../parse/pidStat.ts';
import { readLink, readText } from './files.ts';

/** When a process began; undefined where it is gone. */
export function startOf(base: string): string | undefined {
  return startTimeOf(readText(`${base}/stat`) ?? '');
}

/**
 * Where `/proc/<pid>/root` leads: the mount namespace, and the root directory in it, which `chroot` changes. Undefined
 * where this user may not know.
 */
export function placeOf(base: string): string | undefined {
  const mounts = readLink(`${base}/ns/mnt`);
  return mounts === undefined ? undefined : `${mounts} ${readLink(`${base}/root`) ?? ''}`;
}

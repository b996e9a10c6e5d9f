/** CAP_SYS_ADMIN: include/uapi/linux/capability.h. */
const sysAdmin = 21n;

/**
 * Whether a process, or a program that it starts, could ever mount something in the mount namespace that it is in:
 * its bounding set only shrinks. From `CapBnd` of `/proc/<pid>/status`; true where that is not told.
 */
export function mayMount(status: string): boolean {
  const set = /^CapBnd:\t([0-9a-f]{16})$/m.exec(status)?.[1];
  return set === undefined || ((BigInt(`0x${set}`) >> sysAdmin) & 1n) === 1n;
}

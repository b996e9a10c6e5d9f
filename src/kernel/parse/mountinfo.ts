/** One line of `/proc/<pid>/mountinfo`. */
export interface Mount {
  readonly id: string;
  readonly parentId: string;
  /** `major:minor` of the file system: one per sysfs instance, so one per network namespace. */
  readonly device: string;
  /** The directory of the file system that is seen here; `/` for all of it. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
}

/** Source: `show_mountinfo`, fs/proc_namespace.c; proc_pid_mountinfo(5). Mount points are relative to the process's root. */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const [left, right] = line.split(' - ', 2);
    const [id, parentId, device, root, mountPoint] = (left ?? '').split(' ');
    const type = right?.split(' ', 1)[0];
    if (id === undefined || parentId === undefined || device === undefined) continue;
    if (root === undefined || mountPoint === undefined || type === undefined || type === '') continue;
    mounts.push({ id, parentId, device, root: unescape(root), mountPoint: unescape(mountPoint), type });
  }
  return mounts;
}

/** Blank, tab, newline and backslash are written as three octal digits. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

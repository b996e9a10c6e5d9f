import { closeSync, constants, fstatSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';

/**
 * Bounded readers of small kernel files. They never throw: what cannot be read is undefined.
 *
 * They block. One file of /proc or /sys takes 5–25 µs that way and 100–250 µs with fs.promises (four trips through
 * libuv's pool of four threads; measured on 2 cores), so the whole reading is done in slices between which the event
 * loop runs: see pacer.ts. None of these files waits for anything; those of a container are read only where the
 * kernel's mount table says that they are sysfs (containerNamespace.ts).
 *
 * O_NONBLOCK and O_NOFOLLOW are for what is there in spite of all that: a FIFO reads as empty, a symlink as absent.
 */
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** A sysfs value is at most one page. */
const valueLimit = 4096;
/** Tables grow with links, routes and sockets. What is past it is not read, and the line that was cut is dropped. */
export const tableLimit = 4 * 1024 * 1024;

/** Every file is read into this one: nothing is allocated but the result. */
const shared = Buffer.allocUnsafe(64 * 1024);

/** Reads until the end or the limit. Undefined where it cannot be opened or read. */
export function readBytes(path: string, limit: number): Buffer | undefined {
  return readFile(path, limit, (bytes, length) => Buffer.from(bytes.subarray(0, length)));
}

export function readText(path: string, limit = valueLimit): string | undefined {
  return readFile(path, limit, (bytes, length) => textOf(bytes, length, limit));
}

/** A table and the inode of its file: two processes see the same inode of `net/dev` exactly if they share a namespace. */
export function readTable(path: string): { readonly text: string; readonly inode: number } | undefined {
  return readFile(path, tableLimit, (bytes, length, file) => ({
    text: textOf(bytes, length, tableLimit),
    inode: fstatSync(file).ino,
  }));
}

function textOf(bytes: Buffer, length: number, limit: number): string {
  const text = bytes.toString('utf8', 0, length);
  return length < limit ? text : text.slice(0, text.lastIndexOf('\n') + 1);
}

function readFile<T>(
  path: string,
  limit: number,
  take: (bytes: Buffer, length: number, file: number) => T,
): T | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, flags);
    let bytes = shared;
    let length = 0;
    while (length < limit) {
      if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(2 * length, limit));
      const count = readSync(file, bytes, length, Math.min(bytes.length, limit) - length, null);
      length += count;
      // A value comes whole in one read, a table in as many as it takes.
      if (count === 0 || limit === valueLimit) break;
    }
    return take(bytes, length, file);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Names in a directory, in the directory's order. */
export function list(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}

export function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly uid: number;
}

/** What a path leads to. Only for paths below /proc and /sys that the kernel itself answers for. */
export function identify(path: string): FileIdentity | undefined {
  try {
    const found = statSync(path);
    return { device: found.dev, inode: found.ino, uid: found.uid };
  } catch {
    return undefined;
  }
}

/** For paths on file systems that may hang (NFS, FUSE, another process's root): waits half a second at most, off this thread. */
export function identifyFile(path: string): Promise<FileIdentity | undefined> {
  return soon(
    stat(path).then(
      (stats) => ({ device: stats.dev, inode: stats.ino, uid: stats.uid }),
      () => undefined,
    ),
  );
}

/**
 * The beginning of a regular file below the root of another process, by the names on the way to it. No symlink is
 * followed, as an absolute one would lead into our own root, and all names are walked on open directories, so none
 * can be put there in the meantime. Waits half a second at most.
 */
export function readBelow(root: string, names: readonly string[], limit = valueLimit): Promise<string | undefined> {
  return soon(walk(root, names, limit).catch(() => undefined));
}

async function walk(root: string, names: readonly string[], limit: number): Promise<string | undefined> {
  let at: FileHandle | undefined;
  try {
    for (const [place, name] of names.entries()) {
      const kind = place === names.length - 1 ? constants.O_NONBLOCK : constants.O_DIRECTORY;
      // openat(2), which Node has not.
      const directory: string = at === undefined ? root : `/proc/self/fd/${at.fd}`;
      const next = await open(`${directory}/${name}`, constants.O_RDONLY | constants.O_NOFOLLOW | kind);
      await at?.close();
      at = next;
    }
    if (at === undefined || !(await at.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await at.read(Buffer.alloc(limit), 0, limit, 0);
    return textOf(buffer, bytesRead, limit);
  } finally {
    await at?.close();
  }
}

async function soon<T>(work: Promise<T | undefined>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), 500);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** PIDs of a proc directory, ascending. */
export function listPids(proc: string): number[] {
  return (list(proc) ?? [])
    .filter((name) => /^\d{1,10}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

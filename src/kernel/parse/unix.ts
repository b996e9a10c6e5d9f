/** A Unix socket that waits for connections. */
export interface UnixListener {
  /** The path as it was given to bind(2), in the mount namespace of whoever called it; `@name` is an abstract one. */
  readonly path: string;
  /** Inode of the socket itself, as in `/proc/<pid>/fd` → `socket:[…]`; not that of the file. */
  readonly inode: number;
}

const acceptsConnections = 0x10000;

/** The listeners of `/proc/<pid>/net/unix`. Source: `unix_seq_show`, net/unix/af_unix.c; `__SO_ACCEPTCON`, linux/net.h. */
export function parseUnix(text: string): UnixListener[] {
  const listeners: UnixListener[] = [];
  for (const line of text.split('\n')) {
    // Num: RefCount Protocol Flags Type St Inode Path; a path may hold blanks.
    const match =
      /^[0-9a-f]{1,16}: [0-9A-F]{8} [0-9A-F]{8} ([0-9A-F]{8}) [0-9A-F]{4} [0-9A-F]{2} {1,20}(\d{1,15}) (.+)$/.exec(
        line,
      );
    if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) continue;
    if ((parseInt(match[1], 16) & acceptsConnections) !== 0)
      listeners.push({ path: match[3], inode: Number(match[2]) });
  }
  return listeners;
}

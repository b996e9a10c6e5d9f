import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { configDir, type Surroundings, usualSockets } from './connections.ts';
import { readCurrentContext } from './contexts.ts';
import { FolderWatch } from './folderWatch.ts';

export interface ConnectionsWatch {
  /** Resolves when watching has begun: every change after it is told. */
  readonly begun: Promise<void>;
  dispose(): void;
}

export interface WatchTimes {
  /** From the first change to the look at what there is now: one `docker context create` writes several files. */
  readonly settleMs: number;
  /** Between two looks, where the system does not watch a folder for us. */
  readonly pollMs: number;
}

const defaultTimes: WatchTimes = { settleMs: 200, pollMs: 5000 };

/** `meta/<digest>/meta.json`, `tls/<digest>/docker/ca.pem`. */
const deepestContext = 4;

/** Folders that are made while they are read, one in the other; beyond, a file system that gives its folders ever new inodes. */
const mostRounds = 8;

/** Far more than anybody has; a limit for a link that leads to a folder of something else. */
const mostEntries = 5000;

/**
 * Calls the listener a moment after what `listConnections` and the empty setting go by is another: Docker's contexts, which
 * of them is the current one, which of the usual sockets exist. Never for other files that change beside them, and not for
 * named pipes of Windows, whose folder cannot be watched.
 */
export function watchConnections(
  around: Surroundings,
  listener: () => void,
  times: Partial<WatchTimes> = {},
): ConnectionsWatch {
  const watch = new ConnectionsWatcher(around, listener, { ...defaultTimes, ...times });
  return { begun: watch.check(), dispose: () => watch.dispose() };
}

class ConnectionsWatcher {
  readonly #around: Surroundings;
  readonly #listener: () => void;
  readonly #times: WatchTimes;
  readonly #folders: FolderWatch;
  /** The newest fingerprint. */
  #known: string | undefined;
  #settling: NodeJS.Timeout | undefined;
  #polling: NodeJS.Timeout | undefined;
  /** The checks, one after the other. */
  #checks: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(around: Surroundings, listener: () => void, times: WatchTimes) {
    this.#around = around;
    this.#listener = listener;
    this.#times = times;
    this.#folders = new FolderWatch({
      changed: () => {
        if (!this.#disposed) this.#settling ??= setTimeout(() => void this.check(), times.settleMs).unref();
      },
      // A watch that broke once may break at every try: that is not tried more often than now and then.
      broken: () => this.#pollSoon(),
    });
  }

  check(): Promise<void> {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    const check = (): Promise<void> => this.#check();
    return (this.#checks = this.#checks.then(check, check));
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#settling);
    clearTimeout(this.#polling);
    this.#folders.dispose();
  }

  async #check(): Promise<void> {
    const directory = configDir(this.#around);
    const sockets = usualSockets(this.#around).flatMap((address) =>
      address.startsWith('unix://') ? [address.slice('unix://'.length)] : [],
    );
    let state = await readState(directory, sockets);
    let rounds = 0;
    while (await this.#folders.follow(wantedFolders(directory, sockets, state.folders), this.#around)) {
      // What changed before a folder was watched is in no event: it is read once more.
      state = await readState(directory, sockets);
      if (++rounds === mostRounds) break;
    }
    if (this.#disposed) return;
    if (!this.#folders.complete || rounds === mostRounds) this.#pollSoon();
    const before = this.#known;
    this.#known = state.fingerprint;
    if (before !== undefined && before !== state.fingerprint) this.#listener();
  }

  #pollSoon(): void {
    if (this.#disposed) return;
    this.#polling ??= setTimeout(() => {
      this.#polling = undefined;
      void this.check();
    }, this.#times.pollMs).unref();
  }
}

interface State {
  /** Equal where nothing changed. Holds no content of a file but the name of the current context. */
  readonly fingerprint: string;
  /** The folders of the contexts. */
  readonly folders: readonly string[];
}

async function readState(directory: string, sockets: readonly string[]): Promise<State> {
  const contexts: ContextFiles = { folders: [], files: [], left: mostEntries };
  await readFolder(path.join(directory, 'contexts'), deepestContext, contexts);
  const current = await readCurrentContext(directory).catch(() => 0);
  const there = await Promise.all(sockets.map(async (socket) => (await statOf(socket))?.isSocket() === true));
  return {
    fingerprint: JSON.stringify([current, contexts.files, there]),
    folders: contexts.folders,
  };
}

interface ContextFiles {
  readonly folders: string[];
  readonly files: string[];
  left: number;
}

/** Everything below a folder, in a stable order: `docker context` may write a file in place or put another there. */
async function readFolder(folder: string, depth: number, into: ContextFiles): Promise<void> {
  const entries = await readdir(folder).catch(() => undefined);
  if (entries === undefined) return;
  into.folders.push(folder);
  for (const name of entries.sort()) {
    if (into.left-- <= 0) return;
    const entry = path.join(folder, name);
    const found = await statOf(entry);
    if (found?.isDirectory() === true) {
      into.files.push(entry);
      if (depth > 1) await readFolder(entry, depth - 1, into);
    } else if (found !== undefined) {
      into.files.push(`${entry} ${found.size} ${found.mtimeMs}`);
    }
  }
}

/** Folder → the names in it that matter. */
function wantedFolders(
  directory: string,
  sockets: readonly string[],
  contextFolders: readonly string[],
): Map<string, Set<string> | 'all'> {
  const wanted = new Map<string, Set<string> | 'all'>();
  for (const file of [path.join(directory, 'config.json'), path.join(directory, 'contexts'), ...sockets]) {
    const folder = path.dirname(file);
    const names = wanted.get(folder) ?? new Set<string>();
    if (names !== 'all') wanted.set(folder, names.add(path.basename(file)));
  }
  for (const folder of contextFolders) wanted.set(folder, 'all');
  return wanted;
}

function statOf(file: string): Promise<Stats | undefined> {
  return stat(file).catch(() => undefined);
}

import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { Surroundings } from './connections.ts';

/** Folder → the names in it whose changes are told. */
export type WantedFolders = ReadonlyMap<string, ReadonlySet<string> | 'all'>;

export interface FolderWatchListener {
  /** Something may have changed in a watched folder, or the folder itself came or went. */
  changed(): void;
  /** The system ended a watch. `follow` opens it anew. */
  broken(): void;
}

interface Watched {
  readonly watcher: FSWatcher;
  /** Which folder it is: one that was removed and made anew has the same path. */
  readonly identity: string;
  /** Replaced by each `follow`. */
  names: ReadonlySet<string> | 'all';
}

/**
 * Watches folders by their paths, also those that do not exist yet: then the nearest one above, for the name that is missing.
 * Never watches what is below a folder. No error of a watch gets out: `complete` is false then.
 */
export class FolderWatch {
  readonly #listener: FolderWatchListener;
  readonly #watched = new Map<string, Watched>();
  #complete = true;
  #disposed = false;

  constructor(listener: FolderWatchListener) {
    this.#listener = listener;
  }

  /** False where a folder cannot be watched: the system has no more watches, or the person may not read it. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Watches these folders and no others. True where a watch was opened: what it tells begins now. */
  async follow(wanted: WantedFolders, around: Pick<Surroundings, 'platform' | 'home'>): Promise<boolean> {
    const there = await existing(wanted);
    if (this.#disposed) return false;
    for (const [folder, { watcher, identity }] of this.#watched) {
      if (there.get(folder)?.identity === identity) continue;
      watcher.close();
      this.#watched.delete(folder);
    }
    this.#complete = true;
    let opened = false;
    for (const [folder, { names, identity }] of there) {
      const watched = this.#watched.get(folder);
      if (watched !== undefined) watched.names = names;
      else if (isTooMuch(folder, around) || !this.#open(folder, names, identity)) this.#complete = false;
      else opened = true;
    }
    return opened;
  }

  dispose(): void {
    this.#disposed = true;
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  #open(folder: string, names: Watched['names'], identity: string): boolean {
    let watcher: FSWatcher;
    try {
      watcher = watch(folder, { persistent: false });
    } catch {
      return false;
    }
    const watched: Watched = { watcher, identity, names };
    this.#watched.set(folder, watched);
    const isCurrent = (): boolean => this.#watched.get(folder) === watched;
    const drop = (): void => {
      watcher.close();
      if (isCurrent()) this.#watched.delete(folder);
    };
    watcher.on('change', (type, file) => {
      const name = typeof file === 'string' ? file : undefined;
      if (!isCurrent()) return;
      // The folder itself was removed or moved: Linux names it so, and a folder made anew may even have its inode.
      if (type === 'rename' && name === path.basename(folder)) drop();
      else if (name !== undefined && !matters(name, watched.names)) return;
      this.#listener.changed();
    });
    watcher.on('error', () => {
      if (!isCurrent()) return;
      drop();
      this.#listener.broken();
    });
    return true;
  }
}

/** What is to be watched and exists, or stands in for what does not exist. */
async function existing(wanted: WantedFolders): Promise<Map<string, Pick<Watched, 'names' | 'identity'>>> {
  const there = new Map<string, { readonly names: Set<string> | 'all'; readonly identity: string }>();
  for (const [wantedFolder, wantedNames] of wanted) {
    let [folder, names] = [wantedFolder, wantedNames];
    let identity = await identityOf(folder);
    while (identity === undefined && path.dirname(folder) !== folder) {
      names = new Set([path.basename(folder)]);
      folder = path.dirname(folder);
      identity = await identityOf(folder);
    }
    const others = there.get(folder)?.names ?? new Set();
    const all = names === 'all' || others === 'all' ? 'all' : new Set([...names, ...others]);
    if (identity !== undefined) there.set(folder, { names: all, identity });
  }
  return there;
}

async function identityOf(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true ? `${found.dev} ${found.ino} ${found.birthtimeMs}` : undefined;
}

/** The docker command writes a file beside the one that it replaces, with more letters at its end; a link stays where it is. */
function matters(name: string, names: Watched['names']): boolean {
  return names === 'all' || names.has(name) || [...names].some((one) => name.startsWith(one));
}

/** macOS tells of everything below a folder, though only what is in it is passed on: for a home directory that is a lot. */
function isTooMuch(folder: string, { platform, home }: Pick<Surroundings, 'platform' | 'home'>): boolean {
  return platform === 'darwin' && !path.relative(folder, home).startsWith('..');
}

import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every process of a lab engine (dockerd, containerd, shims, containers, what `runInside` started) is in the
 * subtree of one cgroup of its own. That is how they are found again: neither by name nor by parentage,
 * since a shim is nobody's child once its dockerd is gone.
 */

interface Hierarchy {
  readonly mountPoint: string;
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
}

/** Mounted hierarchies: one for cgroup v2, one a controller for v1, both on hybrid machines. */
function hierarchies(): readonly Hierarchy[] {
  const found: Hierarchy[] = [];
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, mountPoint, type, options] = line.split(' ');
    if (mountPoint === undefined || options === undefined) continue;
    if (type === 'cgroup') found.push({ mountPoint, version: 1, controllers: options.split(',') });
    if (type === 'cgroup2') found.push({ mountPoint, version: 2, controllers: [] });
  }
  return found;
}

/** The hierarchy that processes are counted in: all parts of an engine and its containers join it. */
function trackingHierarchy(): Hierarchy {
  const all = hierarchies();
  const first = (controller: string): Hierarchy | undefined => all.find((one) => one.controllers.includes(controller));
  const chosen = first('pids') ?? first('name=systemd') ?? all.find((one) => one.version === 2);
  if (chosen === undefined) throw new Error('no cgroup hierarchy is mounted: the lab needs one');
  return chosen;
}

/**
 * Makes the engine's cgroup and returns the `cgroup.procs` file that its first process writes itself into.
 * A leaf below it, because cgroup v2 allows no processes in a group that has children with controllers.
 */
export function makeEngineCgroup(name: string): string {
  const leaf = join(trackingHierarchy().mountPoint, name, 'engine');
  mkdirSync(leaf, { recursive: true });
  return join(leaf, 'cgroup.procs');
}

/**
 * Makes the engine's cgroup in every hierarchy and returns their `cgroup.procs`: for an engine that gets a cgroup
 * namespace, whose top they become.
 */
export function makeCgroupRoots(name: string): readonly string[] {
  return hierarchies().map(({ mountPoint, controllers }) => {
    const root = join(mountPoint, name);
    mkdirSync(root, { recursive: true });
    // A new cpuset (v1) has no processor, and takes no process before it has.
    if (controllers.includes('cpuset')) {
      for (const file of ['cpuset.cpus', 'cpuset.mems']) {
        writeFileSync(join(root, file), readFileSync(join(mountPoint, file)));
      }
    }
    return join(root, 'cgroup.procs');
  });
}

function directories(root: string): string[] {
  if (!existsSync(root)) return [];
  try {
    const below = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...below.flatMap((entry) => directories(join(root, entry.name))), root];
  } catch {
    return []; // it was removed while it was read
  }
}

/** Processes that live in the cgroup or below it. */
export function processesOf(name: string): readonly number[] {
  return directories(join(trackingHierarchy().mountPoint, name)).flatMap((directory) => {
    try {
      return readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
}

/** A paused container does not die of SIGKILL before it is thawed (cgroup v1; v2 kills frozen ones too). */
function thaw(name: string): void {
  for (const { mountPoint, controllers } of hierarchies()) {
    if (!controllers.includes('freezer')) continue;
    for (const directory of directories(join(mountPoint, name)).reverse()) {
      try {
        writeFileSync(join(directory, 'freezer.state'), 'THAWED');
      } catch {
        // removed meanwhile
      }
    }
  }
}

/** Blocks: it also runs in an `exit` handler, where nothing asynchronous is left. */
function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** SIGKILL for all of them, again until none is left. Returns those that outlived `timeoutMs`. */
export function killCgroup(name: string, timeoutMs = 10_000): readonly number[] {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const pids = processesOf(name);
    if (pids.length === 0 || Date.now() > end) return pids;
    thaw(name);
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it ended by itself
      }
    }
    sleepSync(20);
  }
}

/** Removes the cgroup from every hierarchy. The kernel refuses for a moment after the last process died. */
export function removeCgroup(name: string, timeoutMs = 3_000): void {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const left = hierarchies().flatMap(({ mountPoint }) => directories(join(mountPoint, name)));
    if (left.length === 0) return;
    let failure: unknown;
    for (const directory of left) {
      try {
        rmdirSync(directory);
      } catch (error) {
        failure = error;
      }
    }
    if (failure === undefined) return;
    if (Date.now() > end) throw new Error(`cgroup ${name} stays`, { cause: failure });
    sleepSync(20);
  }
}

import { join } from 'node:path';

/** `sh -c joinOne FILE COMMAND…` and `sh -c joinAll join FILE… -- COMMAND…`: the command as a process of these `cgroup.procs`. */
const joinOne = 'echo $$ >"$0" && exec "$@"';
const joinAll = 'while [ "$1" != -- ]; do echo $$ >"$1"; shift; done; shift; exec "$@"';

const script = (name: string): string => join(import.meta.dirname, name);

export interface InsideOptions {
  /** Root where absent. */
  readonly uid?: number;
  readonly gid?: number;
  /** Default: the checkout. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What `setpriv` runs to become an engine in namespaces of its own; `cgroupRoots` not empty: in a cgroup namespace too. */
export function engineProcess(
  netns: string,
  cgroupRoots: readonly string[],
  command: readonly string[],
): readonly string[] {
  const ownCgroups = cgroupRoots.length > 0;
  // prettier-ignore
  return [
    // Should the owner die without a word, dockerd stops by itself; the rest is for the next run's sweep.
    '--pdeathsig', 'TERM',
    'nsenter', `--net=/run/netns/${netns}`,
    ...(ownCgroups ? ['sh', '-c', joinAll, 'join', ...cgroupRoots, '--'] : []),
    'unshare', '--mount', '--uts', ...(ownCgroups ? ['--cgroup'] : []), '--propagation', 'slave',
    'sh', script('enter.sh'),
    ...command,
  ];
}

export interface InsideTarget {
  readonly pid: number;
  readonly netns: string;
  readonly cgroupProcs: string;
}

/** Arguments of `sh` that run a program in the namespaces of an engine that runs, with no environment but this. */
export function insideProcess(
  { pid, netns, cgroupProcs }: InsideTarget,
  { uid, gid, cwd, env }: InsideOptions & { readonly cwd: string },
  args: readonly string[],
): readonly string[] {
  const variables = Object.entries(env ?? {}).map(([key, value]) => `${key}=${value}`);
  // prettier-ignore
  const user = uid === undefined ? [] : [
    'setpriv', '--reuid', `${uid}`, '--regid', `${gid ?? uid}`, '--clear-groups', '--no-new-privs',
  ];
  // prettier-ignore
  return [
    '-c', joinOne, cgroupProcs,
    // Not the network namespace of the process: Podman's first thread may stay behind in that of a container.
    'nsenter', '--target', `${pid}`, '--mount', `--net=/run/netns/${netns}`, '--uts',
    'env', '--ignore-environment', '--chdir', cwd, ...variables,
    ...user,
    ...args,
  ];
}

/** Arguments of `sh` that run a program of another root in the network of an engine: beside.sh. */
export function besideProcess(
  { netns, cgroupProcs }: Omit<InsideTarget, 'pid'>,
  root: string,
  directory: string,
  args: readonly string[],
): readonly string[] {
  // prettier-ignore
  return [
    '-c', joinOne, cgroupProcs,
    'setpriv', '--pdeathsig', 'KILL',
    'nsenter', `--net=/run/netns/${netns}`,
    'unshare', '--mount', '--propagation', 'private',
    'sh', script('beside.sh'), root, directory,
    ...args,
  ];
}

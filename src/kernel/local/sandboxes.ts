import { lstat, statfs } from 'node:fs/promises';
import type { OverlaySandbox } from '../../topology/model.ts';
import { namespaceKey } from './engineFacts.ts';
import { rootOf, type EngineNamespace } from './engineNamespace.ts';
import { list } from './files.ts';
import type { HostSources } from './hostNamespace.ts';
import { linkFromIp } from './ipTool.ts';

/** `nsenter` and `ip` cost some 20 ms a sandbox: no more than these in one read. */
const mostSandboxes = 32;
const sandboxesAtOnce = 4;

/** NSFS_MAGIC, include/uapi/linux/magic.h: what is mounted on the file of a namespace. */
const nsfs = 0x6e736673;

/** Where libnetwork mounts the namespaces that it makes (moby, libnetwork/osl/namespace_linux.go). */
const directory = '/run/docker/netns';

/**
 * The namespaces of overlay networks. No process lives in them, so only their files lead there, and only root may look.
 * Empty where they cannot be seen. Never rejects.
 */
export async function readSandboxes(engine: EngineNamespace, from: HostSources): Promise<readonly OverlaySandbox[]> {
  // A stand-in for /proc has no namespaces, and of a process that need not be the engine the files are anybody's.
  const root = from.proc === '/proc' ? rootOf(engine) : undefined;
  if (root === undefined) return [];
  const sandboxes = await readSandboxesIn(`${root}${directory}`, from);
  // A process that is another one by now may have led to another engine's.
  return sandboxes.length === 0 || namespaceKey(from.proc, engine.process) === engine.key ? sandboxes : [];
}

export async function readSandboxesIn(
  path: string,
  { ip, signal }: Pick<HostSources, 'ip' | 'signal'>,
): Promise<readonly OverlaySandbox[]> {
  // Those of containers are 12 hex digits, load balancers begin with `lb_`.
  const names = (list(path) ?? []).filter((name) => /^\d{1,4}-[0-9a-z]{6,10}$/.test(name)).sort();
  const sandboxes: OverlaySandbox[] = [];
  for (let at = 0; at < Math.min(names.length, mostSandboxes); at += sandboxesAtOnce) {
    const batch = names.slice(at, Math.min(at + sandboxesAtOnce, mostSandboxes));
    const read = await Promise.all(
      batch.map(async (name): Promise<OverlaySandbox | undefined> => {
        const file = `${path}/${name}`;
        const found = (await isNamespace(file)) ? await ip.sandbox?.(file, signal) : undefined;
        return (
          found && {
            name,
            links: found.links.map((link) => linkFromIp(link, found.links, undefined)),
            tunnels: found.tunnels,
          }
        );
      }),
    );
    sandboxes.push(...read.filter((sandbox) => sandbox !== undefined));
  }
  return sandboxes;
}

/** A file stays for a moment when its namespace is gone. */
async function isNamespace(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isFile() && (await statfs(file)).type === nsfs;
  } catch {
    return false;
  }
}

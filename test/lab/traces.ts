import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { processesOf } from './cgroups.ts';
import { run } from './run.ts';

/** What is left on this machine of an engine, by its directory: nothing, if all went well. */
export function tracesOf(directory: string): readonly string[] {
  const id = basename(directory);
  const cgroups = readdirSync('/sys/fs/cgroup', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => (name === id ? join('/sys/fs/cgroup', id) : join('/sys/fs/cgroup', name, id)));
  return [
    ...[directory, `/run/netns/${id}`, `/run/netns/${id}-wan`, ...cgroups].filter((path) => existsSync(path)),
    ...processesOf(id).map((pid) => `process ${pid}`),
    ...readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(id)),
  ];
}

/** Names of the links in this machine's own namespace, to which no lab adds one. */
export async function machineLinks(): Promise<readonly string[]> {
  const links = JSON.parse(await run(['ip', '-json', 'link'])) as readonly { readonly ifname: string }[];
  return links.map(({ ifname }) => ifname).sort();
}

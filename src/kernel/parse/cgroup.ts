/**
 * The container that a process is in, from `/proc/<pid>/cgroup`: the innermost 64-digit hexadecimal id of its paths.
 * Innermost, because an engine in a container (`/docker/<outer>/docker/<inner>`) names both.
 * Where hierarchies of cgroup v1 disagree, the one that goes deepest counts.
 * Seen: `/docker/<id>`, `/system.slice/docker-<id>.scope`, `/machine.slice/libpod-<id>.scope/container`,
 * `/libpod_parent/libpod-<id>`. `libpod-conmon-<id>.scope` is that of the process which watches the container.
 */
export function containerIdOf(text: string): string | undefined {
  let found: string | undefined;
  let depth = 0;
  for (const line of text.split('\n')) {
    const ids = line.match(/(?<![0-9a-f]|conmon-)[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
    if (ids.length > depth) {
      depth = ids.length;
      found = ids.at(-1);
    }
  }
  return found;
}

import type { LabEngine } from './labEngine.ts';

/** An engine in whose namespaces something can be run. */
type Enterable = Pick<LabEngine, 'runInside'>;

/** `ip -json -details address` of iproute2. */
export interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly address?: string;
  readonly master?: string;
  readonly link_index?: number;
  readonly link_netnsid?: number;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly { readonly local: string }[];
}

/** A network namespace as it sees itself over netlink. */
export interface Inside {
  readonly links: readonly IpLink[];
  /** Its ids of other namespaces (`link_netnsid`) → a file of /run/docker/netns, or `engineName`. */
  readonly names: ReadonlyMap<number, string>;
}

/** Stands for the engine's own namespace among the names. */
export const engineName = 'engine';

/**
 * `ip netns list-id` looks for the name of an id in /run/netns alone. So in a mount namespace that goes with the question the
 * files of Docker's namespaces are there, and that of the engine's own.
 */
const script = `
mkdir -p /run/netns && mount -t tmpfs none /run/netns || exit 1
for file in /run/docker/netns/*; do
  touch "/run/netns/\${file##*/}" && mount --bind "$file" "/run/netns/\${file##*/}"
done 2>/dev/null
touch /run/netns/${engineName} && mount --bind /proc/self/ns/net /run/netns/${engineName} || exit 1
links=$(nsenter "$1" ip -json -details address) || exit 1
names=$(nsenter "$1" ip -json netns list-id) || exit 1
printf '{"links":%s,"ids":%s}' "$links" "\${names:-[]}"
`;

async function inside(engine: Enterable, net: string): Promise<Inside> {
  const command = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', `--net=${net}`];
  const { links, ids } = JSON.parse(await engine.runInside(command)) as {
    readonly links: readonly IpLink[];
    readonly ids: readonly { readonly nsid: number; readonly name?: string }[];
  };
  return { links, names: new Map(ids.flatMap(({ nsid, name }) => (name === undefined ? [] : [[nsid, name]]))) };
}

export function insideProcess(engine: Enterable, pid: number): Promise<Inside> {
  return inside(engine, `/proc/${pid}/ns/net`);
}

/** `name`: a file of /run/docker/netns. */
export function insideSandbox(engine: Enterable, name: string): Promise<Inside> {
  return inside(engine, `/run/docker/netns/${name}`);
}

/** Files of /run/docker/netns. */
export async function sandboxNames(engine: Enterable): Promise<readonly string[]> {
  return (await engine.runInside(['ls', '/run/docker/netns'])).split('\n').filter((name) => name !== '');
}

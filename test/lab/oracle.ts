import { inspectContainers, inspectNetworks, type InspectedContainer, type InspectedNetwork } from './inspect.ts';
import type { LabEngine } from './labEngine.ts';
import { engineName, insideProcess, insideSandbox, sandboxNames, type Inside, type IpLink } from './namespaces.ts';
import { run } from './run.ts';

/**
 * The truth about wires, by a way that the product does not go: enter each network namespace and ask the kernel
 * over netlink. A veth names its peer by index and by the id of the peer's namespace, and `ip netns list-id`
 * tells which named namespace that id is. No guess is in it: what does not add up is an error.
 */
export interface TrueWire extends WireEnds {
  readonly containerId: string;
  readonly containerName: string;
  readonly networkId: string;
  readonly networkName: string;
  /** Of the endpoint; empty on an internal network. */
  readonly gateway: string;
  readonly pid: number;
}

interface WireEnds {
  /** `overlay`: a veth too, into the namespace of the overlay network. */
  readonly kind: 'veth' | 'overlay' | 'macvlan' | 'ipvlan';
  readonly containerLink: { readonly name: string; readonly ifindex: number };
  /** The veth's other end; the parent for macvlan and ipvlan. */
  readonly hostLink: { readonly name: string; readonly ifindex: number };
  /** The bridge that `hostLink` is plugged into, if any. */
  readonly bridge?: string;
  /** Of an overlay network: the namespace that `hostLink` and `bridge` are in, a file of /run/docker/netns; else the engine's. */
  readonly sandbox?: string;
  readonly mac: string;
}

function parseLinks(json: string): readonly IpLink[] {
  return JSON.parse(json) as readonly IpLink[];
}

/** What it asks of an engine. `netns`: a name below /run/netns, or the file of a namespace without one. */
type Wired = Pick<LabEngine, 'api' | 'ip' | 'netns' | 'runInside' | 'version'>;

/** Links of the engine's own network namespace. */
async function hostLinks(engine: Wired): Promise<readonly IpLink[]> {
  return parseLinks(await engine.ip('-json', '-details', 'address'));
}

/** A program of this machine in the network namespace of a process; files, `/sys` too, stay this machine's. */
export function inNetns(pid: number, ...command: readonly string[]): Promise<string> {
  return run(['nsenter', '--target', `${pid}`, '--net', ...command]);
}

/** `ip netns list-id` looks for names in /run/netns alone: in a mount namespace for the question, the file gets one there. */
const listIdsOf = `
mount -t tmpfs none /run/netns && touch /run/netns/${engineName} && mount --bind "$1" /run/netns/${engineName} &&
exec nsenter --target "$2" --net ip -json netns list-id
`;

/** The id that the namespace of `pid` has for the engine's: link_netnsid of a link whose peer is there. */
async function idOfEngine(pid: number, { netns }: Wired): Promise<number | undefined> {
  const isFile = netns.startsWith('/');
  const output = isFile
    ? await run(['unshare', '--mount', 'sh', '-c', listIdsOf, 'sh', netns, `${pid}`])
    : await inNetns(pid, 'ip', '-json', 'netns', 'list-id');
  const ids = (output.trim() === '' ? [] : JSON.parse(output)) as readonly {
    readonly nsid: number;
    readonly name?: string;
  }[];
  return ids.find(({ name }) => name === (isFile ? engineName : netns))?.nsid;
}

/** An address that a container has on a network. */
interface Seat {
  readonly networkId: string;
  readonly networkName: string;
  readonly address: string;
  readonly mac: string;
  readonly gateway: string;
}

function seatsOf(container: InspectedContainer, engine: Wired, drivers: ReadonlyMap<string, string>): readonly Seat[] {
  // Podman has no endpoint ids, lists no network for host and none, and lists an owner's endpoints with its guests too.
  const sharesNamespace = container.HostConfig.NetworkMode.startsWith('container:');
  return Object.entries(container.NetworkSettings.Networks ?? {}).flatMap(([networkName, seat]) => {
    const driver = drivers.get(seat.NetworkID);
    const address = seat.IPAddress === '' ? seat.GlobalIPv6Address : seat.IPAddress;
    const counts =
      engine.version === 'podman'
        ? driver !== undefined && address !== '' && !sharesNamespace
        : seat.EndpointID !== '' && driver !== 'host' && driver !== 'null';
    const { NetworkID: networkId, MacAddress: mac, Gateway: gateway } = seat;
    return counts ? [{ networkId, networkName, address, mac, gateway }] : [];
  });
}

/** Where the other end of a link is. */
interface FarEnd {
  readonly sandbox?: string;
  readonly links: readonly IpLink[];
}

/** Questions that are asked once, while nothing changes. */
interface Questions {
  readonly networks: readonly InspectedNetwork[];
  readonly hostLinks: () => Promise<readonly IpLink[]>;
  readonly idOfEngine: (pid: number) => Promise<number | undefined>;
  readonly namesIn: (pid: number) => Promise<Inside['names']>;
  readonly sandboxLinks: (name: string) => Promise<readonly IpLink[]>;
}

function remembering<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}

async function questions(engine: Wired): Promise<Questions> {
  const host = remembering(() => hostLinks(engine));
  return {
    networks: await inspectNetworks(engine),
    hostLinks: () => host(undefined),
    idOfEngine: remembering((pid) => idOfEngine(pid, engine)),
    namesIn: remembering(async (pid) => (await insideProcess(engine, pid)).names),
    sandboxLinks: remembering(async (name) => (await insideSandbox(engine, name)).links),
  };
}

/** The engine's own namespace, or for an overlay network the one that the kernel calls the peer's. */
async function farEnd(ask: Questions, pid: number, link: IpLink, networkId: string): Promise<FarEnd> {
  if (ask.networks.find(({ Id }) => Id === networkId)?.Driver !== 'overlay') {
    const engineId = await ask.idOfEngine(pid);
    if (engineId !== undefined && link.link_netnsid === engineId) return { links: await ask.hostLinks() };
    throw new Error(`the peer of ${link.ifname} is not in the engine's namespace`);
  }
  const sandbox = (await ask.namesIn(pid)).get(link.link_netnsid ?? -1) ?? '';
  // libnetwork names it by how many times it was made and ten characters of the network's id.
  const [, start = '-'] = /^\d+-(.+)$/.exec(sandbox) ?? [];
  if (!networkId.startsWith(start)) throw new Error(`the peer of ${link.ifname} is in the namespace '${sandbox}'`);
  return { sandbox, links: await ask.sandboxLinks(sandbox) };
}

async function wireOf(seat: Seat, pid: number, links: readonly IpLink[], ask: Questions): Promise<WireEnds> {
  const link = links.find(({ addr_info }) => addr_info.some(({ local }) => local === seat.address));
  const kind = link?.linkinfo?.info_kind;
  if (link === undefined || (kind !== 'veth' && kind !== 'macvlan' && kind !== 'ipvlan'))
    throw new Error(`no interface has ${seat.address}`);
  if (kind === 'veth' && link.address !== seat.mac) throw new Error(`${link.ifname} has another MAC`);
  const { sandbox, links: far } = await farEnd(ask, pid, link, seat.networkId);
  const peer = far.find(({ ifindex }) => ifindex === link.link_index);
  if (peer === undefined) throw new Error(`no host link ${link.link_index}`);
  if (kind === 'veth' && peer.link_index !== link.ifindex) throw new Error(`${peer.ifname} does not point back`);
  return {
    kind: sandbox === undefined ? kind : 'overlay',
    containerLink: { name: link.ifname, ifindex: link.ifindex },
    hostLink: { name: peer.ifname, ifindex: peer.ifindex },
    ...(kind === 'veth' && peer.master !== undefined ? { bridge: peer.master } : {}),
    ...(sandbox === undefined ? {} : { sandbox }),
    mac: link.address ?? '',
  };
}

async function wiresOf(
  container: InspectedContainer,
  seats: readonly Seat[],
  ask: Questions,
): Promise<readonly TrueWire[]> {
  if (seats.length === 0) return [];
  const pid = container.State.Pid;
  const containerName = container.Name.slice(1);
  const links = parseLinks(await inNetns(pid, 'ip', '-json', '-details', 'address'));
  const wires: TrueWire[] = [];
  for (const seat of seats) {
    const { networkId, networkName, gateway } = seat;
    const ends = await wireOf(seat, pid, links, ask).catch((cause: unknown) => {
      throw new Error(`oracle: ${containerName} on ${networkName}: ${String(cause)}`, { cause });
    });
    wires.push({ containerId: container.Id, containerName, networkId, networkName, ...ends, gateway, pid });
  }
  return wires;
}

type SeatsOf = (container: InspectedContainer, networks: readonly InspectedNetwork[]) => readonly Seat[];

async function wiresOfAll(engine: Wired, seatsOfOne: SeatsOf): Promise<readonly TrueWire[]> {
  const ask = await questions(engine);
  const running = (await inspectContainers(engine)).filter(({ State }) => State.Pid > 0);
  const wires: TrueWire[] = [];
  for (const container of running) {
    wires.push(...(await wiresOf(container, seatsOfOne(container, ask.networks), ask)));
  }
  return wires;
}

/** One wire for every endpoint of every running container. */
export function trueWires(engine: Wired): Promise<readonly TrueWire[]> {
  return wiresOfAll(engine, (container, networks) =>
    seatsOf(container, engine, new Map(networks.map(({ Id, Driver }) => [Id, Driver]))),
  );
}

/**
 * The second wire of a container on an overlay network, to docker_gwbridge, by which it reaches all else. No inspection of
 * the container names it: that of the bridge does.
 */
export function trueGatewayWires(engine: LabEngine): Promise<readonly TrueWire[]> {
  return wiresOfAll(engine, (container, networks) => {
    const bridge = networks.find(({ Name }) => Name === 'docker_gwbridge');
    const seat = bridge?.Containers?.[container.Id];
    if (bridge === undefined || seat === undefined) return [];
    const [address = ''] = seat.IPv4Address.split('/');
    return [
      {
        networkId: bridge.Id,
        networkName: bridge.Name,
        address,
        mac: seat.MacAddress,
        gateway: bridge.IPAM.Config?.[0]?.Gateway ?? '',
      },
    ];
  });
}

/** The wire of a namespace that no container has: the swarm's own `ingress_sbox`, or the `lb_…` of a network. */
export interface TrueSystemWire {
  /** A file of /run/docker/netns. */
  readonly namespace: string;
  readonly link: string;
  readonly hostLink: { readonly name: string; readonly ifindex: number };
  readonly bridge?: string;
  /** Where `hostLink` is: a file of /run/docker/netns, or the engine's namespace. */
  readonly sandbox?: string;
}

/** All veths of the swarm's own namespaces. */
export async function trueSystemWires(engine: LabEngine): Promise<readonly TrueSystemWire[]> {
  const ask = await questions(engine);
  const wires: TrueSystemWire[] = [];
  for (const namespace of await sandboxNames(engine)) {
    if (!/^(ingress_sbox|lb_.*)$/.test(namespace)) continue;
    const { links, names } = await insideSandbox(engine, namespace);
    for (const link of links.filter(({ linkinfo }) => linkinfo?.info_kind === 'veth')) {
      const where = names.get(link.link_netnsid ?? -1);
      if (where === undefined) throw new Error(`oracle: the peer of ${link.ifname} in ${namespace} is nowhere`);
      const far = where === engineName ? await ask.hostLinks() : await ask.sandboxLinks(where);
      const peer = far.find(({ ifindex }) => ifindex === link.link_index);
      if (peer?.link_index !== link.ifindex)
        throw new Error(`oracle: ${link.ifname} in ${namespace} has no peer that points back`);
      wires.push({
        namespace,
        link: link.ifname,
        hostLink: { name: peer.ifname, ifindex: peer.ifindex },
        ...(peer.master === undefined ? {} : { bridge: peer.master }),
        ...(where === engineName ? {} : { sandbox: where }),
      });
    }
  }
  return wires;
}

/**
 * The second way, for the oracle's own test: let the container's interface send a frame, then see on which port
 * its bridge learned the MAC. Undefined where the bridge learned nothing.
 */
export async function portByTraffic(engine: LabEngine, wire: TrueWire): Promise<string | undefined> {
  if (wire.bridge === undefined) return undefined;
  await inNetns(wire.pid, 'busybox', 'ping', '-c', '1', '-W', '2', '-I', wire.containerLink.name, wire.gateway);
  const output = await run(['bridge', '-n', engine.netns, '-json', 'fdb', 'show', 'br', wire.bridge]);
  const entries = JSON.parse(output) as readonly {
    readonly mac: string;
    readonly ifname: string;
    readonly state: string;
  }[];
  return entries.find(({ mac, state }) => mac === wire.mac && state !== 'permanent')?.ifname;
}

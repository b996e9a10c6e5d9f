import { inspectContainers, inspectNetworks, type InspectedContainer, type InspectedNetwork } from './inspect.ts';
import type { LabEngine } from './labEngine.ts';
import { run } from './run.ts';

/**
 * The truth about wires, by a way that the product does not go: enter each network namespace and ask the kernel
 * over netlink. A veth names its peer by index and by the id of the peer's namespace, and `ip netns list-id`
 * tells which named namespace that id is. No guess is in it: what does not add up is an error.
 */
export interface TrueWire {
  readonly containerId: string;
  readonly containerName: string;
  readonly networkId: string;
  readonly networkName: string;
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
  /** Of the endpoint; empty on an internal network. */
  readonly gateway: string;
  readonly pid: number;
}

/** `ip -json -details address` of iproute2. */
interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly address?: string;
  readonly master?: string;
  readonly link_index?: number;
  readonly link_netnsid?: number;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly { readonly local: string }[];
}

function parseLinks(json: string): readonly IpLink[] {
  return JSON.parse(json) as readonly IpLink[];
}

/** Links of the engine's own network namespace. */
async function hostLinks(engine: LabEngine): Promise<readonly IpLink[]> {
  return parseLinks(await engine.ip('-json', '-details', 'address'));
}

/** A program of this machine in the network namespace of a process; files, `/sys` too, stay this machine's. */
export function inNetns(pid: number, ...command: readonly string[]): Promise<string> {
  return run(['nsenter', '--target', `${pid}`, '--net', ...command]);
}

/** The id that the namespace of `pid` has for the engine's: link_netnsid of a link whose peer is there. */
async function idOfEngine(pid: number, engine: LabEngine): Promise<number | undefined> {
  const output = await inNetns(pid, 'ip', '-json', 'netns', 'list-id');
  const ids = (output.trim() === '' ? [] : JSON.parse(output)) as readonly {
    readonly nsid: number;
    readonly name?: string;
  }[];
  return ids.find(({ name }) => name === engine.netns)?.nsid;
}

/** An address that a container has on a network. */
interface Seat {
  readonly networkId: string;
  readonly networkName: string;
  readonly address: string;
  readonly mac: string;
  readonly gateway: string;
}

function seatsOf(
  container: InspectedContainer,
  engine: LabEngine,
  drivers: ReadonlyMap<string, string>,
): readonly Seat[] {
  // Podman has no endpoint ids, lists no network for host and none, and lists an owner's endpoints with its guests too.
  const sharesNamespace = container.HostConfig.NetworkMode.startsWith('container:');
  return Object.entries(container.NetworkSettings.Networks ?? {}).flatMap(([networkName, seat]) => {
    const driver = drivers.get(seat.NetworkID);
    const counts =
      engine.version === 'podman'
        ? driver !== undefined && seat.IPAddress !== '' && !sharesNamespace
        : seat.EndpointID !== '' && driver !== 'host' && driver !== 'null';
    const { NetworkID: networkId, IPAddress: address, MacAddress: mac, Gateway: gateway } = seat;
    return counts ? [{ networkId, networkName, address, mac, gateway }] : [];
  });
}

/** Where the other ends of a network's veths are. */
interface FarEnd {
  readonly sandbox?: string;
  readonly links: readonly IpLink[];
}

/** The engine's own namespace, or that of an overlay network: libnetwork names it `1-` and ten characters of the id. */
async function farEnd(engine: LabEngine, driver: string | undefined, networkId: string): Promise<FarEnd> {
  if (driver !== 'overlay') return { links: await hostLinks(engine) };
  const sandbox = `1-${networkId.slice(0, 10)}`;
  const ask = ['nsenter', `--net=/run/docker/netns/${sandbox}`, 'ip', '-json', '-details', 'address'];
  return { sandbox, links: parseLinks(await engine.runInside(ask)) };
}

async function wiresOf(
  container: InspectedContainer,
  engine: LabEngine,
  seats: readonly Seat[],
  farEndOf: (networkId: string) => Promise<FarEnd>,
): Promise<readonly TrueWire[]> {
  if (seats.length === 0) return [];
  const pid = container.State.Pid;
  const name = container.Name.slice(1);
  const links = parseLinks(await inNetns(pid, 'ip', '-json', '-details', 'address'));
  const engineId = await idOfEngine(pid, engine);
  const wires: TrueWire[] = [];
  for (const seat of seats) {
    const what = `${name} on ${seat.networkName}`;
    const link = links.find(({ addr_info }) => addr_info.some(({ local }) => local === seat.address));
    const kind = link?.linkinfo?.info_kind;
    if (link === undefined || (kind !== 'veth' && kind !== 'macvlan' && kind !== 'ipvlan')) {
      throw new Error(`oracle: ${what}: no interface has ${seat.address}`);
    }
    if (kind === 'veth' && link.address !== seat.mac)
      throw new Error(`oracle: ${what}: ${link.ifname} has another MAC`);
    const { sandbox, links: far } = await farEndOf(seat.networkId);
    const isInEngine = engineId !== undefined && link.link_netnsid === engineId;
    if (isInEngine !== (sandbox === undefined)) {
      throw new Error(`oracle: ${what}: the peer of ${link.ifname} is not in the ${sandbox ?? "engine's namespace"}`);
    }
    const peer = far.find(({ ifindex }) => ifindex === link.link_index);
    if (peer === undefined) throw new Error(`oracle: ${what}: no host link ${link.link_index}`);
    if (kind === 'veth' && peer.link_index !== link.ifindex)
      throw new Error(`oracle: ${what}: ${peer.ifname} does not point back`);
    wires.push({
      containerId: container.Id,
      containerName: name,
      networkId: seat.networkId,
      networkName: seat.networkName,
      kind: sandbox === undefined ? kind : 'overlay',
      containerLink: { name: link.ifname, ifindex: link.ifindex },
      hostLink: { name: peer.ifname, ifindex: peer.ifindex },
      ...(kind === 'veth' && peer.master !== undefined ? { bridge: peer.master } : {}),
      ...(sandbox === undefined ? {} : { sandbox }),
      mac: link.address ?? '',
      gateway: seat.gateway,
      pid,
    });
  }
  return wires;
}

type SeatsOf = (container: InspectedContainer, networks: readonly InspectedNetwork[]) => readonly Seat[];

async function wiresOfAll(engine: LabEngine, seatsOfOne: SeatsOf): Promise<readonly TrueWire[]> {
  const networks = await inspectNetworks(engine);
  const farEnds = new Map<string, Promise<FarEnd>>();
  const farEndOf = (networkId: string): Promise<FarEnd> => {
    const known =
      farEnds.get(networkId) ?? farEnd(engine, networks.find(({ Id }) => Id === networkId)?.Driver, networkId);
    farEnds.set(networkId, known);
    return known;
  };
  const running = (await inspectContainers(engine)).filter(({ State }) => State.Pid > 0);
  const wires: TrueWire[] = [];
  for (const container of running) {
    wires.push(...(await wiresOf(container, engine, seatsOfOne(container, networks), farEndOf)));
  }
  return wires;
}

/** One wire for every endpoint of every running container. */
export function trueWires(engine: LabEngine): Promise<readonly TrueWire[]> {
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

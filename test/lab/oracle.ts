import { inspectContainers, inspectNetworks, type InspectedContainer } from './inspect.ts';
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
  readonly kind: 'veth' | 'macvlan' | 'ipvlan';
  readonly containerLink: { readonly name: string; readonly ifindex: number };
  /** The veth's other end; the parent for macvlan and ipvlan. */
  readonly hostLink: { readonly name: string; readonly ifindex: number };
  /** The bridge that `hostLink` is plugged into, if any. */
  readonly bridge?: string;
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

async function wiresOf(
  container: InspectedContainer,
  engine: LabEngine,
  host: readonly IpLink[],
  drivers: ReadonlyMap<string, string>,
): Promise<readonly TrueWire[]> {
  const pid = container.State.Pid;
  const name = container.Name.slice(1);
  const seats = Object.entries(container.NetworkSettings.Networks ?? {}).filter(([, seat]) => {
    const driver = drivers.get(seat.NetworkID);
    return seat.EndpointID !== '' && driver !== 'host' && driver !== 'null';
  });
  if (seats.length === 0) return [];
  const links = parseLinks(await inNetns(pid, 'ip', '-json', '-details', 'address'));
  const engineId = await idOfEngine(pid, engine);
  return seats.map(([networkName, seat]) => {
    const what = `${name} on ${networkName}`;
    const link = links.find(({ addr_info }) => addr_info.some(({ local }) => local === seat.IPAddress));
    const kind = link?.linkinfo?.info_kind;
    if (link === undefined || (kind !== 'veth' && kind !== 'macvlan' && kind !== 'ipvlan')) {
      throw new Error(`oracle: ${what}: no interface has ${seat.IPAddress}`);
    }
    if (kind === 'veth' && link.address !== seat.MacAddress)
      throw new Error(`oracle: ${what}: ${link.ifname} has another MAC`);
    if (engineId === undefined || link.link_netnsid !== engineId) {
      throw new Error(`oracle: ${what}: the peer of ${link.ifname} is not in the engine's namespace`);
    }
    const peer = host.find(({ ifindex }) => ifindex === link.link_index);
    if (peer === undefined) throw new Error(`oracle: ${what}: no host link ${link.link_index}`);
    if (kind === 'veth' && peer.link_index !== link.ifindex)
      throw new Error(`oracle: ${what}: ${peer.ifname} does not point back`);
    return {
      containerId: container.Id,
      containerName: name,
      networkId: seat.NetworkID,
      networkName,
      kind,
      containerLink: { name: link.ifname, ifindex: link.ifindex },
      hostLink: { name: peer.ifname, ifindex: peer.ifindex },
      ...(kind === 'veth' && peer.master !== undefined ? { bridge: peer.master } : {}),
      mac: link.address ?? '',
      gateway: seat.Gateway,
      pid,
    };
  });
}

/** One wire for every endpoint of every running container. */
export async function trueWires(engine: LabEngine): Promise<readonly TrueWire[]> {
  const drivers = new Map((await inspectNetworks(engine)).map(({ Id, Driver }) => [Id, Driver]));
  const host = await hostLinks(engine);
  const running = (await inspectContainers(engine)).filter(({ State }) => State.Pid > 0);
  const wires: TrueWire[] = [];
  for (const container of running) wires.push(...(await wiresOf(container, engine, host, drivers)));
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

import { hostname, networkInterfaces, release } from 'node:os';
import { contains, isInside, parseAddress, parseCidr, type Cidr } from '../actions/addresses.ts';
import type { EngineConnection } from '../engine/engine.ts';
import { bridgeName } from '../topology/bridgeName.ts';
import { isRunning, type Container, type Snapshot } from '../topology/model.ts';

/** An engine, by which way, and what it said last: as much of a session as this is about. */
export interface ReachedEngine {
  readonly engine: { readonly connection: Pick<EngineConnection, 'endpoint' | 'readOnly'> };
  readonly snapshot: Snapshot | undefined;
}

/** The machine, and the network namespace, that this process is in. */
export interface Here {
  readonly pid: number;
  readonly hostname: string;
  /** `uname -r`. */
  readonly kernelVersion: string;
  /** Links that are up and have a carrier, as a bridge has one with a running container. */
  readonly links: () => readonly HereLink[];
}

export interface HereLink {
  readonly name: string;
  /** CIDRs of its addresses. */
  readonly addresses: readonly string[];
}

const here: Here = {
  pid: process.pid,
  hostname: hostname(),
  kernelVersion: release(),
  links: () =>
    Object.entries(networkInterfaces()).map(([name, addresses = []]) => ({
      name,
      addresses: addresses.flatMap(({ cidr }) => cidr ?? []),
    })),
};

/**
 * Where this process reaches a container now: on a bridge network of its, or in the namespace that it shares. Undefined
 * where it does not run, and where it is not proven that the address is the container's here: all engines give
 * 172.17.0.2 to somebody, and that of another machine, of a virtual one or of another namespace is dialled here in vain,
 * or is another engine's container.
 */
export function addressOf(
  reached: ReachedEngine | undefined,
  containerId: string,
  from: Here = here,
): string | undefined {
  const { snapshot } = reached ?? {};
  if (reached === undefined || snapshot === undefined) return undefined;
  const container = snapshot.containers.find(({ id }) => id === containerId);
  if (container === undefined || !isRunning(container) || !isHere(reached, from)) return undefined;
  const seated = ownerOf(snapshot, container);
  if (seated?.mode.kind === 'host') return '127.0.0.1';
  return seated === undefined ? undefined : onOwnBridge(snapshot, seated, from);
}

/**
 * Whether the engine makes its bridges in the network namespace of this process. The kernel's files prove it, where they
 * were read. Else a Unix socket alone proves nothing, as Docker Desktop, rootless engines and tunnels have one too: the
 * engine also has to be on a machine of this name and kernel, and one of its bridges to be here.
 */
export function isHere({ engine, snapshot }: ReachedEngine, from: Here = here): boolean {
  const { endpoint, readOnly } = engine.connection;
  if (readOnly || snapshot === undefined) return false;
  const { kernel } = snapshot;
  // The reader names this process where the engine's namespace is its own.
  if (kernel.kind === 'read' && kernel.view.source === 'local') return kernel.view.host.pid === from.pid;
  const { name, kernelVersion, rootless } = snapshot.engine;
  return (
    endpoint.startsWith('unix:') &&
    !rootless &&
    name === from.hostname &&
    kernelVersion === from.kernelVersion &&
    hasBridge(snapshot, from)
  );
}

function hasBridge({ networks }: Snapshot, from: Here): boolean {
  const links = new Map(from.links().map((link) => [link.name, subnetsOf(link)]));
  return networks.some((network) => {
    const subnets = links.get(bridgeName(network) ?? '') ?? [];
    return network.pools.some(({ subnet }) => {
      const pool = parseCidr(subnet);
      return pool !== undefined && subnets.some((own) => isInside(pool, own));
    });
  });
}

function ownerOf({ containers }: Snapshot, container: Container): Container | undefined {
  const { mode } = container;
  return mode.kind === 'container' ? containers.find(({ id }) => id === mode.ownerId) : container;
}

/** Where the kernel sends what is for the container to the container's own bridge, and not to a link of somebody else. */
function onOwnBridge({ networks }: Snapshot, { endpoints }: Container, from: Here): string | undefined {
  const subnets = from.links().flatMap((link) => subnetsOf(link).map((subnet) => ({ link: link.name, subnet })));
  const seats = endpoints.flatMap(({ networkId, ipv4, ipv6 }) => {
    const network = networks.find(({ id }) => id === networkId);
    const bridge = network && bridgeName(network);
    return bridge === undefined ? [] : [ipv4, ipv6].map((address) => ({ address, bridge }));
  });
  return seats.find(({ address, bridge }) => address !== undefined && linkTo(address, subnets) === bridge)?.address;
}

/** By which link the kernel sends there: the longest prefix wins. Undefined where several have it, as nobody said which. */
function linkTo(
  text: string,
  subnets: readonly { readonly link: string; readonly subnet: Cidr }[],
): string | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const fitting = subnets.filter(({ subnet }) => contains(subnet, address));
  const longest = Math.max(...fitting.map(({ subnet }) => subnet.prefixLength));
  const [link, another] = new Set(fitting.flatMap((one) => (one.subnet.prefixLength === longest ? one.link : [])));
  return another === undefined ? link : undefined;
}

function subnetsOf({ addresses }: HereLink): readonly Cidr[] {
  return addresses.flatMap((text) => parseCidr(text) ?? []);
}

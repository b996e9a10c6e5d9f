import { isRunning, type Container, type PortBinding, type Snapshot } from '../topology/model.ts';
import { cidrOf, insideSpecialRange, parseAddress, type Address } from './addresses.ts';
import type { PublishSpec } from './specs.ts';

/** A socket of the host that listens. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly process?: string;
  readonly pid?: number;
}

/** Who holds a host port. */
export type PortHolder =
  | { readonly kind: 'container'; readonly container: Container; readonly binding: PortBinding }
  | { readonly kind: 'process'; readonly listener: Listener };

/**
 * Who stands in the way of publishing a port; containers first. Where a container holds it, the engine's own proxy that
 * listens for it is not named again. Of a range of host ports one has to be free; where none is, those that hold the
 * first are named. `exceptId`: a container that is about to be replaced.
 */
export function portConflicts(
  snapshot: Snapshot,
  listeners: readonly Listener[],
  spec: PublishSpec,
  exceptId?: string,
): readonly PortHolder[] {
  const { hostPort, hostPortEnd = hostPort } = spec;
  if (hostPort === undefined || hostPortEnd === undefined) return [];
  const wanted = addressesOf(spec.hostIp);
  const inTheWay = holdersOf(snapshot, listeners, spec.protocol)
    .filter(({ port, addresses }) => port >= hostPort && port <= hostPortEnd && meet(wanted, addresses))
    .filter(({ holder }) => holder.kind !== 'container' || holder.container.id !== exceptId);
  const taken = new Set(inTheWay.map(({ port }) => port));
  if (taken.size <= hostPortEnd - hostPort) return [];
  return inTheWay.filter(({ port }) => port === hostPort).map(({ holder }) => holder);
}

/**
 * The first host port from `from.hostPort` on (the container's port where it has none) that `from` could be published
 * on; past 65535 the search goes on at 1024. Undefined where all are taken.
 */
export function nextFreePort(
  snapshot: Snapshot,
  listeners: readonly Listener[],
  from: PublishSpec,
): number | undefined {
  const wanted = addressesOf(from.hostIp);
  const taken = new Set(
    holdersOf(snapshot, listeners, from.protocol)
      .filter(({ addresses }) => meet(wanted, addresses))
      .map(({ port }) => port),
  );
  const start = Math.min(Math.max(1, from.hostPort ?? from.containerPort), 65_535);
  for (let port = start; port <= 65_535; port++) if (!taken.has(port)) return port;
  for (let port = 1024; port < start; port++) if (!taken.has(port)) return port;
  return undefined;
}

interface Held {
  readonly port: number;
  readonly addresses: readonly HostAddress[];
  readonly holder: PortHolder;
}

function holdersOf(snapshot: Snapshot, listeners: readonly Listener[], protocol: string): readonly Held[] {
  const published = snapshot.containers.filter(isRunning).flatMap((container) =>
    container.ports.flatMap((binding): Held[] => {
      if (binding.hostPort === undefined || binding.protocol !== protocol) return [];
      const addresses = addressesOf(binding.hostIp);
      return [{ port: binding.hostPort, addresses, holder: { kind: 'container', container, binding } }];
    }),
  );
  const processes = listeners
    .filter((listener) => listener.protocol === protocol)
    .map((listener): Held => ({
      port: listener.port,
      addresses: listenedOn(listener.address),
      holder: { kind: 'process', listener },
    }))
    .filter((held) => !published.some((own) => isProxyOf(held, own)));
  return [...published, ...processes];
}

/** The address exactly, as the engine's proxy has it. */
function isProxyOf(listener: Held, published: Held): boolean {
  return (
    listener.port === published.port &&
    published.addresses.some(({ key }) => listener.addresses.some((one) => one.key === key))
  );
}

interface HostAddress {
  readonly key: string;
  readonly family: 4 | 6 | undefined;
  readonly all: boolean;
}

const allIpv4: HostAddress = { key: '4 0', family: 4, all: true };
const allIpv6: HostAddress = { key: '6 0', family: 6, all: true };

/** Where a port is published: without an address, on all of both families. */
function addressesOf(hostIp: string | undefined): readonly HostAddress[] {
  if (hostIp === undefined || hostIp === '') return [allIpv4, allIpv6];
  const address = parseAddress(hostIp);
  if (address === undefined) return [{ key: hostIp, family: undefined, all: false }];
  const key = `${address.family} ${address.value}`;
  return [{ key, family: address.family, all: address.value === 0n }];
}

/** A process that listens on `::` mostly has IPv4 too (IPV6_V6ONLY is off), and no file of the kernel's tells. */
function listenedOn(address: string): readonly HostAddress[] {
  const listened = addressesOf(address);
  return listened.some(({ key }) => key === allIpv6.key) ? [allIpv6, allIpv4] : listened;
}

/**
 * Measured on Docker 20.10 and 28.5: all addresses of a family are in the way of each one of it, IPv4 and IPv6 are not
 * in each other's, nor are two addresses.
 */
function meet(some: readonly HostAddress[], others: readonly HostAddress[]): boolean {
  return some.some((a) => others.some((b) => a.key === b.key || (a.family === b.family && (a.all || b.all))));
}

/** Who can reach a port that is published on this address of the host. */
export function exposureOf(hostIp: string | undefined): 'loopback' | 'all' | 'address' {
  if (hostIp === undefined || hostIp === '') return 'all';
  const address = parseAddress(hostIp);
  if (address === undefined) return 'address';
  if (address.value === 0n) return 'all';
  return isLoopback(address) ? 'loopback' : 'address';
}

function isLoopback(address: Address): boolean {
  return insideSpecialRange(cidrOf(address, address.family === 4 ? 32 : 128)) === 'loopback';
}

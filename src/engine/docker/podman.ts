import { isIPv4 } from 'node:net';
import { podmanDefaultId } from '../../topology/builtIn.ts';
import type { AddressPool, Container, Endpoint, Network, NetworkMode } from '../../topology/model.ts';
import { EngineError } from '../engine.ts';
import type { DockerClient } from './client.ts';
import { dial } from './dial.ts';
import { filled, type JsonObject, list, object, text } from './json.ts';

/**
 * What Podman's Docker API says in another way than Docker, and what only Podman's own API on the same socket says.
 * Measured on Podman 5.4: test/fixtures/engine/podman-5.4.
 */

/** Whether `GET /version` was answered by Podman. */
export function isPodman(version: unknown): boolean {
  return componentOf(version) !== undefined;
}

function componentOf(version: unknown): JsonObject | undefined {
  return list(object(version)['Components'])
    .map(object)
    .find(({ Name }) => Name === 'Podman Engine');
}

/** Records of Podman's own API by id of the network; empty where it does not answer, behind a socket proxy for example. */
export type LibpodNetworks = ReadonlyMap<string, JsonObject>;

/** All networks as libpod records them, or the one with that id. Rejects where the engine is gone. */
export async function readLibpodNetworks(
  client: DockerClient,
  version: unknown,
  signal: AbortSignal,
  id?: string,
): Promise<LibpodNetworks> {
  const own = text(object(componentOf(version)?.['Details'])['APIVersion']);
  if (!/^\d{1,4}(\.\d{1,4}){1,2}$/.test(own)) return new Map();
  const path = `/libpod/networks/${id === undefined ? '' : `${encodeURIComponent(id)}/`}json`;
  try {
    const answer = await dial(client.api(signal, own), { path, method: 'GET' });
    const records = (id === undefined ? list(answer) : [answer]).map(object);
    return new Map(records.map((record) => [text(record['id']), record]));
  } catch (error) {
    if (!(error instanceof EngineError) || ['unreachable', 'timeout', 'cancelled'].includes(error.kind)) throw error;
    if (error.kind !== 'notFound') client.log?.warn(`${error.message}; Podman's bridges stay without names`);
    return new Map();
  }
}

/**
 * With the bridge and the range of addresses, of which Docker's API says nothing. The default network is `bridge` in the list, and in each container's
 * record what it is really called: that name is taken. Its file is never written, so it is created anew at each look.
 */
export function podmanNetwork(network: Network, libpod: LibpodNetworks): Network {
  const record = object(libpod.get(network.id));
  const isDefault = network.id === podmanDefaultId;
  const { created, ...rest } = network;
  const subnets = list(record['subnets']).map(object);
  return {
    ...rest,
    pools: network.pools.map((pool) => withRange(pool, subnets)),
    options: Object.fromEntries(
      Object.entries(network.options).map(([key, value]) => [optionName(network, key), value]),
    ),
    name: filled(record['name']) ?? (isDefault ? 'podman' : network.name),
    networkInterface: text(record['network_interface']),
    ...(isDefault || created === undefined ? {} : { created }),
  };
}

function withRange(pool: AddressPool, subnets: readonly JsonObject[]): AddressPool {
  const subnet = subnets.find((one) => one['subnet'] === pool.subnet);
  const { start_ip: first, end_ip: last } = object(subnet?.['lease_range']);
  const ipRange = rangeText(text(first), text(last));
  return ipRange === undefined ? pool : { ...pool, ipRange };
}

/**
 * As `--ip-range` was given: `10.0.0.128/25`, of which Podman keeps the first address behind the network's and the last one,
 * or `10.0.0.10-10.0.0.20`. Of IPv6 always the latter, and also where only one end is set.
 */
function rangeText(first: string, last: string): string | undefined {
  if (first === '' && last === '') return undefined;
  const [start, end] = [ipv4Number(first), ipv4Number(last)];
  if (start !== undefined && end !== undefined) {
    const network = start - 1;
    const size = end - network + 1;
    const prefixLength = 32 - Math.log2(size);
    if (Number.isInteger(prefixLength) && network >= 0 && network % size === 0)
      return `${ipv4Text(network)}/${prefixLength}`;
  }
  return `${first}-${last}`;
}

function ipv4Number(address: string): number | undefined {
  if (!isIPv4(address)) return undefined;
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

function ipv4Text(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

/** As Docker calls it. Podman takes both and keeps its own. */
function optionName({ driver }: Network, key: string): string {
  if (key === 'mode' && (driver === 'macvlan' || driver === 'ipvlan')) return `${driver}_mode`;
  return key === 'mtu' ? 'com.docker.network.driver.mtu' : key;
}

/**
 * Podman lists the name of a mode among the networks (`host`, `none`, `pasta`), lists the owner's seats with those who
 * share its namespace, and calls the mode `bridge` on whatever networks of its own a container is.
 */
export function podmanContainer(container: Container): Container {
  const seats = container.endpoints.filter(({ networkId, networkName }) => networkId !== networkName);
  const endpoints = container.mode.kind === 'container' ? [] : seats;
  const [pseudo] = container.endpoints.filter((seat) => !seats.includes(seat));
  return {
    ...container,
    endpoints,
    mode: container.mode.kind === 'bridge' ? modeOf(pseudo, endpoints) : container.mode,
    // The list leaves out the address that stands for all.
    ports: container.ports.map((port) =>
      port.hostPort === undefined || port.hostIp !== undefined ? port : { ...port, hostIp: '0.0.0.0' },
    ),
  };
}

/** Of several networks the default one counts, else the first by name: which one came first is not told. */
function modeOf(pseudo: Endpoint | undefined, endpoints: readonly Endpoint[]): NetworkMode {
  // A row of the list has no mode.
  if (pseudo?.networkName === 'host' || pseudo?.networkName === 'none') return { kind: pseudo.networkName };
  const [first] = endpoints;
  if (first === undefined || endpoints.some(({ networkId }) => networkId === podmanDefaultId))
    return { kind: 'bridge' };
  return { kind: 'network', network: first.networkName };
}

import { podmanDefaultId } from '../../topology/builtIn.ts';
import type { Container, Endpoint, Network, NetworkMode } from '../../topology/model.ts';
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
 * With the bridge, of which Docker's API says nothing. The default network is `bridge` in the list, and in each container's
 * record what it is really called: that name is taken. Its file is never written, so it is created anew at each look.
 */
export function podmanNetwork(network: Network, libpod: LibpodNetworks): Network {
  const record = object(libpod.get(network.id));
  const isDefault = network.id === podmanDefaultId;
  const { created, ...rest } = network;
  return {
    ...rest,
    options: Object.fromEntries(
      Object.entries(network.options).map(([key, value]) => [optionName(network, key), value]),
    ),
    name: filled(record['name']) ?? (isDefault ? 'podman' : network.name),
    networkInterface: text(record['network_interface']),
    ...(isDefault || created === undefined ? {} : { created }),
  };
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

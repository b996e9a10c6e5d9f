import type { Container, ContainerState, NetworkMode } from '../../topology/model.ts';
import { defined, filled, isObject, type JsonObject, natural, object, text, textMap, texts } from './json.ts';
import { normalizeEndpoints, normalizeLink, type References } from './normalizeEndpoint.ts';
import { portsOfInspect, portsOfRow } from './normalizePorts.ts';
import { podmanContainer } from './podman.ts';

/** What the engine told of one container. */
export interface ContainerRecords {
  /** Element of `GET /containers/json`. */
  readonly row?: unknown;
  /** `GET /containers/{id}/json`; absent where the container was gone before it could be asked. */
  readonly inspect?: unknown;
  /** True on an engine of Windows containers, where the default network is called `nat`. */
  readonly windows: boolean;
  readonly podman?: boolean;
}

const states: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  exited: 'exited',
  dead: 'dead',
  // Podman's own words.
  configured: 'created',
  initialized: 'created',
  stopping: 'running',
  stopped: 'exited',
};

/** Undefined where neither record has an id: then it is no container. */
export function normalizeContainer(records: ContainerRecords, references: References): Container | undefined {
  const container = normalizeRecords(records, references);
  return container !== undefined && records.podman === true ? podmanContainer(container) : container;
}

function normalizeRecords(records: ContainerRecords, references: References): Container | undefined {
  const row = object(records.row);
  if (!isObject(records.inspect) || filled(records.inspect['Id']) === undefined) {
    return normalizeRow(row, records.windows, references);
  }
  const inspect = records.inspect;
  const id = text(inspect['Id']);
  const config = object(inspect['Config']);
  const hostConfig = object(inspect['HostConfig']);
  const settings = object(inspect['NetworkSettings']);
  const state = stateOfInspect(object(inspect['State']));
  return {
    id,
    name: nameOf(inspect['Name'], row['Names'], id),
    image: filled(config['Image']) ?? filled(row['Image']) ?? text(inspect['Image']),
    state,
    // The sentence is in the list only, and the list is the older of the two: it may speak of another state.
    status: toState(row['State']) === state ? text(row['Status']) : state,
    pid: natural(object(inspect['State'])['Pid']),
    mode: normalizeMode(hostConfig['NetworkMode'], records.windows, references),
    endpoints: normalizeEndpoints(id, settings['Networks'], references),
    ports: portsOfInspect(inspect, mayPublish(state)),
    links: texts(hostConfig['Links']).flatMap(normalizeLink),
    labels: textMap(config['Labels']),
    dnsServers: texts(hostConfig['Dns']),
    created: seconds(inspect['Created']),
    inspected: true,
    ...defined({ hostname: filled(config['Hostname']), sandboxKey: filled(settings['SandboxKey']) }),
  };
}

/** The list's facts alone. */
function normalizeRow(row: JsonObject, windows: boolean, references: References): Container | undefined {
  const id = filled(row['Id']);
  if (id === undefined) return undefined;
  const state = toState(row['State']);
  return {
    id,
    name: nameOf(undefined, row['Names'], id),
    image: text(row['Image']),
    state,
    status: text(row['Status']),
    pid: 0,
    mode: normalizeMode(object(row['HostConfig'])['NetworkMode'], windows, references),
    endpoints: normalizeEndpoints(id, object(row['NetworkSettings'])['Networks'], references),
    ports: portsOfRow(row['Ports'], mayPublish(state)),
    links: [],
    labels: textMap(row['Labels']),
    dnsServers: [],
    created: natural(row['Created']),
    inspected: false,
  };
}

/** `HostConfig.NetworkMode`. The owner of a shared namespace becomes a full id where it can be found. */
function normalizeMode(mode: unknown, windows: boolean, references: References): NetworkMode {
  const value = text(mode);
  const owner = /^container:(.+)$/s.exec(value)?.[1];
  if (owner !== undefined) return { kind: 'container', ownerId: references.containerId(owner) ?? owner };
  switch (value) {
    case '':
    case 'default':
      return windows ? { kind: 'network', network: 'nat' } : { kind: 'bridge' };
    case 'bridge':
      return { kind: 'bridge' };
    case 'host':
      return { kind: 'host' };
    case 'none':
      return { kind: 'none' };
    default:
      return { kind: 'network', network: value };
  }
}

/** In the list a container has a name for each container that links to it (`/web/database`), and its own. */
export function nameOf(name: unknown, names: unknown, id: string): string {
  const own = filled(name) ?? texts(names).find((candidate) => candidate.lastIndexOf('/') <= 0) ?? texts(names)[0];
  return filled(own?.replace(/^\//, '')) ?? id.slice(0, 12);
}

function stateOfInspect(state: JsonObject): ContainerState {
  if (filled(state['Status']) !== undefined) return toState(state['Status']);
  if (state['Paused'] === true) return 'paused';
  if (state['Restarting'] === true) return 'restarting';
  if (state['Running'] === true) return 'running';
  if (state['Dead'] === true) return 'dead';
  return 'unknown';
}

function toState(value: unknown): ContainerState {
  const word = text(value).toLowerCase();
  return Object.hasOwn(states, word) ? (states[word] ?? 'unknown') : 'unknown';
}

/** Docker lists no port as published of one that does not run, Podman all that were asked for. */
function mayPublish(state: ContainerState): boolean {
  return state !== 'created' && state !== 'exited' && state !== 'dead';
}

/** RFC 3339 → seconds since 1970; 0 for Go's zero time (`0001-01-01T00:00:00Z`). */
function seconds(value: unknown): number {
  const milliseconds = Date.parse(text(value));
  return Number.isFinite(milliseconds) && milliseconds > 0 ? Math.floor(milliseconds / 1000) : 0;
}

import type { PublishSpec } from '../../actions/specs.ts';
import { atLeast, isEmpty, linkText, portMaps } from './createBodies.ts';
import { defined, filled, isObject, type JsonObject, list, object, text, textMap, texts } from './json.ts';
import { normalizeLink } from './normalizeEndpoint.ts';

/** What makes a container again that is the same but for its ports. */
export interface RecreatePlan {
  /** Body of `POST /containers/create`. */
  readonly body: JsonObject;
  /** `linux/arm64`, where the engine says for which one it made the container. */
  readonly platform: string | undefined;
  /** Its further networks, to be connected before it starts; where the engine does not take them with the body. */
  readonly connects: readonly SeatPlan[];
}

export interface SeatPlan {
  /** Id, or the name where the engine never looked it up (a container that was never started). */
  readonly network: string;
  readonly networkName: string;
  /** `EndpointConfig` of the API. */
  readonly endpoint: JsonObject;
}

export interface RecreateInput {
  /** `GET /containers/{id}/json` while the container ran, if it ran. */
  readonly inspect: JsonObject;
  /** The same of the stopped container: an overlay writes the addresses that it chose among the fixed ones of a running one. */
  readonly resting: JsonObject;
  readonly ports: readonly PublishSpec[];
  readonly apiVersion: string;
  /** How the image is named now: `Config.Image`, or its id where that names another image by now. */
  readonly image: string;
  /** `HostConfig.NetworkMode` in a way that names one network only. */
  readonly networkMode: string;
  /** The same for the other networks, by name. Where it is missing the name does. */
  readonly references: Readonly<Record<string, string>>;
}

export function planRecreate(input: RecreateInput): RecreatePlan {
  const { inspect, apiVersion } = input;
  const { primary, others } = seatsOf(inspect);
  const ports = portMaps(input.ports);
  // Since API 1.44 all seats can be taken at once. They have to: a MAC is ignored in `connect` (moby#48192).
  const atOnce = atLeast(apiVersion, '1.44');
  const own = primary === undefined ? {} : endpointOf(primary, input, true);
  const endpoints = {
    ...(isEmpty(own) && !atOnce ? {} : { [input.networkMode]: own }),
    ...(atOnce
      ? Object.fromEntries(others.map((seat) => [referenceOf(seat, input), endpointOf(seat, input, false)]))
      : {}),
  };
  return {
    body: {
      ...configOf(inspect, apiVersion, input.image, ports.exposed),
      HostConfig: {
        ...hostConfigOf(inspect),
        NetworkMode: input.networkMode,
        PortBindings: ports.bindings,
        // Else all exposed ports would be published beside the ones that were asked for.
        PublishAllPorts: false,
      },
      ...(isEmpty(endpoints) ? {} : { NetworkingConfig: { EndpointsConfig: endpoints } }),
    },
    platform: platformOf(inspect),
    connects: (atOnce ? [] : others).map((seat) => ({
      network: filled(seat.record['NetworkID']) ?? seat.networkName,
      networkName: seat.networkName,
      endpoint: endpointOf(seat, input, false),
    })),
  };
}

function referenceOf({ networkName }: Seat, { references }: RecreateInput): string {
  return references[networkName] ?? networkName;
}

export interface Seat {
  readonly networkName: string;
  readonly record: JsonObject;
}

/** `primary`: on the network of `HostConfig.NetworkMode`; where the container left that one, on its first other one. */
export function seatsOf(inspect: JsonObject): { readonly primary: Seat | undefined; readonly others: readonly Seat[] } {
  const mode = text(object(inspect['HostConfig'])['NetworkMode']);
  const seats = Object.entries(object(object(inspect['NetworkSettings'])['Networks'])).map(([networkName, record]) => ({
    networkName,
    record: object(record),
  }));
  const primary = seats.find((seat) => isOfMode(seat, mode)) ?? seats[0];
  return { primary, others: seats.filter((seat) => seat !== primary) };
}

/** `mode` is a network's name, its id, or the beginning of its id, as it was typed; or a word for the default network. */
export function isOfMode({ networkName, record }: Seat, mode: string): boolean {
  if (mode === '' || mode === 'default') return networkName === 'bridge' || networkName === 'nat';
  return networkName === mode || (/^[0-9a-z]{12,}$/.test(mode) && text(record['NetworkID']).startsWith(mode));
}

/** What takes the same seat again. */
function endpointOf(seat: Seat, { inspect, resting, apiVersion }: RecreateInput, primary: boolean): JsonObject {
  const rested = object(object(object(resting['NetworkSettings'])['Networks'])[seat.networkName]);
  return endpointConfig(isEmpty(rested) ? seat.record : { ...seat.record, IPAMConfig: rested['IPAMConfig'] }, {
    inspect,
    apiVersion,
    primary,
  });
}

/** A seat as an inspection has it → `EndpointConfig` of the API. */
export function endpointConfig(
  record: JsonObject,
  owner: { readonly inspect: JsonObject; readonly apiVersion: string; readonly primary: boolean },
): JsonObject {
  const { inspect, apiVersion, primary } = owner;
  const config = object(inspect['Config']);
  // Engines add these two themselves; since API 1.44 they are no longer listed.
  const added = [text(inspect['Id']).slice(0, 12), atLeast(apiVersion, '1.44') ? '' : text(config['Hostname'])];
  const aliases = texts(record['Aliases']).filter((alias) => !added.includes(alias));
  const fixed = fixedAddresses(record);
  const links = texts(record['Links']);
  const driverOptions = textMap(record['DriverOpts']);
  const priority = record['GwPriority'];
  const mac = primary && !atLeast(apiVersion, '1.52') ? filled(config['MacAddress']) : ownMac(record);
  return {
    ...(aliases.length === 0 ? {} : { Aliases: aliases }),
    ...(isEmpty(fixed) ? {} : { IPAMConfig: fixed }),
    ...(links.length === 0 ? {} : { Links: links }),
    ...(isEmpty(driverOptions) ? {} : { DriverOpts: driverOptions }),
    ...(mac !== undefined && atLeast(apiVersion, '1.44') ? { MacAddress: mac } : {}),
    ...(typeof priority === 'number' && priority !== 0 && atLeast(apiVersion, '1.48') ? { GwPriority: priority } : {}),
  };
}

/** `IPAMConfig` without what is not set. */
export function fixedAddresses(record: JsonObject): JsonObject {
  const fixed = object(record['IPAMConfig']);
  const linkLocal = texts(fixed['LinkLocalIPs']);
  return {
    ...defined({ IPv4Address: filled(fixed['IPv4Address']), IPv6Address: filled(fixed['IPv6Address']) }),
    ...(linkLocal.length === 0 ? {} : { LinkLocalIPs: linkLocal }),
  };
}

/**
 * The seat's MAC, without one that the engine makes of the address. Docker 28 makes it up at random, so that it looks
 * like one that a person fixed: then it stays, which does no harm. Up to API 1.51 the primary seat needs no such guess.
 */
function ownMac(record: JsonObject): string | undefined {
  const mac = filled(record['MacAddress']);
  const bytes = text(record['IPAddress'])
    .split('.')
    .map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return mac?.toLowerCase() === ['02', '42', ...bytes].join(':') ? undefined : mac;
}

function configOf(inspect: JsonObject, apiVersion: string, image: string, exposed: JsonObject): JsonObject {
  const { MacAddress: mac, Hostname: hostname, ...config } = object(inspect['Config']);
  const { PortBindings: published, UTSMode: utsMode } = object(inspect['HostConfig']);
  const kept = Object.entries(object(config['ExposedPorts'])).filter(([key]) => !(key in object(published)));
  // Made of the container's id where nobody named it. The engine refuses one in the host's UTS namespace.
  const named = filled(hostname) !== undefined && hostname !== text(inspect['Id']).slice(0, 12) && utsMode !== 'host';
  return {
    ...config,
    Image: image,
    ...(named ? { Hostname: hostname } : {}),
    ...(filled(mac) !== undefined && !atLeast(apiVersion, '1.44') ? { MacAddress: mac } : {}),
    // An absent entry point would be the image's again; the engine takes [""] for none.
    Entrypoint: texts(config['Entrypoint']).length > 0 ? config['Entrypoint'] : [''],
    ExposedPorts: { ...Object.fromEntries(kept), ...exposed },
  };
}

function hostConfigOf(inspect: JsonObject): JsonObject {
  const host = object(inspect['HostConfig']);
  // As an inspection lists them they carry the container's own name: `/db:/web/database`.
  const links = texts(host['Links']).flatMap(normalizeLink).map(linkText);
  const anonymous = anonymousVolumes(inspect);
  const mounts = list(host['Mounts']).map((mount): unknown => {
    const volume = anonymous.find((one) => one.target === cleanPath(object(mount)['Target']));
    return volume === undefined ? mount : { ...object(mount), Source: volume.name };
  });
  const listed = new Set(list(host['Mounts']).map((mount) => cleanPath(object(mount)['Target'])));
  const reattached = anonymous.filter((volume) => !listed.has(volume.target)).map(mountOf);
  return {
    ...host,
    Links: links.length === 0 ? null : links,
    ...(mounts.length + reattached.length === 0 ? {} : { Mounts: [...mounts, ...reattached] }),
  };
}

interface AnonymousVolume {
  readonly name: string;
  readonly target: string;
  readonly writable: boolean;
}

/** NoCopy: what is not in the volume any more must not come back from the image. */
function mountOf(volume: AnonymousVolume): JsonObject {
  return {
    Type: 'volume',
    Source: volume.name,
    Target: volume.target,
    ReadOnly: !volume.writable,
    VolumeOptions: { NoCopy: true },
  };
}

/** Volumes that nobody named: of `VOLUME` in the image, of `-v /path`, of `--mount` without a source. */
export function anonymousVolumes(inspect: JsonObject): readonly AnonymousVolume[] {
  const host = object(inspect['HostConfig']);
  const binds = texts(host['Binds']);
  const named = list(host['Mounts']).filter((mount) => filled(object(mount)['Source']) !== undefined);
  const targets = new Set(named.map((mount) => cleanPath(object(mount)['Target'])));
  const borrows = texts(host['VolumesFrom']).length > 0;
  const declared = new Set(Object.keys(object(object(inspect['Config'])['Volumes'])).map(cleanPath));
  const unnamed = new Set(list(host['Mounts']).map((mount) => cleanPath(object(mount)['Target'])));
  return list(inspect['Mounts']).flatMap((raw) => {
    const mount = object(raw);
    const name = filled(mount['Name']);
    const target = cleanPath(mount['Destination']);
    if (mount['Type'] !== 'volume' || name === undefined || targets.has(target)) return [];
    if (binds.some((bind) => bind.startsWith(`${name}:`))) return [];
    // Another container's volume comes with `--volumes-from` again.
    if (borrows && !declared.has(target) && !unnamed.has(target)) return [];
    return [{ name, target, writable: mount['RW'] !== false }];
  });
}

/** The engine cleans the paths of mounts, but not those that it was given. */
export function cleanPath(path: unknown): string {
  const cleaned = text(path).replace(/\/+/g, '/').replace(/\/$/, '');
  return cleaned === '' ? text(path) : cleaned;
}

/** Since API 1.48, where images of several platforms can be stored. */
function platformOf(inspect: JsonObject): string | undefined {
  const platform = object(inspect['ImageManifestDescriptor'])['platform'];
  if (!isObject(platform)) return undefined;
  const parts = [platform['os'], platform['architecture'], platform['variant']].map(filled);
  return parts[0] === undefined || parts[1] === undefined
    ? undefined
    : parts.filter((part) => part !== undefined).join('/');
}

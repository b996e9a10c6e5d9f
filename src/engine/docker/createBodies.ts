import type { EndpointSpec, NetworkSpec, PoolSpec, PublishSpec, RunSpec } from '../../actions/specs.ts';
import type { LegacyLink } from '../../topology/model.ts';
import { EngineError } from '../engine.ts';
import { compareVersions } from './apiVersion.ts';
import { defined, filled, type JsonObject } from './json.ts';

/**
 * What a person asked for as bodies of the API, for the version that is spoken. Nothing that was not asked for is in
 * them: the engine's own defaults are newer than ours. https://docs.docker.com/reference/api/engine/version-history/
 */

/** Body of `POST /networks/create`. */
export function networkBody(spec: NetworkSpec, apiVersion: string): JsonObject {
  return {
    Name: spec.name,
    Driver: spec.driver,
    // Before 1.44 an engine takes a second network of one name where this is not asked for.
    ...(atLeast(apiVersion, '1.44') ? {} : { CheckDuplicate: true }),
    ...(spec.internal ? { Internal: true } : {}),
    ...(spec.attachable ? { Attachable: true } : {}),
    ...(spec.ipv6 ? { EnableIPv6: true } : {}),
    ...(spec.pools.length === 0 ? {} : { IPAM: { Driver: 'default', Config: spec.pools.map(poolBody) } }),
    ...(isEmpty(spec.options) ? {} : { Options: spec.options }),
    ...(isEmpty(spec.labels) ? {} : { Labels: spec.labels }),
  };
}

function poolBody(pool: PoolSpec): JsonObject {
  return {
    Subnet: pool.subnet,
    ...defined({ IPRange: filled(pool.ipRange), Gateway: filled(pool.gateway) }),
    ...(isEmpty(pool.auxiliaryAddresses) ? {} : { AuxiliaryAddresses: pool.auxiliaryAddresses }),
  };
}

/** `EndpointConfig` of `POST /networks/{id}/connect`. Throws `invalid` for what the engine is too old for: it would ignore it. */
export function endpointBody(spec: EndpointSpec, apiVersion: string): JsonObject {
  if (filled(spec.mac) !== undefined && !atLeast(apiVersion, '1.44')) {
    throw new EngineError(
      'invalid',
      `a MAC address of one endpoint needs API 1.44 (Docker Engine 25); this engine speaks ${apiVersion}`,
    );
  }
  return { ...seatBody(spec, apiVersion), ...defined({ MacAddress: filled(spec.mac) }) };
}

/** Without the MAC, which has its place elsewhere on old engines. */
function seatBody(spec: EndpointSpec, apiVersion: string): JsonObject {
  if (spec.gatewayPriority !== undefined && !atLeast(apiVersion, '1.48')) {
    throw new EngineError(
      'invalid',
      `a gateway priority needs API 1.48 (Docker Engine 28); this engine speaks ${apiVersion}`,
    );
  }
  const fixed = defined({ IPv4Address: filled(spec.ipv4), IPv6Address: filled(spec.ipv6) });
  return {
    ...(spec.aliases.length === 0 ? {} : { Aliases: spec.aliases }),
    ...(isEmpty(fixed) ? {} : { IPAMConfig: fixed }),
    ...(spec.links.length === 0 ? {} : { Links: spec.links.map(linkText) }),
    ...(isEmpty(spec.driverOptions) ? {} : { DriverOpts: spec.driverOptions }),
    ...defined({ GwPriority: spec.gatewayPriority }),
  };
}

/**
 * Body of `POST /containers/create`. `network` is how the network of `spec.mode` is named, where there is one.
 * Throws `invalid` for what the engine is too old for.
 */
export function containerBody(spec: RunSpec, apiVersion: string, network?: string): JsonObject {
  const legacyLinks = spec.mode.kind === 'bridge';
  const mac = filled(spec.endpoint.mac);
  const seat = legacyLinks ? { ...spec.endpoint, links: [] } : spec.endpoint;
  const endpointMac = mac !== undefined && atLeast(apiVersion, '1.44');
  const endpoint = endpointMac ? endpointBody(seat, apiVersion) : seatBody(seat, apiVersion);
  const mode = modeText(spec, network);
  const ports = portMaps(spec.ports);
  return {
    Image: spec.image,
    ...(spec.command.length === 0 ? {} : { Cmd: spec.command }),
    ...(spec.environment.length === 0 ? {} : { Env: spec.environment }),
    ...(spec.tty ? { Tty: true } : {}),
    ...(mac === undefined || endpointMac ? {} : { MacAddress: mac }),
    ...(isEmpty(ports.exposed) ? {} : { ExposedPorts: ports.exposed }),
    HostConfig: {
      NetworkMode: mode,
      ...(isEmpty(ports.bindings) ? {} : { PortBindings: ports.bindings }),
      // Old engines keep what they are told, and an empty word is none of theirs.
      RestartPolicy: { Name: spec.restart },
      ...(spec.removeWhenStopped ? { AutoRemove: true } : {}),
      ...(legacyLinks && spec.endpoint.links.length > 0 ? { Links: spec.endpoint.links.map(linkText) } : {}),
    },
    ...(isEmpty(endpoint) ? {} : { NetworkingConfig: { EndpointsConfig: { [mode]: endpoint } } }),
  };
}

function modeText({ mode }: RunSpec, network: string | undefined): string {
  switch (mode.kind) {
    case 'container':
      return `container:${mode.id}`;
    case 'network':
      return network ?? mode.id;
    default:
      return mode.kind;
  }
}

/** `ExposedPorts` and `PortBindings`. */
export function portMaps(ports: readonly PublishSpec[]): {
  readonly exposed: Readonly<Record<string, JsonObject>>;
  readonly bindings: Readonly<Record<string, readonly JsonObject[]>>;
} {
  const bindings: Record<string, JsonObject[]> = {};
  for (const port of ports) {
    (bindings[`${port.containerPort}/${port.protocol}`] ??= []).push({
      HostIp: port.hostIp ?? '',
      HostPort: hostPorts(port),
    });
  }
  return { exposed: Object.fromEntries(Object.keys(bindings).map((key) => [key, {}])), bindings };
}

function hostPorts({ hostPort, hostPortEnd }: PublishSpec): string {
  if (hostPort === undefined) return '';
  return hostPortEnd === undefined ? String(hostPort) : `${hostPort}-${hostPortEnd}`;
}

export function linkText(link: LegacyLink): string {
  return `${link.target}:${link.alias}`;
}

export function atLeast(apiVersion: string, wanted: string): boolean {
  return compareVersions(apiVersion, wanted) >= 0;
}

export function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

import { l10n } from 'vscode';
import { comma } from './listText.ts';
import type { Lookup } from './lookup.ts';
import { visible } from './untrusted.ts';
import type { Container, Endpoint, LegacyLink, PortBinding } from '../topology/model.ts';

/** A name for labels; a container without one goes by the start of its id. */
export function containerName(container: Container): string {
  return visible(container.name === '' ? container.id.slice(0, 12) : container.name);
}

/** The network mode as a sentence part. */
export function modeText(lookup: Lookup, container: Container): string {
  const { mode } = container;
  switch (mode.kind) {
    case 'bridge':
      return l10n.t('bridge (the default network)');
    case 'host':
      return l10n.t('host: shares the network namespace of the host');
    case 'none':
      return l10n.t('none: loopback only');
    case 'container':
      return l10n.t('container: shares the network namespace of {0}', ownerName(lookup, mode.ownerId));
    case 'network':
      return l10n.t('network {0}', visible(lookup.networks.get(mode.network)?.name ?? mode.network));
  }
}

export function ownerName(lookup: Lookup, ownerId: string): string {
  const owner = lookup.containers.get(ownerId);
  return owner === undefined ? l10n.t('{0} (gone)', visible(ownerId, 12)) : containerName(owner);
}

/** One port of a container with all places where it is published; empty `published` means exposed only. */
export interface PortGroup {
  readonly containerPort: number;
  readonly protocol: string;
  readonly published: readonly string[];
}

/** IPv4 and IPv6 bindings of one port belong together. */
export function portGroups(ports: readonly PortBinding[]): PortGroup[] {
  const groups = new Map<string, { containerPort: number; protocol: string; published: string[] }>();
  for (const { containerPort, protocol, hostIp, hostPort } of ports) {
    const key = `${containerPort}/${protocol}`;
    const group = groups.get(key) ?? { containerPort, protocol, published: [] };
    groups.set(key, group);
    if (hostPort !== undefined) group.published.push(hostAddress(hostIp, hostPort));
  }
  return [...groups.values()];
}

function hostAddress(hostIp: string | undefined, hostPort: number): string {
  if (hostIp === undefined || hostIp === '') return String(hostPort);
  return hostIp.includes(':') ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`;
}

/** `6379→6379/tcp`: what is published, short. */
export function portsLine(ports: readonly PortBinding[]): string {
  const published = ports.filter((port) => port.hostPort !== undefined);
  const short = [
    ...new Set(published.map((port) => `${port.hostPort ?? 0}→${port.containerPort}/${visible(port.protocol, 10)}`)),
  ];
  return short.length <= 3 ? short.join(comma()) : l10n.t('{0} published ports', short.length);
}

/** The network may be gone from the engine while a stopped container still remembers it. */
export function networkNameOf(lookup: Lookup, endpoint: Endpoint): string {
  return lookup.networks.get(endpoint.networkId)?.name ?? endpoint.networkName;
}

export function legacyLinkText(link: LegacyLink): string {
  return link.alias === link.target ? link.target : l10n.t('{0} as {1}', link.target, link.alias);
}

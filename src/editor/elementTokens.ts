import { isBuiltIn } from '../topology/builtIn.ts';
import {
  endpointKey,
  isRunning,
  type Container,
  type Endpoint,
  type Link,
  type Network,
  type Wire,
} from '../topology/model.ts';
import { containerChanges, endpointChanges, networkChanges } from './changeTokens.ts';
import type { Lookup } from './lookup.ts';
import { token } from './untrusted.ts';

/**
 * What can be done with a thing, wherever it is shown: words of a row's `contextValue`, and of an element of a diagram.
 * The menus of package.json match on them.
 */

export function wireOf(lookup: Lookup, endpoint: Endpoint): Wire | undefined {
  return lookup.wires.get(endpointKey(endpoint.containerId, endpoint.networkId));
}

export function networkTokens(network: Network, seats: number): string[] {
  return [
    'network',
    token(network.driver),
    isBuiltIn(network) ? 'builtin' : 'custom',
    ...['can:inspect', 'can:copyName', 'can:copyId', 'can:showInDiagram'],
    ...networkChanges(network, seats),
  ];
}

/** @param reachable whether it has a temporary forward */
export function containerTokens(lookup: Lookup, container: Container, reachable: boolean): string[] {
  const seats = seatsOf(lookup, container);
  return [
    'container',
    isRunning(container) ? 'running' : 'stopped',
    container.mode.kind,
    ...['can:inspect', 'can:copyName', 'can:copyId', 'can:showInDiagram'],
    ...(seats.some(({ ipv4, ipv6 }) => (ipv4 ?? ipv6) !== undefined) ? ['can:copyIp'] : []),
    ...(seats.some(({ mac }) => mac !== undefined) ? ['can:copyMac'] : []),
    ...(seats.length === 0 ? [] : ['can:revealEndpoint']),
    ...(seats.some((endpoint) => hasHostLink(lookup, endpoint)) ? ['can:revealHostLink', 'can:copyLink'] : []),
    ...containerChanges(container, reachable),
  ];
}

/** Its own, or those of the container whose namespace it shares: the same addresses, the same veths. */
function seatsOf(lookup: Lookup, { mode, endpoints }: Container): readonly Endpoint[] {
  if (mode.kind !== 'container' || endpoints.length > 0) return endpoints;
  return lookup.containers.get(mode.ownerId)?.endpoints ?? [];
}

function hasHostLink(lookup: Lookup, endpoint: Endpoint): boolean {
  return hostLinkTokens(lookup, wireOf(lookup, endpoint)).includes('can:revealHostLink');
}

/** `can:…` of everything that can be done with an endpoint, wherever its row is. */
export function endpointTokens(lookup: Lookup, container: Container, endpoint: Endpoint): string[] {
  const driver = lookup.networks.get(endpoint.networkId)?.driver;
  const wire = wireOf(lookup, endpoint);
  return [
    'endpoint',
    isRunning(container) ? 'running' : 'stopped',
    ...(driver === undefined ? [] : [token(driver)]),
    ...['can:inspect', 'can:copyName', 'can:copyId', 'can:showInDiagram'],
    ...(endpoint.ipv4 === undefined && endpoint.ipv6 === undefined ? [] : ['can:copyIp']),
    ...(endpoint.mac === undefined ? [] : ['can:copyMac']),
    ...hostLinkTokens(lookup, wire),
    ...endpointChanges(container, endpoint, lookup.networks.get(endpoint.networkId)),
  ];
}

export function hostLinkTokens(lookup: Lookup, wire: Wire | undefined): string[] {
  // In a sandbox a link may have any host link's name.
  if (wire?.hostLink === undefined || wire.sandbox !== undefined) return [];
  return ['can:copyLink', ...(lookup.hostLinks.has(wire.hostLink.name) ? ['can:revealHostLink'] : [])];
}

/** A link of the engine's namespace. `wired` where it is known which container's interface is at its other end. */
export function linkTokens(link: Link, wired: boolean): string[] {
  return [
    'link',
    link.kind,
    ...['can:copyLink', 'can:showInDiagram'],
    ...(link.addresses.length === 0 ? [] : ['can:copyIp']),
    ...(link.mac === undefined ? [] : ['can:copyMac']),
    ...(wired ? ['can:revealContainer', 'can:revealEndpoint'] : []),
  ];
}

/** A port of a container. `published` where the host passes it on. */
export function portTokens(protocol: string, published: boolean): string[] {
  return [
    'port',
    ...(published ? ['published', 'can:unpublishPort'] : ['exposed', 'can:publishPort']),
    ...(published && protocol === 'tcp' ? ['can:openInBrowser'] : []),
  ];
}

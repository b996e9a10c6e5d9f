import type { Lookup, Seat } from '../editor/lookup.ts';
import type { Subject } from '../editor/subject.ts';
import { endpointKey } from '../topology/model.ts';

/** From whatever a command was called on to what it needs. Pure. */

/** The container that a subject is about, if it is about one. */
export function containerIdOf(lookup: Lookup, subject: Subject): string | undefined {
  switch (subject.kind) {
    case 'container':
    case 'endpoint':
      return subject.containerId;
    case 'link':
      return subject.endpoint?.containerId ?? onlyWire(lookup, subject.name)?.containerId;
    case 'network':
      return undefined;
  }
}

/** The seats that a subject is about; those of the owner where a container shares another one's namespace. */
export function seatsOf(lookup: Lookup, subject: Subject): readonly Seat[] {
  switch (subject.kind) {
    case 'container':
      return containerSeats(lookup, subject.containerId);
    case 'endpoint':
      return containerSeats(lookup, subject.containerId).filter(
        ({ endpoint }) => endpoint.networkId === subject.networkId,
      );
    case 'link': {
      const on = subject.endpoint ?? onlyWire(lookup, subject.name);
      return on === undefined
        ? []
        : seatsOf(lookup, { kind: 'endpoint', containerId: on.containerId, networkId: on.networkId });
    }
    case 'network':
      return lookup.seats.get(subject.networkId) ?? [];
  }
}

function containerSeats(lookup: Lookup, containerId: string): readonly Seat[] {
  const container = lookup.containers.get(containerId);
  if (container === undefined) return [];
  const owner = container.mode.kind === 'container' ? lookup.containers.get(container.mode.ownerId) : undefined;
  const seated = container.endpoints.length === 0 && owner !== undefined ? owner : container;
  return seated.endpoints.map((endpoint) => ({ container: seated, endpoint }));
}

function onlyWire(lookup: Lookup, hostLink: string): { containerId: string; networkId: string } | undefined {
  const wires = lookup.wiresByHostLink.get(hostLink) ?? [];
  return wires.length === 1 ? wires[0] : undefined;
}

/** Names of links of the engine's namespace that a subject is plugged into. */
export function hostLinksOf(lookup: Lookup, subject: Subject): readonly string[] {
  if (subject.kind === 'link') return [subject.name];
  const names = seatsOf(lookup, subject).flatMap(({ endpoint }) => {
    const wire = lookup.wires.get(endpointKey(endpoint.containerId, endpoint.networkId));
    // The other end of an overlay's wire is in another namespace.
    return wire?.sandbox === undefined ? (wire?.hostLink?.name ?? []) : [];
  });
  return [...new Set(names)];
}

/** A value that can be copied, and where it comes from. */
export interface Copyable {
  readonly value: string;
  readonly from: string;
}

export function addressesOf(lookup: Lookup, subject: Subject): readonly Copyable[] {
  if (subject.kind === 'link')
    return (lookup.hostLinks.get(subject.name)?.addresses ?? []).map(({ address }) => ({
      value: address,
      from: subject.name,
    }));
  if (subject.kind === 'endpoint' && subject.address !== undefined) return [{ value: subject.address, from: '' }];
  return seatsOf(lookup, subject).flatMap(({ container, endpoint }) =>
    [endpoint.ipv4, endpoint.ipv6].flatMap((value) =>
      value === undefined ? [] : [{ value, from: fromText(lookup, subject, container.name, endpoint) }],
    ),
  );
}

export function macsOf(lookup: Lookup, subject: Subject): readonly Copyable[] {
  if (subject.kind === 'link') {
    const mac = lookup.hostLinks.get(subject.name)?.mac;
    return mac === undefined ? [] : [{ value: mac, from: subject.name }];
  }
  return seatsOf(lookup, subject).flatMap(({ container, endpoint }) =>
    endpoint.mac === undefined
      ? []
      : [{ value: endpoint.mac, from: fromText(lookup, subject, container.name, endpoint) }],
  );
}

function fromText(
  lookup: Lookup,
  subject: Subject,
  container: string,
  endpoint: { readonly networkId: string; readonly networkName: string },
): string {
  return subject.kind === 'network'
    ? container
    : (lookup.networks.get(endpoint.networkId)?.name ?? endpoint.networkName);
}

export function nameOf(lookup: Lookup, subject: Subject): string | undefined {
  if (subject.kind === 'network') return lookup.networks.get(subject.networkId)?.name;
  if (subject.kind === 'link') return subject.name;
  return lookup.containers.get(subject.containerId)?.name;
}

/** The id in full, as `docker` takes it. */
export function idOf(subject: Subject): string | undefined {
  if (subject.kind === 'network') return subject.networkId;
  return subject.kind === 'link' ? subject.endpoint?.containerId : subject.containerId;
}

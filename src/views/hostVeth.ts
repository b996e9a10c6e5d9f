import type { Lookup } from '../editor/lookup.ts';
import type { Link, Wire } from '../topology/model.ts';

/** What is at the other end of a veth of the engine's namespace, as far as the snapshot tells. */
export type VethEnd =
  | { readonly kind: 'wired'; readonly wire: Wire }
  /** Undecided wires that it may belong to. */
  | { readonly kind: 'candidate'; readonly wires: readonly Wire[] }
  /** A container's interface that no network explains: the second leg of an overlay container, or made by hand. */
  | { readonly kind: 'container'; readonly containerIds: readonly string[]; readonly link: Link }
  /** Both ends are here and in use: somebody's patch cable between two bridges. */
  | { readonly kind: 'pair'; readonly peer: Link }
  /** A wire on that bridge, or a namespace, could not be read: it may be its end. */
  | { readonly kind: 'undecided' }
  /** No container of this engine is at its other end. */
  | { readonly kind: 'orphan' };

/**
 * Undefined where the engine's namespace itself speaks through it (it has an address or a gateway, or macvlans ride
 * on it): then it is a link as any other, and what is at its other end is the world outside.
 */
export function vethEnd(lookup: Lookup, veth: Link): VethEnd | undefined {
  const [wire] = lookup.wiresByHostLink.get(veth.name) ?? [];
  if (wire !== undefined) return isRider(wire) ? undefined : { kind: 'wired', wire };
  const wires = lookup.candidacies.get(veth.name);
  if (wires !== undefined) return { kind: 'candidate', wires };
  const inside = containerEnd(lookup, veth);
  if (inside !== undefined) return inside;
  const peer = pairedWith(lookup, veth);
  if (peer !== undefined) return { kind: 'pair', peer };
  if (isOwn(lookup, veth)) return undefined;
  return isUndecided(lookup, veth) ? { kind: 'undecided' } : { kind: 'orphan' };
}

function isRider({ kind }: Wire): boolean {
  return kind === 'macvlan' || kind === 'ipvlan';
}

/** As the uplink of an engine that is in a container or namespace itself. A bridge port speaks through its bridge. */
function isOwn({ kernel }: Lookup, veth: Link): boolean {
  if (veth.master !== undefined) return false;
  return (
    veth.addresses.some(({ address }) => !address.startsWith('fe80:')) ||
    kernel?.host.routes.some(({ link, gateway }) => link === veth.name && gateway !== undefined) === true
  );
}

/** An interface of a container that names this veth as its peer, and that the veth points back at. */
function containerEnd(lookup: Lookup, veth: Link): VethEnd | undefined {
  for (const namespace of lookup.kernel?.containers ?? []) {
    if (!namespace.exact) continue;
    const link = namespace.links.find(
      (one) => one.kind !== 'loopback' && one.iflink === veth.ifindex && one.ifindex === veth.iflink,
    );
    if (link !== undefined) return { kind: 'container', containerIds: namespace.containerIds, link };
  }
  return undefined;
}

/** iflink is only valid in the peer's namespace: it counts as a pair here where both point at each other and are used. */
function pairedWith(lookup: Lookup, veth: Link): Link | undefined {
  const inUse = (link: Link): boolean => link.master !== undefined || link.addresses.length > 0;
  const peer = lookup.kernel?.host.links.find(
    (one) => one.kind === 'veth' && one !== veth && one.ifindex === veth.iflink && one.iflink === veth.ifindex,
  );
  return peer !== undefined && inUse(peer) && inUse(veth) ? peer : undefined;
}

function isUndecided(lookup: Lookup, veth: Link): boolean {
  if (lookup.kernel?.containers.some((namespace) => !namespace.exact) !== true) return false;
  return lookup.snapshot.wires.some(
    (wire) =>
      wire.hostLink === undefined &&
      (veth.master === undefined || wire.bridge === undefined || wire.bridge === veth.master),
  );
}

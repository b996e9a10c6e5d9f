import {
  endpointKey,
  type Container,
  type Endpoint,
  type KernelView,
  type Link,
  type NetNamespace,
  type Network,
  type Snapshot,
  type Wire,
} from '../topology/model.ts';

/** A snapshot with its cross references resolved: what trees, status bar and commands look things up in. */
export interface Lookup {
  readonly snapshot: Snapshot;
  readonly networks: ReadonlyMap<string, Network>;
  readonly containers: ReadonlyMap<string, Container>;
  /** Network id → its endpoints, by container name. */
  readonly seats: ReadonlyMap<string, readonly Seat[]>;
  /** Container id → the containers that joined its namespace. */
  readonly sharers: ReadonlyMap<string, readonly Container[]>;
  /** `endpointKey` → wire. */
  readonly wires: ReadonlyMap<string, Wire>;
  /** Name of a host link → the wires that end in it: one for a veth, many for the parent of macvlans. */
  readonly wiresByHostLink: ReadonlyMap<string, readonly Wire[]>;
  /** Name of a host link → the undecided wires that it may belong to. */
  readonly candidacies: ReadonlyMap<string, readonly Wire[]>;
  /** Container id → the namespace that it lives in. */
  readonly namespaces: ReadonlyMap<string, NetNamespace>;
  readonly kernel: KernelView | undefined;
  /** Name → link of the engine's own namespace. */
  readonly hostLinks: ReadonlyMap<string, Link>;
  /** Names that more than one network has. */
  readonly ambiguousNames: ReadonlySet<string>;
}

export interface Seat {
  readonly container: Container;
  readonly endpoint: Endpoint;
}

const known = new WeakMap<Snapshot, Lookup>();

/** Built once for each snapshot; linear in its size. */
export function lookupOf(snapshot: Snapshot): Lookup {
  let lookup = known.get(snapshot);
  if (lookup === undefined) {
    lookup = build(snapshot);
    known.set(snapshot, lookup);
  }
  return lookup;
}

function build(snapshot: Snapshot): Lookup {
  const kernel = snapshot.kernel.kind === 'read' ? snapshot.kernel.view : undefined;
  const networks = new Map(snapshot.networks.map((network) => [network.id, network]));
  const containers = new Map(snapshot.containers.map((container) => [container.id, container]));
  const seats = new Map<string, Seat[]>();
  const sharers = new Map<string, Container[]>();
  for (const container of [...snapshot.containers].sort(byName)) {
    for (const endpoint of container.endpoints) push(seats, endpoint.networkId, { container, endpoint });
    if (container.mode.kind === 'container') push(sharers, container.mode.ownerId, container);
  }
  const wires = new Map<string, Wire>();
  const wiresByHostLink = new Map<string, Wire[]>();
  const candidacies = new Map<string, Wire[]>();
  for (const wire of snapshot.wires) {
    wires.set(endpointKey(wire.containerId, wire.networkId), wire);
    // In a sandbox a link may have any host link's name.
    if (wire.sandbox !== undefined) continue;
    if (wire.hostLink !== undefined) push(wiresByHostLink, wire.hostLink.name, wire);
    else for (const candidate of wire.candidates) push(candidacies, candidate, wire);
  }
  const namespaces = new Map<string, NetNamespace>();
  for (const namespace of kernel?.containers ?? [])
    for (const id of namespace.containerIds) namespaces.set(id, namespace);
  return {
    snapshot,
    networks,
    containers,
    seats,
    sharers,
    wires,
    wiresByHostLink,
    candidacies,
    namespaces,
    kernel,
    hostLinks: new Map(kernel?.host.links.map((link) => [link.name, link])),
    ambiguousNames: repeated(snapshot.networks.map((network) => network.name)),
  };
}

/** The order in which people expect numbered names: web-2 before web-10. */
const collator = new Intl.Collator('en', { numeric: true });

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return collator.compare(a.name, b.name);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function repeated(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.size === seen.add(name).size));
}

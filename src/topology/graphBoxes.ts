import { byName, byText } from './graphOrder.ts';
import { isIdle } from './graphHost.ts';
import type { ContainerItem, InterfaceItem, NamespaceNode, NodeId } from './graphModel.ts';
import { endpointKey, isRunning, type Container, type Endpoint, type Link, type NetNamespace } from './model.ts';
import type { Snapshot, Wire } from './model.ts';

export const hostBoxId: NodeId = 'namespace:host';

/** `namespace:CONTAINER-ID`: the box of the namespace that this container owns. */
function boxId(ownerId: string): NodeId {
  return `namespace:${ownerId}`;
}

export function containerItemId(containerId: string): string {
  return `container:${containerId}`;
}

export function endpointItemId(containerId: string, networkId: string): string {
  return `endpoint:${endpointKey(containerId, networkId)}`;
}

function interfaceItemId(ownerId: string, name: string): string {
  return `interface:${ownerId}/${name}`;
}

export const projectLabel = 'com.docker.compose.project';

export interface Boxes {
  /** By name, the host's first. */
  readonly nodes: readonly NamespaceNode[];
  /** Container id → its box. */
  readonly boxOf: ReadonlyMap<string, NamespaceNode>;
  /** In the order of the boxes. */
  readonly containers: readonly Container[];
}

/** Containers by the network namespace that they live in, each with its interfaces. */
export function boxesOf(snapshot: Snapshot, wires: ReadonlyMap<string, Wire>): Boxes {
  const containers = new Map(snapshot.containers.map((container) => [container.id, container]));
  const namespaces = new Map<string, NetNamespace>();
  if (snapshot.kernel.kind === 'read') {
    for (const namespace of snapshot.kernel.view.containers)
      for (const id of namespace.containerIds) namespaces.set(id, namespace);
  }
  const owners = new Map<string, string>();
  const members = new Map<NodeId, { readonly ownerId: string; readonly containers: Container[] }>();
  for (const container of [...containers.values()].sort(byName)) {
    const ownerId = ownerOf(container.id, containers, owners);
    const id = containers.get(ownerId)?.mode.kind === 'host' ? hostBoxId : boxId(ownerId);
    const box = members.get(id) ?? { ownerId, containers: [] };
    if (container.id === ownerId && id !== hostBoxId) box.containers.unshift(container);
    else box.containers.push(container);
    members.set(id, box);
  }
  const sorted = [...members].sort(
    ([a, one], [b, other]) =>
      Number(b === hostBoxId) - Number(a === hostBoxId) || byName(one.containers[0], other.containers[0]),
  );
  const nodes = sorted.map(([id, box]): NamespaceNode => {
    const mode = containers.get(box.ownerId)?.mode.kind;
    const namespace = box.containers.map((one) => namespaces.get(one.id)).find((found) => found !== undefined);
    return {
      kind: 'namespace',
      id,
      type: id === hostBoxId ? 'host' : mode === 'none' ? 'none' : 'own',
      running: box.containers.some(isRunning),
      containers: box.containers.map(containerItem),
      interfaces: id === hostBoxId ? [] : interfaces(box.ownerId, box.containers, namespace, wires),
    };
  });
  return {
    nodes,
    boxOf: new Map(nodes.flatMap((node) => node.containers.map((item) => [item.containerId, node] as const))),
    containers: sorted.flatMap(([, box]) => box.containers),
  };
}

/**
 * The end of a chain of `container:` modes: the one that the namespace was made for, which may be gone. Of containers
 * that name each other in a circle, the one with the smallest id.
 */
function ownerOf(id: string, containers: ReadonlyMap<string, Container>, known: Map<string, string>): string {
  const chain: string[] = [];
  const seen = new Set<string>();
  let at = id;
  let owner: string | undefined;
  while (owner === undefined) {
    owner = known.get(at);
    if (owner !== undefined) break;
    if (seen.has(at)) {
      owner = chain.slice(chain.indexOf(at)).reduce((a, b) => (byText(a, b) < 0 ? a : b));
      break;
    }
    chain.push(at);
    seen.add(at);
    const mode = containers.get(at)?.mode;
    if (mode?.kind !== 'container') owner = at;
    else at = mode.ownerId;
  }
  for (const one of chain) known.set(one, owner);
  return owner;
}

function containerItem(container: Container): ContainerItem {
  const { id, name, image, state, mode, labels } = container;
  const project = labels[projectLabel];
  return {
    id: containerItemId(id),
    containerId: id,
    name,
    image,
    state,
    mode: mode.kind,
    ...(project === undefined ? {} : { project }),
  };
}

function interfaces(
  ownerId: string,
  members: readonly Container[],
  namespace: NetNamespace | undefined,
  wires: ReadonlyMap<string, Wire>,
): readonly InterfaceItem[] {
  const explained = new Set<Link>();
  const items = new Map<string, InterfaceItem & { readonly on?: string }>();
  for (const container of members) {
    for (const endpoint of container.endpoints) {
      if (container.mode.kind === 'none') continue;
      const inside = wires.get(endpointKey(container.id, endpoint.networkId))?.containerLink;
      const link =
        inside && namespace?.links.find(({ ifindex, name }) => ifindex === inside.ifindex && name === inside.name);
      if (link) explained.add(link);
      const id = endpointItemId(container.id, endpoint.networkId);
      items.set(id, { ...seatItem(id, endpoint, link, namespace), on: endpoint.networkName });
    }
  }
  for (const link of namespace?.links ?? []) {
    if (isIdle(link) || explained.has(link)) continue;
    const id = interfaceItemId(ownerId, link.name);
    items.set(id, { id, ...linkParts(link, undefined, namespace) });
  }
  // Those that have a name first; the others in the order in which the engine plugs them in.
  return [...items.values()]
    .sort(
      (a, b) =>
        Number(a.name === undefined) - Number(b.name === undefined) ||
        byName({ id: a.id, name: a.name ?? a.on ?? '' }, { id: b.id, name: b.name ?? b.on ?? '' }),
    )
    .map(({ on: _on, ...item }) => item);
}

function seatItem(
  id: string,
  endpoint: Endpoint,
  link: Link | undefined,
  namespace: NetNamespace | undefined,
): InterfaceItem {
  const { networkId, ipv4, ipv6, mac } = endpoint;
  return {
    id,
    networkId,
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    ...(mac === undefined ? {} : { mac }),
    ...(link ? linkParts(link, endpoint, namespace) : {}),
  };
}

/** The kernel's words; of several addresses the one that the engine names. */
function linkParts(
  link: Link,
  endpoint: Endpoint | undefined,
  namespace: NetNamespace | undefined,
): Omit<InterfaceItem, 'id' | 'networkId'> {
  const addresses = link.addresses.map(({ address }) => address);
  const own = (wanted: string | undefined, others: readonly string[]): string | undefined =>
    wanted !== undefined && (addresses.includes(wanted) || others.length === 0) ? wanted : others[0];
  const ipv4 = own(
    endpoint?.ipv4,
    addresses.filter((address) => !address.includes(':')),
  );
  const ipv6 = own(
    endpoint?.ipv6,
    addresses.filter((address) => address.includes(':') && !address.startsWith('fe80:')),
  );
  const { name, ifindex, iflink, mac } = link;
  return {
    name,
    ifindex,
    ...(iflink === undefined || namespace?.exact !== true ? {} : { iflink }),
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    ...(mac === undefined ? {} : { mac }),
  };
}

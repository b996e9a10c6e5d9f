import { bridgeName, parentName } from './bridgeName.ts';
import { findContainerLink } from './containerLink.ts';
import { wireByHostEvidence } from './hostEvidence.ts';
import { HostLinks } from './hostLinks.ts';
import type {
  Container,
  Evidence,
  KernelReading,
  KernelView,
  LinkRef,
  NetNamespace,
  Network,
  OverlaySandbox,
  Wire,
  WireKind,
} from './model.ts';
import { endpointKey, isPlugged, isRunning } from './model.ts';
import { sandboxOf } from './overlay.ts';
import { provenWire, unknownWire, type Seat } from './seat.ts';

/**
 * Container interface ↔ host link ↔ bridge, one wire for each endpoint of each running container.
 *
 * Architecture invariant: a wire is right or `unknown`. Evidence that cannot be wrong makes it `exact`; evidence that
 * a person's own `ip link` could have falsified makes it `likely`; anything less lists candidates.
 *
 * The widespread recipe (host `vethX@ifN` ↔ container ifindex N) holds only where N is unique: since Docker 28 veths
 * are born inside the container's namespace and every eth0 is number 2. So peers are read from the container's side,
 * and where that takes privileges that we do not have, the bridge's forwarding database decides.
 */
export function wire(networks: readonly Network[], containers: readonly Container[], kernel: KernelReading): Wire[] {
  const seats = findSeats(networks, containers);
  if (kernel.kind === 'absent')
    return seats.map((seat) => unknownWire(seat, [{ kind: 'noKernel', reason: kernel.reason }]));
  return wireSeats(seats, kernel.view);
}

/** True where the two halves of a reading contradict each other: they were not read at one moment, so read once more. */
export function isTorn(candidate: Wire): boolean {
  return candidate.evidence.some(({ kind }) => kind === 'contradiction' || kind === 'namespaceUnread');
}

/** Modes whose container has a network namespace that the engine made for it. */
export function hasOwnNamespace(container: Container): boolean {
  return isRunning(container) && container.mode.kind !== 'host' && container.mode.kind !== 'container';
}

function findSeats(networks: readonly Network[], containers: readonly Container[]): Seat[] {
  const byId = new Map(networks.map((network) => [network.id, network]));
  return containers.filter(hasOwnNamespace).flatMap((container) =>
    container.endpoints.flatMap((endpoint): Seat[] => {
      const network = byId.get(endpoint.networkId);
      // A name of no network, as Podman's `host` and `none`: nothing says that there is an interface.
      if (network === undefined && !isPlugged(endpoint)) return [];
      const kind = wireKind(network?.driver);
      if (kind === undefined) return [];
      const expected = network && (bridgeName(network) ?? parentName(network));
      return [{ container, endpoint, network, kind, expected }];
    }),
  );
}

function wireKind(driver: string | undefined): WireKind | undefined {
  switch (driver) {
    case 'host':
    case 'null':
      return undefined;
    case 'bridge':
      return 'veth';
    case 'macvlan':
    case 'ipvlan':
    case 'overlay':
      return driver;
    default:
      return 'plugin';
  }
}

function wireSeats(seats: readonly Seat[], view: KernelView): Wire[] {
  const namespaces = new Map(
    view.containers.flatMap((namespace) => namespace.containerIds.map((id) => [id, namespace])),
  );
  const host = new HostLinks(view.host.links);
  const wires = new Map<string, Wire>();
  const put = (result: Wire): void => void wires.set(endpointKey(result.containerId, result.networkId), result);
  const open: Seat[] = [];

  for (const seat of seats) {
    const namespace = namespaces.get(seat.container.id);
    const found = namespace && findContainerLink(namespace, seat.endpoint, seat.container.endpoints.length);
    if (found) seat.found = found;
    const result =
      seat.kind === 'overlay' && namespace !== undefined
        ? wireToSandbox(seat, namespace, sandboxOf(view, seat.endpoint.networkId))
        : wireByPeer(seat, namespace, host);
    if (result === undefined) open.push(seat);
    else put(result);
  }
  for (const result of withoutDoubleClaims([...wires.values()], host)) put(result);
  for (const result of wireByHostEvidence(open, host)) put(result);

  // In the order of the seats: same input, same output.
  return seats.flatMap((seat) => wires.get(endpointKey(seat.container.id, seat.endpoint.networkId)) ?? []);
}

/** What the container's side alone decides; undefined where the host's side has to help. */
function wireByPeer(seat: Seat, namespace: NetNamespace | undefined, host: HostLinks): Wire | undefined {
  if (namespace === undefined) return unknownWire(seat, [{ kind: 'namespaceUnread' }]);
  const link = seat.found?.link;
  switch (seat.kind) {
    case 'overlay':
      return unknownWire(seat, [{ kind: 'otherNamespace', driver: 'overlay' }]);
    case 'macvlan':
    case 'ipvlan':
      return wireToParent(seat, namespace, host);
    case 'veth':
    case 'plugin': {
      if (link?.iflink === undefined || !namespace.exact) {
        return seat.kind === 'plugin'
          ? unknownWire(seat, [{ kind: 'otherNamespace', driver: driverOf(seat) }])
          : undefined;
      }
      const peer = host.byIndex(link.iflink);
      const pointsBack = peer?.kind === 'veth' && peer.iflink === link.ifindex;
      if (seat.kind === 'plugin' && !pointsBack)
        return unknownWire(seat, [{ kind: 'otherNamespace', driver: driverOf(seat) }]);
      if (!peer || !pointsBack) {
        return unknownWire(seat, [{ kind: 'contradiction', hostLink: peer?.name ?? `ifindex ${link.iflink}` }]);
      }
      return provenWire(seat, peer, [
        { kind: 'peerIndex', containerLink: link.name, iflink: link.iflink, hostLink: peer.name },
        { kind: 'pointsBack', hostLink: peer.name, iflink: link.ifindex },
      ]);
    }
  }
}

/** The peer sits in the network's sandbox: its number means nothing in the engine's namespace. */
function wireToSandbox(seat: Seat, namespace: NetNamespace, sandbox: OverlaySandbox | undefined): Wire {
  const link = seat.found?.link;
  if (sandbox === undefined || link?.iflink === undefined || !namespace.exact)
    return unknownWire(seat, [{ kind: 'otherNamespace', driver: 'overlay' }]);
  const peer = sandbox.links.find(({ ifindex }) => ifindex === link.iflink);
  if (peer?.kind !== 'veth' || peer.iflink !== link.ifindex)
    return unknownWire(seat, [{ kind: 'contradiction', hostLink: peer?.name ?? `ifindex ${link.iflink}` }]);
  const proven = provenWire(seat, peer, [
    { kind: 'peerIndex', containerLink: link.name, iflink: link.iflink, hostLink: peer.name },
    { kind: 'pointsBack', hostLink: peer.name, iflink: link.ifindex },
  ]);
  return { ...proven, sandbox: sandbox.name };
}

function driverOf(seat: Seat): string {
  return seat.network?.driver ?? 'unknown';
}

function wireToParent(seat: Seat, namespace: NetNamespace, host: HostLinks): Wire {
  const link = seat.found?.link;
  const named = seat.expected === undefined ? undefined : host.byName(seat.expected);
  const parent = link?.iflink !== undefined && namespace.exact ? host.byIndex(link.iflink) : undefined;
  if (link && parent && (named === undefined || named === parent)) {
    return provenWire(seat, parent, [{ kind: 'parent', containerLink: link.name, parent: parent.name }]);
  }
  if (link && parent === undefined && named) {
    // An ordinary user cannot read iflink; the engine's record of the network names the parent.
    const evidence: Evidence = { kind: 'recordedParent', containerLink: link.name, parent: named.name };
    return { ...provenWire(seat, named, [evidence]), confidence: 'likely' };
  }
  return unknownWire(seat, parent ? [{ kind: 'contradiction', hostLink: parent.name }] : [], named ? [named.name] : []);
}

/**
 * A veth has one other end. Two containers that both claim it were not read at one moment (a namespace was torn down
 * and its numbers given to the next), so neither is believed. Parents are shared by nature.
 */
function withoutDoubleClaims(wires: readonly Wire[], host: HostLinks): Wire[] {
  const claims = new Map<string, number>();
  const isVeth = ({ kind }: Wire): boolean => kind === 'veth' || kind === 'plugin' || kind === 'overlay';
  const keyOf = (sandbox: string | undefined, { ifindex }: LinkRef): string => `${sandbox ?? ''}/${ifindex}`;
  for (const { hostLink, sandbox } of wires.filter(isVeth)) {
    if (hostLink === undefined) continue;
    const key = keyOf(sandbox, hostLink);
    claims.set(key, (claims.get(key) ?? 0) + 1);
  }
  return wires.map((candidate) => {
    const { hostLink } = candidate;
    if (!hostLink || !isVeth(candidate)) return candidate;
    if (claims.get(keyOf(candidate.sandbox, hostLink)) === 1) {
      const link = candidate.sandbox === undefined ? host.byIndex(hostLink.ifindex) : undefined;
      if (link) host.claim(link, candidate.containerId);
      return candidate;
    }
    return {
      ...withoutHostLink(candidate),
      confidence: 'unknown',
      evidence: [...candidate.evidence, { kind: 'contradiction', hostLink: hostLink.name }],
      candidates: [hostLink.name],
    };
  });
}

function withoutHostLink(candidate: Wire): Omit<Wire, 'hostLink' | 'bridge' | 'sandbox'> {
  const { containerId, networkId, kind, containerLink, confidence, evidence, candidates } = candidate;
  return {
    containerId,
    networkId,
    kind,
    ...(containerLink ? { containerLink } : {}),
    confidence,
    evidence,
    candidates,
  };
}

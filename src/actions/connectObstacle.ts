import { isPlugged, isRunning, type Container, type Endpoint, type Network } from '../topology/model.ts';

/**
 * Why the engine would refuse to connect a container to a network, or take it and then not start the container, or not
 * seat it there. Each was tried on Docker 20.10 and 28.5, and on Podman 5.4. Source: ConnectToNetwork, daemon/container_operations.go.
 */
export type ConnectObstacle =
  | { readonly kind: 'alreadyConnected' }
  /**
   * On docker_gwbridge, as its way out beside an overlay: the engine lists no seat, and manages it itself. For a container
   * that does not run, chance decides at its start whether that seat or the asked one comes first and is in the other's way.
   */
  | { readonly kind: 'gatewaySeat' }
  /** A container is on the host's network from its creation or never. */
  | { readonly kind: 'hostNetwork' }
  /** `none` takes only a container that is on no network at all. */
  | { readonly kind: 'noneNetwork' }
  /** The routing mesh of a swarm. */
  | { readonly kind: 'ingressNetwork' }
  /** `--config-only`: a template for other networks. */
  | { readonly kind: 'configurationOnly' }
  /** A swarm's network without `--attachable`: for services only. */
  | { readonly kind: 'notAttachable' }
  | { readonly kind: 'hostMode' }
  /** It is on `none`: once disconnected from it, it can be connected to others. */
  | { readonly kind: 'noneMode' }
  /** The same on Podman, which never lets it go. */
  | { readonly kind: 'noneForGood' }
  /**
   * Podman connects a paused container, and disconnects it, and from then on fails to list any container until this one is
   * removed.
   */
  | { readonly kind: 'pausedOnPodman' }
  | { readonly kind: 'sharesNamespace'; readonly ownerId: string }
  | { readonly kind: 'beingRemoved' };

/** `networks`: those that the container is on, by id; docker_gwbridge asks for them. */
export function connectObstacle(
  network: Network,
  container: Container,
  networks: ReadonlyMap<string, Network> = new Map(),
): ConnectObstacle | undefined {
  const { mode, state, endpoints } = container;
  if (endpoints.some((seat) => seat.networkId === network.id && isTaken(seat, container))) {
    return { kind: 'alreadyConnected' };
  }
  if (state === 'removing' || state === 'dead') return { kind: 'beingRemoved' };
  if (mode.kind === 'container') return { kind: 'sharesNamespace', ownerId: mode.ownerId };
  if (mode.kind === 'host') return { kind: 'hostMode' };
  // Only Podman tells it, and each of its networks has one or the empty text.
  if (network.networkInterface !== undefined) {
    if (mode.kind === 'none') return { kind: 'noneForGood' };
    return state === 'paused' ? { kind: 'pausedOnPodman' } : undefined;
  }
  if (network.driver === 'host') return { kind: 'hostNetwork' };
  if (network.driver === 'null' && network.name !== 'none') return { kind: 'configurationOnly' };
  if (endpoints.some(({ networkName }) => networkName === 'none')) return { kind: 'noneMode' };
  if (network.driver === 'null') return endpoints.length === 0 ? undefined : { kind: 'noneNetwork' };
  if (network.name === 'docker_gwbridge' && hasGatewaySeat(container, networks)) return { kind: 'gatewaySeat' };
  if (network.ingress) return { kind: 'ingressNetwork' };
  return network.scope === 'swarm' && !network.attachable ? { kind: 'notAttachable' } : undefined;
}

/** A running container that failed to connect keeps a seat without an id and an address, and can be connected. */
function isTaken(seat: Endpoint, container: Container): boolean {
  return isPlugged(seat) || !isRunning(container);
}

/** Source: needDefaultGW, libnetwork/default_gateway.go. */
function hasGatewaySeat(container: Container, networks: ReadonlyMap<string, Network>): boolean {
  const seats = container.endpoints.filter(
    (seat) => isTaken(seat, container) && networks.get(seat.networkId)?.internal !== true,
  );
  return (
    seats.some(({ networkId }) => networks.get(networkId)?.driver === 'overlay') &&
    seats.every(({ gateway, ipv6Gateway }) => gateway === undefined && ipv6Gateway === undefined)
  );
}

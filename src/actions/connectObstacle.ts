import { isRunning, type Container, type Network } from '../topology/model.ts';

/**
 * Why the engine would refuse to connect a container to a network, or take it and then not start the container.
 * Each was tried on Docker 20.10 and 28.5. Source: ConnectToNetwork, daemon/container_operations.go.
 */
export type ConnectObstacle =
  | { readonly kind: 'alreadyConnected' }
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
  | { readonly kind: 'sharesNamespace'; readonly ownerId: string }
  | { readonly kind: 'beingRemoved' };

export function connectObstacle(network: Network, container: Container): ConnectObstacle | undefined {
  const { mode, state, endpoints } = container;
  if (endpoints.some((seat) => seat.networkId === network.id && isTaken(seat, container))) {
    return { kind: 'alreadyConnected' };
  }
  if (state === 'removing' || state === 'dead') return { kind: 'beingRemoved' };
  if (mode.kind === 'container') return { kind: 'sharesNamespace', ownerId: mode.ownerId };
  if (mode.kind === 'host') return { kind: 'hostMode' };
  if (network.driver === 'host') return { kind: 'hostNetwork' };
  if (network.driver === 'null' && network.name !== 'none') return { kind: 'configurationOnly' };
  if (endpoints.some(({ networkName }) => networkName === 'none')) return { kind: 'noneMode' };
  if (network.driver === 'null') return endpoints.length === 0 ? undefined : { kind: 'noneNetwork' };
  if (network.ingress) return { kind: 'ingressNetwork' };
  return network.scope === 'swarm' && !network.attachable ? { kind: 'notAttachable' } : undefined;
}

/** A running container that failed to connect keeps a seat without an id, and can be connected. */
function isTaken(seat: { readonly endpointId: string }, container: Container): boolean {
  return seat.endpointId !== '' || !isRunning(container);
}

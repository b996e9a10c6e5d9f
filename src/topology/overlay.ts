import type { EngineInfo, KernelView, Network, OverlaySandbox, RemoteEndpoint, Snapshot } from './model.ts';

/** What an overlay network is beyond the engine that tells of it: hosts, and what is on them. */

/** By which the other engines of a swarm or a cluster store know this one: this end of every VXLAN. */
export function tunnelAddress(engine: Pick<EngineInfo, 'swarmNode' | 'clusterAdvertise'>): string | undefined {
  return engine.swarmNode?.address ?? engine.clusterAdvertise?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/**
 * The namespace of an overlay network: libnetwork names it by the number of times that it was made and what then has room
 * in twelve characters of the network's id (moby, libnetwork/osl, GenerateKey).
 */
export function sandboxOf(view: KernelView | undefined, networkId: string): OverlaySandbox | undefined {
  const made = ({ name }: OverlaySandbox): number => Number.parseInt(name, 10);
  return [...(view?.sandboxes ?? [])]
    .sort((a, b) => made(b) - made(a))
    .find(({ name }) => {
      const start = name.slice(name.indexOf('-') + 1);
      return start !== '' && networkId.startsWith(start);
    });
}

/** VXLAN network identifiers: the engine's word, or, with a cluster store, that of the kernel where it was read. */
export function vnisOf({ id, overlay }: Network, { kernel }: Pick<Snapshot, 'kernel'>): readonly number[] {
  if (overlay === undefined || overlay.vnis.length > 0 || kernel.kind === 'absent') return overlay?.vnis ?? [];
  const links = sandboxOf(kernel.view, id)?.links ?? [];
  return [...new Set(links.flatMap(({ vxlan }) => vxlan?.vni ?? []))].sort((a, b) => a - b);
}

/**
 * Seats of the network on other hosts. The host that the engine does not name is the kernel's word, where it was read. A
 * container of this engine is never one of them, also where the engine's record is older than the container's.
 */
export function remoteEndpoints(
  network: Network,
  snapshot: Pick<Snapshot, 'containers' | 'kernel'>,
): readonly RemoteEndpoint[] {
  const remote = network.overlay?.remote ?? [];
  if (remote.length === 0) return remote;
  const local = new Set(snapshot.containers.flatMap(({ endpoints }) => endpoints.map(({ endpointId }) => endpointId)));
  const view = snapshot.kernel.kind === 'read' ? snapshot.kernel.view : undefined;
  const tunnels = new Map(sandboxOf(view, network.id)?.tunnels.map(({ mac, host }) => [mac, host]));
  return remote
    .filter(({ endpointId }) => !local.has(endpointId))
    .map((seat) => {
      const host = seat.host ?? (seat.mac === undefined ? undefined : tunnels.get(seat.mac));
      return host === undefined ? seat : { ...seat, host };
    });
}

/** Addresses of the other hosts that the network is known to be on. */
export function otherHosts(
  network: Network,
  snapshot: Pick<Snapshot, 'containers' | 'kernel' | 'engine'>,
): readonly string[] {
  const own = tunnelAddress(snapshot.engine);
  const hosts = new Set(remoteEndpoints(network, snapshot).flatMap(({ host }) => host ?? []));
  // Which of the peers is this host is known by its address only.
  if (own !== undefined) {
    for (const { address } of network.overlay?.peers ?? []) hosts.add(address);
    hosts.delete(own);
  }
  return [...hosts].sort(byAddress);
}

/** `198.18.0.2` before `198.18.0.10`. */
function byAddress(a: string, b: string): number {
  const padded = (address: string): string => address.replace(/\d+/g, (digits) => digits.padStart(3, '0'));
  return padded(a) < padded(b) ? -1 : 1;
}

import type { HostId } from './graphModel.ts';
import type { EngineInfo, Network, RemoteEndpoint, Snapshot } from './model.ts';
import { tunnelAddress } from './overlay.ts';
import { isSame } from './same.ts';

/** What engines of one swarm or cluster store tell about each other, where several are connected. */

/** The container that has a seat which its engine's neighbour knows as one on another host. */
export interface RemoteSeat {
  readonly engine: HostId;
  readonly containerId: string;
  readonly networkId: string;
}

export interface JoinedHost {
  readonly key: HostId;
  /** With the hosts and names that others tell. The very same object where they tell nothing new. */
  readonly snapshot: Snapshot;
  /** Endpoint id of a remote seat → the container that has it, where its engine is connected too. */
  readonly remoteSeats: ReadonlyMap<string, RemoteSeat>;
}

interface Claim extends RemoteSeat {
  /** Of the engine, however it is reached. */
  readonly identity: string;
  /** This end of the engine's VXLANs. */
  readonly address: string | undefined;
  readonly name: string;
}

/** Seats on overlay networks → who has them; undefined where several engines say so. */
interface Claims {
  readonly byEndpoint: ReadonlyMap<string, Claim | undefined>;
  readonly byAddress: ReadonlyMap<string, Claim | undefined>;
}

type Part = Pick<JoinedHost, 'key' | 'snapshot'>;

/** What was made of a snapshot last: as long as the others tell the same, it stays the same object. */
const known = new WeakMap<Snapshot, Snapshot>();

/**
 * Finds remote seats among the containers of the other engines: by the endpoint's id, else by the address, which is there
 * once on an overlay. A network has the same id on all hosts. Linear in the size of all snapshots.
 */
export function joinOverlays(parts: readonly Part[]): readonly JoinedHost[] {
  const claims = parts.length < 2 ? undefined : claimsOf(parts);
  return parts.map(({ key, snapshot }): JoinedHost => {
    const remoteSeats = new Map<string, RemoteSeat>();
    if (claims === undefined) return { key, snapshot, remoteSeats };
    const own = identityOf(key, snapshot.engine);
    const networks = snapshot.networks.map((network) =>
      withRemote(network, (seat) => {
        const claim = claimOn(seat, network.id, claims);
        if (claim === undefined || claim.identity === own) return seat;
        const { engine, containerId, networkId } = claim;
        if (seat.endpointId !== '') remoteSeats.set(seat.endpointId, { engine, containerId, networkId });
        return told(seat, claim);
      }),
    );
    return { key, snapshot: withNetworks(snapshot, networks), remoteSeats };
  });
}

/**
 * The same for two ways to one engine, which has no other hosts' seats to tell itself. Clones share an engine's id, but not
 * a node of a swarm or an address in a cluster store.
 */
function identityOf(key: HostId, engine: EngineInfo): string {
  const { id, swarmNode, clusterStore, clusterAdvertise } = engine;
  if (swarmNode !== undefined) return `node ${swarmNode.id}`;
  if (clusterAdvertise !== undefined) return `store ${clusterStore ?? ''} ${clusterAdvertise}`;
  return id === '' ? `key ${key}` : `engine ${id}`;
}

function claimsOf(parts: readonly Part[]): Claims {
  const byEndpoint = new Map<string, Claim | undefined>();
  const byAddress = new Map<string, Claim | undefined>();
  for (const { key, snapshot } of parts) {
    const engine = { engine: key, identity: identityOf(key, snapshot.engine), address: tunnelAddress(snapshot.engine) };
    const overlays = new Set(snapshot.networks.flatMap(({ id, overlay }) => (overlay === undefined ? [] : id)));
    for (const { id, name, endpoints } of snapshot.containers) {
      for (const { networkId, endpointId, ipv4 } of endpoints) {
        if (!overlays.has(networkId)) continue;
        const claim = { ...engine, name, containerId: id, networkId };
        if (endpointId !== '') enter(byEndpoint, seatKey(networkId, endpointId), claim);
        if (ipv4 !== undefined) enter(byAddress, seatKey(networkId, ipv4), claim);
      }
    }
  }
  return { byEndpoint, byAddress };
}

function seatKey(networkId: string, word: string): string {
  return `${networkId}/${word}`;
}

/** Snapshots are of different moments: what two engines claim is believed of neither. */
function enter(claims: Map<string, Claim | undefined>, key: string, claim: Claim): void {
  if (!claims.has(key)) claims.set(key, claim);
  else if (claims.get(key)?.identity !== claim.identity) claims.set(key, undefined);
}

function claimOn({ endpointId, ipv4, host }: RemoteEndpoint, networkId: string, claims: Claims): Claim | undefined {
  const key = seatKey(networkId, endpointId);
  if (endpointId !== '' && claims.byEndpoint.has(key)) return claims.byEndpoint.get(key);
  const claim = ipv4 === undefined ? undefined : claims.byAddress.get(seatKey(networkId, ipv4));
  // The address may have been given again, on another host.
  return host === undefined || host === claim?.address ? claim : undefined;
}

function told(seat: RemoteEndpoint, { address, name }: Claim): RemoteEndpoint {
  const host = seat.host ?? address;
  const isNameless = /^(?:ep-[0-9a-f]*)?$/.test(seat.name);
  if (host === seat.host && (!isNameless || name === seat.name)) return seat;
  return { ...seat, ...(isNameless ? { name } : {}), ...(host === undefined ? {} : { host }) };
}

function withRemote(network: Network, change: (seat: RemoteEndpoint) => RemoteEndpoint): Network {
  const { overlay } = network;
  if (overlay === undefined) return network;
  const remote = overlay.remote.map(change);
  return isUnchanged(remote, overlay.remote) ? network : { ...network, overlay: { ...overlay, remote } };
}

function withNetworks(snapshot: Snapshot, networks: readonly Network[]): Snapshot {
  if (isUnchanged(networks, snapshot.networks)) return snapshot;
  const before = known.get(snapshot);
  if (before !== undefined && isSame(before.networks, networks)) return before;
  const joined = { ...snapshot, networks };
  known.set(snapshot, joined);
  return joined;
}

function isUnchanged<T>(after: readonly T[], before: readonly T[]): boolean {
  return after.every((one, at) => one === before[at]);
}

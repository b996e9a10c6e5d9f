import { isBuiltIn } from '../topology/builtIn.ts';
import { isPlugged, type AddressPool, type Network, type Snapshot } from '../topology/model.ts';
import { remoteEndpoints } from '../topology/overlay.ts';
import { formatAddress, hasNetworkAddress, parseAddress, parseCidr, type Cidr, type Family } from './addresses.ts';
import type { AddressHolder } from './problem.ts';

/**
 * Whether the engine takes `--ip` on a network: only where a person chose the subnet. It does not list which: `unknown`
 * where nothing tells, and then only the engine's answer does.
 * Source: hasUserDefinedIPAddress and ErrUnsupportedNetworkNoSubnetAndIP, daemon/container_operations.go.
 */
export function takesFixedAddresses(network: Network, family: Family, snapshot: Snapshot): 'yes' | 'no' | 'unknown' {
  // On any network that has a subnet, which Podman chooses where nobody does.
  if (snapshot.engine.flavour === 'podman') return 'yes';
  if (isBuiltIn(network)) return 'no';
  // The manager hands out the subnet, so that for the engine somebody chose it.
  if (network.scope === 'swarm') return 'yes';
  const pools = network.pools.filter(({ subnet }) => parseCidr(subnet)?.family === family);
  if (pools.some((pool) => isChosen(pool, network))) return 'yes';
  const proven = snapshot.containers.some(({ endpoints }) =>
    endpoints.some(
      (seat) =>
        seat.networkId === network.id &&
        isPlugged(seat) &&
        (family === 4 ? seat.fixedIpv4 : seat.fixedIpv6) !== undefined,
    ),
  );
  return proven ? 'yes' : 'unknown';
}

/** What the engine never chooses by itself. */
function isChosen(pool: AddressPool, network: Network): boolean {
  if (pool.ipRange !== undefined || Object.keys(pool.auxiliaryAddresses).length > 0) return true;
  const subnet = parseCidr(pool.subnet);
  if (subnet === undefined) return false;
  // Up to Docker 28 a pool is listed as it was asked for, and one that the engine chose with its gateway.
  // For ipvlan l3 there is none to choose.
  if (pool.gateway === undefined) return network.options['ipvlan_mode']?.startsWith('l3') !== true;
  return parseAddress(pool.gateway)?.value !== subnet.first + 1n;
}

/** The first address of the range that addresses are given out from, where no gateway was asked for. */
export function defaultGateway(subnet: Cidr, range: Cidr = subnet): string {
  const skipped = range.first === subnet.first && hasNetworkAddress(subnet) ? 1n : 0n;
  return formatAddress({ family: subnet.family, value: range.first + skipped });
}

/**
 * Who has which address of a network, in its short form. A stopped container has those that were fixed for it: it
 * could not start without them. What a swarm chose is listed as fixed too, but only while the container runs and has it.
 * `exceptId` is the container that asks.
 */
export function holdersOfAddresses(
  network: Network,
  snapshot: Snapshot,
  exceptId?: string,
): ReadonlyMap<string, AddressHolder> {
  const holders = new Map<string, AddressHolder>();
  const add = (text: string | undefined, holder: AddressHolder): void => {
    const address = text === undefined ? undefined : parseAddress(text);
    if (address !== undefined) holders.set(formatAddress(address), holder);
  };
  for (const { name, vip } of network.overlay?.services ?? []) add(vip, { kind: 'service', name });
  // A swarm does not refuse an address that is taken elsewhere: the engine waits for it until it gives up.
  for (const { name, ipv4 } of remoteEndpoints(network, snapshot)) add(ipv4, { kind: 'remote', name });
  for (const { id, name, endpoints } of snapshot.containers) {
    if (id === exceptId) continue;
    for (const seat of endpoints) {
      if (seat.networkId !== network.id) continue;
      for (const text of [seat.ipv4, seat.ipv6, seat.fixedIpv4, seat.fixedIpv6])
        add(text, { kind: 'container', name, id });
    }
  }
  for (const { gateway, auxiliaryAddresses } of network.pools) {
    for (const [name, text] of Object.entries(auxiliaryAddresses)) add(text, { kind: 'auxiliary', name });
    add(gateway, { kind: 'gateway' });
  }
  return holders;
}

import type { Network, Snapshot } from '../topology/model.ts';
import { formatAddress, parseAddress, parseCidr, type Family } from './addresses.ts';
import { parseLinks } from './names.ts';
import { holdersOfAddresses, takesFixedAddresses } from './networkAddresses.ts';
import { numberProblem } from './numberProblem.ts';
import type { Problem } from './problem.ts';
import { placeProblem } from './subnetProblems.ts';

/**
 * `--ip` and `--ip6`; empty is no problem. `containerId`: who may have the address now.
 * Whether the engine takes any fixed address on this network is not always known (networkAddresses.ts): no problem here
 * is no promise.
 */
export function addressProblem(
  text: string,
  family: Family,
  network: Network,
  snapshot: Snapshot,
  containerId?: string,
): Problem | undefined {
  if (text === '') return undefined;
  const address = parseAddress(text);
  if (address === undefined) return { kind: 'notAddress', text };
  if (address.family !== family) return { kind: 'family', expected: family };
  if (takesFixedAddresses(network, family, snapshot) === 'no')
    return { kind: 'subnetNotChosen', network: network.name };
  const subnets = network.pools.flatMap(({ subnet }) => parseCidr(subnet) ?? []).filter((one) => one.family === family);
  if (subnets.length === 0) return { kind: 'noSubnet', network: network.name, family };
  const short = formatAddress(address);
  const holder = holdersOfAddresses(network, snapshot, containerId).get(short);
  return (
    placeProblem(address, subnets) ??
    (holder === undefined ? undefined : { kind: 'addressTaken', address: short, by: holder })
  );
}

/**
 * Six pairs of hexadecimal digits; empty is no problem. The engine also reads longer ones, which no link here has.
 * With a network, another container there must not have it; `containerId` is who may.
 */
export function macProblem(
  text: string,
  network?: Network,
  snapshot?: Snapshot,
  containerId?: string,
): Problem | undefined {
  if (text === '') return undefined;
  if (!/^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i.test(text)) return { kind: 'notMac' };
  if (/^[0:-]*$/.test(text)) return { kind: 'zeroMac' };
  // Source: is_multicast_ether_addr, include/linux/etherdevice.h.
  if ((Number.parseInt(text.slice(0, 2), 16) & 1) === 1) return { kind: 'multicastMac' };
  const mac = text.toLowerCase().replaceAll('-', ':');
  const holder = snapshot?.containers.find(
    ({ id, endpoints }) =>
      id !== containerId && endpoints.some((seat) => seat.networkId === network?.id && seat.mac === mac),
  );
  return holder && { kind: 'macTaken', mac, container: holder.name };
}

export function gatewayPriorityProblem(text: string): Problem | undefined {
  return numberProblem(text, -2_147_483_648, 2_147_483_647);
}

/** `container:alias` items of containers that exist; empty is no problem. */
export function linksProblem(text: string, snapshot: Snapshot): Problem | undefined {
  const links = parseLinks(text);
  if (links.problem !== undefined) return links.problem;
  const unknown = links.value.find(
    ({ target }) => !snapshot.containers.some(({ id, name }) => name === target || isIdOf(target, id)),
  );
  return unknown && { kind: 'unknownContainer', name: unknown.target };
}

function isIdOf(text: string, id: string): boolean {
  return text.length >= 12 && id.startsWith(text);
}

import {
  broadcastOf,
  cidrOf,
  contains,
  formatAddress,
  formatCidr,
  hasNetworkAddress,
  isInside,
  isNetworkAddress,
  parseAddress,
  parseCidr,
  specialRangeOf,
  type Address,
  type Cidr,
  type Family,
} from './addresses.ts';
import { parseKeyValues } from './keyValues.ts';
import { defaultGateway } from './networkAddresses.ts';
import { overlapsWith, type Occupied } from './occupied.ts';
import type { Problem } from './problem.ts';

/** Room for a gateway and a container at least; Docker 20.10 refuses smaller ones. The engine has no upper limit. */
const prefixLengths = { 4: { minimum: 8, maximum: 30 }, 6: { minimum: 16, maximum: 126 } } as const;

/**
 * The subnet of a new network; empty is no problem: the engine chooses. The engine itself refuses only what overlaps
 * another network: loopback and multicast subnets, and the subnet of the host's own uplink, it takes.
 */
export function subnetProblem(text: string, taken: readonly Occupied[], family: Family = 4): Problem | undefined {
  if (text === '') return undefined;
  const cidr = parseCidr(text);
  if (cidr === undefined) return { kind: 'notCidr', text };
  if (cidr.family !== family) return { kind: 'family', expected: family };
  const { minimum, maximum } = prefixLengths[family];
  if (cidr.prefixLength < minimum || cidr.prefixLength > maximum) return { kind: 'prefixLength', minimum, maximum };
  if (!isNetworkAddress(text)) return { kind: 'hostBits', subnet: formatCidr(cidr) };
  const range = specialRangeOf(cidr);
  if (range !== undefined) return { kind: 'specialRange', range };
  const [hit, ...hits] = overlapsWith(text, taken);
  return hit && { kind: 'overlap', hits: [hit, ...hits] };
}

/** Empty is no problem. `subnet` is taken as it is typed: where it is no subnet itself, that is the fault to mend first. */
export function gatewayProblem(text: string, subnet: string): Problem | undefined {
  if (text === '') return undefined;
  const address = parseAddress(text);
  if (address === undefined) return { kind: 'notAddress', text };
  if (subnet === '') return { kind: 'needsSubnet' };
  const cidr = parseCidr(subnet);
  return cidr && placeProblem(address, [cidr]);
}

/** The part of the subnet that addresses are given out from; empty is no problem. */
export function ipRangeProblem(text: string, subnet: string): Problem | undefined {
  if (text === '') return undefined;
  const range = parseCidr(text);
  if (range === undefined) return { kind: 'notCidr', text };
  if (subnet === '') return { kind: 'needsSubnet' };
  const cidr = parseCidr(subnet);
  if (cidr === undefined) return undefined;
  if (range.family !== cidr.family) return { kind: 'family', expected: cidr.family };
  if (!isNetworkAddress(text)) return { kind: 'hostBits', subnet: formatCidr(range) };
  return isInside(range, cidr) ? undefined : { kind: 'outsideSubnet', text, subnets: [formatCidr(cidr)] };
}

/**
 * `name=address` items (items.ts) inside of one of the subnets. `gateways` are those that the network will have, so
 * that none is kept from it.
 */
export function auxiliaryProblem(
  text: string,
  subnets: readonly string[],
  gateways: readonly string[],
): Problem | undefined {
  const items = parseKeyValues(text);
  if (items.problem !== undefined) return items.problem;
  const cidrs = subnets.flatMap((subnet) => parseCidr(subnet) ?? []);
  const holders = new Map<bigint, Problem>();
  for (const gateway of gateways) {
    const address = parseAddress(gateway);
    if (address === undefined) continue;
    const problem = { kind: 'addressTaken', address: formatAddress(address), by: { kind: 'gateway' } } as const;
    holders.set(address.value, problem);
  }
  for (const [name, item] of Object.entries(items.value)) {
    const address = parseAddress(item);
    if (address === undefined) return { kind: 'notAddress', text: item };
    if (subnets.every((subnet) => subnet === '')) return { kind: 'needsSubnet' };
    const problem = (cidrs.length === 0 ? undefined : placeProblem(address, cidrs)) ?? holders.get(address.value);
    if (problem !== undefined) return problem;
    holders.set(address.value, {
      kind: 'addressTaken',
      address: formatAddress(address),
      by: { kind: 'auxiliary', name },
    });
  }
  return undefined;
}

/** The gateway that a new network will have: the one that was typed, or the engine's choice. Undefined without a subnet. */
export function gatewayOf(gateway: string, subnet: string, ipRange: string): string | undefined {
  if (gateway !== '') return gateway;
  const cidr = parseCidr(subnet);
  return cidr && defaultGateway(cidr, parseCidr(ipRange) ?? cidr);
}

/** Why an address can be nobody's in these subnets. */
export function placeProblem(address: Address, subnets: readonly Cidr[]): Problem | undefined {
  const family = subnets[0]?.family;
  if (family !== undefined && subnets.every((subnet) => subnet.family !== address.family)) {
    return { kind: 'family', expected: family };
  }
  const text = formatAddress(address);
  const subnet = subnets.find((one) => contains(one, address));
  if (subnet === undefined) return { kind: 'outsideSubnet', text, subnets: subnets.map(formatCidr) };
  if (hasNetworkAddress(subnet) && address.value === subnet.first) return { kind: 'networkAddress', address: text };
  return address.value === broadcastOf(subnet) ? { kind: 'broadcastAddress', address: text } : undefined;
}

/** The address of the host that published ports of a network are bound to; empty is no problem. */
export function hostAddressProblem(text: string): Problem | undefined {
  if (text === '') return undefined;
  const address = parseAddress(text);
  if (address === undefined) return { kind: 'notAddress', text };
  if (address.family !== 4) return { kind: 'family', expected: 4 };
  const range = specialRangeOf(cidrOf(address, 32));
  // 127.0.0.1 and 0.0.0.0 are what it is mostly used for.
  return range === 'multicast' || range === 'reserved' ? { kind: 'specialRange', range } : undefined;
}

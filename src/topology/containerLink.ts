import ipaddr from 'ipaddr.js';
import type { Endpoint, Evidence, Link, NetNamespace } from './model.ts';

/** The interface inside the container that belongs to an endpoint, with how it was told from the others. */
export interface FoundContainerLink {
  readonly link: Link;
  readonly evidence: Evidence;
}

/**
 * Which of a container's interfaces is this endpoint's? Names do not say: Docker hands out eth0, eth1 … by gateway
 * priority, and people rename them. Undefined where more than one could be meant.
 *
 * @param endpointCount how many endpoints the container has: a lone interface settles a lone endpoint only.
 */
export function findContainerLink(
  namespace: NetNamespace,
  endpoint: Endpoint,
  endpointCount: number,
): FoundContainerLink | undefined {
  const links = namespace.links.filter((link) => link.kind !== 'loopback');

  const { mac } = endpoint;
  if (mac !== undefined) {
    // Not unique on ipvlan, where every child carries its parent's address.
    const link = only(links.filter((candidate) => candidate.mac === mac));
    if (link) return { link, evidence: { kind: 'mac', containerLink: link.name, mac } };
  }

  for (const address of [endpoint.ipv4, endpoint.ipv6]) {
    if (address === undefined) continue;
    const link = only(
      links.filter((candidate) => candidate.addresses.some((own) => sameAddress(own.address, address))),
    );
    if (link) {
      const own = link.addresses.find((candidate) => sameAddress(candidate.address, address));
      const destination = `${address}/${own?.prefixLength ?? 32}`;
      return { link, evidence: { kind: 'subnet', containerLink: link.name, destination, address } };
    }
    const routes = namespace.routes.filter(
      (route) => route.gateway === undefined && route.destination !== 'default' && contains(route.destination, address),
    );
    const name = only([...new Set(routes.map((route) => route.link))]);
    const routed = links.find((candidate) => candidate.name === name);
    const route = routes[0];
    if (routed && route) {
      return {
        link: routed,
        evidence: { kind: 'subnet', containerLink: routed.name, destination: route.destination, address },
      };
    }
  }

  const lone = endpointCount === 1 ? only(links) : undefined;
  return lone && { link: lone, evidence: { kind: 'onlyInterface', containerLink: lone.name } };
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  return ipaddr.isValid(a) && ipaddr.isValid(b) && ipaddr.parse(a).toString() === ipaddr.parse(b).toString();
}

function contains(cidr: string, address: string): boolean {
  if (!ipaddr.isValidCIDR(cidr) || !ipaddr.isValid(address)) return false;
  const [network, prefix] = ipaddr.parseCIDR(cidr);
  const candidate = ipaddr.parse(address);
  return network.kind() === candidate.kind() && candidate.match(network, prefix);
}

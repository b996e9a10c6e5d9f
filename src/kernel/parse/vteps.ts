import type { Vtep } from '../../topology/model.ts';
import { parseIpNeighJson } from './ipNeighJson.ts';

/**
 * What `ip -json neighbour show dev LINK` tells, who has the gateways of its routes, joined with what
 * `ip -json -family bridge neighbour show dev LINK` tells, where these MAC addresses are. Whoever is not in both is left out.
 */
export function joinVteps(link: string, neighbours: string, forwarding: string): Vtep[] {
  const hosts = new Map(parseIpNeighJson(forwarding).map(({ mac, host }) => [mac, host]));
  return parseIpNeighJson(neighbours).flatMap(({ mac, host: gateway }): Vtep[] => {
    const host = hosts.get(mac);
    return host === undefined ? [] : [{ link, gateway, mac, host }];
  });
}

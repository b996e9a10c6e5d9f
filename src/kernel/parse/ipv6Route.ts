import { ipv6FromHex } from './address.ts';
import { isLinkName } from './linkName.ts';
import { fields, hexadecimal } from './number.ts';
import type { RouteEntry } from './route.ts';

const flagUp = 0x1;
const flagReject = 0x200;
const flagAnycast = 0x100000;
const flagLocal = 0x80000000;

/**
 * `/proc/<pid>/net/ipv6_route` without what `ip -6 route` leaves out too: the namespace's own addresses,
 * anycast and multicast, and refusals. Source: `rt6_info_route`/`ipv6_route_native_seq_show`, net/ipv6/ip6_fib.c.
 */
export function parseIpv6Route(text: string): RouteEntry[] {
  const entries: RouteEntry[] = [];
  for (const line of text.split('\n')) {
    const [to, prefix, , , by, metricText, , , flagText, link] = fields(line);
    const destination = ipv6FromHex(to ?? '');
    const gateway = ipv6FromHex(by ?? '');
    const prefixLength = hexadecimal(prefix);
    const metric = hexadecimal(metricText);
    const flags = hexadecimal(flagText);
    if (destination === undefined || gateway === undefined || prefixLength === undefined || prefixLength > 128)
      continue;
    if (metric === undefined || flags === undefined || link === undefined || !isLinkName(link)) continue;
    if ((flags & flagUp) === 0 || (flags & (flagReject | flagAnycast | flagLocal)) !== 0) continue;
    if (destination.startsWith('ff') && prefixLength === 8) continue;
    entries.push({ link, destination, prefixLength, ...(gateway === '::' ? {} : { gateway }), metric });
  }
  return entries;
}

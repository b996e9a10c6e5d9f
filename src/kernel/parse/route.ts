import { endianness } from 'node:os';
import { ipv4FromHex, ipv4Number } from './address.ts';
import { isLinkName } from './linkName.ts';
import { decimal, hexadecimal } from './number.ts';

/** One route of the main IPv4 table. */
export interface RouteEntry {
  readonly link: string;
  readonly destination: string;
  readonly prefixLength: number;
  /** Absent where the destination is on the link itself; `0.0.0.0` where the gateway is IPv6, which this file does not tell. */
  readonly gateway?: string;
  readonly metric: number;
}

const flagUp = 0x1;
const flagGateway = 0x2;
const flagReject = 0x200;
/** What stands for the link of a route that has none: blackhole and throw, which no flag tells apart. */
const noLink = '*';

/**
 * `/proc/<pid>/net/route`. Addresses are printed as numbers of the machine's byte order.
 * Source: `fib_route_seq_show`, net/ipv4/fib_trie.c; flags: include/uapi/linux/route.h.
 */
export function parseRoute(text: string, order: 'BE' | 'LE' = endianness()): RouteEntry[] {
  const entries: RouteEntry[] = [];
  for (const line of text.split('\n')) {
    const [link, to, by, flagText, , , metricText, maskText] = line.split('\t');
    const flags = hexadecimal(flagText);
    const metric = decimal(metricText);
    const destination = ipv4FromHex(to ?? '', order);
    const gateway = ipv4FromHex(by ?? '', order);
    const prefixLength = prefixLengthOf(ipv4FromHex(maskText?.trimEnd() ?? '', order));
    if (link === undefined || link === noLink || !isLinkName(link)) continue;
    if (destination === undefined || gateway === undefined) continue;
    if (flags === undefined || (flags & flagUp) === 0 || (flags & flagReject) !== 0) continue;
    if (metric === undefined || prefixLength === undefined) continue;
    entries.push({ link, destination, prefixLength, ...((flags & flagGateway) === 0 ? {} : { gateway }), metric });
  }
  return entries;
}

function prefixLengthOf(mask: string | undefined): number | undefined {
  const value = mask === undefined ? undefined : ipv4Number(mask);
  if (value === undefined) return undefined;
  const length = Math.clz32(~value >>> 0);
  return value === 2 ** 32 - 2 ** (32 - length) ? length : undefined;
}

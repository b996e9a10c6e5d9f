import { ipv6FromHex } from './address.ts';
import { isLinkName } from './linkName.ts';
import { fields, hexadecimal } from './number.ts';

/** One IPv6 address of a link. */
export interface Inet6Entry {
  readonly name: string;
  readonly ifindex: number;
  readonly address: string;
  readonly prefixLength: number;
}

/** `/proc/<pid>/net/if_inet6`. Source: `if6_seq_show`, net/ipv6/addrconf.c. */
export function parseIfInet6(text: string): Inet6Entry[] {
  const entries: Inet6Entry[] = [];
  for (const line of text.split('\n')) {
    const [hex, index, prefix, , , name] = fields(line);
    const address = ipv6FromHex(hex ?? '');
    const ifindex = hexadecimal(index);
    const prefixLength = hexadecimal(prefix);
    if (address === undefined || ifindex === undefined || ifindex === 0 || name === undefined) continue;
    if (prefixLength === undefined || prefixLength > 128 || !isLinkName(name)) continue;
    entries.push({ name, ifindex, address, prefixLength });
  }
  return entries;
}

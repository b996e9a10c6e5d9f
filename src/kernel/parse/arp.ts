import { ipv4Number } from './address.ts';
import { isLinkName } from './linkName.ts';
import { fields } from './number.ts';
import { parseMac } from './sysfs.ts';

/** One IPv4 neighbour. */
export interface ArpEntry {
  readonly address: string;
  readonly mac: string;
  readonly link: string;
  /** False while the kernel still asks, or asked in vain: then the MAC is zero. */
  readonly complete: boolean;
}

/** `/proc/<pid>/net/arp`. Source: `arp_format_neigh_entry`, net/ipv4/arp.c; ATF_COM is 0x02. */
export function parseArp(text: string): ArpEntry[] {
  const entries: ArpEntry[] = [];
  for (const line of text.split('\n')) {
    const [address, , flags, macText, , link] = fields(line);
    const mac = parseMac(macText ?? '');
    if (address === undefined || ipv4Number(address) === undefined || mac === undefined) continue;
    if (flags === undefined || !/^0x[0-9a-f]{1,8}$/.test(flags) || link === undefined || !isLinkName(link)) continue;
    entries.push({ address, mac, link, complete: (Number(flags) & 0x2) !== 0 });
  }
  return entries;
}

import { isLinkName } from './linkName.ts';
import { decimal } from './number.ts';

/** A link and its index: what `/proc/<pid>/net/igmp` and `dev_mcast` tell an ordinary user. */
export interface IndexedName {
  readonly name: string;
  readonly ifindex: number;
}

/**
 * Links with IPv4 switched on and up. The lines of the groups start with a tab and are not needed.
 * Source: `igmp_mc_seq_show`, net/ipv4/igmp.c.
 */
export function parseIgmp(text: string): IndexedName[] {
  const entries: IndexedName[] = [];
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    const colon = line.indexOf(':', tab);
    if (tab < 1 || colon < 0) continue;
    const ifindex = decimal(line.slice(0, tab));
    const name = line.slice(tab + 1, colon).trimEnd();
    if (ifindex !== undefined && ifindex > 0 && isLinkName(name)) entries.push({ name, ifindex });
  }
  return entries;
}

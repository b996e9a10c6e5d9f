import type { LinkCounters } from '../../topology/model.ts';
import { isLinkName } from './linkName.ts';
import { counter, fields } from './number.ts';

/** One line of `/proc/<pid>/net/dev`. */
export interface DevEntry {
  readonly name: string;
  readonly counters: LinkCounters;
}

/** Every link of a namespace, in the kernel's order. Source: `dev_seq_printf_stats`, net/core/net-procfs.c. */
export function parseDev(text: string): DevEntry[] {
  const entries: DevEntry[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).replace(/^ +/, '');
    const [rxBytes, rxPackets, , , , , , , txBytes, txPackets] = fields(line.slice(colon + 1)).map(counter);
    if (!isLinkName(name)) continue;
    if (rxBytes === undefined || rxPackets === undefined || txBytes === undefined || txPackets === undefined) continue;
    entries.push({ name, counters: { rxBytes, rxPackets, txBytes, txPackets } });
  }
  return entries;
}

import type { IndexedName } from './igmp.ts';
import { isLinkName } from './linkName.ts';
import { decimal, fields } from './number.ts';

/** Links that listen to at least one multicast MAC, each once. Source: `dev_mc_seq_show`, net/core/net-procfs.c. */
export function parseDevMcast(text: string): IndexedName[] {
  const byName = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [index, name, , , mac] = fields(line);
    const ifindex = decimal(index);
    if (ifindex === undefined || ifindex === 0 || name === undefined || mac === undefined) continue;
    if (isLinkName(name) && !byName.has(name)) byName.set(name, ifindex);
  }
  return [...byName].map(([name, ifindex]) => ({ name, ifindex }));
}

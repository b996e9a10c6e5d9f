import { isLinkName } from './linkName.ts';
import { decimal } from './number.ts';

/** The VLAN id of each 802.1Q link, from `/proc/net/vlan/config`. Source: `vlan_seq_show`, net/8021q/vlanproc.c. */
export function parseVlanConfig(text: string): Map<string, number> {
  const ids = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name = '', idText = '', parent] = line.split('|').map((field) => field.trim());
    const id = decimal(idText);
    if (id !== undefined && id < 4096 && parent !== undefined && isLinkName(name)) ids.set(name, id);
  }
  return ids;
}

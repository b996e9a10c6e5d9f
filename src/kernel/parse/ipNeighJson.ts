import { isIP } from 'node:net';
import type { Tunnel } from '../../topology/model.ts';
import { parseMac } from './sysfs.ts';

/**
 * `ip -json -family bridge neighbour show`: the entries of VXLAN devices, which alone have a destination. Entries for all
 * addresses (00:00:00:00:00:00, where a broadcast goes) say nothing of one. Empty where it is no such list.
 */
export function parseIpNeighJson(text: string): Tunnel[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(json)) return [];
  return json.flatMap((entry: unknown): Tunnel[] => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { dst, lladdr } = entry as { readonly dst?: unknown; readonly lladdr?: unknown };
    if (typeof dst !== 'string' || isIP(dst) === 0 || typeof lladdr !== 'string') return [];
    const mac = parseMac(lladdr);
    return mac === undefined || mac === '00:00:00:00:00:00' ? [] : [{ mac, host: dst }];
  });
}

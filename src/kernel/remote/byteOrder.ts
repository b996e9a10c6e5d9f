import { parseRoute } from '../parse/route.ts';

export type ByteOrder = 'BE' | 'LE';

/**
 * The byte order of a machine from afar, by its tables `net/route`: a netmask is one in one order only, save for those of 0 and 32 bits, and
 * routes whose mask is none are left out by the parser. Docker's machines are little-endian, but for s390x.
 */
export function byteOrder(routes: readonly string[]): ByteOrder {
  const count = (order: ByteOrder): number => routes.reduce((sum, text) => sum + parseRoute(text, order).length, 0);
  return count('BE') > count('LE') ? 'BE' : 'LE';
}

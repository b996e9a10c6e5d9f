import ipaddr from 'ipaddr.js';

/**
 * Arithmetic on IPv4 and IPv6 addresses, as numbers. Text is read as Go's net/netip reads it, which is what the
 * engine does: no octal or shortened IPv4, no zone; an IPv4 address in IPv6 clothes is that IPv4 address.
 */

export type Family = 4 | 6;

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** A subnet: all addresses from `first` to `last`. */
export interface Cidr {
  readonly family: Family;
  readonly prefixLength: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** The longest that an IPv6 address can be written, and some: no work is done on more. */
const longestText = 64;

export function bitsOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

export function parseAddress(text: string): Address | undefined {
  if (text.length > longestText || text.includes('%')) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return numberOf(ipaddr.IPv4.parse(text));
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return numberOf(address.isIPv4MappedAddress() ? address.toIPv4Address() : address);
}

function numberOf(address: ipaddr.IPv4 | ipaddr.IPv6): Address {
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: address.kind() === 'ipv4' ? 4 : 6, value };
}

/** In the usual short form: RFC 5952 for IPv6. */
export function formatAddress({ family, value }: Address): string {
  const bytes = Array.from({ length: bitsOf(family) / 8 }, (_, index) =>
    Number((value >> BigInt(bitsOf(family) - 8 * (index + 1))) & 255n),
  );
  const address = ipaddr.fromByteArray(bytes);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** The subnet that `10.0.0.7/24` lies in; `isNetworkAddress` tells whether it was written with its own first address. */
export function parseCidr(text: string): Cidr | undefined {
  const split = splitCidr(text);
  return split === undefined ? undefined : cidrOf(split.address, split.prefixLength);
}

function splitCidr(text: string): { readonly address: Address; readonly prefixLength: number } | undefined {
  const slash = text.indexOf('/');
  const prefix = text.slice(slash + 1);
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  if (address === undefined || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  // `::ffff:10.0.0.0/104` has a prefix of another family than its address.
  if (address.family === 4 && text.includes(':')) return undefined;
  const prefixLength = Number(prefix);
  return prefixLength > bitsOf(address.family) ? undefined : { address, prefixLength };
}

export function cidrOf({ family, value }: Address, prefixLength: number): Cidr {
  const hostBits = BigInt(bitsOf(family) - prefixLength);
  const first = (value >> hostBits) << hostBits;
  return { family, prefixLength, first, last: first | ((1n << hostBits) - 1n) };
}

export function formatCidr({ family, first, prefixLength }: Cidr): string {
  return `${formatAddress({ family, value: first })}/${prefixLength}`;
}

/** False for `10.0.0.7/24`: it has host bits. */
export function isNetworkAddress(text: string): boolean {
  const split = splitCidr(text);
  return split !== undefined && cidrOf(split.address, split.prefixLength).first === split.address.value;
}

export function contains(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && cidr.first <= address.value && address.value <= cidr.last;
}

export function isInside(inner: Cidr, outer: Cidr): boolean {
  return inner.family === outer.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** The subnet's own address, which is nobody's; IPv6 has it too (the subnet routers' anycast address, RFC 4291). */
export function hasNetworkAddress(cidr: Cidr): boolean {
  return cidr.prefixLength < bitsOf(cidr.family) - 1;
}

/** Only IPv4 has one, and not in a /31 or /32. */
export function broadcastOf(cidr: Cidr): bigint | undefined {
  return cidr.family === 4 && cidr.prefixLength < 31 ? cidr.last : undefined;
}

/** A range that no network should be made of. */
export type SpecialRange = 'unspecified' | 'loopback' | 'multicast' | 'linkLocal' | 'reserved';

const specialRanges: readonly { readonly cidr: Cidr; readonly range: SpecialRange }[] = (
  [
    ['0.0.0.0/8', 'unspecified'],
    ['127.0.0.0/8', 'loopback'],
    ['169.254.0.0/16', 'linkLocal'],
    ['224.0.0.0/4', 'multicast'],
    ['240.0.0.0/4', 'reserved'],
    ['::/127', 'loopback'],
    ['fe80::/10', 'linkLocal'],
    ['ff00::/8', 'multicast'],
  ] as const
).flatMap(([text, range]) => {
  const cidr = parseCidr(text);
  return cidr === undefined ? [] : [{ cidr, range }];
});

/** The special range that a subnet touches. The engine itself takes most of them, and nothing works then. */
export function specialRangeOf(cidr: Cidr): SpecialRange | undefined {
  return specialRanges.find((special) => overlap(special.cidr, cidr))?.range;
}

/** The special range that a subnet is wholly a part of. */
export function insideSpecialRange(cidr: Cidr): SpecialRange | undefined {
  return specialRanges.find((special) => isInside(cidr, special.cidr))?.range;
}

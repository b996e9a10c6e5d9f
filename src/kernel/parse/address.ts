/** `0a000001` → `10.0.0.1`; undefined for anything but 8 hexadecimal digits. */
export function ipv4FromHex(hex: string, order: 'BE' | 'LE'): string | undefined {
  if (!/^[0-9a-fA-F]{8}$/.test(hex)) return undefined;
  const bytes = [0, 2, 4, 6].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return (order === 'BE' ? bytes : bytes.reverse()).join('.');
}

/** 32 hexadecimal digits without colons → RFC 5952, as `ip` writes it; undefined for anything else. */
export function ipv6FromHex(hex: string): string | undefined {
  if (!/^[0-9a-fA-F]{32}$/.test(hex)) return undefined;
  const groups = Array.from({ length: 8 }, (_, at) => parseInt(hex.slice(at * 4, at * 4 + 4), 16));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${ipv4FromHex(hex.slice(24), 'BE') ?? ''}`;
  }
  const zeros = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (zeros.length < 2) return text(groups);
  return `${text(groups.slice(0, zeros.start))}::${text(groups.slice(zeros.start + zeros.length))}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [at, group] of groups.entries()) {
    if (group !== 0) start = at + 1;
    else if (at + 1 - start > best.length) best = { start, length: at + 1 - start };
  }
  return best;
}

/** Undefined for anything but a dotted quad. */
export function ipv4Number(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    const byte = /^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256;
    if (byte > 255) return undefined;
    value = value * 256 + byte;
  }
  return value;
}

/** Whether an IPv4 address lies in `network/prefixLength`. */
export function isInSubnet(address: string, network: string, prefixLength: number): boolean {
  const a = ipv4Number(address);
  const b = ipv4Number(network);
  if (a === undefined || b === undefined) return false;
  const size = 2 ** (32 - prefixLength);
  return Math.floor(a / size) === Math.floor(b / size);
}

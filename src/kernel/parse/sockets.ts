import { endianness } from 'node:os';
import { ipv4FromHex, ipv6FromHex } from './address.ts';
import { decimal, fields, hexadecimal } from './number.ts';

/** A socket that takes what comes to its port. */
export interface BoundSocket {
  /** `0.0.0.0` and `::` are all addresses; `::` mostly IPv4's too, which this file does not tell. */
  readonly address: string;
  readonly port: number;
  /** As in `/proc/<pid>/fd` → `socket:[…]`; 0 for what belongs to no file. */
  readonly inode: number;
}

/** include/net/tcp_states.h: TCP_LISTEN, and TCP_CLOSE for a UDP socket that is bound and connected to nobody. */
const listening = { tcp: 0x0a, udp: 0x07 } as const;

/**
 * The sockets of `/proc/<pid>/net/{tcp,tcp6,udp,udp6}` that listen. An address is printed as one or four numbers of
 * the machine's byte order. An IPv4 address in IPv6 (`::ffff:127.0.0.1`) is the IPv4 address: that is what it takes.
 * Source: `get_tcp4_sock`, net/ipv4/tcp_ipv4.c; `get_tcp6_sock`, net/ipv6/tcp_ipv6.c; `udp4_format_sock`,
 * net/ipv4/udp.c; `__ip6_dgram_sock_seq_show`, net/ipv6/datagram.c.
 */
export function parseSockets(
  text: string,
  protocol: keyof typeof listening,
  order: 'BE' | 'LE' = endianness(),
): BoundSocket[] {
  const sockets: BoundSocket[] = [];
  for (const line of text.split('\n')) {
    const [slot, local, , state, , , , , , inodeText] = fields(line);
    if (slot === undefined || !/^\d{1,10}:$/.test(slot) || hexadecimal(state) !== listening[protocol]) continue;
    const [host, portText, ...rest] = local?.split(':') ?? [];
    const address = addressFromHex(host ?? '', order);
    const port = hexadecimal(portText);
    const inode = decimal(inodeText);
    if (address === undefined || port === undefined || rest.length > 0 || inode === undefined) continue;
    if (port > 0 && port < 65536) sockets.push({ address, port, inode });
  }
  return sockets;
}

function addressFromHex(hex: string, order: 'BE' | 'LE'): string | undefined {
  if (hex.length === 8) return ipv4FromHex(hex, order);
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = order === 'BE' ? words : words.map((word) => word.match(/../g)?.reverse().join(''));
  const address = hex.length === 32 ? ipv6FromHex(bytes.join('')) : undefined;
  return address?.startsWith('::ffff:') === true && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

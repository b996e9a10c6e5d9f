import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseSockets } from '../../../../src/kernel/parse/sockets.ts';

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ';

/** Lines of a real machine. */
const tcp = [
  header,
  '   0: 0100007F:A2B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21574 1 0000000000000000 100 0 0 10 0                     ',
  '   1: 00000000:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 48211 1 0000000000000000 100 0 0 10 0                     ',
  '   2: 0200A8C0:0016 0100A8C0:C9F2 01 00000000:00000000 02:000A2B3C 00000000  1000        0 48300 2 0000000000000000 20 4 30 10 -1                    ',
  '   3: 0100007F:A2B3 0100007F:D0E4 06 00000000:00000000 03:000008A8 00000000     0        0 0 3 0000000000000000                                      ',
  '',
].join('\n');

const tcp6 = [
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  '   0: 00000000000000000000000000000000:18EB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 48212 1 0000000000000000 100 0 0 10 0',
  '   1: 00000000000000000000000001000000:C84E 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 48213 1 0000000000000000 100 0 0 10 0',
  '   2: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 48214 1 0000000000000000 100 0 0 10 0',
  '   3: B80D01200000000000000000FE000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 48215 1 0000000000000000 100 0 0 10 0',
  '',
].join('\n');

const udp = [
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             ',
  '   68: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31200 2 0000000000000000 0         ',
  '  112: 0F02000A:B3A0 08080808:0035 01 00000000:00000000 00:00000000 00000000     0        0 31300 2 0000000000000000 0         ',
  '',
].join('\n');

/** Bytes of an address as the kernel prints it: `%08X` of each four of them, taken as a number of the machine. */
function kernelHex(bytes: readonly number[], order: 'BE' | 'LE'): string {
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return Array.from({ length: bytes.length / 4 }, (_, word) =>
    view
      .getUint32(word * 4, order === 'LE')
      .toString(16)
      .toUpperCase()
      .padStart(8, '0'),
  ).join('');
}

const octets = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: length, maxLength: length });
const mapped = octets(4).map((four) => [...new Array<number>(10).fill(0), 255, 255, ...four]);
const addresses = fc.oneof(octets(4), octets(16), mapped);
const port = fc.integer({ min: 1, max: 65_535 });
const inode = fc.nat(4_294_967_295);

describe('the sockets of /proc', () => {
  it('are those that take connections, and none of the connections themselves', () => {
    expect(parseSockets(tcp, 'tcp', 'LE')).toEqual([
      { address: '127.0.0.1', port: 41_651, inode: 21_574 },
      { address: '0.0.0.0', port: 6_379, inode: 48_211 },
    ]);
  });

  it('are known on IPv6, too, and by the IPv4 address where it is one', () => {
    expect(parseSockets(tcp6, 'tcp', 'LE')).toEqual([
      { address: '::', port: 6_379, inode: 48_212 },
      { address: '::1', port: 51_278, inode: 48_213 },
      { address: '127.0.0.1', port: 8_080, inode: 48_214 },
      { address: '2001:db8::fe', port: 80, inode: 48_215 },
    ]);
  });

  it('are, of UDP, those that anybody may send to', () => {
    expect(parseSockets(udp, 'udp', 'LE')).toEqual([{ address: '0.0.0.0', port: 68, inode: 31_200 }]);
    expect(parseSockets(udp, 'tcp', 'LE')).toEqual([]);
    expect(parseSockets(tcp, 'udp', 'LE')).toEqual([]);
  });

  it('have the address that the digits mean, on machines of either byte order', () => {
    fc.assert(
      fc.property(addresses, port, inode, fc.constantFrom('LE', 'BE'), (bytes, number, node, order) => {
        const local = `${kernelHex(bytes, order)}:${number.toString(16).toUpperCase().padStart(4, '0')}`;
        const any = `${'0'.repeat(bytes.length * 2)}:0000`;
        const line = `   0: ${local} ${any} 0A 00000000:00000000 00:00000000 00000000     0        0 ${node} 1 0 100 0 0 10 0\n`;
        const [socket, ...more] = parseSockets(line, 'tcp', order);
        expect(more).toEqual([]);
        expect(socket).toMatchObject({ port: number, inode: node });
        const parsed = ipaddr.process(socket?.address ?? '');
        const isMapped = bytes.length === 16 && ipaddr.fromByteArray(bytes).range() === 'ipv4Mapped';
        expect(parsed.toByteArray()).toEqual(isMapped ? bytes.slice(12) : bytes);
        if (isMapped) expect(socket?.address).toMatch(/^[\d.]+$/);
      }),
      { numRuns: 300 },
    );
  });

  it('are whole and possible, whatever the file says', () => {
    const field = fc.oneof(
      fc.constantFrom(
        '0:',
        '0A',
        '07',
        '01',
        '00000000:0050',
        '0100007F:0000',
        '0100007F:FFFFF',
        '1',
        '48211',
        ':',
        '',
      ),
      fc.string({ maxLength: 40 }),
    );
    const line = fc.array(field, { maxLength: 14 }).map((parts) => parts.join(' '));
    const mangled = fc
      .tuple(fc.constantFrom(tcp, tcp6, udp), fc.nat(900), fc.string({ maxLength: 3 }))
      .map(([text, at, insert]) => text.slice(0, at) + insert + text.slice(at + 1));
    const text = fc.oneof(
      fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n')),
      mangled,
      mangled.map((whole) => whole.slice(0, -60)),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('tcp', 'udp'), fc.constantFrom('LE', 'BE'), (file, protocol, order) => {
        for (const socket of parseSockets(file, protocol, order)) {
          expect(ipaddr.isValid(socket.address)).toBe(true);
          expect(socket.port).toBeGreaterThan(0);
          expect(socket.port).toBeLessThan(65_536);
          expect(Number.isSafeInteger(socket.inode)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are not invented from a line that lacks its end, or has no port', () => {
    const [first = ''] = tcp.split('\n').slice(1);
    expect(parseSockets(first, 'tcp', 'LE')).toHaveLength(1);
    expect(parseSockets(first.replace(':A2B3', ':0000'), 'tcp', 'LE')).toEqual([]);
    expect(parseSockets(first.replace(':A2B3', ':1A2B3'), 'tcp', 'LE')).toEqual([]);
    for (let length = 0; length < first.indexOf('21574'); length++)
      expect(parseSockets(first.slice(0, length), 'tcp', 'LE')).toEqual([]);
  });
});

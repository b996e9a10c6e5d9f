import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { ipv4FromHex, ipv4Number, ipv6FromHex, isInSubnet } from '../../../../src/kernel/parse/address.ts';

const bytes = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: length, maxLength: length });
const hex = (octets: readonly number[]): string => octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');

describe('addresses of /proc', () => {
  it.each([
    ['0'.repeat(32), '::'],
    ['0'.repeat(31) + '1', '::1'],
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    // The first of two runs of zeros; a single zero stays.
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010db8000100010001000100010000', '2001:db8:1:1:1:1:1:0'],
    ['00000000000000000000ffffc0000202', '::ffff:192.0.2.2'],
    ['FE800000000000000000000000000000', 'fe80::'],
  ])('%s is written as `ip` writes it', (text, address) => expect(ipv6FromHex(text)).toBe(address));

  it('are the addresses that the digits mean', () => {
    fc.assert(
      fc.property(bytes(16), (octets) => {
        expect(ipaddr.parse(ipv6FromHex(hex(octets)) ?? '').toByteArray()).toEqual(octets);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(bytes(4), (octets) => {
        expect(ipv4FromHex(hex(octets), 'BE')).toBe(octets.join('.'));
        expect(ipv4FromHex(hex(octets.toReversed()), 'LE')).toBe(octets.join('.'));
        expect(ipv4Number(octets.join('.'))).toBe(parseInt(hex(octets), 16));
      }),
      { numRuns: 100 },
    );
  });

  it('lie in the subnets that an address library says', () => {
    fc.assert(
      fc.property(bytes(4), bytes(4), fc.integer({ min: 0, max: 32 }), (a, b, length) => {
        const [address, network] = [a.join('.'), b.join('.')];
        expect(isInSubnet(address, network, length)).toBe(
          ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parse(network), length),
        );
      }),
      { numRuns: 200 },
    );
  });

  it.each(['', '1', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.-4', '1.2.3.4 ', '01.2.3.4', '::1'])(
    'take %j for none',
    (text) => {
      expect(ipv4Number(text)).toBeUndefined();
      expect(isInSubnet(text, '0.0.0.0', 0)).toBe(false);
      expect(ipv4FromHex(text, 'LE')).toBeUndefined();
      expect(ipv6FromHex(text)).toBeUndefined();
    },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  broadcastOf,
  contains,
  formatAddress,
  formatCidr,
  hasNetworkAddress,
  isInside,
  isNetworkAddress,
  overlap,
  parseAddress,
  parseCidr,
  specialRangeOf,
  type Cidr,
} from '../../../src/actions/addresses.ts';
import { anyText } from './anyText.ts';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no subnet`);
  return parsed;
}

const ipv4 = fc.ipV4().filter((text) => !/(^|\.)0\d/.test(text));
const anyCidr = fc.oneof(
  fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.integer({ min: 0, max: 128 }))
    .map(([value, length]) => `${formatAddress({ family: 6, value })}/${length}`)
    .filter((text) => !text.startsWith('::ffff:')),
);

test('an address is shown in its usual short form', () => {
  for (const [typed, shown] of [
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
  ] as const) {
    const address = parseAddress(typed);
    expect(address && formatAddress(address)).toBe(shown);
  }
});

test.each([
  '10.0.0.01',
  '0x7f.0.0.1',
  '127.1',
  '2130706433',
  'fe80::1%eth0',
  '10.0.0.1 ',
  '',
  '1.2.3.4.5',
  ':::',
  '10.0.0.256',
])('%j is refused as the engine refuses it', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test.each([
  '10.0.0.0',
  '10.0.0.0/',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/-1',
  '::/129',
  '/8',
  '10.0.0.0/8/8',
  '::ffff:10.0.0.0/104',
])('the subnet %j is refused', (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test('any text is an address, a subnet, or neither', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      parseAddress(text);
      parseCidr(text);
      isNetworkAddress(text);
    }),
  );
});

test('a subnet that was normalised means the same and stays as it is', () => {
  fc.assert(
    fc.property(anyCidr, (text) => {
      const shown = formatCidr(cidr(text));
      expect(cidr(shown)).toEqual(cidr(text));
      expect(formatCidr(cidr(shown))).toBe(shown);
      expect(isNetworkAddress(shown)).toBe(true);
    }),
  );
});

test('an address with host bits is told from a subnet', () => {
  expect(isNetworkAddress('172.30.0.5/16')).toBe(false);
  expect(formatCidr(cidr('172.30.0.5/16'))).toBe('172.30.0.0/16');
  expect(isNetworkAddress('172.30.0.5/32')).toBe(true);
});

test('two subnets overlap where one is inside of the other, and else not', () => {
  fc.assert(
    fc.property(anyCidr, anyCidr, (a, b) => {
      const [one, other] = [cidr(a), cidr(b)];
      expect(overlap(one, other)).toBe(isInside(one, other) || isInside(other, one));
      expect(overlap(one, other)).toBe(overlap(other, one));
      expect(overlap(one, other)).toBe(
        contains(one, { family: other.family, value: other.first }) ||
          contains(other, { family: one.family, value: one.first }),
      );
    }),
  );
});

test('IPv4 and IPv6 never overlap', () => {
  expect(overlap(cidr('0.0.0.0/0'), cidr('::/0'))).toBe(false);
});

test('only IPv4 has a broadcast address, and small subnets have none', () => {
  const shown = (text: string): string | undefined => {
    const value = broadcastOf(cidr(text));
    return value === undefined ? undefined : formatAddress({ family: 4, value });
  };
  expect(shown('172.30.0.0/24')).toBe('172.30.0.255');
  expect(shown('172.30.0.0/31')).toBeUndefined();
  expect(shown('fd00::/64')).toBeUndefined();
  expect(hasNetworkAddress(cidr('fd00::/64'))).toBe(true);
  expect(hasNetworkAddress(cidr('172.30.0.0/31'))).toBe(false);
});

test('a subnet that touches what is nobody’s is told', () => {
  expect(specialRangeOf(cidr('127.8.0.0/16'))).toBe('loopback');
  expect(specialRangeOf(cidr('0.0.0.0/0'))).toBe('unspecified');
  expect(specialRangeOf(cidr('169.254.7.0/24'))).toBe('linkLocal');
  expect(specialRangeOf(cidr('239.0.0.0/24'))).toBe('multicast');
  expect(specialRangeOf(cidr('192.0.0.0/2'))).toBe('multicast');
  expect(specialRangeOf(cidr('fe80::/64'))).toBe('linkLocal');
  expect(specialRangeOf(cidr('100.64.0.0/10'))).toBeUndefined();
  expect(specialRangeOf(cidr('fd00::/8'))).toBeUndefined();
});

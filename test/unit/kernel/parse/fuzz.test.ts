import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBrforward } from '../../../../src/kernel/parse/brforward.ts';
import { containerIdOf } from '../../../../src/kernel/parse/cgroup.ts';
import { parseDev } from '../../../../src/kernel/parse/dev.ts';
import { parseDevMcast } from '../../../../src/kernel/parse/devMcast.ts';
import { parseFlannelEnv } from '../../../../src/kernel/parse/flannelEnv.ts';
import { parseFibTrie } from '../../../../src/kernel/parse/fibTrie.ts';
import { parseIfInet6 } from '../../../../src/kernel/parse/ifInet6.ts';
import { parseIgmp } from '../../../../src/kernel/parse/igmp.ts';
import { parseIpAddressJson } from '../../../../src/kernel/parse/ipAddressJson.ts';
import { parseIpNeighJson } from '../../../../src/kernel/parse/ipNeighJson.ts';
import { parseIpv6Route } from '../../../../src/kernel/parse/ipv6Route.ts';
import { isLinkName } from '../../../../src/kernel/parse/linkName.ts';
import { parseMountinfo } from '../../../../src/kernel/parse/mountinfo.ts';
import { parsePidStatus } from '../../../../src/kernel/parse/pidStatus.ts';
import { parseRoute } from '../../../../src/kernel/parse/route.ts';
import {
  parseBridgeId,
  parseInteger,
  parseMac,
  parseOperState,
  parseStpState,
  parseUevent,
} from '../../../../src/kernel/parse/sysfs.ts';
import { parseUnix } from '../../../../src/kernel/parse/unix.ts';
import { joinVteps } from '../../../../src/kernel/parse/vteps.ts';
import { capturedMachine, namespaceFile } from '../machineTree.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';
import { cpuTime } from '../../support/cpuTime.ts';

const { containers, processes } = capturedMachine('28.5');
const test1 = processes[containers.find(({ name }) => name === 'test1')?.pid ?? 0] ?? {};
const flannelEnv = 'FLANNEL_NETWORK=10.1.0.0/16\nFLANNEL_SUBNET=10.1.15.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=false\n';
const uevent = 'DEVTYPE=bridge\nINTERFACE=docker0\nIFINDEX=3\n';

/** Each parser and a real file of its kind. */
const parsers: readonly (readonly [string, string, (text: string) => unknown])[] = [
  ['net/dev', namespaceFile('dev'), parseDev],
  ['net/igmp', namespaceFile('igmp'), parseIgmp],
  ['net/dev_mcast', namespaceFile('dev_mcast'), parseDevMcast],
  ['net/if_inet6', namespaceFile('if_inet6'), parseIfInet6],
  ['net/route', namespaceFile('route'), (text) => [parseRoute(text, 'LE'), parseRoute(text, 'BE')]],
  ['net/ipv6_route', namespaceFile('ipv6_route'), parseIpv6Route],
  ['net/fib_trie', namespaceFile('fib_trie'), (text) => parseFibTrie(text).map((address) => ({ address }))],
  ['net/unix', namespaceFile('unix'), parseUnix],
  ['ip -json', namespaceFile('ip-address.json'), parseIpAddressJson],
  ['ip -family bridge', '[{"dst":"192.0.2.2","lladdr":"02:42:0a:4d:00:03"}]', parseIpNeighJson],
  [
    'ip neighbour',
    '[{"dst":"192.0.2.2","lladdr":"02:42:0a:4d:00:03"}]',
    (text) => joinVteps('flannel.1', text, text).map(({ host, ...rest }) => ({ ...rest, address: host })),
  ],
  ['subnet.env', flannelEnv, parseFlannelEnv],
  ['cgroup', test1.cgroup ?? '', (text) => ({ containerId: containerIdOf(text) })],
  ['status', test1.status ?? '', parsePidStatus],
  ['mountinfo', test1.mountinfo ?? '', parseMountinfo],
  ['uevent', uevent, parseUevent],
  [
    'values of sysfs',
    '8000.0242f1a2b3c4\n',
    (text) => ({
      ifindex: parseInteger(text),
      mac: parseMac(text),
      operState: parseOperState(text),
      bridgeId: parseBridgeId(text),
      stp: parseStpState(text),
    }),
  ],
];

const isCidrText = (value: string): boolean => {
  const [address = '', prefix] = value.split('/');
  return isIP(address) !== 0 && Number(prefix) <= (isIP(address) === 4 ? 32 : 128);
};

/** What every field of that name is, whichever parser it comes from. */
const shapes: Readonly<Record<string, (value: string) => boolean>> = {
  name: isLinkName,
  link: isLinkName,
  peerName: isLinkName,
  master: isLinkName,
  address: (value) => isIP(value) !== 0,
  destination: (value) => isIP(value) !== 0,
  gateway: (value) => isIP(value) !== 0,
  local: (value) => isIP(value) !== 0,
  mac: (value) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(value),
  bridgeId: (value) => /^[0-9a-f]{4}\.[0-9a-f]{12}$/.test(value),
  operState: (value) => /^[a-z]+$/.test(value),
  mode: (value) => /^[a-z0-9]+$/.test(value),
  containerId: (value) => /^[0-9a-f]{64}$/.test(value),
  networks: isCidrText,
  subnets: isCidrText,
  path: (value) => value !== '' && !value.includes('\n'),
};

/** Paths of values that are not what they should be. */
function illFormed(value: unknown, place = ''): string[] {
  if (typeof value === 'number') {
    const isFine = place.endsWith('.ageSeconds') ? Number.isFinite(value) : Number.isSafeInteger(value);
    return isFine && value >= 0 ? [] : [`${place}: ${value}`];
  }
  if (typeof value === 'string') {
    // Of an item of a list: the list's.
    const key = place.replace(/\.\d+$/, '').replace(/^.*\./, '');
    return shapes[key]?.(value) === false ? [`${place}: ${JSON.stringify(value)}`] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const { address, destination, prefixLength } = value as Record<string, unknown>;
  const net = address ?? destination;
  const isTooLong = typeof prefixLength === 'number' && prefixLength > (String(net).includes(':') ? 128 : 32);
  return [
    ...(isTooLong ? [`${place}: ${String(net)}/${prefixLength}`] : []),
    ...Object.entries(value).flatMap(([key, field]) => illFormed(field, `${place}.${key}`)),
  ];
}

const hugeNumbers = ['99999999999999999999', '18446744073709551615', '4294967296', '-1', '1e309', 'ffffffffffffffff'];

/** A part of the whole; fc.double would be near 0 most of the time. */
const somewhere = fc.nat(999_999).map((part) => part / 1_000_000);

/** Where, how far, and what: every mutation is made of these three. */
const mutation = fc.tuple(
  fc.constantFrom('cut', 'drop', 'repeat', 'shuffle', 'set', 'insert', 'number', 'swap'),
  somewhere,
  fc.nat(40),
  fc.uint8Array({ minLength: 1, maxLength: 12 }),
);

function mutate(bytes: Buffer, [kind, where, length, noise]: readonly [string, number, number, Uint8Array]): Buffer {
  const at = Math.floor(where * bytes.length);
  const end = Math.min(bytes.length, at + length);
  const [before, middle, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (kind) {
    case 'cut':
      return before;
    case 'drop':
      return Buffer.concat([before, after]);
    case 'repeat':
      return Buffer.concat([before, middle, middle, middle, after]);
    case 'shuffle':
      return Buffer.concat([before, Buffer.from(middle).reverse(), after]);
    case 'set':
      return Buffer.concat([before, noise.subarray(0, middle.length), after]);
    case 'insert':
      return Buffer.concat([before, noise, bytes.subarray(at)]);
    case 'number': {
      // The next run of digits becomes something that no file should hold.
      const text = bytes.toString('latin1');
      const huge = hugeNumbers[length % hugeNumbers.length] ?? '';
      return Buffer.from(text.slice(0, at) + text.slice(at).replace(/\d+/, huge), 'latin1');
    }
    default: {
      const lines = bytes.toString('latin1').split('\n');
      const line = lines.splice(Math.floor(where * lines.length), 1);
      return Buffer.from([...lines.slice(0, length), ...line, ...lines.slice(length)].join('\n'), 'latin1');
    }
  }
}

/** A setter for every value in a JSON value, however deep. */
function placesIn(value: unknown): ((value: unknown) => void)[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => [
    (other: unknown): void => void Reflect.set(value, key, other),
    ...placesIn(field),
  ]);
}

/** As readText makes text of bytes (local/files.ts). */
const anyText = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  fc.string({ unit: anyCharacter, maxLength: 200 }),
  fc.json(),
);

describe('whatever the kernel says, a reading goes on', () => {
  it.each(parsers)('%s: the real file gives well-formed values', (_, sample, parse) => {
    expect(illFormed(parse(sample))).toEqual([]);
  });

  it.each(parsers)('%s: any text', (_, __, parse) => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(illFormed(parse(text))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it.each(parsers)('%s: a real file that was cut, shuffled or filled with huge numbers', (_, sample, parse) => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
        const bytes = mutations.reduce(mutate, Buffer.from(sample));
        expect(illFormed(parse(bytes.toString('utf8')))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it.each(parsers)('%s: a line without end', (_, sample, parse) => {
    const endless = [' ', '\t', '0', 'f', ':', '\\040', '[', ' - ', '|-- 1.', '\n', sample.slice(0, 64)];
    const took = cpuTime(() => {
      for (const unit of endless) parse(unit.repeat(Math.ceil(100_000 / unit.length)));
    });
    // Linear work takes some milliseconds; what runs back and forth over a line takes minutes.
    expect(took).toBeLessThan(2_000);
  });

  it('ip -json: the real list with other values in it', () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(-1, 0.5, 2 ** 53, 1e300, '..', 'a/b', 'UP!'),
    );
    const sample = namespaceFile('ip-address.json');
    fc.assert(
      fc.property(fc.array(fc.tuple(somewhere, values), { minLength: 1 }), (changes) => {
        const links: unknown = JSON.parse(sample);
        const places = placesIn(links);
        for (const [where, value] of changes) places[Math.floor(where * places.length)]?.(value);
        expect(illFormed(parseIpAddressJson(JSON.stringify(links)))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('a forwarding database of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom('LE', 'BE'), (bytes, order) => {
        const entries = parseBrforward(bytes, order);
        expect(entries).toHaveLength(Math.floor(bytes.length / 16));
        expect(illFormed(entries)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

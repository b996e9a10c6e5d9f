import { describe, expect, it } from 'vitest';
import { parseBrforward } from '../../../../src/kernel/parse/brforward.ts';
import { parseDev } from '../../../../src/kernel/parse/dev.ts';
import { parseDevMcast } from '../../../../src/kernel/parse/devMcast.ts';
import { parseFibTrie } from '../../../../src/kernel/parse/fibTrie.ts';
import { parseIfInet6 } from '../../../../src/kernel/parse/ifInet6.ts';
import { parseIgmp } from '../../../../src/kernel/parse/igmp.ts';
import { parseIpv6Route } from '../../../../src/kernel/parse/ipv6Route.ts';
import { isLinkName } from '../../../../src/kernel/parse/linkName.ts';
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

/** `0` × 32. */
const zeros = '0'.repeat(32);

describe('net/dev', () => {
  const line = (name: string, rx: string): string => `${name}: ${rx} 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0`;

  it('keeps a link whose counter outgrew what a number holds', () => {
    const [entry] = parseDev(line('eth0', '18446744073709551615'));
    expect(entry).toEqual({
      name: 'eth0',
      counters: { rxBytes: Number.MAX_SAFE_INTEGER, rxPackets: 2, txBytes: 3, txPackets: 4 },
    });
  });

  it('reads counters that touch the colon, as old kernels print them', () => {
    expect(parseDev('  eth0:1234567890 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0')[0]?.counters.rxBytes).toBe(1234567890);
  });

  it('knows a link that is named in another script', () => {
    expect(parseDev(line('сеть0', '1'))).toMatchObject([{ name: 'сеть0' }]);
  });

  it.each([
    ['a heading', ' face |bytes    packets errs'],
    ['a line that was cut', 'eth0: 1 2 0 0 0 0 0 0 3'],
    ['a negative counter', line('eth0', '-1')],
    ['a name with a slash', line('../../etc', '1')],
    ['no name', line('', '1')],
    ['a name that is too long', line('abcdefghijklmnop', '1')],
  ])('believes nothing of %s', (_, text) => {
    expect(parseDev(text)).toEqual([]);
  });
});

describe('net/igmp and net/dev_mcast', () => {
  it('read a name of fifteen characters, which touches the colon', () => {
    expect(parseIgmp('3\tbr-0123456789ab:     2      V3')).toEqual([{ name: 'br-0123456789ab', ifindex: 3 }]);
    expect(parseIgmp('2147483647\teth0      :     1      V3')).toEqual([{ name: 'eth0', ifindex: 2147483647 }]);
  });

  it('name a link once, whatever it listens to', () => {
    const text = '2    eth0            1     0     333300000001\n2    eth0            1     0     01005e000001\n';
    expect(parseDevMcast(text)).toEqual([{ name: 'eth0', ifindex: 2 }]);
  });

  it.each(['0\tlo        :', '\teth0      :', 'eth0:', '99999999999\teth0      :', '2\te/h0:', '2 eth0 :', '2\teth0'])(
    'take %j for no link',
    (text) => expect(parseIgmp(text)).toEqual([]),
  );

  it.each(['0    eth0  1 0 333300000001', '2    eth0  1     0', '2', 'x eth0 1 0 333300000001', '2 e:h0 1 0 3333'])(
    'take %j for no membership',
    (text) => expect(parseDevMcast(text)).toEqual([]),
  );
});

describe('net/if_inet6', () => {
  const address = '20010db8000000000000000000000002';

  it('reads an index of three hexadecimal digits', () => {
    expect(parseIfInet6(`${address} 309 40 00 80     eth0`)).toEqual([
      { name: 'eth0', ifindex: 0x309, address: '2001:db8::2', prefixLength: 64 },
    ]);
  });

  it.each([
    `${address.slice(1)} 02 40 00 80 eth0`,
    `${address} 00 40 00 80 eth0`,
    `${address} 02 81 00 80 eth0`,
    `${address} 02 40 00 80`,
    `${address} 02 40 00 80 a/b`,
    `${address} 123456789 40 00 80 eth0`,
  ])('takes %j for no address', (text) => expect(parseIfInet6(text)).toEqual([]));
});

describe('net/route', () => {
  const route = (fields: Partial<Record<'link' | 'to' | 'by' | 'flags' | 'metric' | 'mask', string>>): string => {
    const all = {
      link: 'eth0',
      to: '000200C0',
      by: '00000000',
      flags: '0001',
      metric: '0',
      mask: '00FFFFFF',
      ...fields,
    };
    return [all.link, all.to, all.by, all.flags, '0', '0', all.metric, all.mask, '0', '0', '0'].join('\t');
  };

  it('reads addresses of either byte order', () => {
    expect(parseRoute(route({}), 'LE')).toMatchObject([{ destination: '192.0.2.0', prefixLength: 24 }]);
    expect(parseRoute(route({ to: 'C0000200', mask: 'FFFFFF00' }), 'BE')).toMatchObject([
      { destination: '192.0.2.0', prefixLength: 24 },
    ]);
  });

  it('knows every length of a mask', () => {
    for (let length = 0; length <= 32; length++) {
      const mask = (2 ** 32 - 2 ** (32 - length)).toString(16).padStart(8, '0');
      expect(parseRoute(route({ to: '00000000', mask }), 'BE'), mask).toMatchObject([{ prefixLength: length }]);
    }
  });

  it.each([
    ['a route that is down', { flags: '0000' }],
    ['a refused destination', { flags: '0201' }],
    ['a blackhole', { link: '*' }],
    ['a mask with a hole', { mask: 'FF00FFFF' }],
    ['a short address', { to: '00200C0' }],
    ['a metric that is no number', { metric: '-1' }],
  ])('leaves out %s', (_, fields) => expect(parseRoute(route(fields), 'LE')).toEqual([]));

  it('leaves out a line that was cut before its mask', () => {
    expect(parseRoute(route({}).split('\t').slice(0, 7).join('\t'), 'LE')).toEqual([]);
  });
});

describe('net/ipv6_route', () => {
  const route = (to: string, flags: string, link = 'eth0', length = '40'): string =>
    `${to} ${length} ${zeros} 00 ${zeros} 00000100 00000001 00000000 ${flags}     ${link}`;
  const destination = '20010db8000000000000000000000000';

  it.each([
    ['an address of its own', route(destination, '80200001', 'lo')],
    ['an anycast address', route(destination, '00100001')],
    ['a refusal', route(destination, '00200200', 'lo')],
    ['multicast', route('ff000000000000000000000000000000', '00000001', 'eth0', '08')],
    ['a route that is down', route(destination, '00000000')],
    ['an impossible length', route(destination, '00000001', 'eth0', '81')],
    ['a line without a link', route(destination, '00000001', '')],
  ])('leaves out %s', (_, text) => expect(parseIpv6Route(text)).toEqual([]));

  it('keeps a route of a multicast address that a person made', () => {
    expect(parseIpv6Route(route('ff050000000000000000000000000000', '00000001', 'eth0', '10'))).toHaveLength(1);
  });
});

describe('net/fib_trie', () => {
  it('does not take a subnet, a broadcast or the route of another table for an own address', () => {
    const text = [
      'Id 200:',
      '  |-- 192.0.2.0',
      '     /24 link UNICAST',
      '  |-- 192.0.2.255',
      '     /32 link BROADCAST',
      '  |-- 192.0.2.7',
      '     /32 universe UNICAST',
      '     /32 host LOCAL',
      '  |-- 192.0.2.9',
      '     /32 universe UNICAST',
      '  +-- 192.0.2.8/30 2 0 2',
      '     /32 host LOCAL',
    ];
    expect(parseFibTrie(text.join('\n'))).toEqual(['192.0.2.7']);
  });

  it('names an address once that two tables hold, with a type of service or without', () => {
    const leaf = '  |-- 192.0.2.7\n     /32 host LOCAL tos=16\n';
    expect(parseFibTrie(`Main:\n${leaf}Local:\n${leaf}`)).toEqual(['192.0.2.7']);
  });

  it('takes nothing from a leaf that is no address', () => {
    expect(parseFibTrie('  |-- 192.0.2.256\n     /32 host LOCAL\n  |-- 010.0.0.1\n     /32 host LOCAL\n')).toEqual([]);
  });
});

describe('net/unix', () => {
  const line = (flags: string, path: string): string => `0000000088580760: 00000002 00000000 ${flags} 0001 01 7${path}`;

  it('keeps blanks within a path', () => {
    expect(parseUnix(line('00010000', ' /run/a b/docker.sock'))).toEqual([{ path: '/run/a b/docker.sock', inode: 7 }]);
  });

  it('reads the pointers of a 32-bit kernel', () => {
    expect(parseUnix('88580760: 00000002 00000000 00010000 0001 01     7 /run/a')).toEqual([
      { path: '/run/a', inode: 7 },
    ]);
  });

  it.each([
    line('00000000', ' /run/docker.sock'),
    line('00010000', ''),
    'Num       RefCount Protocol Flags    Type St Inode Path',
  ])('takes %j for no listener', (text) => expect(parseUnix(text)).toEqual([]));
});

describe('a forwarding database', () => {
  const record = [2, 0x42, 0xac, 0x11, 0, 2, 0x34, 0, 0x01, 0x02, 0, 0, 0x12, 0, 0, 0];

  it('has port numbers above 255 and ages in the byte order of the machine', () => {
    const bytes = Uint8Array.from(record);
    expect(parseBrforward(bytes, 'LE')).toEqual([
      { mac: '02:42:ac:11:00:02', portNo: 0x1234, isLocal: false, ageSeconds: 5.13 },
    ]);
    expect(parseBrforward(bytes, 'BE')[0]?.ageSeconds).toBe(0x01020000 / 100);
  });

  it('loses no whole record to one that was cut', () => {
    expect(parseBrforward(Uint8Array.from([...record, ...record.slice(0, 15)]), 'LE')).toHaveLength(1);
  });

  it('is read where it lies in a larger buffer', () => {
    const bytes = Uint8Array.from([9, 9, 9, ...record]).subarray(3);
    expect(parseBrforward(bytes, 'LE')[0]?.mac).toBe('02:42:ac:11:00:02');
  });
});

describe('values of sysfs', () => {
  it('are whole numbers, decimal or with 0x', () => {
    expect(['7\n', '0x1003\n', '0'].map(parseInteger)).toEqual([7, 0x1003, 0]);
    expect(['', '-1\n', '1.5', '0x', '1e3', ' 1 2', '9'.repeat(16)].map(parseInteger)).toEqual(
      new Array(7).fill(undefined),
    );
  });

  it('are no MAC where a link has a longer or shorter address', () => {
    expect(parseMac('02:42:AC:11:00:02\n')).toBe('02:42:ac:11:00:02');
    expect(['192.0.2.2', '00:00:00:00\n', '02:42:ac:11:00:02:00:00', '0242ac110002'].map(parseMac)).toEqual(
      new Array(4).fill(undefined),
    );
  });

  it('are a state, a bridge id, a switch', () => {
    expect([parseOperState('lowerlayerdown\n'), parseOperState(''), parseOperState('UP')]).toEqual([
      'lowerlayerdown',
      undefined,
      undefined,
    ]);
    expect([parseBridgeId('8000.0242F1A2B3C4\n'), parseBridgeId('8000')]).toEqual(['8000.0242f1a2b3c4', undefined]);
    expect(['0\n', '1\n', '2\n', ''].map(parseStpState)).toEqual([false, true, true, undefined]);
  });

  it('are what the kernel tells udev', () => {
    expect(parseUevent('DEVTYPE=bond\nINTERFACE=bond0\nIFINDEX=9\n')).toEqual({ devtype: 'bond', ifindex: 9 });
    expect(parseUevent('INTERFACE=IFINDEX=3\n')).toEqual({});
    expect(parseUevent('IFINDEX=\n')).toEqual({});
  });
});

describe('the name of a link', () => {
  it.each(['lo', 'eth0', 'eth0.100', 'br-0123456789ab', 'wg+home', '...', '網路'])('can be %s', (name) =>
    expect(isLinkName(name)).toBe(true),
  );

  it.each(['', '.', '..', 'a/b', 'a:1', 'a b', 'a\tb', 'a\n', 'a\0', 'abcdefghijklmnop'])(
    'cannot be %j, so no path is made of it',
    (name) => expect(isLinkName(name)).toBe(false),
  );
});

import { describe, expect, it } from 'vitest';
import { joinAddresses } from '../../../../src/kernel/local/namespaceTables.ts';
import { parseBrforward } from '../../../../src/kernel/parse/brforward.ts';
import { parseDev } from '../../../../src/kernel/parse/dev.ts';
import { parseDevMcast } from '../../../../src/kernel/parse/devMcast.ts';
import { parseFibTrie } from '../../../../src/kernel/parse/fibTrie.ts';
import { parseIfInet6 } from '../../../../src/kernel/parse/ifInet6.ts';
import { parseIgmp } from '../../../../src/kernel/parse/igmp.ts';
import { parseIpAddressJson } from '../../../../src/kernel/parse/ipAddressJson.ts';
import { parseIpv6Route } from '../../../../src/kernel/parse/ipv6Route.ts';
import { parseRoute } from '../../../../src/kernel/parse/route.ts';
import {
  parseBridgeId,
  parseInteger,
  parseMac,
  parseOperState,
  parseUevent,
} from '../../../../src/kernel/parse/sysfs.ts';
import { parseUnix } from '../../../../src/kernel/parse/unix.ts';
import { namespaceFile, namespaceSysfs } from '../machineTree.ts';

/** The files of one real namespace. What is expected is what `ip` and `bridge` said at the same moment. */

const indexes: Readonly<Record<string, number>> = {
  lo: 1,
  eth0: 2,
  'br-0123456789ab': 3,
  vetha1b2c3d: 4,
  vethorphan1: 5,
  vethorphan0: 6,
  'flannel.1': 7,
  macv0: 8,
  macvp: 9,
  ifb0: 10,
  ifbdown: 11,
  tun0: 12,
  tap0: 13,
  mvt0: 14,
  vethequal: 77,
};

/** `ip -6 address`. */
const inet6 = [
  { name: 'lo', address: '::1', prefixLength: 128 },
  { name: 'eth0', address: '2001:db8::2', prefixLength: 64 },
  { name: 'eth0', address: 'fe80::5eff:fe00:5302', prefixLength: 64 },
  { name: 'br-0123456789ab', address: 'fd00:d0e::1', prefixLength: 64 },
  { name: 'br-0123456789ab', address: 'fe80::42:5eff:fe00:5310', prefixLength: 64 },
  { name: 'vetha1b2c3d', address: 'fe80::5eff:fe00:5311', prefixLength: 64 },
  { name: 'flannel.1', address: 'fe80::5eff:fe00:5320', prefixLength: 64 },
  { name: 'macv0', address: 'fe80::5eff:fe00:5321', prefixLength: 64 },
  { name: 'ifb0', address: 'fe80::5eff:fe00:5323', prefixLength: 64 },
].map((entry) => ({ ...entry, ifindex: indexes[entry.name] }));

const byText = (a: unknown, b: unknown): number => JSON.stringify(a).localeCompare(JSON.stringify(b));

describe('the tables of a real namespace', () => {
  it('name every link, in the order of `ip link`, with its traffic', () => {
    const entries = parseDev(namespaceFile('dev'));
    expect(entries.map(({ name }) => name)).toEqual(Object.keys(indexes));
    const counters = Object.fromEntries(entries.map((entry) => [entry.name, entry.counters]));
    expect(counters['eth0']).toEqual({ rxBytes: 988, rxPackets: 12, txBytes: 1756, txPackets: 22 });
    expect(counters['br-0123456789ab']).toEqual({ rxBytes: 908, rxPackets: 14, txBytes: 1372, txPackets: 16 });
    expect(counters['vetha1b2c3d']).toEqual({ rxBytes: 1104, rxPackets: 14, txBytes: 2098, txPackets: 25 });
    expect(counters['macv0']).toEqual({ rxBytes: 42, rxPackets: 1, txBytes: 768, txPackets: 10 });
  });

  it('give the index of every link to a user who may read nothing else', () => {
    const igmp = parseIgmp(namespaceFile('igmp'));
    expect(igmp.map(({ name }) => name)).toEqual(
      // What is up and does IPv4.
      [
        'lo',
        'eth0',
        'br-0123456789ab',
        'vetha1b2c3d',
        'vethorphan0',
        'vethequal',
        'flannel.1',
        'macv0',
        'ifb0',
        'tun0',
      ],
    );
    const multicast = parseDevMcast(namespaceFile('dev_mcast'));
    expect(multicast.map(({ name }) => name)).not.toContain('lo');
    for (const { name, ifindex } of [...igmp, ...multicast]) expect(ifindex, name).toBe(indexes[name]);
    const known = new Set([...igmp, ...multicast].map(({ name }) => name));
    expect(Object.keys(indexes).filter((name) => !known.has(name))).toEqual([]);
  });

  it('give every IPv6 address as `ip` writes it', () => {
    expect(parseIfInet6(namespaceFile('if_inet6')).toSorted(byText)).toEqual(inet6.toSorted(byText));
  });

  it('give every IPv4 address of its own, and no broadcast or foreign one', () => {
    expect(parseFibTrie(namespaceFile('fib_trie')).toSorted()).toEqual([
      '127.0.0.1',
      '192.0.2.2',
      '198.51.100.1',
      '198.51.100.145',
      '203.0.113.0',
      '203.0.113.129',
    ]);
  });

  it('give the IPv4 routes that lead somewhere: no blackhole, prohibited, thrown or unreachable one', () => {
    expect(parseRoute(namespaceFile('route'), 'LE')).toEqual([
      { link: 'eth0', destination: '0.0.0.0', prefixLength: 0, gateway: '192.0.2.1', metric: 0 },
      { link: 'eth0', destination: '192.0.2.0', prefixLength: 24, metric: 0 },
      { link: 'br-0123456789ab', destination: '198.51.100.0', prefixLength: 25, metric: 0 },
      { link: 'ifb0', destination: '198.51.100.160', prefixLength: 28, metric: 4294967295 },
      // `via inet6 2001:db8::1`: a gateway all the same, so not a subnet of eth0.
      { link: 'eth0', destination: '198.51.100.240', prefixLength: 28, gateway: '0.0.0.0', metric: 0 },
      { link: 'flannel.1', destination: '203.0.113.64', prefixLength: 26, gateway: '203.0.113.65', metric: 0 },
      { link: 'tun0', destination: '203.0.113.130', prefixLength: 32, metric: 0 },
    ]);
  });

  it('give the IPv6 routes of `ip -6 route` that lead somewhere', () => {
    const local = ['vetha1b2c3d', 'br-0123456789ab', 'eth0', 'flannel.1', 'macv0', 'ifb0'];
    expect(parseIpv6Route(namespaceFile('ipv6_route'))).toEqual([
      { link: 'eth0', destination: '2001:db8::', prefixLength: 64, metric: 256 },
      { link: 'ifb0', destination: '2001:db8:1::', prefixLength: 48, metric: 1024 },
      { link: 'br-0123456789ab', destination: 'fd00:d0e::', prefixLength: 64, metric: 256 },
      ...local.map((link) => ({ link, destination: 'fe80::', prefixLength: 64, metric: 256 })),
      { link: 'eth0', destination: '::', prefixLength: 0, gateway: '2001:db8::1', metric: 512 },
    ]);
  });

  it('put every IPv4 address on the link that `ip` puts it on, or leave it out', () => {
    const own = parseFibTrie(namespaceFile('fib_trie'));
    const joined = joinAddresses(own, parseRoute(namespaceFile('route'), 'LE'), []);
    expect(Object.fromEntries(joined)).toEqual({
      lo: [{ address: '127.0.0.1', prefixLength: 8 }],
      eth0: [{ address: '192.0.2.2', prefixLength: 24 }],
      'br-0123456789ab': [{ address: '198.51.100.1', prefixLength: 25 }],
      // No file says that ifb0 has .145, flannel.1 203.0.113.0 and tun0 203.0.113.129: they have no subnet.
    });
  });

  it('tell who listens on a Unix socket, whatever its name', () => {
    expect(parseUnix(namespaceFile('unix'))).toEqual([
      { path: '/run/docker.sock', inode: 148360 },
      { path: '/run/with blank/a.sock', inode: 148361 },
      { path: '@dne-abstract', inode: 148362 },
    ]);
  });
});

describe('the sysfs of a real namespace', () => {
  const links = namespaceSysfs();
  const value = (link: string, file: string): string => {
    const entry = links[link]?.[file];
    return typeof entry === 'string' ? entry : '';
  };

  it('gives index and kind of a link', () => {
    for (const [name, ifindex] of Object.entries(indexes)) {
      expect(parseUevent(value(name, 'uevent')).ifindex, name).toBe(ifindex);
      expect(parseInteger(value(name, 'ifindex')), name).toBe(ifindex);
    }
    expect(parseUevent(value('br-0123456789ab', 'uevent'))).toEqual({ devtype: 'bridge', ifindex: 3 });
    expect(parseUevent(value('flannel.1', 'uevent'))).toEqual({ devtype: 'vxlan', ifindex: 7 });
    expect(parseUevent(value('vetha1b2c3d', 'uevent'))).toEqual({ ifindex: 4 });
  });

  it('gives the index of the other end, which may be the same number', () => {
    const peers = Object.fromEntries(Object.keys(indexes).map((name) => [name, parseInteger(value(name, 'iflink'))]));
    expect(peers).toMatchObject({ vetha1b2c3d: 3, vethorphan0: 5, vethorphan1: 6, macv0: 2, mvt0: 2, vethequal: 77 });
  });

  it('gives MAC, MTU and state as `ip` does', () => {
    expect(parseMac(value('vetha1b2c3d', 'address'))).toBe('02:00:5e:00:53:11');
    expect(parseMac(value('tun0', 'address'))).toBeUndefined();
    expect(parseInteger(value('flannel.1', 'mtu'))).toBe(1450);
    expect(parseOperState(value('vethorphan0', 'operstate'))).toBe('lowerlayerdown');
    expect(parseInteger(value('vethorphan0', 'flags'))).toBe(0x1303);
  });

  it('gives the number of a port and the id of its bridge', () => {
    expect(parseInteger(value('vetha1b2c3d', 'brport/port_no'))).toBe(1);
    expect(parseInteger(value('tap0', 'brport/port_no'))).toBe(3);
    expect(parseBridgeId(value('br-0123456789ab', 'bridge/bridge_id'))).toBe('8000.02425e005310');
  });

  it('gives the forwarding database of `bridge fdb show`', () => {
    const entry = links['br-0123456789ab']?.['brforward'];
    const bytes = typeof entry === 'object' && 'base64' in entry ? Buffer.from(entry.base64, 'base64') : Buffer.of();
    expect(parseBrforward(bytes, 'LE')).toEqual([
      { mac: '02:00:5e:00:53:31', portNo: 3, isLocal: true, ageSeconds: 0 },
      { mac: '02:42:c6:33:64:02', portNo: 1, isLocal: false, ageSeconds: 0.25 },
      { mac: '02:00:5e:00:53:12', portNo: 2, isLocal: true, ageSeconds: 0 },
      { mac: '02:00:5e:00:53:11', portNo: 1, isLocal: true, ageSeconds: 0 },
    ]);
  });
});

describe('what `ip -details -json address show` says of a real namespace', () => {
  const byName = new Map(parseIpAddressJson(namespaceFile('ip-address.json'))?.map((link) => [link.name, link]));

  it('has every link under its index', () => {
    expect(Object.fromEntries([...byName].map(([name, { ifindex }]) => [name, ifindex]))).toEqual(indexes);
  });

  it('has the kind of each, which sysfs does not always tell', () => {
    expect(Object.fromEntries([...byName].map(([name, { kind }]) => [name, kind]))).toEqual({
      lo: 'loopback',
      eth0: 'veth',
      'br-0123456789ab': 'bridge',
      vetha1b2c3d: 'veth',
      vethorphan1: 'veth',
      vethorphan0: 'veth',
      'flannel.1': 'vxlan',
      macv0: 'macvlan',
      macvp: 'macvlan',
      ifb0: 'other',
      ifbdown: 'other',
      tun0: 'tun',
      tap0: 'tun',
      mvt0: 'macvtap',
      vethequal: 'veth',
    });
  });

  it('has the other end of a veth: by name here, by index and namespace elsewhere', () => {
    expect(byName.get('vethorphan0')).toMatchObject({ peerName: 'vethorphan1' });
    expect(byName.get('vethorphan0')).not.toHaveProperty('peerNetnsId');
    expect(byName.get('vetha1b2c3d')).toMatchObject({ peerIndex: 3, peerNetnsId: 0 });
    expect(byName.get('vethequal')).toMatchObject({ ifindex: 77, peerIndex: 77, peerNetnsId: 0 });
    expect(byName.get('macv0')).toMatchObject({ peerName: 'eth0', mode: 'bridge' });
  });

  it('has VNI, VTEP and port of a VXLAN, and the facts of a bridge and its ports', () => {
    expect(byName.get('flannel.1')?.vxlan).toEqual({ vni: 1, local: '192.0.2.2', port: 8472 });
    expect(byName.get('br-0123456789ab')?.bridge).toEqual({ bridgeId: '8000.02425e005310', stp: false });
    expect(byName.get('tap0')).toMatchObject({ master: 'br-0123456789ab', portNo: 3 });
    expect(byName.get('mvt0')?.mode).toBe('vepa');
  });

  it('has the addresses that no file of /proc ties to a link', () => {
    expect(byName.get('ifb0')?.addresses[0]).toEqual({ address: '198.51.100.145', prefixLength: 32 });
    expect(byName.get('tun0')?.addresses).toEqual([{ address: '203.0.113.129', prefixLength: 32 }]);
    expect(byName.get('flannel.1')?.addresses[0]).toEqual({ address: '203.0.113.0', prefixLength: 32 });
    const all = [...byName.values()].flatMap(({ name, ifindex, addresses }) =>
      addresses.flatMap((one) => (one.address.includes(':') ? [{ name, ...one, ifindex }] : [])),
    );
    expect(all.toSorted(byText)).toEqual(inet6.toSorted(byText));
  });
});

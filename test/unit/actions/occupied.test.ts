import { expect, test } from 'vitest';
import { occupied, overlapsWith, type Occupied } from '../../../src/actions/occupied.ts';
import type { Link, Network, Route, Snapshot } from '../../../src/topology/model.ts';
import { link, loopback, network, networks, snapshot, tutorial } from '../support/snapshots.ts';

function host(links: readonly Link[], routes: readonly Route[], on: readonly Network[] = []): Snapshot {
  return snapshot({
    networks: on,
    kernel: {
      kind: 'read',
      view: { source: 'local', host: { containerIds: [], pid: 1, exact: true, links, routes }, containers: [] },
    },
  });
}

const addressed = (name: string, address: string, prefixLength: number): Link =>
  link(name, 5, { addresses: [{ address, prefixLength }] });

const wordsOf = (taken: readonly Occupied[]): readonly string[] =>
  taken.map(({ cidr, by }) => `${cidr} ${by.kind} ${by.kind === 'network' ? by.name : by.link}`);

test('networks and the host’s own subnet are in the way, each once', () => {
  expect(wordsOf(occupied(tutorial()))).toEqual([
    '172.17.0.0/16 network bridge',
    '172.18.0.0/16 network my-bridge',
    '172.19.0.0/16 network shop_default',
    '192.0.2.0/24 link eth0',
  ]);
});

test('without a view of the kernel the networks are still known', () => {
  expect(wordsOf(occupied(tutorial({ kernel: { kind: 'absent', reason: 'notLocal' } })))).toHaveLength(3);
});

test('what a VPN routes is in the way, its link’s own subnet not twice', () => {
  const vpn = host(
    [loopback(), addressed('wg0', '10.8.0.6', 24)],
    [
      { destination: 'default', gateway: '192.0.2.1', link: 'eth0', metric: 0 },
      { destination: '10.8.0.0/24', link: 'wg0', metric: 0 },
      { destination: '172.20.0.0/14', gateway: '10.8.0.1', link: 'wg0', metric: 50 },
      { destination: 'fd12::/48', link: 'wg0', metric: 50 },
    ],
  );
  expect(wordsOf(occupied(vpn))).toEqual(['10.8.0.0/24 link wg0', '172.20.0.0/14 route wg0', 'fd12::/48 route wg0']);
  expect(overlapsWith('172.21.0.0/16', occupied(vpn))).toEqual([
    { cidr: '172.20.0.0/14', by: { kind: 'route', link: 'wg0', destination: '172.20.0.0/14' } },
  ]);
});

test('a default route, in one piece or in two halves, leaves room for networks', () => {
  const routes = ['default', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '::/0'].map((destination) => ({
    destination,
    link: 'tun0',
    metric: 0,
  }));
  expect(occupied(host([], routes))).toEqual([]);
});

test('what every machine has is in nobody’s way', () => {
  const links = [loopback(), addressed('eth0', 'fe80::1', 64), addressed('eth1', '169.254.3.4', 16)];
  const routes = [
    { destination: 'fe80::/64', link: 'eth0', metric: 256 },
    { destination: 'ff00::/8', link: 'eth0', metric: 256 },
    { destination: '127.0.0.0/8', link: 'lo', metric: 0 },
  ];
  expect(occupied(host(links, routes))).toEqual([]);
});

test('a bridge that another program gave one more address is in the way with that one', () => {
  const docker0 = link('docker0', 3, {
    kind: 'bridge',
    addresses: [
      { address: '172.17.0.1', prefixLength: 16 },
      { address: '10.5.0.1', prefixLength: 24 },
    ],
  });
  expect(wordsOf(occupied(host([docker0], [], [networks.bridge])))).toEqual([
    '172.17.0.0/16 network bridge',
    '10.5.0.0/24 link docker0',
  ]);
});

test('records that make no sense are passed over', () => {
  const odd = host(
    [addressed('a', 'nonsense', 24), addressed('b', '10.0.0.1', 99), addressed('c', '10.0.0.1', 1.5)],
    [{ destination: 'nonsense', link: 'a', metric: 0 }],
    [network('odd', { pools: [{ subnet: 'nonsense', auxiliaryAddresses: {} }] })],
  );
  expect(occupied(odd)).toEqual([]);
  expect(overlapsWith('nonsense', occupied(tutorial()))).toEqual([]);
});

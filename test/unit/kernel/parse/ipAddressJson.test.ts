import { describe, expect, it } from 'vitest';
import { parseIpAddressJson } from '../../../../src/kernel/parse/ipAddressJson.ts';

/** One link with this beside its name and index. */
function parse(more: object): unknown {
  return parseIpAddressJson(JSON.stringify([{ ifname: 'x0', ifindex: 5, ...more }]))?.[0];
}

const bare = { name: 'x0', ifindex: 5, addresses: [] };

/** Kinds that not every kernel has built in; as `ip -details -json` of iproute2 6.1 prints them. */
const info = (info_kind: string, info_data: object = {}): object => ({ linkinfo: { info_kind, info_data } });

describe('`ip -details -json address show`', () => {
  it.each([
    ['vlan', 'vlan'],
    ['ipvlan', 'ipvlan'],
    ['ipvtap', 'ipvlan'],
    ['macvtap', 'macvtap'],
    ['bond', 'bond'],
    ['wireguard', 'wireguard'],
    ['dummy', 'dummy'],
    ['gretap', 'tunnel'],
    ['ip6tnl', 'tunnel'],
    ['geneve', 'tunnel'],
    ['vrf', 'other'],
    ['made-up', 'other'],
    ['constructor', 'other'],
  ])('says that a link is a %s: %s', (kind, expected) => expect(parse(info(kind))).toMatchObject({ kind: expected }));

  it('has the number of a VLAN and the mode of an ipvlan', () => {
    expect(parse({ link: 'eth0', ...info('vlan', { protocol: '802.1Q', id: 100, flags: ['REORDER_HDR'] }) })).toEqual({
      ...bare,
      kind: 'vlan',
      peerName: 'eth0',
      vlanId: 100,
    });
    // iproute2 prints the flag of an ipvlan as a property of its name.
    for (const mode of ['l2', 'l3', 'l3s'])
      expect(parse(info('ipvlan', { mode, bridge: true }))).toMatchObject({ kind: 'ipvlan', mode });
    for (const mode of ['bridge', 'private', 'vepa', 'passthru'])
      expect(parse({ link_index: 2, link_netnsid: 0, ...info('macvlan', { mode }) })).toEqual({
        ...bare,
        kind: 'macvlan',
        peerIndex: 2,
        peerNetnsId: 0,
        mode,
      });
  });

  it('has the end of a VXLAN on IPv6, and one that is bound to no address', () => {
    expect(parse(info('vxlan', { id: 42, local6: '2001:db8::2', port: 4789 }))).toMatchObject({
      vxlan: { vni: 42, local: '2001:db8::2', port: 4789 },
    });
    expect(parse(info('vxlan', { id: 42 }))).toMatchObject({ vxlan: { vni: 42 } });
  });

  it('has the id of a bridge whether octets have leading zeros or not', () => {
    for (const bridge_id of ['8000.2:42:5e:0:53:10', '8000.02:42:5e:00:53:10']) {
      expect(parse(info('bridge', { bridge_id, stp_state: 1 }))).toMatchObject({
        bridge: { bridgeId: '8000.02425e005310', stp: true },
      });
    }
  });

  it('does not say that a bridge speaks STP where it was not told', () => {
    expect(parse(info('bridge', { bridge_id: '8000.2:42:5e:0:53:10' }))).toMatchObject({ bridge: { stp: false } });
  });

  it.each([
    ['a master that is no name', { master: '../../etc' }],
    ['a peer that is no name', { link: 'a b' }],
    ['an index of a peer that is no number', { link_index: '7' }],
    ['a negative namespace id, which stands for unknown', { link_netnsid: -1 }],
    ['a MAC of another length', { address: '192.0.2.2' }],
    ['an MTU past all numbers', { mtu: 1e300 }],
    ['a state that is no word', { operstate: 'UP!' }],
    ['addresses that are none', { addr_info: [{ family: 'inet', local: 'x', prefixlen: 8 }, null, 7, 'a', []] }],
    ['prefixes that are too long', { addr_info: [{ local: '192.0.2.2', prefixlen: 33 }] }],
    ['prefixes that are too long for IPv6', { addr_info: [{ local: '::1', prefixlen: 129 }] }],
    ['addresses in no list', { addr_info: { 0: { local: '192.0.2.2', prefixlen: 24 } } }],
    ['details that are a list', { linkinfo: [{ info_kind: 'veth' }] }],
  ])('is believed but for %s', (_, more) => expect(parse(more)).toEqual(bare));

  it.each(['', '{}', 'null', '"x"', '7', '[', 'Option "-json" is unknown'])(
    'is not understood where it is %j: busybox knows no JSON',
    (text) => expect(parseIpAddressJson(text)).toBeUndefined(),
  );

  it('leaves out what is no link and keeps the rest', () => {
    const links = [null, [], {}, { ifname: 'a/b', ifindex: 1 }, { ifname: 'x0' }, { ifname: 'x0', ifindex: 0 }];
    const text = JSON.stringify([...links, { ifname: 'x0', ifindex: 5 }]);
    expect(parseIpAddressJson(text)).toEqual([bare]);
  });
});

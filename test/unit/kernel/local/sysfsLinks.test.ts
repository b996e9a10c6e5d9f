import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readContainerLink, readSysfsLink } from '../../../../src/kernel/local/sysfsLinks.ts';
import type { Link } from '../../../../src/topology/model.ts';
import {
  clearPlanted,
  namespaceSysfs,
  plant,
  type PlantedMachine,
  type SysfsEntry,
  type SysfsLinks,
} from '../machineTree.ts';

const planted: PlantedMachine[] = [];

afterEach(() => {
  for (const machine of planted.splice(0)) machine.remove();
});
afterAll(clearPlanted);

function readerOf(links: SysfsLinks): (name: string) => Link | undefined {
  const machine = plant({ processes: {}, tables: {}, sysfs: { engine: links } });
  planted.push(machine);
  return (name) => readSysfsLink(`${machine.where.sys}/class/net/${name}`, name, {});
}

describe.skipIf(process.platform === 'win32')('a link, from its files in /sys', () => {
  it('is of the kind that `ip` says, where files tell at all', () => {
    const links = namespaceSysfs();
    const read = readerOf(links);
    expect(Object.fromEntries(Object.keys(links).map((name) => [name, read(name)?.kind]))).toEqual({
      lo: 'loopback',
      // A veth with the same index at both ends that is plugged in nowhere: nothing tells it from a dummy.
      eth0: 'other',
      vethequal: 'other',
      'br-0123456789ab': 'bridge',
      vetha1b2c3d: 'veth',
      vethorphan0: 'veth',
      vethorphan1: 'veth',
      'flannel.1': 'vxlan',
      macv0: 'macvlan',
      macvp: 'macvlan',
      mvt0: 'macvtap',
      tun0: 'tun',
      tap0: 'tun',
      ifb0: 'other',
      ifbdown: 'other',
    });
  });

  it('has its index, the other end, its bridge and its port', () => {
    const read = readerOf(namespaceSysfs());
    expect(read('vetha1b2c3d')).toEqual({
      name: 'vetha1b2c3d',
      ifindex: 4,
      iflink: 3,
      kind: 'veth',
      mac: '02:00:5e:00:53:11',
      mtu: 1500,
      operState: 'up',
      master: 'br-0123456789ab',
      portNo: 1,
      addresses: [],
    });
    expect(read('vethorphan0')).toMatchObject({ iflink: 5, operState: 'lowerlayerdown', portNo: 2 });
    expect(read('br-0123456789ab')?.bridge).toMatchObject({ bridgeId: '8000.02425e005310', stp: false });
    expect(read('br-0123456789ab')?.bridge?.fdb).toContainEqual({
      mac: '02:42:c6:33:64:02',
      portNo: 1,
      isLocal: false,
      ageSeconds: expect.any(Number) as number,
    });
  });

  const base = { iflink: '7\n', type: '1\n', flags: '0x1003\n', address: '02:00:5e:00:53:07\n' };
  const uevent = (devtype = ''): Record<string, string> => ({
    uevent: `${devtype === '' ? '' : `DEVTYPE=${devtype}\n`}INTERFACE=x0\nIFINDEX=7\n`,
  });
  const parent = { eth0: { address: '02:00:5e:00:53:02\n' } };

  /** Kinds that not every kernel has built in: what their drivers leave in sysfs, by their sources. */
  it.each<[string, Record<string, SysfsEntry>, string]>([
    ['a VLAN', { ...uevent('vlan'), iflink: '2\n', lower_eth0: { link: '../eth0' } }, 'vlan'],
    ['a bond', uevent('bond'), 'bond'],
    ['a bond of an old kernel', { 'bonding/mode': 'active-backup 1\n' }, 'bond'],
    ['WireGuard', { ...uevent('wireguard'), type: '65534\n', flags: '0x10d1\n' }, 'wireguard'],
    ['a GRE tunnel', { type: '778\n', iflink: '2\n' }, 'tunnel'],
    ['a tunnel that is bound to no link', { type: '776\n', iflink: '0\n' }, 'tunnel'],
    ['Geneve', uevent('geneve'), 'tunnel'],
    ['a network card', { device: { link: '../../../0000:00:03.0' } }, 'physical'],
    ['a wireless card', { ...uevent('wlan'), device: { link: '../../../0000:00:04.0' } }, 'physical'],
    ['an ipvlan in layer 3', { iflink: '2\n', flags: '0x1083\n', lower_eth0: { link: '../eth0' } }, 'ipvlan'],
    [
      'an ipvlan in layer 2, which looks like a macvlan in passthru mode',
      { iflink: '2\n', address: '02:00:5e:00:53:02\n', lower_eth0: { link: '../eth0' } },
      'other',
    ],
    ['a macvlan', { iflink: '2\n', lower_eth0: { link: '../eth0' } }, 'macvlan'],
    ['a macvlan whose parent is elsewhere', { iflink: '2\n', lower_eth9: { link: '../eth9' } }, 'other'],
    ['a dummy', { flags: '0x83\n' }, 'other'],
    ['a dummy in a bridge', { flags: '0x83\n', 'brport/port_no': '0x1\n' }, 'other'],
    ['a veth in a bridge with the same index at both ends', { 'brport/port_no': '0x1\n' }, 'veth'],
    ['a veth whose other end is elsewhere', { iflink: '3\n' }, 'veth'],
    ['a VRF', uevent('vrf'), 'other'],
    ['InfiniBand', { type: '32\n' }, 'other'],
  ])('%s', (_, files, kind) => {
    const read = readerOf({ x0: { ...base, ...uevent(), ...files }, ...parent });
    expect(read('x0')?.kind).toBe(kind);
  });

  it('has no other end where a tunnel is bound to no link', () => {
    expect(readerOf({ x0: { ...uevent(), iflink: '0\n' } })('x0')).not.toHaveProperty('iflink');
  });

  it('is none where it has no index, and no less a link where the rest is missing', () => {
    const read = readerOf({
      x0: uevent(),
      x1: { ...base, uevent: 'INTERFACE=x1\n' },
      x2: { ...base, uevent: 'IFINDEX=0' },
    });
    expect(read('x0')).toEqual({ name: 'x0', ifindex: 7, kind: 'other', addresses: [] });
    expect([read('x1'), read('x2'), read('gone')]).toEqual([undefined, undefined, undefined]);
  });

  it('is, of a container, of no kind that takes a look at its other end', () => {
    const machine = plant({ processes: {}, tables: {}, sysfs: { engine: namespaceSysfs() } });
    planted.push(machine);
    const kinds = ['vetha1b2c3d', 'macv0', 'flannel.1'].map(
      (name) => readContainerLink(`${machine.where.sys}/class/net/${name}`, name, {})?.kind,
    );
    expect(kinds).toEqual(['other', 'other', 'vxlan']);
  });
});

import { endianness } from 'node:os';
import type { MachineTree, ProcessTree, SysfsLinks } from './machineTree.ts';

/** A link as `tablesOf` and `sysfsOf` write it into files. */
interface SmallLink {
  name: string;
  ifindex: number;
  iflink?: number;
  mac?: string;
  /** On `10.0.x.0/24`, the last two numbers: `1.7` is 10.0.1.7. */
  address?: string;
  master?: string;
  portNo?: number;
  isBridge?: boolean;
  rxBytes?: number;
}

/**
 * A machine that is small enough to be known by heart, in tests that change it: dockerd (50) with the bridge docker0
 * (3) and the veths of two containers, web (101, a child of 91) and db (102, of 92). Both containers' eth0 have index 2.
 */
export const webId = 'a'.repeat(64);
export const dbId = 'b'.repeat(64);

export const request = {
  containers: [
    { id: webId, pid: 101 },
    { id: dbId, pid: 102 },
  ],
  bridges: ['docker0'],
};

const lo: SmallLink = { name: 'lo', ifindex: 1 };

export const hostLinks: readonly SmallLink[] = [
  lo,
  { name: 'eth0', ifindex: 2, mac: '02:00:5e:00:53:02', address: '9.2' },
  { name: 'docker0', ifindex: 3, mac: '02:42:5e:00:53:03', address: '1.1', isBridge: true },
  { name: 'vethweb', ifindex: 5, iflink: 2, mac: '02:00:5e:00:53:05', master: 'docker0', portNo: 1, rxBytes: 500 },
  { name: 'vethdb', ifindex: 7, iflink: 2, mac: '02:00:5e:00:53:07', master: 'docker0', portNo: 2, rxBytes: 700 },
];

export const webLinks: readonly SmallLink[] = [
  lo,
  { name: 'eth0', ifindex: 2, iflink: 5, mac: '02:42:0a:00:01:02', address: '1.2' },
];

const dbLinks: readonly SmallLink[] = [
  lo,
  { name: 'eth0', ifindex: 2, iflink: 7, mac: '02:42:0a:00:01:03', address: '1.3' },
];

/** For a test to change and then to plant: another one at every call. */
export function smallMachine(): MachineTree {
  const shim = (): ProcessTree => ({
    comm: 'containerd-shim\n',
    status: 'PPid:\t1\n',
    net: 'engine',
    uid_map: ownUsers,
    cmdline: 'containerd-shim\0',
  });
  return {
    processes: {
      self: { net: 'engine', netns: 'net:[4026531840]', uid_map: ownUsers, mountinfo: sysMount(20) },
      1: { comm: 'systemd\n' },
      50: {
        comm: 'dockerd\n',
        status: 'PPid:\t1\n',
        net: 'engine',
        netns: 'net:[4026531840]',
        uid_map: ownUsers,
        fd: { 3: 'socket:[900]' },
        mountinfo: sysMount(20),
      },
      91: shim(),
      92: shim(),
      101: containerProcess(webId, 91, 'web', 31),
      102: containerProcess(dbId, 92, 'db', 32),
    },
    tables: {
      engine: { ...tablesOf(hostLinks), unix: '0000000000000000: 00000002 00000000 00010000 0001 01 900 @SOCKET@\n' },
      web: tablesOf(webLinks),
      db: tablesOf(dbLinks),
    },
    sysfs: { engine: sysfsOf(hostLinks), web: sysfsOf(webLinks), db: sysfsOf(dbLinks) },
  };
}

const ownUsers = '         0          0 4294967295\n';

/** First process of a container: its own sysfs has the device 0:`device`. */
export function containerProcess(id: string, parent: number, net: string, device: number): ProcessTree {
  return {
    comm: 'sh\n',
    cgroup: `0::/docker/${id}\n`,
    status: `PPid:\t${parent}\nNSpid:\t0\t1\n`,
    net,
    netns: `net:[40265320${device}]`,
    mountinfo: sysMount(device),
    sysfs: net,
  };
}

export function sysMount(device: number): string {
  return `30 20 0:${device} / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro\n`;
}

/** The files of `/proc/<pid>/net` in a namespace with these links. */
export function tablesOf(links: readonly SmallLink[]): Record<string, string> {
  const lines = (line: (link: SmallLink) => string): string => links.map(line).join('');
  return {
    dev: lines(({ name, rxBytes = 0 }) => `${name}: ${rxBytes} ${rxBytes / 100} 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n`),
    igmp: lines(({ name, ifindex }) => `${ifindex}\t${name.padEnd(10)}:     1      V3\n`),
    route: lines(({ name, address }) => {
      if (address === undefined) return '';
      const subnet = address.replace(/\d+$/, '0');
      const route = (...fields: readonly string[]): string => `${[name, ...fields].join('\t')}\t0\t0\t0\n`;
      const connected = route(native(subnet), '00000000', '0001', '0', '0', '0', maskOf24);
      const gateway = native(address.replace(/\d+$/, '1'));
      const isWayOut = name === 'eth0';
      return connected + (isWayOut ? route('00000000', gateway, '0003', '0', '0', '0', '00000000') : '');
    }),
    fib_trie: lines(({ address }) => (address === undefined ? '' : `  |-- 10.0.${address}\n     /32 host LOCAL\n`)),
  };
}

/** The address 10.0.x.y as `net/route` prints it: a number of this machine's byte order. */
function native(address: string): string {
  const bytes = `10.0.${address}`.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return (endianness() === 'LE' ? bytes.reverse() : bytes).join('').toUpperCase();
}

const maskOf24 = endianness() === 'LE' ? '00FFFFFF' : 'FFFFFF00';

export function sysfsOf(links: readonly SmallLink[]): SysfsLinks {
  return Object.fromEntries(links.map((link) => [link.name, filesOf(link)]));
}

function filesOf({ name, ifindex, iflink, mac, master, portNo, isBridge, rxBytes }: SmallLink): SysfsLinks[string] {
  return {
    uevent: `${isBridge === true ? 'DEVTYPE=bridge\n' : ''}INTERFACE=${name}\nIFINDEX=${ifindex}\n`,
    iflink: `${iflink ?? ifindex}\n`,
    address: `${mac ?? '00:00:00:00:00:00'}\n`,
    mtu: '1500\n',
    operstate: 'up\n',
    type: name === 'lo' ? '772\n' : '1\n',
    flags: '0x1003\n',
    'statistics/rx_bytes': `${rxBytes ?? 0}\n`,
    ...(master === undefined ? {} : { master: { link: `../${master}` } }),
    ...(portNo === undefined ? {} : { 'brport/port_no': `0x${portNo.toString(16)}\n` }),
    ...(isBridge === true
      ? { 'bridge/bridge_id': `8000.${(mac ?? '').replaceAll(':', '')}\n`, 'bridge/stp_state': '0\n', brforward: '' }
      : {}),
  };
}

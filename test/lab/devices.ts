import type { LabEngine } from './labEngine.ts';
import { run } from './run.ts';

/** Kinds of links that not every kernel has. */
export type LinkKind = 'ipvlan' | 'macvlan' | 'vlan' | 'vxlan';

const makings: Readonly<Record<LinkKind, readonly string[]>> = {
  ipvlan: ['link', 'dne0', 'name', 'dne2', 'type', 'ipvlan', 'mode', 'l2'],
  macvlan: ['link', 'dne0', 'name', 'dne2', 'type', 'macvlan', 'mode', 'bridge'],
  vlan: ['link', 'dne0', 'name', 'dne2', 'type', 'vlan', 'id', '10'],
  vxlan: ['name', 'dne2', 'type', 'vxlan', 'id', '1', 'dstport', '4789'],
};

/** True where this machine's kernel can make such a link: it is tried, in a network namespace that goes with the try. */
export function kernelMakes(kind: LinkKind): Promise<boolean> {
  const parent = ['ip', 'link', 'add', 'dne0', 'type', 'veth', 'peer', 'name', 'dne1'];
  const link = ['ip', 'link', 'add', ...makings[kind]];
  return run(['unshare', '--net', 'sh', '-c', `${parent.join(' ')} && ${link.join(' ')}`]).then(
    () => true,
    () => false,
  );
}

/** A second way out of the engine's namespace, for networks that take a whole link as their parent. Up at both ends. */
export async function parentLink(engine: LabEngine, name: string): Promise<void> {
  const peer = `${name}p`;
  await engine.ip('link', 'add', name, 'type', 'veth', 'peer', 'name', peer, 'netns', engine.wanNetns);
  await engine.ip('link', 'set', name, 'up');
  await run(['ip', '-n', engine.wanNetns, 'link', 'set', peer, 'up']);
}

/**
 * Bridges that are not Docker's, as libvirt, LXC, Podman with CNI and a person make them, each with what is usually
 * plugged in: a tap of a virtual machine, a veth of a container, nothing, a veth by hand.
 */
export async function otherBridges(engine: LabEngine): Promise<void> {
  const bridge = async (name: string, address: string): Promise<void> => {
    await engine.ip('link', 'add', name, 'type', 'bridge');
    await engine.ip('address', 'add', address, 'dev', name);
    await engine.ip('link', 'set', name, 'up');
  };
  const plug = async (name: string, into: string): Promise<void> => {
    await engine.ip('link', 'set', name, 'master', into, 'up');
  };
  await bridge('virbr0', '192.168.122.1/24');
  await engine.ip('tuntap', 'add', 'vnet0', 'mode', 'tap');
  await plug('vnet0', 'virbr0');
  await bridge('lxcbr0', '10.0.3.1/24');
  await engine.ip('link', 'add', 'vethLXC001', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', engine.wanNetns);
  await plug('vethLXC001', 'lxcbr0');
  await bridge('cni-podman0', '10.88.0.1/16');
  await bridge('br0', '192.168.50.1/24');
  await engine.ip('link', 'add', 'dne-hand0', 'type', 'veth', 'peer', 'name', 'dne-hand1');
  await plug('dne-hand0', 'br0');
}

/**
 * What weave makes on a host with a container attached to it, without weave: the bridge `weave` (10.32.0.0/12), the
 * fast datapath behind it by `vethwe-bridge` and `vethwe-datapath`, its `vxlan-6784`, and `ethwe` in the container.
 * The datapath is a bridge here where weave's is one of Open vSwitch, which few test kernels have; so nothing crosses hosts.
 * `pid` is that of the container, its address 10.32.0.2.
 */
export async function weaveDevices(engine: LabEngine, pid: number): Promise<void> {
  await engine.ip('link', 'add', 'datapath', 'mtu', '1376', 'type', 'bridge');
  await engine.ip('link', 'add', 'weave', 'mtu', '1376', 'type', 'bridge');
  await engine.ip('address', 'add', '10.32.0.1/12', 'dev', 'weave');
  // prettier-ignore
  await engine.ip('link', 'add', 'vethwe-bridge', 'mtu', '1376', 'type', 'veth', 'peer', 'name', 'vethwe-datapath', 'mtu', '1376');
  await engine.ip('link', 'add', 'vxlan-6784', 'mtu', '65535', 'type', 'vxlan', 'external', 'dstport', '6784');
  await engine.ip('link', 'set', 'vethwe-bridge', 'master', 'weave');
  for (const name of ['vethwe-datapath', 'vxlan-6784']) await engine.ip('link', 'set', name, 'master', 'datapath');
  const hostEnd = `vethwepl${pid}`;
  // prettier-ignore
  await engine.ip('link', 'add', hostEnd, 'mtu', '1376', 'type', 'veth', 'peer', 'name', 'ethwe', 'mtu', '1376', 'netns', `${pid}`);
  await engine.ip('link', 'set', hostEnd, 'master', 'weave');
  for (const name of ['datapath', 'weave', 'vethwe-bridge', 'vethwe-datapath', 'vxlan-6784', hostEnd]) {
    await engine.ip('link', 'set', name, 'up');
  }
  const inContainer = (...args: readonly string[]): Promise<string> =>
    run(['nsenter', '--target', `${pid}`, '--net', 'ip', ...args]);
  await inContainer('address', 'add', '10.32.0.2/12', 'dev', 'ethwe');
  await inContainer('link', 'set', 'ethwe', 'up');
}

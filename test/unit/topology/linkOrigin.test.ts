import { expect, test } from 'vitest';
import { linkOrigin } from '../../../src/topology/linkOrigin.ts';
import type { KernelView, Link, LinkKind, Route } from '../../../src/topology/model.ts';
import { link, network } from '../support/snapshots.ts';

const host = (
  routes: readonly Route[] = [],
  more: Partial<KernelView> = {},
  links: readonly Link[] = [],
): KernelView => ({
  source: 'local',
  host: { containerIds: [], pid: 1, links, routes, exact: true },
  containers: [],
  ...more,
});
const of = (name: string, kind: LinkKind): Link => link(name, 7, { kind });

test("a network's bridge is Docker's, under whatever name", () => {
  const mine = network('mine', { options: { 'com.docker.network.bridge.name': 'virbr0' } });
  expect(linkOrigin(of('virbr0', 'bridge'), host(), [mine])).toEqual({ kind: 'docker', networkIds: [mine.id] });
});

test.each([
  ['virbr0', 'libvirt'],
  ['lxcbr0', 'LXC'],
  ['lxdbr0', 'LXD'],
  ['incusbr0', 'Incus'],
  ['podman1', 'Podman'],
  ['cni-podman0', 'Podman'],
  ['cni0', 'Kubernetes'],
  ['br-0123456789ab', 'docker'],
])("the bridge %s is %s's, and not this engine's", (name, program) => {
  expect(linkOrigin(of(name, 'bridge'), host(), [network('bridge')])).toEqual({ kind: 'other', program });
});

test('a bridge of which nobody knows whose it is, is not taken for Docker’s', () => {
  expect(linkOrigin(of('br0', 'bridge'), host(), [])).toEqual({ kind: 'notDocker' });
});

test("flannel's tunnel comes with the subnets of the other nodes, and not with this node's own", () => {
  const routes: readonly Route[] = [
    { destination: 'default', gateway: '192.0.2.1', link: 'eth0', metric: 0 },
    { destination: '10.1.15.0/24', link: 'docker0', metric: 0 },
    { destination: '10.1.20.0/24', gateway: '10.1.20.0', link: 'flannel.1', metric: 0 },
    { destination: '10.1.33.0/24', gateway: '10.1.33.0', link: 'flannel.1', metric: 0 },
  ];
  const vteps = [
    { link: 'flannel.1', gateway: '10.1.20.0', mac: '02:00:00:f1:00:02', host: '192.0.2.12' },
    { link: 'flannel.2', gateway: '10.1.33.0', mac: '02:00:00:f1:00:03', host: '192.0.2.13' },
  ];
  expect(linkOrigin(of('flannel.1', 'vxlan'), host(routes, { vteps }), [])).toEqual({
    kind: 'flannel',
    backend: 'vxlan',
    remote: [
      { destination: '10.1.20.0/24', gateway: '10.1.20.0', vtep: '192.0.2.12' },
      { destination: '10.1.33.0/24', gateway: '10.1.33.0' },
    ],
  });
  expect(linkOrigin(of('flannel-v6.1', 'vxlan'), host(), [])).toMatchObject({ kind: 'flannel', remote: [] });
});

test('a link is flannel’s underlay where flannel’s own file says whose the subnets are', () => {
  const routes: readonly Route[] = [
    { destination: '10.1.20.0/24', gateway: '192.0.2.12', link: 'eth0', metric: 0 },
    { destination: '172.16.0.0/12', gateway: '192.0.2.1', link: 'eth0', metric: 0 },
  ];
  const flannel = { networks: ['10.1.0.0/16'], subnets: ['10.1.15.1/24'] };
  expect(linkOrigin(of('eth0', 'physical'), host(routes, { flannel }), [])).toEqual({
    kind: 'flannel',
    backend: 'host-gw',
    remote: [{ destination: '10.1.20.0/24', gateway: '192.0.2.12' }],
  });
  expect(linkOrigin(of('eth0', 'physical'), host(routes), [])).toBeUndefined();
  expect(linkOrigin(of('eth1', 'physical'), host(routes, { flannel }), [])).toBeUndefined();
});

test('the bridge of weave has a datapath behind it, or weave itself carries its frames', () => {
  const weave = of('weave', 'bridge');
  expect(linkOrigin(weave, host([], {}, [of('datapath', 'other')]), [])).toEqual({ kind: 'weave', part: 'bridge' });
  expect(linkOrigin(weave, host([], {}, [of('datapath', 'physical')]), [])).toEqual({ kind: 'weave', part: 'sleeve' });
});

test.each<[string, LinkKind, string]>([
  ['weave', 'bridge', 'sleeve'],
  ['weave', 'other', 'datapath'],
  ['datapath', 'other', 'datapath'],
  ['vxlan-6784', 'vxlan', 'tunnel'],
  ['vethwe-bridge', 'veth', 'port'],
  ['vethwepl1234', 'veth', 'port'],
  ['vethwl0a1b2c3', 'veth', 'port'],
])('%s is part of weave', (name, kind, part) => {
  expect(linkOrigin(of(name, kind), host(), [])).toEqual({ kind: 'weave', part });
});

test('what says nothing by itself has no origin', () => {
  expect(linkOrigin(of('eth0', 'physical'), host(), [])).toBeUndefined();
  expect(linkOrigin(of('veth1a2b3c4', 'veth'), host(), [])).toBeUndefined();
  expect(linkOrigin(of('flannel.1', 'dummy'), host(), [])).toBeUndefined();
});

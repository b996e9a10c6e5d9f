import { expect, test } from 'vitest';
import { linkOrigin } from '../../../src/topology/linkOrigin.ts';
import type { Link, LinkKind, NetNamespace, Route } from '../../../src/topology/model.ts';
import { link, network } from '../support/snapshots.ts';

const host = (routes: readonly Route[] = []): NetNamespace => ({
  containerIds: [],
  pid: 1,
  links: [],
  routes,
  exact: true,
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
  expect(linkOrigin(of('flannel.1', 'vxlan'), host(routes), [])).toEqual({
    kind: 'flannel',
    remote: [
      { destination: '10.1.20.0/24', gateway: '10.1.20.0' },
      { destination: '10.1.33.0/24', gateway: '10.1.33.0' },
    ],
  });
});

test.each<[string, LinkKind, string]>([
  ['weave', 'bridge', 'bridge'],
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

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dockerCommand } from '../../../src/actions/dockerCommand.ts';
import {
  draftProblems,
  emptyDraft,
  fieldsOf,
  fromNetwork,
  toNetworkSpec,
  type DraftDriver,
  type NetworkDraft,
} from '../../../src/actions/networkDraft.ts';
import type { Snapshot } from '../../../src/topology/model.ts';
import { engineInfo, network, networks, snapshot, tutorial } from '../support/snapshots.ts';
import { anyText } from './anyText.ts';

const drivers: readonly DraftDriver[] = ['bridge', 'macvlan', 'ipvlan', 'overlay'];

function draft(driver: DraftDriver, more: Partial<NetworkDraft> = {}): NetworkDraft {
  return { ...emptyDraft(driver), name: 'new-net', ...more };
}

const problems = (one: NetworkDraft, on: Snapshot = tutorial()): Readonly<Record<string, unknown>> =>
  Object.fromEntries(draftProblems(one, on).map(({ field, problem }) => [field, problem]));

const command = (one: NetworkDraft): string =>
  dockerCommand({ kind: 'createNetwork', spec: toNetworkSpec(one) }).join(' ');

test.each(drivers)('a %s network needs no more than a name', (driver) => {
  expect(problems(draft(driver))).toEqual({});
  expect(Object.keys(problems(emptyDraft(driver)))).toEqual(['name']);
  expect(toNetworkSpec(draft(driver))).toMatchObject({ name: 'new-net', driver, pools: [], options: {}, labels: {} });
});

test('every field of a bridge reaches the engine', () => {
  expect(
    toNetworkSpec(
      draft('bridge', {
        subnet: '172.30.0.0/24',
        ipRange: '172.30.0.128/25',
        gateway: '172.30.0.1',
        auxiliary: 'router=172.30.0.2, printer=fd00::2',
        ipv6: true,
        ipv6Subnet: 'FD00::/64',
        internal: true,
        mtu: '1400',
        masquerade: false,
        hostBinding: '127.0.0.1',
        bridgeName: 'br-new',
        labels: 'team=net',
        options: 'com.docker.network.bridge.enable_icc=false',
      }),
    ),
  ).toEqual({
    name: 'new-net',
    driver: 'bridge',
    pools: [
      {
        subnet: '172.30.0.0/24',
        ipRange: '172.30.0.128/25',
        gateway: '172.30.0.1',
        auxiliaryAddresses: { router: '172.30.0.2' },
      },
      { subnet: 'fd00::/64', auxiliaryAddresses: { printer: 'fd00::2' } },
    ],
    ipv6: true,
    internal: true,
    attachable: false,
    options: {
      'com.docker.network.bridge.name': 'br-new',
      'com.docker.network.bridge.enable_ip_masquerade': 'false',
      'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1',
      'com.docker.network.driver.mtu': '1400',
      'com.docker.network.bridge.enable_icc': 'false',
    },
    labels: { team: 'net' },
  });
});

test('a parent with a VLAN is the link that the engine makes for it', () => {
  expect(toNetworkSpec(draft('macvlan', { parent: 'eth0', vlanId: '10', mode: 'private' })).options).toEqual({
    parent: 'eth0.10',
    macvlan_mode: 'private',
  });
  expect(toNetworkSpec(draft('ipvlan', { parent: 'eth0', mode: 'l3' })).options).toEqual({
    parent: 'eth0',
    ipvlan_mode: 'l3',
  });
});

test('an encrypted overlay that containers can join says both', () => {
  expect(command(draft('overlay', { encrypted: true }))).toBe(
    'docker network create --driver overlay --attachable --opt encrypted new-net',
  );
});

test('what means nothing for a driver is not sent, though it was typed for another', () => {
  const typed: Partial<NetworkDraft> = {
    parent: 'eth0',
    mode: 'l2',
    encrypted: true,
    attachable: true,
    bridgeName: 'x',
    ipv6: true,
    ipv6Subnet: 'fd00::/64',
  };
  expect(toNetworkSpec(draft('bridge', { ...typed, bridgeName: '' }))).toMatchObject({
    options: {},
    attachable: false,
  });
  expect(toNetworkSpec(draft('overlay', { ...typed, encrypted: false }))).toMatchObject({
    options: {},
    ipv6: false,
    pools: [],
  });
});

test('an option that a person names wins over its field', () => {
  const spec = toNetworkSpec(draft('bridge', { mtu: '1400', options: 'com.docker.network.driver.mtu=1300' }));
  expect(spec.options['com.docker.network.driver.mtu']).toBe('1300');
});

test.each<[DraftDriver, Partial<NetworkDraft>, Readonly<Record<string, unknown>>]>([
  ['bridge', { name: 'my-bridge' }, { name: expect.objectContaining({ kind: 'networkNameTaken' }) as unknown }],
  ['overlay', { name: 'a.b' }, { name: { kind: 'swarmName' } }],
  ['bridge', { name: 'a.b' }, {}],
  ['bridge', { subnet: '172.18.0.0/24' }, { subnet: expect.objectContaining({ kind: 'overlap' }) as unknown }],
  [
    'bridge',
    { gateway: '172.30.0.1', ipRange: '172.30.0.0/25', auxiliary: 'a=172.30.0.2' },
    { gateway: { kind: 'needsSubnet' }, ipRange: { kind: 'needsSubnet' }, auxiliary: { kind: 'needsSubnet' } },
  ],
  [
    'bridge',
    { subnet: '172.30.0.0/24', auxiliary: 'a=172.30.0.1' },
    { auxiliary: { kind: 'addressTaken', address: '172.30.0.1', by: { kind: 'gateway' } } },
  ],
  ['bridge', { ipv6: true }, { ipv6Subnet: { kind: 'needsIpv6Subnet' } }],
  ['bridge', { ipv6: false, ipv6Subnet: 'nonsense' }, {}],
  ['bridge', { mtu: '67' }, { mtu: { kind: 'number', minimum: 68, maximum: 65_535 } }],
  [
    'bridge',
    { mtu: '1000', ipv6: true, ipv6Subnet: 'fd00::/64' },
    { mtu: { kind: 'number', minimum: 1280, maximum: 65_535 } },
  ],
  ['bridge', { hostBinding: 'localhost' }, { hostBinding: { kind: 'notAddress', text: 'localhost' } }],
  ['bridge', { bridgeName: 'docker0' }, { bridgeName: { kind: 'linkNameTaken', name: 'docker0' } }],
  ['bridge', { bridgeName: 'eth0' }, { bridgeName: { kind: 'linkNameTaken', name: 'eth0' } }],
  [
    'bridge',
    { labels: 'x', options: 'y' },
    {
      labels: { kind: 'keyValue', text: 'x' },
      options: { kind: 'keyValue', text: 'y' },
    },
  ],
  ['macvlan', { parent: 'eth9' }, { parent: { kind: 'unknownParent', name: 'eth9' } }],
  ['macvlan', { parent: 'lo' }, { parent: { kind: 'loopbackParent', name: 'lo' } }],
  ['macvlan', { parent: 'eth0', vlanId: '4095' }, { vlanId: { kind: 'number', minimum: 1, maximum: 4094 } }],
  ['macvlan', { parent: 'eth0.12' }, {}],
  ['macvlan', { vlanId: '5' }, { parent: { kind: 'empty' } }],
  ['macvlan', { parent: 'eth0', subnet: '192.0.2.0/24' }, {}],
  ['bridge', { subnet: '192.0.2.0/24' }, { subnet: expect.objectContaining({ kind: 'overlap' }) as unknown }],
  ['ipvlan', { mode: 'bridge' }, { mode: { kind: 'unknownMode', text: 'bridge', modes: ['l2', 'l3'] } }],
  ['ipvlan', { mode: 'l3s' }, { mode: { kind: 'unknownMode', text: 'l3s', modes: ['l2', 'l3'] } }],
])('a %s draft with %j is refused at its field', (driver, more, expected) => {
  expect(problems(draft(driver, more))).toEqual(expected);
});

test('a VLAN whose link would have too long a name is refused at its id', () => {
  const long = tutorial();
  expect(problems(draft('macvlan', { parent: 'eth0', vlanId: '10' }), long)).toEqual({});
  expect(
    problems(
      draft('macvlan', { parent: 'enp0s31f6abcd', vlanId: '100' }),
      tutorial({ kernel: { kind: 'absent', reason: 'notLocal' } }),
    ),
  ).toEqual({ vlanId: { kind: 'tooLong', maximum: 15 } });
});

test('the mode l3s of ipvlan is there since Docker 23', () => {
  const newer = tutorial({ engine: { ...engineInfo, version: '23.0.0' } });
  expect(problems(draft('ipvlan', { mode: 'l3s' }), newer)).toEqual({});
});

test('an engine that chooses IPv6 subnets itself is left to', () => {
  const newer = tutorial({ engine: { ...engineInfo, version: '28.5.2' } });
  expect(problems(draft('bridge', { ipv6: true }), newer)).toEqual({});
});

test('a copy has all of its original but what must be its own', () => {
  const original = network('shop', {
    internal: true,
    ipv6: true,
    pools: [{ subnet: '172.30.0.0/24', gateway: '172.30.0.1', auxiliaryAddresses: { a: '172.30.0.2' } }],
    options: {
      'com.docker.network.bridge.name': 'br-shop',
      'com.docker.network.bridge.enable_ip_masquerade': 'false',
      'com.docker.network.bridge.enable_icc': 'false',
      'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1',
      'com.docker.network.driver.mtu': '1400',
    },
    labels: { 'com.docker.compose.network': 'default', team: 'net' },
  });
  const machine = tutorial({ networks: [...Object.values(networks), original] });
  const copy = fromNetwork(original, machine);
  expect(copy).toMatchObject({
    name: 'shop-copy',
    subnet: '172.20.0.0/16',
    gateway: '',
    ipRange: '',
    auxiliary: '',
    bridgeName: '',
    internal: true,
    ipv6: true,
    masquerade: false,
    mtu: '1400',
    hostBinding: '127.0.0.1',
    labels: 'team=net',
    options: 'com.docker.network.bridge.enable_icc=false',
  });
  expect(copy.ipv6Subnet).toMatch(/^fd.*\/64$/);
  expect(problems(copy, machine)).toEqual({});
});

test('a copy of the default bridge is an ordinary network', () => {
  const copy = fromNetwork(networks.bridge, tutorial());
  expect(copy).toMatchObject({ name: 'bridge-copy', driver: 'bridge', bridgeName: '', mtu: '1500', options: '' });
  expect(problems(copy)).toEqual({});
});

test('a copy of an overlay or macvlan keeps its driver’s own fields', () => {
  const overlay = network('mesh', {
    driver: 'overlay',
    scope: 'swarm',
    attachable: true,
    options: { encrypted: '', 'com.docker.network.driver.overlay.vxlanid_list': '4097' },
  });
  expect(fromNetwork(overlay, snapshot())).toMatchObject({
    driver: 'overlay',
    encrypted: true,
    attachable: true,
    subnet: '10.0.0.0/24',
    options: '',
  });
  const macvlan = network('lan', { driver: 'macvlan', options: { parent: 'eth0.10', macvlan_mode: 'vepa' } });
  expect(fromNetwork(macvlan, snapshot())).toMatchObject({ parent: 'eth0', vlanId: '10', mode: 'vepa', options: '' });
});

test('every field is offered for some driver', () => {
  const offered = new Set(drivers.flatMap(fieldsOf));
  expect(Object.keys(emptyDraft('bridge')).filter((field) => !offered.has(field as keyof NetworkDraft))).toEqual([]);
});

test('no draft makes the form fail, and one without problems says only what the engine takes', () => {
  const texts = [
    'name',
    'subnet',
    'ipRange',
    'gateway',
    'auxiliary',
    'ipv6Subnet',
    'mtu',
    'hostBinding',
    'bridgeName',
    'parent',
    'vlanId',
    'mode',
    'labels',
    'options',
  ] as const;
  const some = fc.record(Object.fromEntries(texts.map((field) => [field, fc.oneof(fc.constant(''), anyText)])), {
    requiredKeys: [],
  });
  const machine = tutorial();
  fc.assert(
    fc.property(fc.constantFrom(...drivers), some, fc.boolean(), (driver, more, ipv6) => {
      const one: NetworkDraft = { ...emptyDraft(driver), ...more, ipv6 };
      const spec = toNetworkSpec(one);
      if (draftProblems(one, machine).length > 0) return;
      expect(spec.name).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/);
      for (const pool of spec.pools) expect(pool.subnet).toMatch(/^[0-9a-f.:]+\/\d+$/);
    }),
  );
});

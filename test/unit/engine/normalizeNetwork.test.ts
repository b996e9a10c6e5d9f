import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { normalizeEngine } from '../../../src/engine/docker/normalizeEngine.ts';
import { normalizeNetwork } from '../../../src/engine/docker/normalizeNetwork.ts';
import { networkSchema } from '../../../src/engine/recordingSchema.ts';
import { engineFixture, recordedVersions } from './fixtures.ts';

describe.each(recordedVersions)('a real engine %s', (version) => {
  const { networks, info, version: about } = engineFixture(version);

  test('shows the built-in networks and those that were made', () => {
    const byName = new Map(networks.map((raw) => [raw['Name'], normalizeNetwork(raw)]));
    expect(byName.get('bridge')).toMatchObject({ driver: 'bridge', scope: 'local', internal: false });
    expect(byName.get('bridge')?.options['com.docker.network.bridge.name']).toBe('docker0');
    expect(byName.get('none')).toMatchObject({ driver: 'null', pools: [] });
    expect(byName.get('mv')).toMatchObject({ driver: 'macvlan', options: { parent: 'eth0' } });
    expect(byName.get('shop_default')?.labels['com.docker.compose.project']).toBe('shop');
    expect(byName.get('dual')).toMatchObject({
      ipv6: true,
      pools: [
        {
          subnet: '10.20.0.0/24',
          gateway: '10.20.0.1',
          ipRange: '10.20.0.128/25',
          auxiliaryAddresses: { printer: '10.20.0.9' },
        },
        { subnet: 'fd00:20::/64' },
      ],
    });
  });

  test('says what engine it is', () => {
    expect(normalizeEngine(about, info, '1.41')).toMatchObject({
      name: 'dne-lab',
      version: expect.stringContaining(version) as string,
      os: 'linux',
      rootless: false,
      swarm: 'inactive',
    });
  });
});

test('IPAM null, Options null, Labels null', () => {
  expect(normalizeNetwork({ Id: 'x', Name: 'n', IPAM: null, Options: null, Labels: null })).toEqual({
    id: 'x',
    name: 'n',
    driver: '',
    scope: 'local',
    internal: false,
    attachable: false,
    ingress: false,
    ipv6: false,
    pools: [],
    options: {},
    labels: {},
  });
});

test('API 1.52: a network with its IPAM status', () => {
  expect(
    normalizeNetwork({
      Id: 'x',
      Name: 'n',
      Scope: 'swarm',
      Driver: 'overlay',
      EnableIPv4: true,
      Ingress: true,
      IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '10.0.0.0/24', IPRange: '', Gateway: '10.0.0.1' }] },
      Status: { IPAM: { Subnets: { '10.0.0.0/24': { IPsInUse: 3, DynamicIPsAvailable: 253 } } } },
    }),
  ).toMatchObject({
    ingress: true,
    scope: 'swarm',
    pools: [{ subnet: '10.0.0.0/24', gateway: '10.0.0.1', auxiliaryAddresses: {} }],
  });
});

test('a gateway with a prefix length, and a pool without a subnet', () => {
  const pools = normalizeNetwork({
    Id: 'x',
    IPAM: { Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1/16' }, {}, null] },
  })?.pools;
  expect(pools).toEqual([{ subnet: '172.18.0.0/16', gateway: '172.18.0.1', auxiliaryAddresses: {} }]);
});

test('a row without an id is no network', () => {
  expect(normalizeNetwork({ Name: 'n' })).toBeUndefined();
  expect(normalizeNetwork([])).toBeUndefined();
});

test('a rootless engine, a Windows engine, and one whose /info is kept back', () => {
  expect(
    normalizeEngine({}, { SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] }, '1.41').rootless,
  ).toBe(true);
  expect(normalizeEngine({ Os: 'windows', Version: '25.0' }, { OSType: 'windows' }, '1.44').os).toBe('windows');
  expect(normalizeEngine({ Os: 'linux', Version: '25.0', KernelVersion: '6.1' }, {}, '1.44')).toMatchObject({
    os: 'linux',
    version: '25.0',
    kernelVersion: '6.1',
    swarm: 'inactive',
  });
});

test('any JSON in: no throw, and what comes out is a network', () => {
  const record = fc.record(
    {
      Id: fc.string({ minLength: 1 }),
      Name: fc.jsonValue(),
      IPAM: fc.jsonValue(),
      Options: fc.jsonValue(),
      Labels: fc.jsonValue(),
    },
    { requiredKeys: ['Id'] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), record), (raw) => {
      const network = normalizeNetwork(raw);
      if (network !== undefined) v.parse(networkSchema, network);
      normalizeEngine(raw, raw, '1.41');
    }),
  );
});

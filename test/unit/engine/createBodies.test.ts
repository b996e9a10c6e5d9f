import { describe, expect, test } from 'vitest';
import type { EndpointSpec, NetworkSpec, RunSpec } from '../../../src/actions/specs.ts';
import { containerBody, endpointBody, networkBody, portMaps } from '../../../src/engine/docker/createBodies.ts';
import { plainEndpoint, plainNetwork, plainRun } from '../support/specs.ts';

const fullEndpoint: EndpointSpec = {
  aliases: ['db', 'store'],
  ipv4: '10.0.0.5',
  ipv6: 'fd00::5',
  mac: '02:42:ac:11:00:07',
  links: [{ target: 'web', alias: 'front' }],
  driverOptions: { a: 'b' },
  gatewayPriority: 7,
};

describe('networkBody', () => {
  test('says nothing that was not asked for', () => {
    expect(networkBody(plainNetwork, '1.51')).toEqual({ Name: 'net', Driver: 'bridge' });
  });

  test('asks engines before API 1.44 to refuse a second network of the name', () => {
    expect(networkBody(plainNetwork, '1.43')).toMatchObject({ CheckDuplicate: true });
    expect(networkBody(plainNetwork, '1.44')).not.toHaveProperty('CheckDuplicate');
  });

  test('says all that was asked for', () => {
    const spec: NetworkSpec = {
      name: 'net',
      driver: 'macvlan',
      pools: [
        {
          subnet: '10.0.0.0/24',
          ipRange: '10.0.0.128/25',
          gateway: '10.0.0.1',
          auxiliaryAddresses: { printer: '10.0.0.2' },
        },
        { subnet: 'fd00::/64', gateway: '', auxiliaryAddresses: {} },
      ],
      ipv6: true,
      internal: true,
      attachable: true,
      options: { parent: 'eth0.7' },
      labels: { a: 'b' },
    };
    expect(networkBody(spec, '1.51')).toEqual({
      Name: 'net',
      Driver: 'macvlan',
      Internal: true,
      Attachable: true,
      EnableIPv6: true,
      IPAM: {
        Driver: 'default',
        Config: [
          {
            Subnet: '10.0.0.0/24',
            IPRange: '10.0.0.128/25',
            Gateway: '10.0.0.1',
            AuxiliaryAddresses: { printer: '10.0.0.2' },
          },
          { Subnet: 'fd00::/64' },
        ],
      },
      Options: { parent: 'eth0.7' },
      Labels: { a: 'b' },
    });
  });
});

describe('endpointBody', () => {
  test('is empty where nothing is asked for', () => {
    expect(endpointBody(plainEndpoint, '1.24')).toEqual({});
    expect(endpointBody({ ...plainEndpoint, ipv4: '', ipv6: '', mac: '' }, '1.24')).toEqual({});
  });

  test('says all that is asked for', () => {
    expect(endpointBody(fullEndpoint, '1.48')).toEqual({
      Aliases: ['db', 'store'],
      IPAMConfig: { IPv4Address: '10.0.0.5', IPv6Address: 'fd00::5' },
      Links: ['web:front'],
      DriverOpts: { a: 'b' },
      MacAddress: '02:42:ac:11:00:07',
      GwPriority: 7,
    });
  });

  test('refuses what an old engine would ignore in silence', () => {
    expect(() => endpointBody({ ...plainEndpoint, mac: '02:42:ac:11:00:07' }, '1.43')).toThrow('needs API 1.44');
    expect(() => endpointBody({ ...plainEndpoint, gatewayPriority: 0 }, '1.47')).toThrow('needs API 1.48');
    expect(() => endpointBody({ ...plainEndpoint, mac: '02:42:ac:11:00:07' }, '1.9')).toThrow(
      expect.objectContaining({ kind: 'invalid' }),
    );
  });
});

describe('portMaps', () => {
  test('groups the host ports of one container port, and leaves open what is left to the engine', () => {
    expect(
      portMaps([
        { containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 8080 },
        { containerPort: 80, protocol: 'tcp', hostPort: 8081 },
        { containerPort: 80, protocol: 'udp' },
        { containerPort: 81, protocol: 'tcp', hostPort: 8000, hostPortEnd: 8010 },
        { containerPort: 9, protocol: 'sctp', hostIp: '::1' },
      ]),
    ).toEqual({
      exposed: { '80/tcp': {}, '80/udp': {}, '81/tcp': {}, '9/sctp': {} },
      bindings: {
        '80/tcp': [
          { HostIp: '127.0.0.1', HostPort: '8080' },
          { HostIp: '', HostPort: '8081' },
        ],
        '80/udp': [{ HostIp: '', HostPort: '' }],
        '81/tcp': [{ HostIp: '', HostPort: '8000-8010' }],
        '9/sctp': [{ HostIp: '::1', HostPort: '' }],
      },
    });
  });
});

describe('containerBody', () => {
  test('says nothing that was not asked for', () => {
    expect(containerBody(plainRun, '1.51')).toEqual({
      Image: 'busybox',
      HostConfig: { NetworkMode: 'bridge', RestartPolicy: { Name: 'no' } },
    });
  });

  test.each([
    [{ kind: 'host' } as const, undefined, 'host'],
    [{ kind: 'none' } as const, undefined, 'none'],
    [{ kind: 'container', id: 'c1', name: 'web' } as const, undefined, 'container:c1'],
    [{ kind: 'network', id: 'n1', name: 'net' } as const, 'net', 'net'],
    [{ kind: 'network', id: 'n1', name: 'net' } as const, undefined, 'n1'],
  ])('%j is the mode %s → %s', (mode, network, expected) => {
    expect(containerBody({ ...plainRun, mode }, '1.51', network)).toMatchObject({
      HostConfig: { NetworkMode: expected },
    });
  });

  test('says all that was asked for, on a network', () => {
    const spec: RunSpec = {
      ...plainRun,
      mode: { kind: 'network', id: 'n1', name: 'net' },
      endpoint: fullEndpoint,
      ports: [{ containerPort: 80, protocol: 'tcp', hostPort: 8080 }],
      environment: ['A=b', 'PATH'],
      restart: 'unless-stopped',
      command: ['sleep', '1'],
      tty: true,
      removeWhenStopped: true,
    };
    expect(containerBody(spec, '1.51', 'net')).toEqual({
      Image: 'busybox',
      Cmd: ['sleep', '1'],
      Env: ['A=b', 'PATH'],
      Tty: true,
      ExposedPorts: { '80/tcp': {} },
      HostConfig: {
        NetworkMode: 'net',
        PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] },
        RestartPolicy: { Name: 'unless-stopped' },
        AutoRemove: true,
      },
      NetworkingConfig: { EndpointsConfig: { net: endpointBody(fullEndpoint, '1.51') } },
    });
  });

  test('before API 1.44 the MAC is the whole container’s', () => {
    const mac = '02:42:ac:11:00:07';
    const spec = { ...plainRun, endpoint: { ...plainEndpoint, mac } };
    expect(containerBody(spec, '1.43')).toEqual({
      Image: 'busybox',
      MacAddress: mac,
      HostConfig: { NetworkMode: 'bridge', RestartPolicy: { Name: 'no' } },
    });
    expect(containerBody(spec, '1.44')).toMatchObject({
      NetworkingConfig: { EndpointsConfig: { bridge: { MacAddress: mac } } },
    });
  });

  test('on the default bridge links are the old ones of the host configuration', () => {
    const endpoint = { ...plainEndpoint, links: [{ target: 'db', alias: 'store' }] };
    expect(containerBody({ ...plainRun, endpoint }, '1.51')).toEqual({
      Image: 'busybox',
      HostConfig: { NetworkMode: 'bridge', RestartPolicy: { Name: 'no' }, Links: ['db:store'] },
    });
  });
});

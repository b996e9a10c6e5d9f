import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Container } from '../../../src/topology/model.ts';
import { directoryOf, noReferences } from '../../../src/engine/docker/directory.ts';
import { nameOf, normalizeContainer } from '../../../src/engine/docker/normalizeContainer.ts';
import { containerSchema } from '../../../src/engine/recordingSchema.ts';
import { anId } from './fakeEngine.ts';
import { engineFixture } from './fixtures.ts';

function fromInspect(inspect: Record<string, unknown>, windows = false): Container {
  const container = normalizeContainer({ inspect: { Id: anId, ...inspect }, windows }, noReferences);
  if (container === undefined) throw new Error('not understood');
  return container;
}

function fromRow(row: Record<string, unknown>): Container {
  const container = normalizeContainer({ row: { Id: anId, ...row }, windows: false }, noReferences);
  if (container === undefined) throw new Error('not understood');
  return container;
}

function seat(settings: Record<string, unknown>): Container['endpoints'][number] | undefined {
  return fromInspect({ NetworkSettings: { Networks: { net: { NetworkID: 'n1', ...settings } } } }).endpoints[0];
}

test('API 1.52: the addresses that moved from NetworkSettings into Networks are found there', () => {
  // "the NetworkSettings no longer returns the deprecated Bridge, … IPAddress, … MacAddress fields" (moby, api/docs/CHANGELOG.md)
  const container = fromInspect({
    State: { Status: 'running', Pid: 4 },
    NetworkSettings: {
      SandboxID: 's',
      SandboxKey: '/var/run/docker/netns/s',
      Ports: { '80/tcp': null },
      Networks: {
        bridge: {
          NetworkID: 'n1',
          IPAddress: '172.17.0.2',
          IPPrefixLen: 16,
          MacAddress: 'aa:bb:cc:dd:ee:ff',
          GwPriority: 7,
        },
      },
    },
  });
  expect(container.endpoints[0]).toMatchObject({ ipv4: '172.17.0.2', mac: 'aa:bb:cc:dd:ee:ff', gatewayPriority: 7 });
  expect(container.ports).toEqual([{ containerPort: 80, protocol: 'tcp' }]);
});

test('Podman: fields that are missing altogether still give a container', () => {
  const container = fromInspect({
    Name: 'pod1',
    State: { Status: 'configured' },
    HostConfig: { NetworkMode: 'slirp4netns' },
  });
  expect(container).toMatchObject({
    name: 'pod1',
    state: 'created',
    mode: { kind: 'network', network: 'slirp4netns' },
    endpoints: [],
    ports: [],
    labels: {},
    inspected: true,
  });
});

test('Podman writes the name in the place of a network id: it is looked up', () => {
  const inspect = { Id: anId, NetworkSettings: { Networks: { podman: { NetworkID: 'podman' } } } };
  const network = { model: { id: 'f'.repeat(64), name: 'podman' } };
  const references = {
    containerId: () => undefined,
    networkId: (name: string) => (name === network.model.name ? network.model.id : undefined),
  };
  expect(normalizeContainer({ inspect, windows: false }, references)?.endpoints[0]?.networkId).toBe(network.model.id);
});

test('created, never started, and its network removed: the name stands in for the id', () => {
  expect(fromInspect({ NetworkSettings: { Networks: { gone: { NetworkID: '' } } } }).endpoints[0]?.networkId).toBe(
    'gone',
  );
});

test('an engine that sends null for what is empty', () => {
  const container = fromInspect({
    Config: { Labels: null, ExposedPorts: null },
    HostConfig: { Links: null, Dns: null, PortBindings: null, NetworkMode: null },
    NetworkSettings: { Ports: null, Networks: null },
  });
  expect(container).toMatchObject({
    endpoints: [],
    ports: [],
    links: [],
    labels: {},
    dnsServers: [],
    mode: { kind: 'bridge' },
  });
  expect(seat({ Aliases: null, Links: null, DNSNames: null, DriverOpts: null, IPAMConfig: null })).toMatchObject({
    aliases: [],
    links: [],
    dnsNames: [],
    driverOptions: {},
  });
});

test('the mode default is the default bridge; on Windows it is nat', () => {
  expect(fromInspect({ HostConfig: { NetworkMode: 'default' } }).mode).toEqual({ kind: 'bridge' });
  expect(fromInspect({ HostConfig: { NetworkMode: 'default' } }, true).mode).toEqual({
    kind: 'network',
    network: 'nat',
  });
});

test('a network that was chosen by its id stays as it was typed', () => {
  expect(fromInspect({ HostConfig: { NetworkMode: 'b'.repeat(64) } }).mode).toEqual({
    kind: 'network',
    network: 'b'.repeat(64),
  });
});

test.each([
  ['its name', 'web'],
  ['a short id', 'cccccccc'],
  ['the full id', 'c'.repeat(64)],
])('container mode by %s leads to the full id', (_, reference) => {
  const owner = 'c'.repeat(64);
  const references = directoryOf(
    [
      { Id: owner, Names: ['/other/alias', '/web'] },
      { Id: anId, Names: ['/me'] },
    ],
    [],
  );
  const inspect = { Id: anId, HostConfig: { NetworkMode: `container:${reference}` } };
  expect(normalizeContainer({ inspect, windows: false }, references)?.mode).toEqual({
    kind: 'container',
    ownerId: owner,
  });
});

test('container mode with an owner that is gone keeps what was typed', () => {
  expect(fromInspect({ HostConfig: { NetworkMode: 'container:gone' } }).mode).toEqual({
    kind: 'container',
    ownerId: 'gone',
  });
});

test('links: of the default bridge, and as typed on a network of its own', () => {
  expect(fromInspect({ HostConfig: { Links: ['/test1:/test2/test1', '/db:/test2/database'] } }).links).toEqual([
    { target: 'test1', alias: 'test1' },
    { target: 'db', alias: 'database' },
  ]);
  expect(seat({ Links: ['test1:alias', 'bare', ''] })?.links).toEqual([
    { target: 'test1', alias: 'alias' },
    { target: 'bare', alias: 'bare' },
  ]);
});

test('a MAC address is lower case with colons, also from Windows; nonsense is none', () => {
  expect(seat({ MacAddress: '02:42:AC:11:00:02' })?.mac).toBe('02:42:ac:11:00:02');
  expect(seat({ MacAddress: '00-15-5D-A1-B2-C3' })?.mac).toBe('00:15:5d:a1:b2:c3');
  expect(seat({ MacAddress: '<b>' })).not.toHaveProperty('mac');
});

test('IPv6 of an endpoint', () => {
  expect(seat({ GlobalIPv6Address: 'fd00::2', GlobalIPv6PrefixLen: 64, IPv6Gateway: 'fd00::1' })).toMatchObject({
    ipv6: 'fd00::2',
    ipv6PrefixLength: 64,
    ipv6Gateway: 'fd00::1',
  });
});

test('a task of a swarm service has its seats on the overlay and on ingress', () => {
  const container = fromInspect({
    HostConfig: { NetworkMode: 'default' },
    NetworkSettings: {
      Networks: {
        ingress: {
          NetworkID: 'jk2l4g1c2v0h2q9p8r7s6t5u4',
          IPAMConfig: { IPv4Address: '10.0.0.5' },
          IPAddress: '10.0.0.5',
        },
        demo: { NetworkID: 'abcdefghijklmnopqrstuvwxy', IPAMConfig: {}, IPAddress: '10.0.1.3', IPPrefixLen: 24 },
      },
    },
  });
  expect(container.endpoints.map(({ networkId }) => networkId)).toEqual([
    'jk2l4g1c2v0h2q9p8r7s6t5u4',
    'abcdefghijklmnopqrstuvwxy',
  ]);
});

test('ports: duplicates once, ranges unfolded, nonsense dropped', () => {
  const binding = { HostIp: '0.0.0.0', HostPort: '8080' };
  expect(
    fromInspect({
      NetworkSettings: {
        Ports: { '80/tcp': [binding, binding, { HostIp: '', HostPort: '' }], 'x/tcp': [binding], '70000/tcp': null },
      },
      Config: { ExposedPorts: { '9000-9002/udp': {}, '7': {}, '80/tcp': {} } },
    }).ports,
  ).toEqual([
    { containerPort: 7, protocol: 'tcp' },
    { containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 },
    { containerPort: 9000, protocol: 'udp' },
    { containerPort: 9001, protocol: 'udp' },
    { containerPort: 9002, protocol: 'udp' },
  ]);
});

test('died before it could be inspected: the facts of the list, marked as such', () => {
  const container = fromRow({
    Names: ['/web/db', '/db'],
    Image: 'redis',
    State: 'running',
    Status: 'Up 2 seconds',
    Created: 1700000000,
    HostConfig: { NetworkMode: 'net' },
    Ports: [
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { PrivatePort: 81, Type: 'tcp' },
    ],
    NetworkSettings: { Networks: { net: { NetworkID: 'n1', IPAddress: '10.0.0.2' } } },
  });
  expect(container).toMatchObject({ name: 'db', state: 'running', pid: 0, inspected: false, created: 1700000000 });
  expect(container.ports).toHaveLength(3);
  expect(container.endpoints[0]?.ipv4).toBe('10.0.0.2');
});

test('the list was older than the inspection: its sentence is not shown for another state', () => {
  const row = { Id: anId, State: 'running', Status: 'Up 3 minutes' };
  const inspect = { Id: anId, State: { Status: 'exited' } };
  expect(normalizeContainer({ row, inspect, windows: false }, noReferences)?.status).toBe('exited');
});

test('a label called __proto__ stays a label', () => {
  const labels: unknown = JSON.parse('{"__proto__":"x","n":1}');
  expect(Object.entries(fromInspect({ Config: { Labels: labels } }).labels)).toEqual([
    ['__proto__', 'x'],
    ['n', '1'],
  ]);
});

test('a name of a container without any is its short id', () => {
  expect(nameOf('', [], anId)).toBe('a'.repeat(12));
});

test('Go’s zero time is no date', () => {
  expect(fromInspect({ Created: '0001-01-01T00:00:00Z' }).created).toBe(0);
});

describe('any JSON in: no throw, and what comes out is a container', () => {
  const check = (row: unknown, inspect: unknown): void => {
    const container = normalizeContainer({ row, inspect, windows: false }, noReferences);
    if (container !== undefined) v.parse(containerSchema, container);
  };

  test('arbitrary values', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), check));
  });

  test('a real record with one value replaced', () => {
    const { containers, inspect } = engineFixture('28.5');
    const text = JSON.stringify([containers[4], inspect[4]]);
    const places = [...text.matchAll(/:(?=["\d[{tfn])/g)].length;
    fc.assert(
      fc.property(fc.nat(places), fc.jsonValue({ maxDepth: 2 }), (place, value) => {
        let seen = 0;
        const changed = JSON.parse(text, (_key, item: unknown) => (seen++ === place ? value : item)) as unknown;
        const [row, record] = Array.isArray(changed) ? (changed as unknown[]) : [];
        check(row, record);
      }),
      { numRuns: 300 },
    );
  });
});

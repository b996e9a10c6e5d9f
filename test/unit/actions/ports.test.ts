import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exposureOf, nextFreePort, portConflicts, type Listener } from '../../../src/actions/ports.ts';
import { parsePublish } from '../../../src/actions/publish.ts';
import type { PublishSpec } from '../../../src/actions/specs.ts';
import type { Snapshot } from '../../../src/topology/model.ts';
import { container, idOf, snapshot, tutorial } from '../support/snapshots.ts';
import { anyText } from './anyText.ts';

function spec(text: string): PublishSpec {
  const [first] = parsePublish(text).value ?? [];
  if (first === undefined) throw new Error(`${text} is no port`);
  return first;
}

function holders(text: string, on: Snapshot = tutorial(), listeners: readonly Listener[] = []): readonly string[] {
  return portConflicts(on, listeners, spec(text)).map((holder) =>
    holder.kind === 'container'
      ? holder.container.name
      : `${holder.listener.process ?? '?'} on ${holder.listener.address}`,
  );
}

const holding = (text: string): Snapshot => {
  const { hostIp, ...rest } = spec(text);
  return snapshot({
    containers: [container('web', { ports: [{ ...rest, ...(hostIp === undefined ? {} : { hostIp }) }] })],
  });
};

// Each pair as Docker 20.10 and 28.5 answered.
test.each([
  ['0.0.0.0:8090:80', '127.0.0.1:8090:80', true],
  ['127.0.0.1:8090:80', '0.0.0.0:8090:80', true],
  ['127.0.0.1:8090:80', '8090:80', true],
  ['127.0.0.1:8090:80', '127.0.0.1:8090:81', true],
  ['127.0.0.1:8090:80', '127.0.0.2:8090:80', false],
  ['0.0.0.0:8090:80', '[::]:8090:80', false],
  ['8090:80', '[::1]:8090:80', true],
  ['[::]:8090:80', '127.0.0.1:8090:80', false],
  ['8090:80', '8090:80/udp', false],
  ['8090:80', '8091:80', false],
  ['8090:80/sctp', '8090:80/sctp', true],
])('with %s published, %s is in its way: %j', (held, wanted, conflict) => {
  expect(holders(wanted, holding(held))).toEqual(conflict ? ['web'] : []);
});

test('a taken port is named with the container that holds it', () => {
  expect(holders('8080:80')).toEqual(['shop-web-1']);
  expect(holders('6379:80')).toEqual(['redis', 'redis']);
  expect(holders('80')).toEqual([]);
});

test('of a range one free host port is enough', () => {
  expect(holders('8079-8081:80')).toEqual([]);
  expect(holders('8079-8080:80', tutorial(), [{ address: '0.0.0.0', port: 8079, protocol: 'tcp' }])).toEqual([
    '? on 0.0.0.0',
  ]);
});

test('a stopped container holds no port', () => {
  const stopped = snapshot({
    containers: [
      container('old', { state: 'exited', ports: [{ containerPort: 80, protocol: 'tcp', hostPort: 8080 }] }),
    ],
  });
  expect(holders('8080:80', stopped)).toEqual([]);
});

test('a container that is published anew is not in its own way', () => {
  expect(portConflicts(tutorial(), [], spec('127.0.0.1:8080:80'), idOf('ctr shop-web-1'))).toEqual([]);
});

const node: Listener = { address: '::', port: 3000, protocol: 'tcp', process: 'node', pid: 7 };

test('a taken port is named with the process that holds it', () => {
  expect(holders('3000:80', tutorial(), [node])).toEqual(['node on ::']);
  expect(holders('3000:80/udp', tutorial(), [node])).toEqual([]);
});

test('a server on :: is in the way of IPv4 too, as it mostly listens on both', () => {
  expect(holders('127.0.0.1:3000:80', tutorial(), [node])).toEqual(['node on ::']);
  expect(holders('127.0.0.1:3000:80', tutorial(), [{ ...node, address: '127.0.0.1' }])).toEqual(['node on 127.0.0.1']);
  expect(holders('127.0.0.1:3000:80', tutorial(), [{ ...node, address: '::1' }])).toEqual([]);
  expect(holders('127.0.0.1:3000:80', tutorial(), [{ ...node, address: '::ffff:127.0.0.1' }])).toHaveLength(1);
});

test('the engine’s own proxy is not named beside its container', () => {
  const proxies: readonly Listener[] = ['0.0.0.0', '::'].map((address) => ({
    address,
    port: 6379,
    protocol: 'tcp',
    process: 'docker-proxy',
  }));
  expect(holders('6379:6379', tutorial(), proxies)).toEqual(['redis', 'redis']);
  // A container that has only IPv6 leaves IPv4 free, whatever its proxy looks like.
  expect(holders('0.0.0.0:6379:80', holding('[::]:6379:80'), proxies.slice(1))).toEqual([]);
});

test('the next free port is the nearest above that nobody has', () => {
  const listeners: readonly Listener[] = [
    { address: '0.0.0.0', port: 8081, protocol: 'tcp' },
    { address: '127.0.0.1', port: 8082, protocol: 'udp' },
  ];
  expect(nextFreePort(tutorial(), listeners, spec('8080:80'))).toBe(8082);
  expect(nextFreePort(tutorial(), listeners, spec('127.0.0.2:8080:80'))).toBe(8080);
  expect(nextFreePort(tutorial(), [], spec('443'))).toBe(443);
});

test('past the last port the search goes on at the first that needs no privilege', () => {
  const busy: readonly Listener[] = [{ address: '0.0.0.0', port: 65_535, protocol: 'tcp' }];
  expect(nextFreePort(snapshot(), busy, spec('65535:80'))).toBe(1024);
  const all = Array.from({ length: 65_535 }, (_, port): Listener => ({
    address: '0.0.0.0',
    port: port + 1,
    protocol: 'tcp',
  }));
  expect(nextFreePort(snapshot(), all, spec('0.0.0.0:80:80'))).toBeUndefined();
});

test.each([
  [undefined, 'all'],
  ['', 'all'],
  ['0.0.0.0', 'all'],
  ['::', 'all'],
  ['127.0.0.1', 'loopback'],
  ['127.8.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['192.0.2.10', 'address'],
  ['fe80::1', 'address'],
  ['nonsense', 'address'],
])('it is said who can reach a port on %j', (address, exposure) => {
  expect(exposureOf(address)).toBe(exposure);
});

test('no record of the engine or the kernel makes the search fail', () => {
  fc.assert(
    fc.property(anyText, anyText, fc.integer(), (hostIp, address, hostPort) => {
      const wanted: PublishSpec = { containerPort: 80, protocol: 'tcp', hostIp, hostPort };
      const listeners: readonly Listener[] = [{ address, port: hostPort, protocol: 'tcp' }];
      portConflicts(tutorial(), listeners, wanted);
      nextFreePort(tutorial(), listeners, wanted);
      exposureOf(hostIp);
    }),
  );
});

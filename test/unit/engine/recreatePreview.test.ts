import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/engine/docker/json.ts';
import { previewOf } from '../../../src/engine/docker/recreatePreview.ts';
import { engineFixture, type Raw, recordedVersions } from './fixtures.ts';

describe.each(recordedVersions)('of a container that Docker %s recorded', (version) => {
  const named = (name: string): Raw => {
    const found = engineFixture(version).inspect.find((raw) => raw['Name'] === `/${name}`);
    if (found === undefined) throw new Error(`no ${name} in the fixture`);
    return found;
  };

  test.each([
    ['host1', 'noPortsInThisMode'],
    ['none1', 'noPortsInThisMode'],
    ['shared1', 'noPortsInThisMode'],
    ['redis', undefined],
    ['stopped1', undefined],
    ['never1', undefined],
  ])('%s: obstacle %s', (name, obstacle) => {
    expect(previewOf(named(name), []).obstacle).toBe(obstacle);
  });

  test('what a person fixed is listed, what the engine chose is not', () => {
    expect(previewOf(named('fixed1'), [])).toMatchObject({
      running: false,
      networks: [{ name: 'dual', fixed: ['10.20.0.50', 'fd00:20::50', '02:42:AA:BB:CC:DD'] }],
      ports: [{ containerPort: 90, protocol: 'udp', hostPort: 9000 }],
      links: ['test3:t3'],
    });
    expect(previewOf(named('redis'), []).networks).toEqual([{ name: 'my-bridge', fixed: [], aliases: [] }]);
  });

  test('links of the default bridge, published ports and Compose', () => {
    expect(previewOf(named('test2'), []).links).toEqual(['test1:test1']);
    expect(previewOf(named('shop-web-1'), [])).toMatchObject({
      running: true,
      managedBy: 'Docker Compose (shop)',
      ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 8080 }],
    });
    expect(previewOf(named('redis'), []).managedBy).toBeUndefined();
  });
});

function preview(parts: { config?: JsonObject; host?: JsonObject; more?: JsonObject }, changes: unknown[] = []) {
  const networks = { net: { NetworkID: 'a'.repeat(64) } };
  return previewOf(
    {
      Id: 'c0ffee'.padEnd(64, '0'),
      Config: parts.config ?? {},
      HostConfig: { NetworkMode: 'net', ...parts.host },
      NetworkSettings: { Networks: networks },
      ...parts.more,
    },
    changes,
  );
}

describe('obstacles', () => {
  test('--rm and a task of a swarm', () => {
    expect(preview({ host: { AutoRemove: true } }).obstacle).toBe('removedWhenStopped');
    expect(preview({ config: { Labels: { 'com.docker.swarm.task.id': 'x' } } }).obstacle).toBe('swarmTask');
  });

  test('a container that left all networks', () => {
    expect(preview({ more: { NetworkSettings: { Networks: {} } } }).obstacle).toBe('noPortsInThisMode');
    expect(preview({ config: { NetworkDisabled: true } }).obstacle).toBe('noPortsInThisMode');
  });
});

describe('ports', () => {
  test('several bindings of one port, an open host port, and what --publish-all publishes', () => {
    expect(
      preview({
        config: { ExposedPorts: { '80/tcp': {}, '90/udp': {} } },
        host: {
          PublishAllPorts: true,
          PortBindings: {
            '80/tcp': [
              { HostIp: '::1', HostPort: '81' },
              { HostIp: '', HostPort: '0' },
            ],
            '7/tcp': null,
          },
        },
      }).ports,
    ).toEqual([
      { containerPort: 80, protocol: 'tcp', hostIp: '::1', hostPort: 81 },
      { containerPort: 80, protocol: 'tcp' },
      { containerPort: 7, protocol: 'tcp' },
      { containerPort: 90, protocol: 'udp' },
    ]);
  });

  test('of a range of host ports the one that the engine took; all of it where it took none', () => {
    const host = { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8000-8010' }] } };
    expect(preview({ host }).ports).toEqual([
      { containerPort: 80, protocol: 'tcp', hostPort: 8000, hostPortEnd: 8010 },
    ]);
    const settings = {
      Networks: { net: {} },
      Ports: {
        '80/tcp': [
          { HostIp: '0.0.0.0', HostPort: '9' },
          { HostIp: '0.0.0.0', HostPort: '8003' },
        ],
      },
    };
    expect(preview({ host, more: { NetworkSettings: settings } }).ports).toEqual([
      { containerPort: 80, protocol: 'tcp', hostPort: 8003 },
    ]);
  });
});

test('a running container of an overlay lists the address that it was given: not said to be fixed', () => {
  const networks = { over: { NetworkID: 'glg0iapbkyo6e2ca05bvh4h1q', IPAMConfig: { IPv4Address: '10.0.1.5' } } };
  const more = { NetworkSettings: { Networks: networks } };
  expect(preview({ more: { ...more, State: { Running: true } } }).networks).toMatchObject([{ fixed: [] }]);
  expect(preview({ more }).networks).toMatchObject([{ fixed: ['10.0.1.5'] }]);
});

test('limits, health check, restart policy and labels', () => {
  expect(preview({})).toMatchObject({ limits: false, healthCheck: false, restartPolicy: 'no', labels: 0 });
  for (const host of [{ Memory: 1 }, { NanoCpus: 5e8 }, { CpusetCpus: '0' }, { Ulimits: [{}] }, { PidsLimit: 5 }]) {
    expect(preview({ host }).limits).toBe(true);
  }
  for (const host of [{ Memory: 0, PidsLimit: -1, MemorySwap: -1, CpusetCpus: '', Ulimits: null }]) {
    expect(preview({ host }).limits).toBe(false);
  }
  expect(preview({ config: { Healthcheck: { Test: ['NONE'] } } }).healthCheck).toBe(false);
  const config = { Healthcheck: { Test: ['CMD', 'true'] }, Labels: { a: 'b' } };
  expect(preview({ config, host: { RestartPolicy: { Name: 'always' } } })).toMatchObject({
    healthCheck: true,
    labels: 1,
    restartPolicy: 'always',
  });
});

test('written files are files: neither directories above them, nor mounts, nor what was deleted', () => {
  const more = {
    Mounts: [
      { Type: 'volume', Name: 'v', Destination: '/data/volume' },
      { Type: 'bind', Destination: '/bind' },
    ],
  };
  const host = { Tmpfs: { '/scratch': '' }, Init: true, Binds: ['v:/data/volume'] };
  const changes = [
    { Path: '/etc', Kind: 0 },
    { Path: '/etc/motd', Kind: 0 },
    { Path: '/new', Kind: 1 },
    { Path: '/gone', Kind: 2 },
    ...['/data', '/data/volume', '/bind', '/scratch', '/sbin', '/sbin/docker-init'].map((Path) => ({ Path, Kind: 1 })),
  ];
  const result = preview({ host, more }, changes);
  expect(result.writtenFiles).toBe(2);
  expect(result.mounts).toEqual([
    { kind: 'volume', target: '/data/volume' },
    { kind: 'bind', target: '/bind' },
    { kind: 'tmpfs', target: '/scratch' },
  ]);
});

test('garbage makes a preview and no exception', () => {
  expect(() => previewOf({}, [null, 1, {}])).not.toThrow();
});

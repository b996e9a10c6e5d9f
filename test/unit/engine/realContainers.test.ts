import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Container } from '../../../src/topology/model.ts';
import { directoryOf } from '../../../src/engine/docker/directory.ts';
import { normalizeContainer } from '../../../src/engine/docker/normalizeContainer.ts';
import { containerSchema } from '../../../src/engine/recordingSchema.ts';
import { engineFixture, recordedVersions } from './fixtures.ts';

function recorded(version: (typeof recordedVersions)[number]): Map<string, Container> {
  const { containers, inspect } = engineFixture(version);
  const references = directoryOf(containers, []);
  const models = containers.map((row, index) =>
    normalizeContainer({ row, inspect: inspect[index], windows: false }, references),
  );
  return new Map(models.flatMap((model) => (model ? [[model.name, model]] : [])));
}

describe.each(recordedVersions)('a real engine %s', (version) => {
  const all = recorded(version);

  test('shows every container under its own name, also one that others link to', () => {
    expect(all.size).toBe(16);
    expect([...all.keys()]).toEqual(expect.arrayContaining(['test1', 'test2', 'test3', 'redis', 'shared1', 'never1']));
    for (const container of all.values()) expect(v.is(containerSchema, container)).toBe(true);
  });

  test('seats test2 on both networks, with the link as it was typed', () => {
    const test2 = all.get('test2');
    expect(test2?.endpoints.map((endpoint) => [endpoint.networkName, endpoint.ipv4])).toEqual([
      ['bridge', '172.17.0.3'],
      ['my-bridge', '172.18.0.3'],
    ]);
    expect(test2?.links).toEqual([{ target: 'test1', alias: 'test1' }]);
    expect(test2?.mode).toEqual({ kind: 'bridge' });
    expect(test2?.pid).toBeGreaterThan(0);
  });

  test('knows the owner of a shared namespace by its full id', () => {
    expect(all.get('shared1')?.mode).toEqual({ kind: 'container', ownerId: all.get('test1')?.id });
    expect(all.get('shared1')?.endpoints).toEqual([]);
  });

  test('tells a published port on IPv4 from the same on IPv6', () => {
    expect(all.get('redis')?.ports).toEqual([
      { containerPort: 6379, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 6379 },
      { containerPort: 6379, protocol: 'tcp', hostIp: '::', hostPort: 6379 },
    ]);
  });

  test('keeps what a person fixed of a stopped container, and claims no published port', () => {
    const fixed = all.get('fixed1');
    expect(fixed?.state).toBe('exited');
    expect(fixed?.pid).toBe(0);
    expect(fixed?.hostname).toBe('fixedhost');
    expect(fixed?.dnsServers).toEqual(['192.0.2.53']);
    expect(fixed?.ports).toEqual([
      { containerPort: 90, protocol: 'udp' },
      { containerPort: 91, protocol: 'tcp' },
    ]);
    const endpoint = fixed?.endpoints[0];
    expect(endpoint).toMatchObject({ endpointId: '', fixedIpv4: '10.20.0.50', fixedIpv6: 'fd00:20::50' });
    expect(endpoint).not.toHaveProperty('ipv4');
    expect(endpoint?.links).toEqual([{ target: 'test3', alias: 't3' }]);
    expect(endpoint?.aliases).toContain('db');
  });

  test('has both addresses of a container on a dual-stack network', () => {
    expect(all.get('fixed2')?.endpoints[0]).toMatchObject({
      ipv4: '10.20.0.51',
      ipv4PrefixLength: 24,
      ipv6: 'fd00:20::2',
      ipv6PrefixLength: 64,
    });
  });

  test('shows the modes without a wire', () => {
    expect(all.get('host1')?.mode).toEqual({ kind: 'host' });
    expect(all.get('none1')?.mode).toEqual({ kind: 'none' });
    expect(all.get('paused1')?.state).toBe('paused');
    expect(all.get('never1')?.state).toBe('created');
  });

  test("has the engine's own status sentence", () => {
    expect(all.get('test1')?.status).toMatch(/^Up /);
  });
});

test('API 1.44 and later: the DNS names and the gateway priority are there, older ones do without', () => {
  expect(recorded('28.5').get('redis')?.endpoints[0]).toMatchObject({
    dnsNames: ['redis', expect.any(String)],
    gatewayPriority: 0,
  });
  expect(recorded('20.10').get('redis')?.endpoints[0]?.dnsNames).toEqual([]);
  expect(recorded('20.10').get('redis')?.endpoints[0]).not.toHaveProperty('gatewayPriority');
});

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Container, Network } from '../../../src/topology/model.ts';
import { negotiate } from '../../../src/engine/docker/apiVersion.ts';
import { directoryOf } from '../../../src/engine/docker/directory.ts';
import { parseEvent } from '../../../src/engine/docker/eventStream.ts';
import { normalizeContainer } from '../../../src/engine/docker/normalizeContainer.ts';
import { normalizeEngine } from '../../../src/engine/docker/normalizeEngine.ts';
import { normalizeNetwork } from '../../../src/engine/docker/normalizeNetwork.ts';
import { containerSchema, networkSchema } from '../../../src/engine/recordingSchema.ts';
import { docker29Fixture, engineFixture, type EngineFixture, type Raw } from './fixtures.ts';

// Written from its API document, with the topology of 28.5: test/fixtures/engine/docker-29.0/README.md names the sections.
const docker29 = docker29Fixture();
const docker28 = engineFixture('28.5');

function containersOf({ containers, inspect }: EngineFixture): Map<string, Container> {
  const references = directoryOf(containers, []);
  return byName(
    containers.map((row, index) => normalizeContainer({ row, inspect: inspect[index], windows: false }, references)),
  );
}

function networksOf(records: readonly Raw[]): Map<string, Network> {
  return byName(records.map((raw) => normalizeNetwork(raw)));
}

function byName<T extends { readonly name: string }>(models: readonly (T | undefined)[]): Map<string, T> {
  return new Map(models.flatMap((model) => (model === undefined ? [] : [[model.name, model]])));
}

describe('Docker 29 is shown as 28 is', () => {
  test('the engine, and what it makes its firewall rules with', () => {
    const { version, info } = docker29;
    const engine = normalizeEngine(version, info, negotiate(version));
    expect(engine).toMatchObject({ version: '29.0.4', apiVersion: '1.52', os: 'linux', swarm: 'inactive' });
    expect(engine.firewall).toBe('nftables');
    expect(normalizeEngine(docker28.version, docker28.info, '1.51').firewall).toBe('iptables');
    const old = engineFixture('20.10');
    expect(normalizeEngine(old.version, old.info, '1.41')).not.toHaveProperty('firewall');
  });

  test('containers, though addresses stand on their networks alone', () => {
    const shown = containersOf(docker29);
    const before = containersOf(docker28);
    expect([...shown.keys()].sort()).toEqual([
      'fixed1',
      'fixed2',
      'mac1',
      'never1',
      'redis',
      'shared1',
      'test1',
      'test2',
    ]);
    for (const [name, container] of shown) {
      expect(v.is(containerSchema, container), name).toBe(true);
      expect(container, name).toEqual(before.get(name));
    }
  });

  test('containers of which only the row is there', () => {
    const rowsOf = (rows: readonly Raw[]) =>
      byName(rows.map((row) => normalizeContainer({ row, windows: false }, directoryOf(rows, []))));
    const before = rowsOf(docker28.containers);
    for (const [name, container] of rowsOf(docker29.containers)) expect(container).toEqual(before.get(name));
  });

  test('networks of the list and of their own inspection are the same, whatever the counts of addresses', () => {
    const listed = networksOf(docker29.networks);
    expect(networksOf(docker29.verbose)).toEqual(listed);
    for (const network of listed.values()) expect(v.is(networkSchema, network)).toBe(true);
  });

  test('networks, with gateways that 28 kept to itself', () => {
    const before = networksOf(docker28.networks);
    const dual = before.get('dual');
    expect(dual?.pools[1]).not.toHaveProperty('gateway');
    for (const [name, network] of networksOf(docker29.networks)) {
      if (name !== 'dual') expect(network).toEqual(before.get(name));
      else {
        const [ipv4, ipv6] = dual?.pools ?? [];
        expect(network).toEqual({ ...dual, pools: [ipv4, { ...ipv6, gateway: 'fd00:20::1' }] });
      }
    }
  });

  test('an overlay network, where no address is an empty text', () => {
    const task = {
      Name: 'demo2',
      EndpointID: 'e'.repeat(64),
      EndpointIP: '10.77.0.4',
      Info: { 'Host IP': '192.0.2.2' },
    };
    const overlay = normalizeNetwork({
      Id: 'abcdefghijklmnopqrstuvwxy',
      Driver: 'overlay',
      Scope: 'swarm',
      Peers: [{ Name: 'one', IP: '192.0.2.2' }],
      Containers: {
        'lb-demo': { Name: 'demo-endpoint', EndpointID: 'd', MacAddress: '', IPv4Address: '', IPv6Address: '' },
      },
      Services: {
        '': { VIP: '', Ports: [], LocalLBIndex: 0, Tasks: [task, { ...task, EndpointID: 'x', EndpointIP: '' }] },
      },
    })?.overlay;
    expect(overlay?.services[0]).not.toHaveProperty('vip');
    expect(overlay?.remote.map(({ ipv4 }) => ipv4)).toEqual(expect.arrayContaining(['10.77.0.4', undefined]));
  });

  test('events, which name the action and the id once', () => {
    const test2 = docker29.inspect.find((record) => record['Name'] === '/test2')?.['Id'];
    const myBridge = docker29.networks.find((record) => record['Name'] === 'my-bridge')?.['Id'];
    const events = docker29.events
      .trim()
      .split('\n')
      .map((line) => parseEvent(line));
    // The third is of `docker exec`, which changes nothing here.
    expect(events[2]).toBeUndefined();
    expect(events.filter((event) => event !== undefined)).toMatchObject([
      { kind: 'network', action: 'connect', networkId: myBridge, containerId: test2 },
      { kind: 'container', action: 'start', containerId: test2 },
      { kind: 'container', action: 'die', containerId: test2 },
      { kind: 'network', action: 'disconnect', networkId: myBridge, containerId: test2 },
      { kind: 'container', action: 'destroy', containerId: test2 },
      { kind: 'network', action: 'destroy', networkId: myBridge },
    ]);
  });
});

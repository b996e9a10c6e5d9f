import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occupied, overlapsWith, type Occupied } from '../../../src/actions/occupied.ts';
import {
  proposeAddress,
  proposeIpv6Subnet,
  proposeNetworkName,
  proposeSubnet,
} from '../../../src/actions/proposals.ts';
import { addressProblem } from '../../../src/actions/endpointProblems.ts';
import { container, endpoint, engineInfo, network, networks, snapshot, tutorial } from '../support/snapshots.ts';

const take = (...cidrs: readonly string[]): readonly Occupied[] =>
  cidrs.map((cidr) => ({ cidr, by: { kind: 'link', link: 'eth0' } }));

test('the proposed subnet is the first of the engine’s own that nothing on the machine has', () => {
  expect(proposeSubnet([])).toBe('172.17.0.0/16');
  expect(proposeSubnet(occupied(tutorial()))).toBe('172.20.0.0/16');
  expect(proposeSubnet(take('172.17.3.0/24', '172.18.0.0/15'))).toBe('172.20.0.0/16');
  expect(proposeSubnet(take('172.16.0.0/12', '192.168.0.0/18'))).toBe('192.168.64.0/20');
});

test('where a company’s VPN has all of it, nothing is proposed', () => {
  expect(proposeSubnet(take('172.16.0.0/12', '192.168.0.0/16'))).toBeUndefined();
  expect(proposeSubnet(take('10.0.0.0/8'), 'overlay')).toBeUndefined();
});

test('a network of a swarm is proposed what a swarm gives out', () => {
  expect(proposeSubnet(take('10.0.0.0/24', '10.0.1.0/25'), 'overlay')).toBe('10.0.2.0/24');
});

test('whatever is taken, a proposal hits none of it', () => {
  const taken = fc.array(
    fc
      .tuple(fc.constantFrom('172', '192', '10'), fc.nat(255), fc.nat(255), fc.integer({ min: 2, max: 32 }))
      .map(([a, b, c, length]) => `${a}.${a === '192' ? 168 : b}.${c}.0/${length}`),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(taken, fc.constantFrom('bridge', 'overlay'), (cidrs, driver) => {
      const proposed = proposeSubnet(take(...cidrs), driver);
      if (proposed !== undefined) expect(overlapsWith(proposed, take(...cidrs))).toEqual([]);
    }),
  );
});

test('the IPv6 subnet is this engine’s own, always the same, and free', () => {
  const first = proposeIpv6Subnet(snapshot(), []);
  expect(first).toMatch(/^fd[0-9a-f]{2}:.*\/64$/);
  expect(proposeIpv6Subnet(snapshot(), [])).toBe(first);
  expect(proposeIpv6Subnet(snapshot({ engine: { ...engineInfo, id: 'CCCC' } }), [])).not.toBe(first);
  const second = proposeIpv6Subnet(snapshot(), take(first ?? ''));
  expect(second).not.toBe(first);
  expect(overlapsWith(second ?? '', take(first ?? ''))).toEqual([]);
});

const chosen = network('chosen', {
  pools: [{ subnet: '172.30.0.0/24', ipRange: '172.30.0.128/25', auxiliaryAddresses: { router: '172.30.0.129' } }],
});

test('the proposed address is one that the form then accepts', () => {
  const machine = snapshot({
    networks: [chosen],
    containers: [
      container('a', { endpoints: [endpoint('a', chosen, { ipv4: '172.30.0.130' })] }),
      container('b', {
        state: 'exited',
        endpoints: [endpoint('b', chosen, { endpointId: '', fixedIpv4: '172.30.0.131' })],
      }),
    ],
  });
  // .128 is the gateway that the engine took and does not list, .129 is kept for the router.
  expect(proposeAddress(chosen, machine)).toBe('172.30.0.132');
  expect(addressProblem('172.30.0.132', 4, chosen, machine)).toBeUndefined();
});

test('no address is proposed where the engine may refuse any', () => {
  expect(proposeAddress(networks.bridge, tutorial())).toBeUndefined();
  expect(proposeAddress(networks.myBridge, tutorial())).toBeUndefined();
  expect(proposeAddress(networks.host, tutorial())).toBeUndefined();
});

test('a full network has no address to propose', () => {
  const full = network('full', { pools: [{ subnet: '172.30.0.0/30', gateway: '172.30.0.2', auxiliaryAddresses: {} }] });
  const seat = container('a', { endpoints: [endpoint('a', full, { ipv4: '172.30.0.1' })] });
  expect(proposeAddress(full, snapshot({ networks: [full], containers: [seat] }))).toBeUndefined();
});

test('a copy gets a name that no network has', () => {
  const named = (...names: readonly string[]): string =>
    proposeNetworkName('web', snapshot({ networks: names.map((name) => network(name)) }));
  expect(named('web')).toBe('web-copy');
  expect(named('web', 'web-copy', 'web-copy2')).toBe('web-copy3');
  expect(proposeNetworkName('x'.repeat(100_000), snapshot())).toHaveLength(53);
});

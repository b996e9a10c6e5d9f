import { expect, test } from 'vitest';
import { takesFixedAddresses } from '../../../src/actions/networkAddresses.ts';
import type { AddressPool, Network } from '../../../src/topology/model.ts';
import { container, endpoint, network, networks, snapshot } from '../support/snapshots.ts';

const withPool = (pool: Partial<AddressPool>, more: Partial<Network> = {}): Network =>
  network('net', { pools: [{ subnet: '172.30.0.0/16', auxiliaryAddresses: {}, ...pool }], ...more });

const first = { gateway: '172.30.0.1' };

// What Docker 20.10 and 28.5 list for subnets that a person chose, and for those that they chose themselves.
test.each<[string, Network, string]>([
  ['the default bridge', networks.bridge, 'no'],
  ['a subnet that was asked for without a gateway', withPool({}), 'yes'],
  ['a subnet with a range', withPool({ ...first, ipRange: '172.30.1.0/24' }), 'yes'],
  ['a subnet with kept addresses', withPool({ ...first, auxiliaryAddresses: { a: '172.30.0.2' } }), 'yes'],
  ['a gateway that is not the first address', withPool({ gateway: '172.30.0.9' }), 'yes'],
  ['a network of a swarm', withPool(first, { driver: 'overlay', scope: 'swarm' }), 'yes'],
  ['what either may have chosen', withPool(first), 'unknown'],
  ['an ipvlan l3, which has no gateway anyway', withPool({}, { options: { ipvlan_mode: 'l3' } }), 'unknown'],
  ['a subnet that is none', withPool({ subnet: 'nonsense' }), 'unknown'],
])('it is known whether an address can be fixed on %s', (_case, on, answer) => {
  expect(takesFixedAddresses(on, 4, snapshot())).toBe(answer);
});

test('a running container with a fixed address proves that there can be more', () => {
  const on = withPool(first);
  const withSeat = (endpointId: string) =>
    snapshot({
      containers: [container('a', { endpoints: [endpoint('a', on, { fixedIpv4: '172.30.0.5', endpointId })] })],
    });
  expect(takesFixedAddresses(on, 4, withSeat('e'))).toBe('yes');
  expect(takesFixedAddresses(on, 6, withSeat('e'))).toBe('unknown');
  // The engine keeps the wish of a failed attempt.
  expect(takesFixedAddresses(on, 4, withSeat(''))).toBe('unknown');
});

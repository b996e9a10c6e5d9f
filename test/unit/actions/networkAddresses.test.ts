import { expect, test } from 'vitest';
import { addressProblem } from '../../../src/actions/endpointProblems.ts';
import { holdersOfAddresses, takesFixedAddresses } from '../../../src/actions/networkAddresses.ts';
import { proposeAddress } from '../../../src/actions/proposals.ts';
import type { AddressPool, ContainerState, Endpoint, Network } from '../../../src/topology/model.ts';
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

const overlay = network('over', {
  driver: 'overlay',
  scope: 'swarm',
  pools: [{ subnet: '10.77.0.0/24', gateway: '10.77.0.1', auxiliaryAddresses: {} }],
  overlay: {
    vnis: [4097],
    encrypted: false,
    peers: [],
    services: [
      { name: '', ports: [], tasks: [] },
      { name: 'web', vip: '10.77.0.6', ports: [], tasks: [] },
    ],
    remote: [
      { endpointId: 'away', name: 'away', ipv4: '10.77.0.4', host: '198.18.0.2' },
      { endpointId: 'here', name: 'here', ipv4: '10.77.0.2', host: '198.18.0.1' },
    ],
  },
});

const onOverlay = (more: Partial<Endpoint>, state: ContainerState = 'running') =>
  snapshot({
    networks: [overlay],
    containers: [container('here', { state, endpoints: [endpoint('here', overlay, more)] })],
  });

test('an address that a swarm chose is held while its container runs, and then no more', () => {
  const running = onOverlay({ endpointId: 'here', ipv4: '10.77.0.2', fixedIpv4: '10.77.0.2' });
  expect(holdersOfAddresses(overlay, running).get('10.77.0.2')).toMatchObject({ kind: 'container', name: 'here' });
  // Measured: the engine takes it off the fixed ones when the container stops, and leaves one that a person asked for.
  const { overlay: _, ...alone } = overlay;
  const resting = (more: Partial<Endpoint>) =>
    holdersOfAddresses(alone, onOverlay({ endpointId: '', ...more }, 'exited')).get('10.77.0.2');
  expect(resting({})).toBeUndefined();
  expect(resting({ fixedIpv4: '10.77.0.2' })).toMatchObject({ kind: 'container' });
});

test('what other hosts and services have of an overlay network is neither proposed nor taken', () => {
  const running = onOverlay({ endpointId: 'here', ipv4: '10.77.0.2', fixedIpv4: '10.77.0.2' });
  const holders = holdersOfAddresses(overlay, running);
  expect(holders.get('10.77.0.4')).toEqual({ kind: 'remote', name: 'away' });
  expect(holders.get('10.77.0.6')).toEqual({ kind: 'service', name: 'web' });
  // .3 is free.
  expect(proposeAddress(overlay, running)).toBe('10.77.0.3');
  expect(addressProblem('10.77.0.6', 4, overlay, running)).toMatchObject({ kind: 'addressTaken' });
});

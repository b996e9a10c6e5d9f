import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addressProblem,
  gatewayPriorityProblem,
  linksProblem,
  macProblem,
} from '../../../src/actions/endpointProblems.ts';
import type { Network } from '../../../src/topology/model.ts';
import { container, endpoint, idOf, network, networks, snapshot, tutorial } from '../support/snapshots.ts';
import { anyText } from './anyText.ts';

const chosen = network('chosen', {
  pools: [
    { subnet: '172.30.0.0/24', gateway: '172.30.0.254', auxiliaryAddresses: { router: '172.30.0.253' } },
    { subnet: 'fd00::/64', auxiliaryAddresses: {} },
  ],
});
const machine = snapshot({
  networks: [chosen],
  containers: [
    container('web', {
      endpoints: [endpoint('web', chosen, { ipv4: '172.30.0.9', ipv6: 'fd00::9', mac: '02:42:00:00:00:09' })],
    }),
    container('later', { state: 'exited', endpoints: [endpoint('later', chosen, { fixedIpv4: '172.30.0.10' })] }),
  ],
});

test.each([
  ['', undefined],
  ['172.30.0.5', undefined],
  ['172.31.0.5', { kind: 'outsideSubnet', text: '172.31.0.5', subnets: ['172.30.0.0/24'] }],
  ['172.30.0', { kind: 'notAddress', text: '172.30.0' }],
  ['fd00::5', { kind: 'family', expected: 4 }],
  ['172.30.0.0', { kind: 'networkAddress', address: '172.30.0.0' }],
  ['172.30.0.255', { kind: 'broadcastAddress', address: '172.30.0.255' }],
  ['172.30.0.254', { kind: 'addressTaken', address: '172.30.0.254', by: { kind: 'gateway' } }],
  ['172.30.0.253', { kind: 'addressTaken', address: '172.30.0.253', by: { kind: 'auxiliary', name: 'router' } }],
  [
    '172.30.0.9',
    { kind: 'addressTaken', address: '172.30.0.9', by: { kind: 'container', name: 'web', id: idOf('ctr web') } },
  ],
  [
    '172.30.0.10',
    { kind: 'addressTaken', address: '172.30.0.10', by: { kind: 'container', name: 'later', id: idOf('ctr later') } },
  ],
])('the fixed address %j is judged before it is sent', (text, problem) => {
  expect(addressProblem(text, 4, chosen, machine)).toEqual(problem);
});

test('a container may keep the address that it has', () => {
  expect(addressProblem('172.30.0.9', 4, chosen, machine, idOf('ctr web'))).toBeUndefined();
});

test('an IPv6 address is found taken however it is written', () => {
  expect(addressProblem('FD00:0:0:0::0009', 6, chosen, machine)?.kind).toBe('addressTaken');
  expect(addressProblem('fd00::8', 6, chosen, machine)).toBeUndefined();
});

const judged = (on: Network): string | undefined =>
  addressProblem(`${on.pools[0]?.subnet.split('/')[0]?.slice(0, -1)}77`, 4, on, tutorial())?.kind;

test('on the default bridge no address can be fixed, and the form says so', () => {
  expect(judged(networks.bridge)).toBe('subnetNotChosen');
});

test('where nothing tells who chose the subnet, the engine is asked', () => {
  expect(judged(networks.myBridge)).toBeUndefined();
});

test('a network without addresses of the family says so', () => {
  expect(addressProblem('fd00::5', 6, networks.myBridge, tutorial())).toEqual({
    kind: 'noSubnet',
    network: 'my-bridge',
    family: 6,
  });
});

test.each([
  ['', undefined],
  ['02:42:AC:1e:00:05', undefined],
  ['02-42-ac-1e-00-05', undefined],
  ['02:42-ac:1e:00:05', 'notMac'],
  ['0242.ac1e.0005', 'notMac'],
  ['02:42:ac:1e:00', 'notMac'],
  ['02:42:ac:1e:00:05:06:07', 'notMac'],
  ['00:00:00:00:00:00', 'zeroMac'],
  ['01:00:5e:00:00:01', 'multicastMac'],
  ['ff:ff:ff:ff:ff:ff', 'multicastMac'],
])('the MAC address %j is one that a link can have', (text, kind) => {
  expect(macProblem(text)?.kind).toBe(kind);
});

test('two containers of one network cannot get one MAC address', () => {
  expect(macProblem('02-42-00-00-00-09', chosen, machine)).toEqual({
    kind: 'macTaken',
    mac: '02:42:00:00:00:09',
    container: 'web',
  });
  expect(macProblem('02:42:00:00:00:09', chosen, machine, idOf('ctr web'))).toBeUndefined();
  expect(macProblem('02:42:00:00:00:09', networks.myBridge, machine)).toBeUndefined();
});

test.each([
  ['', undefined],
  ['0', undefined],
  ['-5', undefined],
  ['2147483647', undefined],
  ['2147483648', 'number'],
  ['1.5', 'number'],
  ['1e3', 'number'],
  [' 1', 'number'],
  ['+1', 'number'],
  ['9'.repeat(400), 'number'],
])('the gateway priority %j is a number that the engine takes', (text, kind) => {
  expect(gatewayPriorityProblem(text)?.kind).toBe(kind);
});

test('a link to a container that is not there is refused', () => {
  expect(linksProblem('', tutorial())).toBeUndefined();
  expect(linksProblem('test1:db, test2', tutorial())).toBeUndefined();
  expect(linksProblem(`${idOf('ctr test1').slice(0, 12)}:db`, tutorial())).toBeUndefined();
  expect(linksProblem('gone:db', tutorial())).toEqual({ kind: 'unknownContainer', name: 'gone' });
  expect(linksProblem('test1:a:b', tutorial())).toEqual({ kind: 'link', text: 'test1:a:b' });
});

test('no text makes a check of a seat fail or hang', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      addressProblem(text, 4, chosen, machine);
      addressProblem(text, 6, chosen, machine);
      macProblem(text, chosen, machine);
      gatewayPriorityProblem(text);
      linksProblem(text, machine);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occupied } from '../../../src/actions/occupied.ts';
import {
  auxiliaryProblem,
  gatewayOf,
  gatewayProblem,
  hostAddressProblem,
  ipRangeProblem,
  subnetProblem,
} from '../../../src/actions/subnetProblems.ts';
import { idOf, tutorial } from '../support/snapshots.ts';
import { anyText } from './anyText.ts';

const taken = occupied(tutorial());

test.each([
  ['', undefined],
  ['172.30.0.0/16', undefined],
  ['10.0.0.0/8', undefined],
  ['172.30', { kind: 'notCidr', text: '172.30' }],
  ['172.30.0.0', { kind: 'notCidr', text: '172.30.0.0' }],
  ['fd00::/64', { kind: 'family', expected: 4 }],
  ['172.30.0.5/24', { kind: 'hostBits', subnet: '172.30.0.0/24' }],
  ['172.30.0.0/31', { kind: 'prefixLength', minimum: 8, maximum: 30 }],
  ['0.0.0.0/0', { kind: 'prefixLength', minimum: 8, maximum: 30 }],
  ['127.1.0.0/16', { kind: 'specialRange', range: 'loopback' }],
  ['224.0.0.0/24', { kind: 'specialRange', range: 'multicast' }],
])('the subnet %j is judged before it is sent', (text, problem) => {
  expect(subnetProblem(text, taken)).toEqual(problem);
});

test('a subnet that overlaps is refused with the name of what it hits', () => {
  expect(subnetProblem('172.18.5.0/24', taken)).toEqual({
    kind: 'overlap',
    hits: [{ cidr: '172.18.0.0/16', by: { kind: 'network', name: 'my-bridge', id: idOf('net my-bridge') } }],
  });
  expect(subnetProblem('192.0.2.128/25', taken)).toEqual({
    kind: 'overlap',
    hits: [{ cidr: '192.0.2.0/24', by: { kind: 'link', link: 'eth0' } }],
  });
});

test('an IPv6 subnet is judged as one', () => {
  expect(subnetProblem('fd00::/64', taken, 6)).toBeUndefined();
  expect(subnetProblem('fd00::/127', taken, 6)?.kind).toBe('prefixLength');
  expect(subnetProblem('10.0.0.0/8', taken, 6)).toEqual({ kind: 'family', expected: 6 });
  expect(subnetProblem('fe80::/64', taken, 6)).toEqual({ kind: 'specialRange', range: 'linkLocal' });
});

test.each([
  ['', '172.30.0.0/24', undefined],
  ['172.30.0.254', '172.30.0.0/24', undefined],
  ['172.30.0.254', 'nonsense', undefined],
  ['172.30.0.254', '', { kind: 'needsSubnet' }],
  ['172.30', '172.30.0.0/24', { kind: 'notAddress', text: '172.30' }],
  ['172.31.0.1', '172.30.0.0/24', { kind: 'outsideSubnet', text: '172.31.0.1', subnets: ['172.30.0.0/24'] }],
  ['172.30.0.0', '172.30.0.0/24', { kind: 'networkAddress', address: '172.30.0.0' }],
  ['172.30.0.255', '172.30.0.0/24', { kind: 'broadcastAddress', address: '172.30.0.255' }],
  ['fd00::1', '172.30.0.0/24', { kind: 'family', expected: 4 }],
])('the gateway %j of %j is judged as the engine does', (text, subnet, problem) => {
  expect(gatewayProblem(text, subnet)).toEqual(problem);
});

test.each([
  ['', '172.30.0.0/24', undefined],
  ['172.30.0.128/25', '172.30.0.0/24', undefined],
  ['172.30.0.4/32', '172.30.0.0/24', undefined],
  ['172.30.0.0/23', '172.30.0.0/24', { kind: 'outsideSubnet', text: '172.30.0.0/23', subnets: ['172.30.0.0/24'] }],
  ['172.30.0.5/25', '172.30.0.0/24', { kind: 'hostBits', subnet: '172.30.0.0/25' }],
  ['172.30.0.0', '172.30.0.0/24', { kind: 'notCidr', text: '172.30.0.0' }],
  ['172.30.0.0/25', '', { kind: 'needsSubnet' }],
  ['fd00::/80', '172.30.0.0/24', { kind: 'family', expected: 4 }],
])('the range %j of %j is judged as the engine does', (text, subnet, problem) => {
  expect(ipRangeProblem(text, subnet)).toEqual(problem);
});

test.each([
  ['', undefined],
  ['router=172.30.0.2, printer=fd00::2', undefined],
  ['router', { kind: 'keyValue', text: 'router' }],
  ['router=172.30', { kind: 'notAddress', text: '172.30' }],
  ['router=172.31.0.2', { kind: 'outsideSubnet', text: '172.31.0.2', subnets: ['172.30.0.0/24', 'fd00::/64'] }],
  ['router=172.30.0.1', { kind: 'addressTaken', address: '172.30.0.1', by: { kind: 'gateway' } }],
  ['a=172.30.0.2, b=172.30.0.2', { kind: 'addressTaken', address: '172.30.0.2', by: { kind: 'auxiliary', name: 'a' } }],
  ['a=172.30.0.2, a=172.30.0.3', { kind: 'repeated', text: 'a' }],
])('the kept addresses %j are judged as the engine does', (text, problem) => {
  expect(auxiliaryProblem(text, ['172.30.0.0/24', 'fd00::/64'], ['172.30.0.1'])).toEqual(problem);
});

test('kept addresses without a subnet are asked for one', () => {
  expect(auxiliaryProblem('a=172.30.0.2', ['', ''], [])).toEqual({ kind: 'needsSubnet' });
});

test('the gateway that the engine would choose is known before it does', () => {
  expect(gatewayOf('172.30.0.9', '172.30.0.0/24', '')).toBe('172.30.0.9');
  expect(gatewayOf('', '172.30.0.0/24', '')).toBe('172.30.0.1');
  expect(gatewayOf('', '172.30.0.0/24', '172.30.0.0/25')).toBe('172.30.0.1');
  expect(gatewayOf('', '172.30.0.0/24', '172.30.0.128/25')).toBe('172.30.0.128');
  expect(gatewayOf('', '', '')).toBeUndefined();
});

test.each([
  ['', undefined],
  ['127.0.0.1', undefined],
  ['0.0.0.0', undefined],
  ['192.0.2.10', undefined],
  ['::1', { kind: 'family', expected: 4 }],
  ['localhost', { kind: 'notAddress', text: 'localhost' }],
  ['239.0.0.1', { kind: 'specialRange', range: 'multicast' }],
])('ports can be bound to %j or are told why not', (text, problem) => {
  expect(hostAddressProblem(text)).toEqual(problem);
});

test('no text makes a check of subnets fail or hang', () => {
  fc.assert(
    fc.property(anyText, anyText, (text, other) => {
      subnetProblem(text, taken);
      gatewayProblem(text, other);
      ipRangeProblem(text, other);
      auxiliaryProblem(text, [other], [text]);
      gatewayOf(text, other, text);
      hostAddressProblem(text);
    }),
  );
});

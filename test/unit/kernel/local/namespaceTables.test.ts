import { describe, expect, it } from 'vitest';
import { joinAddresses } from '../../../../src/kernel/local/namespaceTables.ts';
import type { RouteEntry } from '../../../../src/kernel/parse/route.ts';

function route(link: string, cidr: string, gateway?: string): RouteEntry {
  const [destination = '', length] = cidr.split('/');
  return { link, destination, prefixLength: Number(length), ...(gateway === undefined ? {} : { gateway }), metric: 0 };
}

function join(own: readonly string[], ...routes: readonly RouteEntry[]): Record<string, string[]> {
  const joined = joinAddresses(own, routes, []);
  return Object.fromEntries(
    [...joined].map(([link, found]) => [link, found.map(({ address, prefixLength }) => `${address}/${prefixLength}`)]),
  );
}

describe('the IPv4 addresses of links, which no file of /proc tells', () => {
  it('belong to the link whose subnet they lie in', () => {
    expect(
      join(['10.0.1.2', '10.0.2.2', '127.0.0.1'], route('eth0', '10.0.1.0/24'), route('eth1', '10.0.2.0/24')),
    ).toEqual({ eth0: ['10.0.1.2/24'], eth1: ['10.0.2.2/24'], lo: ['127.0.0.1/8'] });
  });

  it('belong to the nearest of nested subnets', () => {
    expect(join(['10.0.1.2'], route('eth0', '10.0.0.0/8'), route('eth1', '10.0.1.0/24'))).toEqual({
      eth1: ['10.0.1.2/24'],
    });
  });

  it.each([
    ['two links share the subnet', ['10.0.1.2'], [route('eth0', '10.0.1.0/24'), route('eth1', '10.0.1.0/24')]],
    ['two addresses lie in one subnet', ['10.0.1.2', '10.0.1.3'], [route('eth0', '10.0.1.0/24')]],
    ['the route leads over a gateway', ['10.0.1.2'], [route('eth0', '10.0.1.0/24', '10.0.9.1')]],
    ['all goes to a VPN without a gateway', ['10.0.1.2'], [route('wg0', '0.0.0.0/0')]],
    ['it is the first of a subnet, as flannel.1’s', ['10.244.0.0'], [route('cni0', '10.244.0.0/24')]],
    ['only IPv6 routes are there', ['10.0.1.2'], [route('eth0', '::/1')]],
    ['there is no route', ['10.0.1.2'], []],
  ])('are left out where %s', (_, own, routes) => expect(join(own, ...routes)).toEqual({}));

  it('may be the first of a point-to-point subnet', () => {
    expect(join(['10.0.1.0'], route('eth0', '10.0.1.0/31'))).toEqual({ eth0: ['10.0.1.0/31'] });
  });

  it('come before those of IPv6, which say where they belong', () => {
    const inet6 = [{ name: 'eth0', ifindex: 2, address: 'fd00::2', prefixLength: 64 }];
    expect(joinAddresses(['10.0.1.2'], [route('eth0', '10.0.1.0/24')], inet6).get('eth0')).toEqual([
      { address: '10.0.1.2', prefixLength: 24 },
      { address: 'fd00::2', prefixLength: 64 },
    ]);
  });
});

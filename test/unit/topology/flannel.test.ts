import { describe, expect, it } from 'vitest';
import { flannelUse, isFlannels } from '../../../src/topology/flannel.ts';
import type { FlannelEnv, KernelView, Link, Network } from '../../../src/topology/model.ts';
import { link, network } from '../support/snapshots.ts';

const env: FlannelEnv = { networks: ['10.244.0.0/16'], subnets: ['10.244.1.1/24'], mtu: 1450 };

function view(flannel?: FlannelEnv, links: readonly Link[] = []): KernelView {
  return {
    source: 'local',
    host: { containerIds: [], pid: 1, links, routes: [], exact: true },
    containers: [],
    ...(flannel === undefined ? {} : { flannel }),
  };
}

function onSubnet(subnet: string, options: Record<string, string> = {}): Network {
  return network('bridge', {
    pools: [{ subnet, auxiliaryAddresses: {} }],
    options: {
      'com.docker.network.bridge.default_bridge': 'true',
      'com.docker.network.bridge.name': 'docker0',
      'com.docker.network.driver.mtu': '1450',
      ...options,
    },
  });
}

describe('the default network and flannel', () => {
  it('takes its addresses from flannel where its subnet is this host’s, or a part of it', () => {
    for (const subnet of ['10.244.1.0/24', '10.244.1.1/24', '10.244.1.128/25'])
      expect(flannelUse(onSubnet(subnet), view(env))).toEqual({ uses: true, subnet: '10.244.1.0/24' });
  });

  it('is not on flannel’s network with any other subnet, that of another host too', () => {
    for (const subnet of ['172.17.0.0/16', '10.244.2.0/24', '10.244.0.0/16', '10.244.1.0/23'])
      expect(flannelUse(onSubnet(subnet), view(env))).toEqual({ uses: false, subnet: '10.244.1.0/24' });
  });

  it('may have a greater MTU than flannel, also where nobody chose one', () => {
    const mtu = 'com.docker.network.driver.mtu';
    expect(flannelUse(onSubnet('10.244.1.0/24', { [mtu]: '1500' }), view(env))).toMatchObject({ lowerMtu: 1450 });
    const { [mtu]: _, ...options } = onSubnet('10.244.1.0/24').options;
    expect(flannelUse({ ...onSubnet('10.244.1.0/24'), options }, view(env))).toMatchObject({ lowerMtu: 1450 });
    expect(flannelUse(onSubnet('10.244.1.0/24', { [mtu]: '1400' }), view(env))).not.toHaveProperty('lowerMtu');
  });

  it('is known by the address of flannel.1 where the file cannot be read', () => {
    const device = link('flannel.1', 9, {
      kind: 'vxlan',
      addresses: [{ address: '10.244.1.0', prefixLength: 32 }],
    });
    expect(flannelUse(onSubnet('10.244.1.0/24'), view(undefined, [device]))).toEqual({
      uses: true,
      subnet: '10.244.1.0/24',
    });
    expect(flannelUse(onSubnet('172.17.0.0/16'), view(undefined, [device]))).toBeUndefined();
  });

  it('takes them from flannel’s IPv6 subnet too', () => {
    const both = { ...env, subnets: ['10.244.1.1/24', '2001:cafe:42::1/64'] };
    expect(flannelUse(onSubnet('2001:cafe:42::/64'), view(both))).toEqual({
      uses: true,
      subnet: '2001:cafe:42::/64',
    });
  });
});

it('says nothing of other networks, of other drivers, and where no kernel was read', () => {
  const other = network('my-bridge', { pools: [{ subnet: '172.18.0.0/16', auxiliaryAddresses: {} }] });
  expect(flannelUse(other, view(env))).toBeUndefined();
  expect(flannelUse({ ...onSubnet('10.244.1.0/24'), driver: 'macvlan' }, view(env))).toBeUndefined();
  expect(flannelUse(onSubnet('10.244.1.0/24'), undefined)).toBeUndefined();
  expect(flannelUse(onSubnet('10.244.1.0/24'), view())).toBeUndefined();
});

it('a network that somebody made in flannel’s subnet is on flannel’s too', () => {
  const own = network('own', { pools: [{ subnet: '10.244.1.0/24', auxiliaryAddresses: {} }] });
  expect(flannelUse(own, view(env))?.uses).toBe(true);
});

it('a route to a part of flannel’s network is flannel’s', () => {
  expect(isFlannels('10.244.9.0/24', env)).toBe(true);
  expect(isFlannels('10.245.0.0/24', env)).toBe(false);
  expect(isFlannels('default', env)).toBe(false);
  expect(isFlannels('10.244.9.0/24', undefined)).toBe(false);
});

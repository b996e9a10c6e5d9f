import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFlannelEnv } from '../../../../src/kernel/parse/flannelEnv.ts';
import { joinVteps } from '../../../../src/kernel/parse/vteps.ts';

describe('/run/flannel/subnet.env', () => {
  it('tells the networks, this host’s part of them and the MTU, of IPv4 and IPv6', () => {
    // The order and the names of flannel 0.22.
    const lines = [
      'FLANNEL_NETWORK=10.42.0.0/16',
      'FLANNEL_SUBNET=10.42.0.1/24',
      'FLANNEL_IPV6_NETWORK=2001:cafe:42::/56',
      'FLANNEL_IPV6_SUBNET=2001:cafe:42::1/64',
      'FLANNEL_MTU=1450',
      'FLANNEL_IPMASQ=true',
    ];
    expect(parseFlannelEnv(`${lines.join('\n')}\n`)).toEqual({
      networks: ['10.42.0.0/16', '2001:cafe:42::/56'],
      subnets: ['10.42.0.1/24', '2001:cafe:42::1/64'],
      mtu: 1450,
      ipMasq: true,
    });
  });

  it('takes lists, as some versions write them, and leaves out what is no subnet', () => {
    const text = 'FLANNEL_NETWORK=10.42.0.0/16,192.168.0.0/16,x\nFLANNEL_SUBNET=10.42.0.1/24,10.42.0.1/33\n';
    expect(parseFlannelEnv(text)).toEqual({
      networks: ['10.42.0.0/16', '192.168.0.0/16'],
      subnets: ['10.42.0.1/24'],
    });
  });

  it.each([
    '',
    'FLANNEL_NETWORK=10.42.0.0/16\n',
    'FLANNEL_SUBNET=10.42.0.1\n',
    'FLANNEL_SUBNET=10.42.0.1/24/8\n',
    'export FLANNEL_SUBNET=10.42.0.1/24\n',
    'FLANNEL_SUBNET="10.42.0.1/24"\n',
  ])('is not believed where it has no subnet of this host: %j', (text) => {
    expect(parseFlannelEnv(text)).toBeUndefined();
  });

  it('is read again as it was written', () => {
    const cidr = fc
      .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
      .map(([address, prefix]) => `${address}/${prefix}`);
    fc.assert(
      fc.property(cidr, cidr, fc.integer({ min: 1, max: 65535 }), fc.boolean(), (network, subnet, mtu, ipMasq) => {
        const text = `FLANNEL_NETWORK=${network}\nFLANNEL_SUBNET=${subnet}\nFLANNEL_MTU=${mtu}\nFLANNEL_IPMASQ=${ipMasq}\n`;
        expect(parseFlannelEnv(text)).toEqual({ networks: [network], subnets: [subnet], mtu, ipMasq });
      }),
    );
  });
});

it('a machine behind flannel.1 is known where neighbours and forwarding database agree on its MAC', () => {
  // iproute2 6.15, on a host with flannel's vxlan backend.
  const neighbours = JSON.stringify([
    { dst: '10.244.1.0', lladdr: '02:00:00:f1:00:02', state: ['PERMANENT'] },
    { dst: '10.244.2.0', lladdr: '02:00:00:f1:00:03', state: ['PERMANENT'] },
    { dst: '10.244.3.0', state: ['FAILED'] },
  ]);
  const forwarding = JSON.stringify([
    { dst: '198.18.0.2', lladdr: '02:00:00:f1:00:02', state: ['PERMANENT'] },
    { dst: '198.18.0.9', lladdr: '02:00:00:f1:00:09', state: ['PERMANENT'] },
  ]);
  expect(joinVteps('flannel.1', neighbours, forwarding)).toEqual([
    { link: 'flannel.1', gateway: '10.244.1.0', mac: '02:00:00:f1:00:02', host: '198.18.0.2' },
  ]);
  expect(joinVteps('flannel.1', '', '')).toEqual([]);
});

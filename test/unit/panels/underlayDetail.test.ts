import { describe, expect, it } from 'vitest';
import { lookupOf } from '../../../src/editor/lookup.ts';
import type { DetailContext } from '../../../src/panels/detailParts.ts';
import { endpointRows } from '../../../src/panels/endpointDetail.ts';
import { linkDetail } from '../../../src/panels/linkDetail.ts';
import { networkDetail } from '../../../src/panels/networkDetail.ts';
import type { Detail, DetailRow } from '../../../src/protocol/messages.ts';
import type { KernelView, Link, Network } from '../../../src/topology/model.ts';
import { bridge, endpoint, link, network, networks, snapshot } from '../support/snapshots.ts';

/** A host with these links and routes. */
function contextOf(view: Partial<KernelView>, links: readonly Link[], on: readonly Network[] = []): DetailContext {
  const host = { containerIds: [], pid: 1, exact: true, links, routes: [], ...view.host };
  const from = snapshot({
    networks: on,
    kernel: { kind: 'read', view: { source: 'local', containers: [], ...view, host } },
  });
  const { name, version, operatingSystem } = from.engine;
  return {
    lookup: lookupOf(from),
    graph: {
      engine: { name, version, operatingSystem },
      recorded: false,
      kernelRead: true,
      nodes: [],
      edges: [],
    },
  };
}

function valuesOf(rows: readonly DetailRow[] = []): string[] {
  return rows.map(({ label, value }) => `${label}: ${value}`);
}

function section(card: Detail, title: string): string[] {
  return valuesOf(card.sections.find((one) => one.title === title)?.rows);
}

describe('the card of a link', () => {
  it('of flannel says what it is, and on which machine each subnet is', () => {
    const device = link('flannel.1', 9, { kind: 'vxlan', vxlan: { vni: 1 } });
    const routes = [{ destination: '10.244.2.0/24', gateway: '10.244.2.0', link: 'flannel.1', metric: 0 }];
    const vteps = [{ link: 'flannel.1', gateway: '10.244.2.0', mac: '02:00:00:f1:00:02', host: '192.0.2.12' }];
    const host = { containerIds: [], pid: 1, exact: true, links: [device], routes };
    const card = linkDetail(contextOf({ host, vteps }, [device]), 'link:flannel.1', device);
    expect(section(card, 'Link').join('\n')).toContain('Whose it is: flannel makes an overlay of it');
    expect(section(card, 'Subnets of other machines')).toEqual(['10.244.2.0/24: on 192.0.2.12 (VTEP)']);
  });

  it.each([
    ['weave', 'bridge', [], 'over UDP port 6783 (sleeve)'],
    ['weave', 'bridge', [link('datapath', 8)], 'weave plugs containers of all machines'],
    ['datapath', 'other', [], 'Open vSwitch datapath'],
    ['vxlan-6784', 'vxlan', [], 'VXLAN over UDP port 6784'],
    ['vethwe-bridge', 'veth', [], 'weave made this veth'],
    ['virbr0', 'bridge', [], 'libvirt makes a bridge of this name'],
  ] as const)('%s of kind %s says whose it is', (name, kind, others, words) => {
    const own = link(name, 7, { kind });
    const card = linkDetail(contextOf({}, [own, ...others]), `link:${name}`, own);
    expect(section(card, 'Link').join('\n')).toContain(words);
  });

  it('of a parent says who reaches those that ride on it', () => {
    const parent = link('eth0', 2, { kind: 'physical' });
    const lan = network('lan', { driver: 'ipvlan', options: { parent: 'eth0', ipvlan_mode: 'l3' } });
    const rows = section(linkDetail(contextOf({}, [parent], [lan]), 'link:eth0', parent), 'Link');
    expect(rows.join('\n')).toMatch(/Who reaches whom: Mode L3.*\n: The host itself cannot reach/);
  });
});

describe('the card of a network', () => {
  it('that rides on a parent has mode, VLAN, and who reaches whom; so has that of an endpoint', () => {
    const lan = network('lan', { driver: 'macvlan', options: { parent: 'eth0.20' } });
    const vlan = link('eth0.20', 7, { kind: 'vlan', iflink: 2, vlanId: 20 });
    const context = contextOf({}, [link('eth0', 2, { kind: 'physical' }), vlan], [lan]);
    const rows = section(networkDetail(context, 'network:lan', lan), 'Network');
    const meaning = [
      'macvlan mode: bridge',
      'VLAN: VLAN 20 (802.1Q)',
      'Who reaches whom: Mode bridge: containers on this parent reach each other directly.',
    ];
    expect(rows).toEqual(expect.arrayContaining(['Parent: eth0.20', ...meaning]));
    expect(rows.join('\n')).toContain('The host itself cannot reach these containers');
    expect(valuesOf(endpointRows(context, endpoint('test1', lan)))).toEqual(expect.arrayContaining(meaning));
  });

  it('says whether the default network is on flannel’s', () => {
    const flannel = { networks: ['10.244.0.0/16'], subnets: ['10.244.1.1/24'] };
    const own = {
      ...networks.bridge,
      options: { ...networks.bridge.options, 'com.docker.network.bridge.default_bridge': 'true' },
    };
    const docker0 = bridge('docker0', 3, '02:42:f1:a2:b3:c4', '172.17.0.1');
    const told = (on: Network): string => {
      const context = contextOf({ flannel }, [docker0], [on]);
      const cards = [networkDetail(context, 'network:bridge', on), linkDetail(context, 'bridge:docker0', docker0)];
      const rows = [...section(cards[0] as Detail, 'Network'), ...section(cards[1] as Detail, 'Link')];
      return rows.filter((row) => row.startsWith('flannel: ')).join('\n');
    };
    expect(told(own).match(/its containers are not on flannel’s network/g)).toHaveLength(2);
    const inside = { ...own, pools: [{ subnet: '10.244.1.0/24', auxiliaryAddresses: {} }] };
    expect(told(inside).match(/docker0 takes its addresses from flannel \(10\.244\.1\.0\/24\)/g)).toHaveLength(2);
  });
});

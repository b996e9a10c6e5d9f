import { describe, expect, it } from 'vitest';
import { hostLinkRows } from '../../../src/views/hostLinkRows.ts';
import type { KernelView, Link, Snapshot } from '../../../src/topology/model.ts';
import { bridge, idOf, link, network, networks, snapshot, tutorial } from '../support/snapshots.ts';
import { at, contextOf, labels } from './rows.ts';

const rows = (from = tutorial()) => hostLinkRows(contextOf(from));

function withHostLinks(from: Snapshot, change: (links: readonly Link[]) => readonly Link[]): Snapshot {
  if (from.kernel.kind !== 'read') throw new Error('no kernel');
  const { view } = from.kernel;
  return {
    ...from,
    kernel: { kind: 'read', view: { ...view, host: { ...view.host, links: change(view.host.links) } } },
  };
}

const host = (...links: readonly Link[]): Snapshot => withHostLinks(tutorial({ wires: [] }), () => links);

describe('the tree Host Links', () => {
  it('shows the bridges first, then what else there is', () => {
    expect(labels(rows())).toEqual([
      `br-${networks.myBridge.id.slice(0, 12)}`,
      `br-${networks.shop.id.slice(0, 12)}`,
      'docker0',
      'Uplinks',
      'Other Links',
      'Orphan Veths',
    ]);
  });

  it('shows of a bridge what brctl show tells, and which Docker network it is', () => {
    expect(at(rows(), 'docker0').description).toBe(
      'network bridge · 8000.0242f1a2b3c4 · STP off · 172.17.0.1/16 · MTU 1500 · 3 ports',
    );
  });

  it('shows the ports of a bridge with the container interface at the other end', () => {
    const ports = at(rows(), 'docker0').children?.() ?? [];
    expect(ports.map(({ label, description }) => `${label} ${description ?? ''}`)).toEqual([
      'veth000000b ⇄ test1 eth0',
      'veth0bad0ff orphan: no container at its other end',
      'veth000000d ⇄ test2 eth0',
    ]);
  });

  it('lists a leaked veth under its bridge and among the orphans', () => {
    expect(labels(at(rows(), 'Orphan Veths').children?.() ?? [])).toEqual(['veth0bad0ff']);
  });

  it('shows the veth that an engine in a namespace goes out by as its uplink, not as an orphan', () => {
    const uplink = link('eth0', 2, {
      kind: 'veth',
      iflink: 9,
      addresses: [{ address: '192.0.2.2', prefixLength: 24 }],
    });
    const from = host(uplink);
    if (from.kernel.kind !== 'read') throw new Error('no kernel');
    const { view } = from.kernel;
    const routes = [{ destination: 'default', gateway: '192.0.2.1', link: 'eth0', metric: 0 }];
    const all = rows({ ...from, kernel: { kind: 'read', view: { ...view, host: { ...view.host, routes } } } });
    expect(labels(all)).toEqual(['Uplinks']);
    expect(at(all, 'Uplinks', 'eth0').description).toBe('veth · 192.0.2.2/24 · MTU 1500 · default route');
  });

  it('jumps from a port to its endpoint and container', () => {
    const row = at(rows(), 'docker0', 'veth000000b');
    expect(row.subject).toEqual({
      kind: 'link',
      name: 'veth000000b',
      endpoint: { containerId: idOf('ctr test1'), networkId: networks.bridge.id },
    });
    expect(row.tokens).toEqual(expect.arrayContaining(['can:revealContainer', 'can:revealEndpoint', 'can:copyMac']));
  });

  it('shows the link with the default route as an uplink', () => {
    expect(at(rows(), 'Uplinks', 'eth0').description).toBe('physical · 192.0.2.10/24 · MTU 1500 · default route');
  });

  it('does not call a veth an orphan that may be a container’s', () => {
    const wires = tutorial().wires.map(({ hostLink, ...wire }) => ({
      ...wire,
      confidence: 'unknown' as const,
      candidates: [hostLink?.name ?? '', 'veth0bad0ff'],
    }));
    const from = tutorial({ wires: wires.filter(({ containerId }) => containerId === idOf('ctr test1')) });
    expect(at(rows(from), 'docker0', 'veth0bad0ff').description).toBe('⇄ ? maybe test1 eth0');
    expect(at(rows(from), 'docker0', 'veth000000b').description).toBe('⇄ ? maybe test1 eth0');
  });

  it('does not call a veth an orphan while a namespace is unread and a wire on its bridge unknown', () => {
    const from = tutorial();
    if (from.kernel.kind !== 'read') throw new Error('no kernel');
    const containers = from.kernel.view.containers.map((one) => ({ ...one, exact: false }));
    const wires = from.wires.map(({ hostLink: _, ...wire }) => ({ ...wire, confidence: 'unknown' as const }));
    const kernel = { kind: 'read' as const, view: { ...from.kernel.view, containers } };
    expect(at(rows({ ...from, kernel, wires }), 'docker0', 'veth0bad0ff').description).toBe('⇄ ? not readable');
  });

  it('names a container interface that no Docker network explains', () => {
    const from = tutorial({ wires: [] });
    expect(at(rows(from), 'docker0', 'veth000000b').description).toBe('⇄ test1, shared1 eth0, no Docker network');
  });

  it('shows a patch cable between two bridges as a pair', () => {
    const ends = [
      link('vethA', 50, { kind: 'veth', iflink: 51, master: 'docker0' }),
      link('vethB', 51, { kind: 'veth', iflink: 50, master: 'br9' }),
    ];
    const from = host(
      bridge('docker0', 3, '02:00:00:00:00:01', '10.0.0.1'),
      bridge('br9', 4, '02:00:00:00:00:02', '10.1.0.1'),
      ...ends,
    );
    expect(at(rows(from), 'docker0', 'vethA').description).toBe('⇄ vethB');
    expect(labels(rows(from))).not.toContain('Orphan Veths');
  });

  it('shows VNI, VTEP and port of a vxlan', () => {
    const from = host(
      link('flannel.1', 9, { kind: 'vxlan', mtu: 1450, vxlan: { vni: 1, local: '192.0.2.10', port: 8472 } }),
    );
    expect(at(rows(from), 'VXLAN', 'flannel.1').description).toBe(
      'vxlan · flannel, 0 remote subnets · VNI 1 · VTEP 192.0.2.10 · UDP port 8472 · MTU 1450',
    );
  });

  it('shows under the parent of a macvlan network who rides on it', () => {
    const lan = network('lan', { driver: 'macvlan', options: { parent: 'eth0' } });
    const from: Snapshot = {
      ...tutorial(),
      networks: [lan],
      wires: [
        {
          containerId: idOf('ctr test3'),
          networkId: lan.id,
          kind: 'macvlan',
          containerLink: { name: 'eth0', ifindex: 9 },
          hostLink: { name: 'eth0', ifindex: 2 },
          confidence: 'exact',
          evidence: [{ kind: 'parent', containerLink: 'eth0', parent: 'eth0' }],
          candidates: [],
        },
      ],
    };
    expect(at(rows(from), 'Uplinks', 'eth0').description).toContain('parent of lan');
    expect(at(rows(from), 'Uplinks', 'eth0', 'test3 eth0').description).toBe('macvlan · mode bridge · lan');
  });

  it('loses no link, whatever its kind or master', () => {
    const kinds = [
      'dummy',
      'tun',
      'wireguard',
      'vlan',
      'bond',
      'macvlan',
      'ipvlan',
      'macvtap',
      'vxlan',
      'tunnel',
      'other',
      'veth',
    ] as const;
    const links = kinds.map((kind, number) =>
      link(`${kind}0`, 60 + number, { kind, master: 'ovs-system', iflink: 999 }),
    );
    const shown = rows(host(...links)).flatMap((row) => labels(row.children?.() ?? []));
    expect(shown.sort()).toEqual(links.map(({ name }) => name).sort());
  });

  it('has no rows where the kernel is absent: a welcome view says why', () => {
    expect(rows(snapshot())).toEqual([]);
  });
});

describe('what is not of this engine', () => {
  it("says whose a bridge is that is not Docker's, and shows weave and flannel as what they are", () => {
    const from = host(
      bridge('virbr0', 20, '52:54:00:00:00:01', '192.168.122.1'),
      bridge('br0', 21, '52:54:00:00:00:02', '192.168.7.1'),
      bridge('weave', 22, '52:54:00:00:00:03', '10.32.0.1'),
      link('vxlan-6784', 23, { kind: 'vxlan', vxlan: { vni: 0, port: 6784 } }),
    );
    expect(at(rows(from), 'virbr0').description).toMatch(/^of libvirt · /);
    expect(at(rows(from), 'br0').description).toMatch(/^not Docker's · /);
    expect(at(rows(from), 'weave').description).toMatch(/^weave · /);
    expect(at(rows(from), 'VXLAN', 'vxlan-6784').description).toMatch(/^vxlan · weave · /);
    expect(at(rows(from), 'virbr0').tooltip?.()).toContain('libvirt makes a bridge of this name');
  });

  it('says of an uplink which subnets of other machines are routed over it', () => {
    const from = host(link('eth9', 30, { kind: 'physical' }));
    if (from.kernel.kind !== 'read') throw new Error('no kernel');
    const { view } = from.kernel;
    const routes = [{ destination: '10.1.20.0/24', gateway: '192.0.2.7', link: 'eth9', metric: 0 }];
    const routed: Snapshot = {
      ...from,
      kernel: { kind: 'read', view: { ...view, host: { ...view.host, routes } } },
    };
    expect(at(rows(routed), 'Uplinks', 'eth9').tooltip?.()).toContain('10\\.1\\.20\\.0\\/24 → 192\\.0\\.2\\.7');
  });

  describe('with flannel', () => {
    const flannel = { networks: ['10.244.0.0/16'], subnets: ['10.244.1.1/24'], mtu: 1450 };
    const onFlannel = (subnet: string, mtu = '1450'): Snapshot['networks'][number] => ({
      ...networks.bridge,
      pools: [{ subnet, auxiliaryAddresses: {} }],
      options: {
        'com.docker.network.bridge.name': 'docker0',
        'com.docker.network.bridge.default_bridge': 'true',
        'com.docker.network.driver.mtu': mtu,
      },
    });
    function withFlannel(
      view: Partial<KernelView>,
      on = onFlannel('10.244.1.0/24'),
      ...links: readonly Link[]
    ): Snapshot {
      const from = withHostLinks(tutorial({ wires: [], networks: [on] }), (all) => [...all, ...links]);
      if (from.kernel.kind !== 'read') throw new Error('no kernel');
      return { ...from, kernel: { kind: 'read', view: { ...from.kernel.view, flannel, ...view } } };
    }
    const routesOver = (name: string, gateway: string): Partial<KernelView> => ({
      host: {
        containerIds: [],
        pid: 1,
        exact: true,
        links: [link(name, 30, { kind: name.startsWith('flannel') ? 'vxlan' : 'physical' })],
        routes: [{ destination: '10.244.2.0/24', gateway, link: name, metric: 0 }],
      },
    });

    it('says of docker0 that it takes its addresses from there, and of too great an MTU', () => {
      const fine = at(rows(withFlannel({})), 'docker0');
      expect(fine.description).toContain(' · addresses from flannel · ');
      expect(fine.tooltip?.()).toContain('docker0 takes its addresses from flannel \\(10\\.244\\.1\\.0\\/24\\)\\.');
      expect(fine.tooltip?.()).not.toContain('MTU is greater');
      const tooLarge = withFlannel({}, onFlannel('10.244.1.0/24', '1500'));
      expect(at(rows(tooLarge), 'docker0').tooltip?.()).toContain('Its MTU is greater than flannel’s \\(1450\\)');
    });

    it('says of docker0 that it is not on flannel’s network where the engine was not told', () => {
      const row = at(rows(withFlannel({}, onFlannel('172.17.0.0/16'))), 'docker0');
      expect(row.description).not.toContain('flannel');
      expect(row.tooltip?.()).toContain('its containers are not on flannel’s network');
    });

    it('says of flannel.1 on which machine each subnet is', () => {
      const vteps = [{ link: 'flannel.1', gateway: '10.244.2.0', mac: '02:00:00:f1:00:02', host: '192.0.2.12' }];
      const known = withFlannel({ ...routesOver('flannel.1', '10.244.2.0'), vteps });
      expect(at(rows(known), 'VXLAN', 'flannel.1').tooltip?.()).toContain(
        '10\\.244\\.2\\.0\\/24 on 192\\.0\\.2\\.12 \\(VTEP\\)\\.',
      );
      const unknown = withFlannel(routesOver('flannel.1', '10.244.2.0'));
      expect(at(rows(unknown), 'VXLAN', 'flannel.1').tooltip?.()).toContain('by way of 10\\.244\\.2\\.0');
    });

    it('says of an uplink that flannel’s host-gw routes over it', () => {
      const row = at(rows(withFlannel(routesOver('eth9', '192.0.2.12'))), 'Uplinks', 'eth9');
      expect(row.description).toContain('flannel (host-gw)');
      expect(row.tooltip?.()).toContain('10\\.244\\.2\\.0\\/24 on 192\\.0\\.2\\.12\\.');
      expect(row.tooltip?.()).not.toContain('as flannel’s host');
    });
  });

  it('says of a parent who reaches those that ride on it, by the mode of their network', () => {
    const lan = (options: Record<string, string>, driver = 'ipvlan'): Snapshot =>
      withHostLinks(tutorial({ wires: [], networks: [network('lan', { driver, options })] }), (links) => links);
    const tooltip = (from: Snapshot): string => at(rows(from), 'Uplinks', 'eth0').tooltip?.() ?? '';
    expect(tooltip(lan({ parent: 'eth0' }))).toContain('Mode L2');
    expect(tooltip(lan({ parent: 'eth0' }))).toContain('; other machines on the link can');
    expect(tooltip(lan({ parent: 'eth0', ipvlan_mode: 'l3' }))).toContain('where they have a route to the subnet');
    expect(tooltip(lan({ parent: 'eth0', macvlan_mode: 'vepa' }, 'macvlan'))).toContain('unless the switch sends');
  });
});

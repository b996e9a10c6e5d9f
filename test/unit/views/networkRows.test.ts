import { describe, expect, it } from 'vitest';
import { networkRows } from '../../../src/views/networkRows.ts';
import { nodeSnapshot, sandboxSnapshot } from '../support/overlays.ts';
import { crowd, endpoint, idOf, network, networks, snapshot, tutorial, withContainer } from '../support/snapshots.ts';
import type { Network } from '../../../src/topology/model.ts';
import type { Row } from '../../../src/views/row.ts';
import { at, contextOf, flat, labels } from './rows.ts';
import { cpuTime } from '../support/cpuTime.ts';

const rows = (from = tutorial(), options = {}) => networkRows(contextOf(from, options));

describe('the tree Networks', () => {
  it('lists every network, the built-in ones last', () => {
    expect(labels(rows())).toEqual(['my-bridge', 'shop_default', 'bridge', 'host', 'none']);
  });

  it('shows driver, subnet, gateway and count on the network row', () => {
    expect(at(rows(), 'my-bridge').description).toBe('bridge · 172.18.0.0/16 · gateway 172.18.0.1 · 4 containers');
  });

  it('says that a network is internal, and its scope where it is not local', () => {
    const made = network('far', { driver: 'overlay', scope: 'swarm', internal: true });
    expect(at(rows(snapshot({ networks: [made] })), 'far').description).toBe(
      'overlay · swarm · internal · 0 containers',
    );
  });

  it('shows the address and the wire of each endpoint, with which test2 has one on each of its networks', () => {
    expect(at(rows(), 'bridge', 'test2').description).toBe('172.17.0.3 · eth0 ⇄ veth000000d · docker0');
    expect(at(rows(), 'my-bridge', 'test2').description).toMatch(/^172\.18\.0\.3 · eth1 ⇄ veth0000011 · br-/);
  });

  it('shows IP, MAC, both ends with ifindex, bridge, gateway and names below an endpoint', () => {
    const details = at(rows(), 'my-bridge', 'test3').children?.() ?? [];
    expect(details.map(({ label, description }) => `${label}: ${description ?? ''}`)).toEqual([
      'IPv4: 172.18.0.2/16',
      'MAC: 02:42:ac:12:00:02',
      'Interface: eth0 (ifindex 14)',
      'Host veth: veth000000f (ifindex 15)',
      `Bridge: br-${networks.myBridge.id.slice(0, 12)}`,
      'Gateway: 172.18.0.1',
      'Aliases: test3',
    ]);
  });

  it('shows a container that joined a namespace under its owner', () => {
    const [first] = at(rows(), 'bridge', 'test1').children?.() ?? [];
    expect(first?.label).toBe('shared1');
    expect(first?.description).toBe('shares this namespace');
    expect(first?.subject).toEqual({ kind: 'container', containerId: idOf('ctr shared1') });
  });

  it('says what host and none mode have instead of a wire', () => {
    expect(at(rows(), 'host', 'host1').description).toBe('namespace of the host');
    expect(at(rows(), 'none', 'none1').description).toBe('loopback only');
  });

  it('keeps a stopped container on its network, without a wire', () => {
    const row = at(rows(), 'my-bridge', 'stopped1');
    expect(row.description).toBe('exited');
    expect(row.tokens).toContain('stopped');
    expect(row.tokens).not.toContain('can:copyIp');
  });

  it('shows the address that is fixed for a stopped container', () => {
    const fixed = withContainer(tutorial(), 'stopped1', {
      endpoints: [endpoint('stopped1', networks.myBridge, { fixedIpv4: '172.18.0.99' })],
    });
    expect(at(rows(fixed), 'my-bridge', 'stopped1').description).toBe('172.18.0.99 (fixed) · exited');
  });

  it('leaves out built-in networks and stopped containers where the person wants that', () => {
    const fewer = rows(tutorial(), { showBuiltIn: false, showStopped: false });
    expect(labels(fewer)).toEqual(['my-bridge', 'shop_default']);
    expect(labels(at(fewer, 'my-bridge').children?.() ?? [])).not.toContain('stopped1');
  });

  it('does not take a network of the person’s own for a built-in one', () => {
    const own = network('bridge', { id: idOf('own'), driver: 'macvlan' });
    expect(rows(snapshot({ networks: [own] }), { showBuiltIn: false })).toHaveLength(1);
  });

  it('groups by driver', () => {
    const grouped = rows(tutorial(), { groupBy: 'driver' });
    expect(labels(grouped)).toEqual(['bridge', 'host', 'null']);
    expect(labels(at(grouped, 'bridge').children?.() ?? [])).toEqual(['my-bridge', 'shop_default', 'bridge']);
  });

  it('groups by Compose project, those without one last', () => {
    const grouped = rows(tutorial(), { groupBy: 'project' });
    expect(labels(grouped)).toEqual(['shop', 'No Compose project']);
    expect(labels(at(grouped, 'shop').children?.() ?? [])).toEqual(['shop_default']);
  });

  it('tells networks of one name apart by their ids', () => {
    const twins = [network('twin', { id: 'a'.repeat(64) }), network('twin', { id: 'b'.repeat(64) })];
    expect(labels(rows(snapshot({ networks: twins })))).toEqual(['twin (aaaaaaaaaaaa)', 'twin (bbbbbbbbbbbb)']);
  });

  it('shows an undecided wire as that, with how many veths it may be', () => {
    const from = tutorial();
    const wires = from.wires.map(({ hostLink, ...wire }) => ({
      ...wire,
      confidence: 'unknown' as const,
      candidates: [hostLink?.name ?? '', 'veth0bad0ff'],
    }));
    const row = at(rows({ ...from, wires }), 'bridge', 'test1');
    expect(row.description).toBe('172.17.0.2 · eth0 ⇄ ? (2 candidates) · docker0');
    expect(row.icon?.color).toBe('disabledForeground');
    expect(row.tokens).not.toContain('can:revealHostLink');
    expect(row.spoken).toContain('host end unknown, 2 candidates');
  });

  it('tells in the tooltip by which evidence a wire is known', () => {
    const tooltip = at(rows(), 'bridge', 'test1').tooltip?.() ?? '';
    expect(tooltip).toContain(
      '`eth0` in the container names ifindex 11 as its peer (iflink): on the host that is `veth000000b`.',
    );
    expect(tooltip).toContain('exact: the kernel says so');
  });

  it('tells a screen reader what the eye sees', () => {
    expect(at(rows(), 'bridge', 'test1').spoken).toBe(
      'test1, running, 172.17.0.2, eth0 wired to veth000000b, on bridge docker0, exact: the kernel says so',
    );
  });

  it('offers the jumps, copies and changes that have a target', () => {
    expect(at(rows(), 'bridge', 'test1').tokens).toEqual([
      'endpoint',
      'running',
      'bridge',
      'can:inspect',
      'can:copyName',
      'can:copyId',
      'can:showInDiagram',
      'can:copyIp',
      'can:copyMac',
      'can:copyLink',
      'can:revealHostLink',
      'can:tailLogs',
      'can:openShell',
      'can:openNetworkShell',
      'can:disconnect',
      'can:editEndpoint',
      'can:revealContainer',
    ]);
  });

  it('sorts numbered names as people count', () => {
    const names = labels(at(rows(crowd(12)), 'crowd-net1').children?.() ?? []);
    expect(names.slice(0, 3)).toEqual(['crowd1', 'crowd2', 'crowd3']);
    expect(names.at(-1)).toBe('crowd12');
  });

  it('leaves out the one row that cannot be made, and says so', () => {
    const odd = new Proxy(network('odd'), {
      get: (target, key, self): unknown => {
        if (key === 'internal') throw new Error('odd record');
        return Reflect.get(target, key, self);
      },
    });
    const skipped: unknown[] = [];
    const context = contextOf(snapshot({ networks: [networks.bridge, odd, networks.none] }));
    expect(labels(networkRows({ ...context, skipped: (thrown) => skipped.push(thrown) }))).toEqual(['bridge', 'none']);
    expect(skipped).toEqual([new Error('odd record')]);
  });

  it('makes 300 endpoints of one network, with details, within a blink', () => {
    const from = crowd(300);
    let made = 0;
    expect(cpuTime(() => (made = flat(rows(from)).length))).toBeLessThan(500);
    expect(made).toBeGreaterThan(1500);
  });
});

describe('an overlay network in the tree', () => {
  const swarm = nodeSnapshot('swarm-28.5/manager');
  const facts = (row: { readonly label: string; readonly description?: string }): string =>
    `${row.label.replace(/^(web\.\d).*/, '$1')}: ${row.description ?? ''}`;

  it('says VNI and encryption, and how it gets from host to host', () => {
    expect(at(rows(swarm), 'sealed').description).toBe(
      'overlay · 10.0.1.0/24 · gateway 10.0.1.1 · swarm · VNI 4098 · encrypted · 0 containers',
    );
    expect(at(rows(swarm), 'sealed').tooltip?.()).toContain('It is encrypted on its way');
    const tooltip = at(rows(swarm), 'demo').tooltip?.();
    expect(tooltip).toContain('Hosts: `198.18.0.1`, `198.18.0.2`');
    expect(tooltip?.replaceAll('\\', '')).toContain(
      'wrapped into UDP (VXLAN, port 4789) between the hosts 198.18.0.1, 198.18.0.2. It is not encrypted on its way.',
    );
    expect(at(rows(), 'my-bridge').tooltip?.()).not.toContain('VXLAN');
  });

  it('has what is on other hosts and its services below its own containers', () => {
    expect((at(rows(swarm), 'demo').children?.() ?? []).map(facts)).toEqual([
      'demo1: 10.77.0.2 · ? ⇄ overlay',
      'web.2: 10.77.0.8 · ? ⇄ overlay',
      'demo2: 10.77.0.4 · on another host (198.18.0.2)',
      'web.1: 10.77.0.7 · on another host (198.18.0.2)',
      'web: service · virtual IP 10.77.0.6 · 2 tasks',
    ]);
    expect((at(rows(swarm), 'demo', 'web').children?.() ?? []).map(facts)).toEqual([
      'web.1: 10.77.0.7 · on another host (198.18.0.2)',
      'web.2: 10.77.0.8 · on this host',
    ]);
    expect(at(rows(swarm), 'ingress', 'web').description).toContain('Target: 6379, Publish: 8088');
    const remote = at(rows(swarm), 'demo', 'demo2');
    expect(remote.subject).toBeUndefined();
    expect(remote.tokens).toEqual(['remote']);
  });

  it('says that a container is on another host where a cluster store does not tell which', () => {
    const stored = nodeSnapshot('etcd-20.10/first');
    expect(at(rows(stored), 'demo', 'demo2').description).toBe('10.77.0.3 · on another host');
  });

  it('shows the end of the wire in the sandbox, without a way to a host link of that name', () => {
    const snapshot = sandboxSnapshot('swarm-28.5/manager');
    const row = at(rows(snapshot), 'demo', 'demo1');
    expect(row.description).toBe('10.77.0.2 · eth0 ⇄ overlay · veth1');
    expect(row.tokens).not.toContain('can:revealHostLink');
    // The swarm chose it, though its record looks as if a person had.
    expect(at(row.children?.() ?? [], 'IPv4').description).toBe('10.77.0.2/24');
    expect(at(row.children?.() ?? [], 'Network namespace').description).toMatch(/^1-/);
    expect(at(row.children?.() ?? [], 'Host link').tokens).toEqual(['detail']);
    expect(at(row.children?.() ?? [], 'Bridge').tokens).toEqual(['detail', 'can:copyLink']);
  });
});

describe('a network that rides on a parent', () => {
  const lan = (driver: string, options: Record<string, string>, more: Partial<Network> = {}): Row =>
    at(rows(snapshot({ networks: [network('lan', { driver, options, ...more })] })), 'lan');

  it('shows its mode, its parent and its VLAN', () => {
    const row = lan('macvlan', { parent: 'eth0.20', macvlan_mode: 'private' });
    expect(row.description).toBe('macvlan · mode private · parent eth0.20 · VLAN 20 · 0 containers');
    expect(row.spoken).toContain('mode private');
    const tooltip = row.tooltip?.() ?? '';
    expect(tooltip).toContain('Parent: `eth0.20`');
    expect(tooltip).toContain('macvlan mode: private');
    expect(tooltip).toContain('VLAN: VLAN 20 (802.1Q)');
    expect(tooltip).toContain('containers on this parent do not reach each other');
    expect(tooltip).toContain('eth0\\.20 carries the frames of VLAN 20 \\(802\\.1Q\\) of eth0\\.');
    expect(tooltip).toContain('Docker makes this link itself where it is missing');
    expect(tooltip).toContain('The host itself cannot reach these containers');
  });

  it.each([
    ['l2', 'L2', 'other machines on the link can'],
    ['l3', 'L3', 'where they have a route to the subnet by this host'],
    ['l3s', 'L3S', 'the packet filter of the host sees what they receive'],
  ])('says of ipvlan in mode %s what it is and who reaches whom', (mode, name, words) => {
    const row = lan('ipvlan', { parent: 'eth0', ipvlan_mode: mode });
    expect(row.description).toContain(`mode ${name}`);
    expect(row.tooltip?.()).toContain(words);
    expect(row.tooltip?.()).toContain('The host itself cannot reach these containers');
  });

  it('does not say that others reach it where its parent leads nowhere', () => {
    expect(lan('macvlan', {}, { internal: true }).tooltip?.()).toContain('neither the host nor other machines');
  });

  it('says nothing of VLANs that Podman makes itself: it makes none', () => {
    const row = lan('macvlan', { parent: 'eth0.20' }, { networkInterface: 'eth0.20' });
    expect(row.tooltip?.()).toContain('carries the frames of VLAN 20');
    expect(row.tooltip?.()).not.toContain('Docker makes');
  });

  it('says it at each of its containers', () => {
    const on = network('lan', { driver: 'macvlan', options: { parent: 'eth0' } });
    const from = withContainer(tutorial({ networks: [on] }), 'test3', { endpoints: [endpoint('test3', on)] });
    expect(at(rows(from), 'lan', 'test3').tooltip?.()).toContain('The host itself cannot reach these containers');
  });
});

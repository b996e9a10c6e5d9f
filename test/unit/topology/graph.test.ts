import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../src/topology/graph.ts';
import { chipId, elementOf, elementsOf, subjectOfElement } from '../../../src/topology/graphElements.ts';
import type { Graph, GraphEdge, GraphNode, NamespaceNode } from '../../../src/topology/graphModel.ts';
import {
  isRunning,
  type KernelView,
  type Link,
  type NetNamespace,
  type Snapshot,
} from '../../../src/topology/model.ts';
import { buildSnapshot } from '../../../src/topology/snapshot.ts';
import { anyPlan, anySnapshot, planned, town, type Plan, type PlannedContainer } from '../support/anySnapshot.ts';
import { cpuTime } from '../support/cpuTime.ts';
import {
  bridge,
  container,
  endpoint,
  hostile,
  idOf,
  link,
  loopback,
  network,
  networks,
  snapshot,
  tutorial,
} from '../support/snapshots.ts';

const plain: PlannedContainer = {
  mode: 'network',
  seats: [1],
  owner: 0,
  state: 'running',
  ports: [],
  links: [],
  extra: false,
};
const quiet: Plan = {
  kernel: 'root',
  uplink: 'physical',
  networks: [{ driver: 'bridge' }],
  containers: [plain],
  orphans: 0,
  others: false,
};
const drawn = (plan: Partial<Plan>): Graph => graphOf(planned({ ...quiet, ...plan }));

const nodesOf = <K extends GraphNode['kind']>(graph: Graph, kind: K): Extract<GraphNode, { kind: K }>[] =>
  graph.nodes.filter((node): node is Extract<GraphNode, { kind: K }> => node.kind === kind);
const edgesOf = <K extends GraphEdge['kind']>(graph: Graph, kind: K): Extract<GraphEdge, { kind: K }>[] =>
  graph.edges.filter((edge): edge is Extract<GraphEdge, { kind: K }> => edge.kind === kind);
function boxWith(graph: Graph, name: string): NamespaceNode {
  const box = nodesOf(graph, 'namespace').find(({ containers }) => containers.some((one) => one.name === name));
  if (box === undefined) throw new Error(`no box of ${name}`);
  return box;
}
const namesIn = ({ containers }: NamespaceNode): string[] => containers.map(({ name }) => name);
const nameOf = (graph: Graph, id: string): string | undefined => {
  const node = graph.nodes.find((one) => one.id === id);
  return node === undefined || !('name' in node) ? node?.id : node.name;
};

const sample = (
  JSON.parse(readFileSync(new URL('../../../media/sample.json', import.meta.url), 'utf8')) as { snapshot: Snapshot }
).snapshot;

describe('the picture of the tutorial', () => {
  const graph = graphOf(tutorial());

  it('has the real names and indexes on every wire', () => {
    const wires = edgesOf(graph, 'wire').map(({ from, fromItem, to, hostLink }) => {
      const box = nodesOf(graph, 'namespace').find(({ id }) => id === from);
      const inside = box?.interfaces.find(({ id }) => id === fromItem);
      const here = `${box?.containers[0]?.name ?? ''} ${inside?.name ?? ''}@if${inside?.iflink ?? ''}`;
      return `${here} ${hostLink?.name ?? ''}@if${hostLink?.iflink ?? ''} ${nameOf(graph, to) ?? ''}`;
    });
    expect(wires).toEqual([
      'redis eth0@if19 veth0000013@if18 my-bridge',
      'shop-api-1 eth0@if23 veth0000017@if22 shop_default',
      'shop-web-1 eth0@if21 veth0000015@if20 shop_default',
      'test1 eth0@if11 veth000000b@if10 bridge',
      'test2 eth0@if13 veth000000d@if12 bridge',
      'test2 eth1@if17 veth0000011@if16 my-bridge',
      'test3 eth0@if15 veth000000f@if14 my-bridge',
    ]);
  });

  it('puts those that share a namespace in one box, and host, none and stopped ones where they belong', () => {
    expect(namesIn(boxWith(graph, 'shared1'))).toEqual(['test1', 'shared1']);
    expect(boxWith(graph, 'host1')).toMatchObject({ id: 'namespace:host', type: 'host', interfaces: [] });
    expect(boxWith(graph, 'none1')).toMatchObject({ type: 'none', running: true, interfaces: [] });
    expect(boxWith(graph, 'stopped1')).toMatchObject({ type: 'own', running: false });
    expect(edgesOf(graph, 'seat').map(({ to }) => nameOf(graph, to))).toEqual(['host', 'none', 'my-bridge']);
  });

  it('has the uplink, the orphan on its bridge, ports and the legacy link', () => {
    expect(nodesOf(graph, 'link').map(({ name, role, gateway }) => [name, role, gateway])).toEqual([
      ['eth0', 'uplink', '192.0.2.1'],
      ['veth0bad0ff', 'orphan', undefined],
    ]);
    expect(edgesOf(graph, 'plug').map(({ from, to }) => [from, nameOf(graph, to)])).toEqual([
      ['link:veth0bad0ff', 'bridge'],
    ]);
    expect(nodesOf(graph, 'port').map(({ hostPort, hostIps, loopback: own }) => [hostPort, hostIps, own])).toEqual([
      [6379, ['0.0.0.0', '::'], false],
      [8080, ['127.0.0.1'], true],
    ]);
    expect(edgesOf(graph, 'legacyLink').map(({ fromItem, toItem }) => [fromItem, toItem])).toEqual([
      [`container:${idOf('ctr test2')}`, `container:${idOf('ctr test1')}`],
    ]);
  });

  it('lists the networks of the engine last, and counts seats', () => {
    expect(nodesOf(graph, 'network').map(({ name, running, stopped }) => [name, running, stopped])).toEqual([
      ['my-bridge', 3, 1],
      ['shop_default', 2, 0],
      ['bridge', 2, 0],
      ['host', 1, 0],
      ['none', 1, 0],
    ]);
  });

  it('takes the veth that an engine in a container speaks through for its uplink', () => {
    expect(nodesOf(graphOf(sample), 'link')).toMatchObject([{ name: 'eth0', role: 'uplink', isDefault: true }]);
  });
});

describe('namespaces', () => {
  const box = (containers: readonly Partial<PlannedContainer>[], name: string): NamespaceNode =>
    boxWith(drawn({ containers: containers.map((one) => ({ ...plain, ...one })) }), name);

  it('follows a chain of container: modes to its owner', () => {
    const chain = [{}, { mode: 'container', owner: 0 }, { mode: 'container', owner: 1 }] as const;
    expect(namesIn(box(chain, 'c2'))).toEqual(['c0', 'c1', 'c2']);
  });

  it('keeps a box for those whose owner is gone', () => {
    const orphaned = box(
      [
        { mode: 'container', owner: 7 },
        { mode: 'container', owner: 7 },
      ],
      'c0',
    );
    expect(namesIn(orphaned)).toEqual(['c0', 'c1']);
  });

  it('survives containers that name each other or themselves', () => {
    const circle = [
      { mode: 'container', owner: 1 },
      { mode: 'container', owner: 0 },
      { mode: 'container', owner: 2 },
    ] as const;
    expect(namesIn(box(circle, 'c0')).sort()).toEqual(['c0', 'c1']);
    expect(namesIn(box(circle, 'c2'))).toEqual(['c2']);
  });

  it('puts who shares with a host container in the box of the host', () => {
    expect(box([{ mode: 'host' }, { mode: 'container', owner: 0 }], 'c1').id).toBe('namespace:host');
  });

  it('shows an interface that no seat explains', () => {
    expect(
      box([{ extra: true }], 'c0').interfaces.map(({ name, networkId }) => [name, networkId !== undefined]),
    ).toEqual([
      ['eth0', true],
      ['wg0', false],
    ]);
  });
});

describe('ways out', () => {
  it('go to the default uplink, the parent, or nowhere', () => {
    const graph = drawn({
      networks: [
        { driver: 'bridge' },
        { driver: 'routed' },
        { driver: 'internal' },
        { driver: 'ipvlan' },
        { driver: 'macvlan' },
      ],
    });
    expect(edgesOf(graph, 'egress').map(({ from, to, by }) => [nameOf(graph, from), to, by])).toEqual([
      ['net1', 'link:eth0', 'masquerade'],
      ['net2', 'link:eth0', 'route'],
      ['net4', 'link:eth9', 'parent'],
      ['net5', 'link:eth1', 'parent'],
      ['bridge', 'link:eth0', 'masquerade'],
    ]);
    // The engine names a parent that the kernel does not have.
    expect(graph.nodes.find(({ id }) => id === 'link:eth9')).toMatchObject({ role: 'parent', isDefault: false });
  });

  it('over a parent have its mode, which the engine or the kernel tells, and its VLAN', () => {
    const riders = [
      network('plain', { driver: 'macvlan', options: { parent: 'eth0' } }),
      network('l3', { driver: 'ipvlan', options: { parent: 'eth0.20', ipvlan_mode: 'l3' } }),
    ];
    const vlan = [link('eth0', 2, { kind: 'physical' }), link('eth0.20', 8, { kind: 'vlan', vlanId: 20, iflink: 2 })];
    const graph = graphOf({ ...reading(vlan), networks: riders });
    expect(nodesOf(graph, 'network').map(({ name, parent, mode, vlanId }) => [name, parent, mode, vlanId])).toEqual([
      ['l3', 'eth0.20', 'l3', 20],
      ['plain', 'eth0', 'bridge', undefined],
    ]);
    expect(nodesOf(graphOf(tutorial()), 'network').filter((node) => 'mode' in node || 'encrypted' in node)).toEqual([]);
  });

  it('lead to a bridge that the default route leaves by', () => {
    const made = reading(
      [bridge('br0', 5, '02:42:00:00:00:05', '192.0.2.10'), link('eth0', 2, { kind: 'physical', master: 'br0' })],
      [],
      [{ destination: 'default', gateway: '192.0.2.1', link: 'br0', metric: 0 }],
    );
    const graph = graphOf(made);
    expect(edgesOf(graph, 'egress').map(({ to }) => to)).toEqual(['bridge:br0']);
    expect(edgesOf(graph, 'plug')).toMatchObject([{ from: 'link:eth0', to: 'bridge:br0' }]);
  });

  it('find the VXLAN of an overlay network, and what rides on what', () => {
    const over = network('over', {
      driver: 'overlay',
      scope: 'swarm',
      options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097' },
    });
    const graph = graphOf({
      ...reading([
        link('eth0', 2, { kind: 'physical' }),
        link('vx1', 7, { kind: 'vxlan', vxlan: { vni: 4097 }, iflink: 7 }),
        link('eth0.10', 8, { kind: 'vlan', vlanId: 10, iflink: 2 }),
      ]),
      networks: [over],
    });
    expect(edgesOf(graph, 'egress').map(({ from, to, by }) => [from, to, by])).toEqual([
      [`network:${over.id}`, 'link:vx1', 'vxlan'],
      ['link:eth0.10', 'link:eth0', 'parent'],
    ]);
    expect(nodesOf(graph, 'link').map(({ name, role }) => [name, role])).toEqual([
      ['eth0', 'parent'],
      ['eth0.10', 'other'],
      ['vx1', 'tunnel'],
    ]);
  });
});

/** docker0's machine with these links, and containers' namespaces. */
function reading(
  links: readonly Link[],
  containers: NetNamespace[] = [],
  routes: NetNamespace['routes'] = [],
): Snapshot {
  const host: NetNamespace = {
    containerIds: [],
    pid: 1,
    links: [loopback(), bridge('docker0', 3, '02:42:00:00:00:03', '172.17.0.1'), ...links],
    routes,
    exact: true,
  };
  const view: KernelView = { source: 'local', host, containers };
  return snapshot({ kernel: { kind: 'read', view } });
}

describe('links of the host', () => {
  it('are left out where they tell nobody anything', () => {
    const idle = [link('sit0', 4, { kind: 'tunnel' }), link('tunl0', 5, { kind: 'tunnel', operState: 'down' })];
    expect(nodesOf(graphOf(reading(idle)), 'link')).toEqual([]);
  });

  it('show foreign bridges with their ports, tunnels, and both ends of a patch cable', () => {
    const graph = drawn({ others: true, containers: [] });
    expect(nodesOf(graph, 'bridge').map(({ bridge: { name } }) => name)).toEqual(['virbr0']);
    expect(nodesOf(graph, 'link').map(({ name, role }) => `${name} ${role}`)).toEqual([
      'eth0 uplink',
      'eth1 uplink',
      'flannel.1 tunnel',
      'patch0 other',
      'patch1 other',
      'vnet0 tunnel',
      'wg0 tunnel',
    ]);
    expect(edgesOf(graph, 'plug').map(({ from, to }) => `${from} ${nameOf(graph, to) ?? ''}`)).toEqual([
      'link:vnet0 bridge:virbr0',
      'link:patch0 bridge:virbr0',
      'link:patch1 bridge',
      'link:patch0 patch1',
    ]);
  });

  it('do not call a veth an orphan that may be a wire which is not decided', () => {
    const seats = [{ ...plain }, { ...plain }];
    const graph = drawn({ kernel: 'user', containers: seats, orphans: 1 });
    const open = edgesOf(graph, 'wire').filter(({ confidence }) => confidence === 'unknown');
    expect(open.length).toBeGreaterThan(0);
    for (const { candidates } of open) expect(candidates.length).toBeGreaterThan(0);
    expect(nodesOf(graph, 'link').filter(({ name }) => name.startsWith('veth'))).toEqual([]);
  });

  it('wire the second leg of an overlay container to docker_gwbridge', () => {
    const gateway = network('docker_gwbridge', { options: { 'com.docker.network.bridge.name': 'docker_gwbridge' } });
    const over = network('over', { driver: 'overlay', scope: 'swarm' });
    const one = container('one', {
      mode: { kind: 'network', network: 'over' },
      endpoints: [endpoint('one', over, { ipv4: '10.0.1.2', mac: '02:42:0a:00:01:02' })],
    });
    const inside = [
      loopback(),
      link('eth0', 30, { kind: 'veth', iflink: 31, mac: '02:42:0a:00:01:02' }),
      link('eth1', 32, { kind: 'veth', iflink: 33, mac: '02:42:ac:12:00:03' }),
    ];
    const { kernel, engine } = reading(
      [
        bridge('docker_gwbridge', 9, '02:42:00:00:00:09', '172.18.0.1'),
        link('vethgw', 33, { kind: 'veth', iflink: 32, master: 'docker_gwbridge' }),
      ],
      [{ containerIds: [one.id], pid: 9, links: inside, routes: [], exact: true }],
    );
    const graph = graphOf(
      buildSnapshot({ takenAt: '', engine, recorded: false, networks: [over, gateway], containers: [one], kernel }),
    );
    expect(
      edgesOf(graph, 'wire').map(({ to, hostLink, wireKind }) => [nameOf(graph, to), hostLink?.name, wireKind]),
    ).toEqual([
      ['over', undefined, 'overlay'],
      ['docker_gwbridge', 'vethgw', 'veth'],
    ]);
    expect(nodesOf(graph, 'link')).toEqual([]);
    expect(subjectOfElement(graph, chipId('vethgw'))).toEqual({ kind: 'link', name: 'vethgw' });
  });

  it('show a veth that a person moved where it is, and the seat where it belongs', () => {
    const from = tutorial();
    const moved = {
      ...from,
      wires: from.wires.map((wire, n) => (n === 0 ? { ...wire, bridge: `br-${networks.shop.id.slice(0, 12)}` } : wire)),
    };
    const graph = graphOf(moved);
    const [wire] = edgesOf(graph, 'wire').filter(({ strayBridge }) => strayBridge !== undefined);
    expect(nameOf(graph, wire?.to ?? '')).toBe('shop_default');
    expect(
      edgesOf(graph, 'seat').some(({ id, to }) => id.includes(idOf('ctr test1')) && to.includes(networks.bridge.id)),
    ).toBe(true);
  });
});

describe('ports', () => {
  it('are one node for the wildcards of both families, and one for each other address', () => {
    const ports = [
      { hostPort: 80, hostIps: ['0.0.0.0', '::'] },
      { hostPort: 80, hostIps: ['127.0.0.1'] },
    ];
    const graph = drawn({
      containers: [
        { ...plain, ports },
        { ...plain, state: 'exited', ports },
      ],
    });
    expect(nodesOf(graph, 'port').map(({ hostIps, loopback: own }) => [hostIps, own])).toEqual([
      [['0.0.0.0', '::'], false],
      [['127.0.0.1'], true],
    ]);
    expect(edgesOf(graph, 'publish')).toHaveLength(2);
  });
});

function check(from: Snapshot): Graph {
  const graph = graphOf(from);
  const items = nodesOf(graph, 'namespace').flatMap(({ containers, interfaces }) => [...containers, ...interfaces]);
  const nodeIds = new Set(graph.nodes.map(({ id }) => id));
  const itemIds = new Set(items.map(({ id }) => id));
  expect(new Set([...nodeIds, ...itemIds, ...graph.edges.map(({ id }) => id)]).size).toBe(
    graph.nodes.length + items.length + graph.edges.length,
  );
  for (const { id, from: start, fromItem, to, toItem } of graph.edges) {
    expect(
      [start, to].filter((end) => !nodeIds.has(end)),
      id,
    ).toEqual([]);
    expect(
      [fromItem, toItem].filter((end) => end !== undefined && !itemIds.has(end)),
      id,
    ).toEqual([]);
  }
  return graph;
}

describe('any topology', () => {
  it('has no edge that ends nowhere and no id twice', () => {
    fc.assert(
      fc.property(anySnapshot, (from) => void check(from)),
      { numRuns: 100 },
    );
    check(hostile());
    check(town(100));
  });

  it('shows every container once, every seat once, and no veth both as a wire and as a link', () => {
    fc.assert(
      fc.property(anySnapshot, (from) => {
        const graph = graphOf(from);
        const ids = nodesOf(graph, 'namespace').flatMap(({ containers }) => containers.map((one) => one.containerId));
        expect([...ids].sort()).toEqual(from.containers.map(({ id }) => id).sort());
        const seats = from.containers.flatMap((one) => one.endpoints.map((seat) => `${one.id}/${seat.networkId}`));
        const edges = [...edgesOf(graph, 'wire'), ...edgesOf(graph, 'seat')];
        const drawnSeats = new Set(edges.map((edge) => `${edge.containerId}/${edge.networkId}`));
        expect([...drawnSeats].sort()).toEqual(seats.sort());
        const wired = edgesOf(graph, 'wire').flatMap(({ hostLink }) => hostLink?.name ?? []);
        expect(new Set(wired).size).toBe(wired.length);
        const links = new Set(nodesOf(graph, 'link').map(({ name }) => name));
        expect(wired.filter((name) => links.has(name))).toEqual([]);
        for (const { containerId } of nodesOf(graph, 'port'))
          expect(from.containers.some((one) => one.id === containerId && isRunning(one))).toBe(true);
        const internal = new Set(nodesOf(graph, 'network').flatMap((node) => (node.internal ? node.id : [])));
        expect(edgesOf(graph, 'egress').filter((edge) => internal.has(edge.from))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('is the same whatever order the engine lists things in', () => {
    fc.assert(
      fc.property(anySnapshot, (from) => {
        const other = { ...from, networks: from.networks.toReversed(), containers: from.containers.toReversed() };
        expect(graphOf(other)).toEqual(graphOf(from));
        expect(graphOf(from)).toEqual(graphOf(structuredClone(from)));
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the id of every container, network and seat when the kernel cannot be read', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const seen = graphOf(planned({ ...plan, kernel: 'root' }));
        const blind = graphOf(planned({ ...plan, kernel: 'absent' }));
        expect(blind.kernelRead).toBe(false);
        const ids = new Set([...seen.nodes, ...seen.edges].map(({ id }) => id));
        const gone = blind.nodes.filter(({ id }) => !ids.has(id));
        expect(gone).toEqual([]);
        expect(blind.edges.filter(({ id, kind }) => kind !== 'seat' && !ids.has(id))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('knows what every element stands for, and leads back to one that shows it', () => {
    fc.assert(
      fc.property(anySnapshot, (from) => {
        const graph = graphOf(from);
        for (const [id, subject] of elementsOf(graph).subjects) {
          if (subject === undefined) continue;
          const shown = elementOf(graph, subject);
          expect(shown, id).toBeDefined();
          if (/^(network|bridge|link|container|endpoint|veth):/.test(id)) expect(shown).toBe(id);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a crowd', () => {
  it('is drawn in time that grows with it, not with its square', () => {
    const time = (count: number): number => {
      const from = town(count);
      return Math.min(...[1, 2, 3].map(() => cpuTime(() => graphOf(from))));
    };
    time(50);
    expect(time(1_000)).toBeLessThan(Math.max(20, time(250) * 12));
  });
});

import { describe, expect, it } from 'vitest';
import { chipId } from '../../../src/topology/graphElements.ts';
import type { Graph } from '../../../src/topology/graphModel.ts';
import { announce } from '../../../src/webview/changes.ts';
import { meaningOfDrop } from '../../../src/webview/dropMeaning.ts';
import { filterChoices, filterCount, toggleFilter } from '../../../src/webview/filter.ts';
import { containerOf, highlightOf, hostOf, indexOf, networksOf } from '../../../src/webview/graphIndex.ts';
import { hostsText, partsOf } from '../../../src/webview/hostParts.ts';
import {
  driverText,
  elementLabel,
  frameTitle,
  nameOf,
  nameWithHost,
  networkFacts,
} from '../../../src/webview/labels.ts';
import { layOut } from '../../../src/webview/layout.ts';
import { outermost, step, type Ground } from '../../../src/webview/navigation.ts';
import { tonesOf } from '../../../src/webview/scene/tones.ts';
import { Scenes } from '../../../src/webview/scenes.ts';
import { firstState, parseState, savedState } from '../../../src/webview/state.ts';
import { columnsOf, tableRows } from '../../../src/webview/table.ts';
import { patch, run, start, texts, tutorialGraph } from './drawn.ts';
import { boxId, endpointId, netId, wireId } from './graphs.ts';
import { hostId, hostsGraph, on, swarm, tunnelId, vtepId, type HostsSpec } from './hostGraphs.ts';

const graph = hostsGraph(swarm);
const index = indexOf(graph);
const ground: Ground = { index, layout: layOut(graph) };
const demo1 = on(0, 'container:demo1');
const tunnel = tunnelId(0, 1);

describe('what is selected, of several hosts', () => {
  const way = [
    on(0, netId('demo')),
    on(0, 'egress:demo/1'),
    vtepId(0, 1),
    tunnel,
    vtepId(1, 0),
    on(1, 'egress:demo/0'),
    on(1, netId('demo')),
  ];

  it('lights the whole way of a container: over its overlay, the tunnel, and the overlay on the other host', () => {
    const lit = highlightOf(index, demo1);
    expect([...lit]).toEqual(expect.arrayContaining(way));
    // Its other interface is another wire to another bar.
    for (const net of ['demo', 'docker_gwbridge']) expect(lit.has(on(0, wireId('demo1', net)))).toBe(true);
    expect(lit.has(on(0, netId('docker_gwbridge')))).toBe(true);
    expect(lit.has(on(1, netId('docker_gwbridge')))).toBe(false);
    expect(lit.has(on(1, 'container:demo2'))).toBe(false);
  });

  it('lights the same for its wire, the bar, a tunnel and either end of that', () => {
    for (const id of [on(0, wireId('demo1', 'demo')), on(0, netId('demo')), tunnel, vtepId(0, 1), vtepId(1, 0)]) {
      expect([...highlightOf(index, id)], id).toEqual(expect.arrayContaining(way));
    }
    expect(highlightOf(index, tunnel).size).toBe(way.length);
  });

  it('lights nothing of a tunnel for who is on no overlay', () => {
    expect(highlightOf(index, on(0, 'container:alone')).has(tunnel)).toBe(false);
  });
});

describe('one engine that is connected twice', () => {
  const [host] = swarm.hosts;
  const twice = hostsGraph({ hosts: host ? [host, host] : [], tunnels: [] });
  const both = indexOf(twice);

  it('has each container on each of its hosts', () => {
    expect(both.containers.size).toBe(4);
    const items = [0, 1].map((at) => containerOf(both, { containerId: 'demo1', host: hostId(at) })?.id);
    expect(items).toEqual([on(0, 'container:demo1'), on(1, 'container:demo1')]);
    expect(networksOf(both, 'demo1', hostId(1))).toEqual(new Set(['demo', 'docker_gwbridge']));
  });

  it('has as many chips as wires', () => {
    const chips = [...both.elements.values()].filter(({ kind }) => kind === 'chip');
    expect(new Set(chips.map((chip) => 'edge' in chip && chip.edge.host))).toEqual(new Set([hostId(0), hostId(1)]));
    expect(both.elements.has(chipId('veth00demo1', hostId(1)))).toBe(true);
  });
});

describe('names, of several hosts', () => {
  it('say where it is', () => {
    expect(nameWithHost(index, on(1, netId('bridge')), texts)).toBe('bridge on worker');
    expect(nameWithHost(index, tunnel, texts)).toBe('VXLAN 4097');
    expect(hostOf(index, demo1)?.label).toBe('manager');
    expect(hostsText(graph)).toBe('manager, worker');
    const one = indexOf(tutorialGraph());
    const [id = ''] = one.elements.keys();
    expect(nameWithHost(one, id, texts)).toBe(nameOf(one, id));
  });

  it('are those of the other host at this end of its tunnel', () => {
    expect(nameOf(index, vtepId(0, 1))).toBe('worker');
    expect(elementLabel(index, vtepId(0, 1), texts)).toBe('Host link worker, 198.18.0.2, another host');
  });

  it('of a tunnel say what runs through it, between whom, and how', () => {
    expect(elementLabel(index, tunnel, texts)).toBe('VXLAN 4097 between manager and worker, of demo');
    const secret = indexOf(hostsGraph({ ...swarm, encrypted: true }));
    expect(elementLabel(secret, tunnel, texts)).toMatch(/, encrypted$/);
    const unknown: Graph = {
      ...graph,
      edges: graph.edges.map((edge) => (edge.kind === 'tunnel' ? { ...edge, vnis: [] } : edge)),
    };
    expect(nameOf(indexOf(unknown), tunnel)).toBe('VXLAN demo');
  });

  it('exist for everything', () => {
    for (const id of index.elements.keys()) expect(elementLabel(index, id, texts)).toMatch(/\S/);
  });
});

describe('the title of a frame', () => {
  const [host] = graph.hosts ?? [];

  it('says of which engine it is, and what is in doubt', () => {
    if (!host) throw new Error('no host');
    expect(frameTitle(graph, host, false, texts)).toEqual({
      name: 'manager',
      doubt: '',
      facts: 'node-0 · Docker 28.5.2 · Debian GNU/Linux 13 (trixie)',
    });
    const dubious = { ...host, kernelRead: false };
    expect(frameTitle(graph, dubious, true, texts).doubt).toBe(' · not up to date · kernel not read');
    expect(frameTitle(graph, { ...dubious, recorded: true }, false, texts).doubt).toBe(' · recording');
  });

  it('is that of the engine where there is but one', () => {
    const one = tutorialGraph();
    const { name, version } = one.engine;
    expect(frameTitle(one, undefined, true, texts)).toMatchObject({ name, doubt: '' });
    expect(frameTitle(one, undefined, true, texts).facts).toContain(`Docker ${version}`);
  });
});

describe('bars', () => {
  const [bar] = graph.nodes;
  if (bar?.kind !== 'network') throw new Error('no bar');

  it('of macvlan and ipvlan say mode, parent and VLAN', () => {
    const lan = {
      ...bar,
      driver: 'ipvlan',
      mode: 'l2',
      parent: 'eth0.10',
      vlanId: 10,
      vnis: undefined,
      scope: 'local',
    };
    const { vnis: _none, ...node } = lan;
    expect(driverText(node)).toBe('ipvlan l2');
    expect(networkFacts(node, texts)).toBe('eth0.10 · VLAN 10 · 172.17.0.0/16');
    expect(driverText(bar)).toBe('overlay');
  });

  it('of an overlay say VNI, and that it is encrypted', () => {
    expect(networkFacts({ ...bar, encrypted: true }, texts)).toBe('VNI 4097 · encrypted · 172.17.0.0/16 · swarm');
  });

  it('of one overlay have one colour on all hosts', () => {
    const tones = tonesOf(graph, new Map());
    expect(tones.get(on(1, netId('demo')))).toBe(tones.get(on(0, netId('demo'))));
    expect(tones.get(on(0, netId('demo')))).not.toBe(tones.get(on(0, netId('docker_gwbridge'))));
  });
});

describe('arrow keys, over several hosts', () => {
  const walk = (from: string, ...directions: readonly ('up' | 'down' | 'left' | 'right')[]): (string | undefined)[] => {
    let at: string | undefined = from;
    return directions.map((direction) => (at = at === undefined ? undefined : step(ground, at, direction)));
  };

  it('lead from the end of a tunnel along it to the other end, and back', () => {
    expect(walk(vtepId(0, 1), 'down', 'right')).toEqual([tunnel, vtepId(1, 0)]);
    expect(walk(vtepId(1, 0), 'down', 'left')).toEqual([tunnel, vtepId(0, 1)]);
    expect(step(ground, tunnel, 'up')).toBeDefined();
  });

  it('reach every container, interface and tunnel of all hosts', () => {
    const seen = new Set([outermost(ground, 'first') ?? '']);
    for (const id of seen) {
      for (const direction of ['up', 'down', 'left', 'right'] as const) {
        const next = step(ground, id, direction);
        if (next !== undefined) seen.add(next);
      }
    }
    const missed = [...index.elements.keys()].filter(
      (id) => /^(?:container|endpoint|vtep|tunnel):/.test(id) && !seen.has(id),
    );
    expect(missed).toEqual([]);
  });
});

describe('a container that is dropped', () => {
  const drop = (network: string | undefined) => meaningOfDrop(index, { container: demo1, network }, texts);

  it('is connected to a network of its own host', () => {
    expect(drop(on(0, netId('bridge')))).toMatchObject({
      kind: 'connect',
      containerId: 'demo1',
      networkId: 'bridge',
      host: hostId(0),
    });
    expect(drop(on(0, netId('demo')))).toMatchObject({ kind: 'already' });
    expect(drop(undefined)).toMatchObject({ kind: 'elsewhere' });
  });

  it('is refused by a network of another host, with a reason', () => {
    const refused = drop(on(1, netId('bridge')));
    expect(refused?.kind).toBe('otherHost');
    expect(refused?.text).toMatch(/demo1 .*manager.* bridge .*worker/);
  });

  it('of the only host says nothing of hosts', () => {
    const one = indexOf(tutorialGraph());
    const container = [...one.elements].find(([, { kind }]) => kind === 'container')?.[0] ?? '';
    const networks = [...one.elements.keys()].filter((id) => id.startsWith('network:'));
    const meanings = networks.map((network) => meaningOfDrop(one, { container, network }, texts));
    const connects = meanings.filter((meaning) => meaning?.kind === 'connect');
    expect(connects.length).toBeGreaterThan(0);
    for (const meaning of connects) expect(meaning).not.toHaveProperty('host');
  });
});

describe('the filter, of several hosts', () => {
  it('offers them, each common network once, and says whose the others are', () => {
    const three: HostsSpec = { ...swarm, hosts: swarm.hosts.map((host) => ({ ...host })) };
    const scoped = hostsGraph(three);
    const own: Graph = {
      ...scoped,
      nodes: scoped.nodes.map((node) =>
        node.kind === 'network' && node.name === 'bridge' ? { ...node, networkId: `of ${node.host ?? ''}` } : node,
      ),
    };
    const { hosts, networks } = filterChoices(own);
    expect(hosts).toEqual([
      { value: hostId(0), text: 'manager' },
      { value: hostId(1), text: 'worker' },
    ]);
    expect(networks.filter(({ text }) => text === 'demo')).toHaveLength(1);
    expect(networks.map(({ text }) => text)).toEqual(expect.arrayContaining(['bridge (manager)', 'bridge (worker)']));
    expect(filterChoices(tutorialGraph()).hosts).toEqual([]);
  });

  it('shows one of them', () => {
    const filter = toggleFilter({}, 'hosts', hostId(1));
    expect(filterCount(filter)).toBe(1);
    const scene = new Scenes().next(run([start({ graph }), { type: 'filter', filter }]), () => undefined);
    expect(new Set(scene?.index.graph.nodes.map(({ host }) => host))).toEqual(new Set([hostId(1)]));
    expect(scene?.layout.frames.map(({ host }) => host)).toEqual([hostId(1)]);
  });

  it('comes back after a reload', () => {
    const before = run([start({ graph }), { type: 'filter', filter: { hosts: [hostId(0)] } }]);
    const restored = parseState(JSON.parse(JSON.stringify(savedState(before))));
    expect(run([start({ graph })], firstState(restored)).filter).toEqual({ hosts: [hostId(0)] });
    expect(parseState({ version: 1, filter: { hosts: 'all' } })?.filter).toEqual({});
  });
});

describe('the table, of several hosts', () => {
  it('says on which one a container is', () => {
    const rows = tableRows(graph);
    expect(columnsOf(graph)).toContain('host');
    expect(rows.filter(({ container }) => container === 'alone').map(({ host }) => host)).toEqual([
      'manager',
      'worker',
    ]);
    const wire = rows.find(({ container, network }) => container === 'demo2' && network === 'demo');
    expect(wire?.ids).toEqual(expect.arrayContaining([on(1, endpointId('demo2', 'demo')), on(1, boxId('demo2'))]));
    expect(wire?.ids).toContain(chipId('veth00demo2', hostId(1)));
  });

  it('has no such column where there is one', () => {
    expect(columnsOf(tutorialGraph())).not.toContain('host');
  });
});

describe('changes, of several hosts', () => {
  it('are said with the host', () => {
    const box = on(1, boxId('alone'));
    const without: Graph = {
      ...graph,
      nodes: graph.nodes.filter(({ id }) => id !== box),
      edges: graph.edges.filter(({ from, to }) => from !== box && to !== box),
    };
    const state = run([start({ graph }), patch(graph, without)]);
    expect(announce(state.changes, texts)).toBe('Gone: alone on worker');
  });
});

describe('hosts that are shown together', () => {
  it('are where the first one was when it was alone', () => {
    const [first] = swarm.hosts;
    if (!first) throw new Error('no host');
    const scenes = new Scenes();
    const none = (): void => undefined;
    const alone = hostsGraph({ hosts: [first], tunnels: [] });
    const { hosts: _several, ...rest } = alone;
    const unscoped = JSON.parse(JSON.stringify(rest).replaceAll(`@${hostId(0)}`, '')) as Graph;
    const one = scenes.next(run([start({ graph: unscoped, engineKey: hostId(0) })]), none);
    const both = scenes.next(run([start({ graph, engineKey: `${hostId(0)} ${hostId(1)}` })]), none);
    const before = one?.layout.boxes.get(boxId('demo1'));
    expect(both?.layout.boxes.get(on(0, boxId('demo1')))).toMatchObject({ x: before?.x, y: before?.y });
  });

  it('have each its part, and the tunnels are nobody’s', () => {
    const { parts, between } = partsOf(graph);
    expect(parts.map(({ host }) => host?.label)).toEqual(['manager', 'worker']);
    expect(between.map(({ id }) => id)).toEqual([tunnel]);
    expect(partsOf(tutorialGraph()).parts).toHaveLength(1);
  });
});

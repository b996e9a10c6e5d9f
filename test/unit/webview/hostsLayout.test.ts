import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Positions } from '../../../src/protocol/messages.ts';
import type { Graph } from '../../../src/topology/graphModel.ts';
import { layOut, type Layout } from '../../../src/webview/layout.ts';
import { carriedOver } from '../../../src/webview/layout/hostMemory.ts';
import { positionsOf } from '../../../src/webview/layout/memory.ts';
import { byIds, byNames } from '../../../src/webview/namedPositions.ts';
import { boxId, crowd, graph, netId, wireId, type GraphSpec } from './graphs.ts';
import { hostFaultsOf } from './hostFaults.ts';
import { anyHosts, hostId, hostsGraph, on, swarm, tunnelId, vtepId, type HostsSpec } from './hostGraphs.ts';

const frameOf = (layout: Layout, at: number) => {
  const frame = layout.frames.find(({ host }) => host === hostId(at));
  if (!frame) throw new Error(`no frame of ${at}`);
  return frame;
};

/** Nodes of one host that are not where they were, seen from its frame's corner. What sits on its lower edge is left out. */
function movedWithin(before: Layout, after: Layout, at: number): string[] {
  const [from, to] = [frameOf(before, at), frameOf(after, at)];
  return [...before.boxes.values()]
    .filter((box) => box.id.endsWith(`@${hostId(at)}`) && !/^(?:port|link|vtep):/.test(box.id))
    .filter((box) => {
      const now = after.boxes.get(box.id);
      return now && (now.x - to.x !== box.x - from.x || now.y - to.y !== box.y - from.y);
    })
    .map(({ id }) => id);
}

const again = (next: Graph, before: Layout): Layout => layOut(next, positionsOf(before));

test('two nodes of a swarm stand side by side, the tunnel runs below both', () => {
  const both = hostsGraph(swarm);
  const layout = layOut(both);
  expect(hostFaultsOf(both, layout)).toEqual([]);
  const [left, right] = [frameOf(layout, 0), frameOf(layout, 1)];
  expect(left.y).toBe(right.y);
  expect(left.x + left.width).toBeLessThan(right.x);
  const tunnel = layout.routes.get(tunnelId(0, 1));
  const deepest = Math.max(...(tunnel?.points ?? []).map(({ y }) => y));
  expect(deepest).toBeGreaterThan(Math.max(left.y + left.height, right.y + right.height));
  expect(tunnel?.points[0]?.y).toBe((layout.boxes.get(vtepId(0, 1))?.y ?? 0) + 40);
  expect(tunnel?.chip?.width).toBeGreaterThan(100);
});

test('a container of an overlay has two wires, to two bars', () => {
  const layout = layOut(hostsGraph(swarm));
  const ends = ['demo', 'docker_gwbridge'].map((net) => layout.routes.get(on(0, wireId('demo1', net))));
  expect(ends.map((route) => route?.chip)).toEqual([expect.anything(), expect.anything()]);
  expect(ends[0]?.points[0]).not.toEqual(ends[1]?.points[0]);
  const last = ends.map((route) => route?.points.at(-1));
  expect(last[0]).not.toEqual(last[1]);
});

test('any hosts: nothing overlaps, all is in its frame, tunnels are outside of all frames', () => {
  fc.assert(
    fc.property(anyHosts(3), (spec) => {
      const any = hostsGraph(spec);
      expect(hostFaultsOf(any, layOut(any))).toEqual([]);
    }),
    { numRuns: 8 },
  );
});

test('up to eight hosts that all know each other: no tunnel runs through a frame or on another tunnel', () => {
  const isOfLabel = (fault: string): boolean => fault.includes('chip of tunnel:');
  for (let count = 2; count <= 8; count++) {
    const hosts = Array.from({ length: count }, (_, at): GraphSpec => ({
      nets: ['demo', 'bridge'],
      boxes: Array.from({ length: 1 + ((at * 5) % 7) }, (_unused, box) => ({ name: `c${box}`, nets: ['demo'] })),
    }));
    const tunnels = hosts.flatMap((_, a) => hosts.slice(a + 1).map((_unused, b) => [a, a + 1 + b] as const));
    const all = hostsGraph({ hosts, tunnels });
    const faults = hostFaultsOf(all, layOut(all));
    // With 28 tunnels there is not room for each label beside all others.
    expect(count <= 4 ? faults : faults.filter((fault) => !isOfLabel(fault))).toEqual([]);
  }
});

test('same graph, same picture, in whatever order edges come; and it stays so', () => {
  fc.assert(
    fc.property(anyHosts(4), (spec) => {
      const any = hostsGraph(spec);
      const layout = layOut(any);
      expect(layOut({ ...any, edges: [...any.edges].reverse() })).toEqual(layout);
      expect(again(any, layout)).toEqual(layout);
      const named = byNames(positionsOf(layout), any);
      expect(layOut(any, byIds(named, any))).toEqual(layout);
    }),
    { numRuns: 6 },
  );
});

test('the whole suits a window, however many hosts there are', () => {
  for (const count of [2, 3, 4, 6, 8]) {
    const hosts = Array.from({ length: count }, (): GraphSpec => crowd(12, 4));
    const { width, height } = layOut(hostsGraph({ hosts, tunnels: [] })).bounds;
    expect(width / height).toBeGreaterThan(0.9);
    expect(width / height).toBeLessThan(3.6);
  }
});

test('hosts come and go, and what is on them: nobody else moves within a frame, and nothing ever overlaps', () => {
  fc.assert(
    fc.property(
      anyHosts(4),
      fc.nat(3),
      fc.array(fc.constantFrom('a', 'b', 'bridge'), { maxLength: 3 }),
      (spec, at, nets) => {
        const before = layOut(hostsGraph(spec));
        const grows = at % spec.hosts.length;
        const own = [...new Set(nets)].filter((net) => spec.hosts[grows]?.nets.includes(net));
        const hosts = spec.hosts.map((host, index) =>
          index === grows
            ? { ...host, boxes: [...host.boxes, { name: 'newcomer', nets: own, ports: [1, 2, 3] }] }
            : host,
        );
        const larger = hostsGraph({ ...spec, hosts });
        const after = again(larger, before);
        expect(hostFaultsOf(larger, after).filter((fault) => !fault.includes('chip of tunnel:'))).toEqual([]);
        for (const index of hosts.keys()) expect(movedWithin(before, after, index)).toEqual([]);
      },
    ),
    { numRuns: 6 },
  );
});

const hostOf = (...names: readonly string[]): GraphSpec => ({
  nets: ['demo', 'bridge'],
  boxes: names.map((name) => ({ name, nets: ['demo'] })),
});
const without = (spec: HostsSpec, gone: number): Graph => {
  const whole = hostsGraph(spec);
  const isOf = (id: string): boolean => id.endsWith(`@${hostId(gone)}`);
  const nodes = whole.nodes.filter(({ host }) => host !== hostId(gone));
  return {
    ...whole,
    hosts: (whole.hosts ?? []).filter(({ id }) => id !== hostId(gone)),
    nodes,
    edges: whole.edges.filter(({ from, to }) => !isOf(from) && !isOf(to)),
  };
};

test('a host that goes leaves the others where they are; when it is back it has its place', () => {
  const spec: HostsSpec = { hosts: [hostOf('x'), hostOf('y'), hostOf('z')], tunnels: [[0, 2]] };
  const before = layOut(hostsGraph(spec));
  const two = again(without(spec, 1), before);
  for (const at of [0, 2]) expect(frameOf(two, at)).toEqual(frameOf(before, at));
  const back = again(hostsGraph(spec), two);
  for (const at of [0, 1, 2])
    expect(frameOf(back, at)).toMatchObject({ x: frameOf(before, at).x, y: frameOf(before, at).y });
});

test('a host that grows pushes those behind it, and only these', () => {
  const small: HostsSpec = { hosts: [hostOf('x'), hostOf('y')], tunnels: [[0, 1]] };
  const before = layOut(hostsGraph(small));
  const many = Array.from({ length: 60 }, (_, at) => `x${at}`);
  const large = hostsGraph({ ...small, hosts: [hostOf('x', ...many), hostOf('y')] });
  const after = again(large, before);
  expect(hostFaultsOf(large, after)).toEqual([]);
  expect(frameOf(after, 0)).toMatchObject({ x: frameOf(before, 0).x, y: frameOf(before, 0).y });
  expect(frameOf(after, 1).y).toBe(frameOf(before, 1).y);
  expect(movedWithin(before, after, 1)).toEqual([]);
});

test('a network with another id and the same name is where it was, on each host by itself', () => {
  const before = hostsGraph(swarm);
  const layout = layOut(before);
  const renamed = (id: string): string => (id === on(1, netId('bridge')) ? on(1, netId('f00d')) : id);
  const after: Graph = {
    ...before,
    nodes: before.nodes.map((node) =>
      node.kind === 'network' && node.id === on(1, netId('bridge'))
        ? { ...node, id: renamed(node.id), networkId: 'f00d' }
        : node,
    ),
    edges: before.edges.map((edge) => ({ ...edge, from: renamed(edge.from), to: renamed(edge.to) })),
  };
  const next = layOut(after, byIds(byNames(positionsOf(layout), before), after));
  const old = layout.boxes.get(on(1, netId('bridge')));
  expect(next.boxes.get(on(1, netId('f00d')))).toMatchObject({ x: old?.x, y: old?.y });
  expect(next.boxes.get(on(0, netId('bridge')))).toEqual(layout.boxes.get(on(0, netId('bridge'))));
});

test('one host and another: the first keeps its places, and has them when it is alone again', () => {
  const [first] = swarm.hosts;
  if (!first) throw new Error('no host');
  const alone = layOut(graph(first));
  const hosts = [hostId(0), hostId(1)];
  const single = { key: hostId(0), hosts: undefined };
  const several = { key: hosts.join(' '), hosts };
  const both = layOut(hostsGraph(swarm), carriedOver(positionsOf(alone), single, several));
  const corner = frameOf(both, 0);
  for (const [id, box] of alone.boxes) {
    if (id.startsWith('link:') || id.startsWith('port:')) continue;
    expect(both.boxes.get(on(0, id)), id).toMatchObject({ x: box.x + corner.x, y: box.y + corner.y });
  }
  const back = layOut(graph(first), carriedOver(positionsOf(both), several, single));
  expect(back.boxes.get(boxId('demo1'))).toEqual(alone.boxes.get(boxId('demo1')));
  expect(carriedOver(positionsOf(alone), { key: 'other', hosts: undefined }, several)).toEqual({});
});

test('positions that make no sense are not followed', () => {
  const spec: HostsSpec = { hosts: [hostOf('x', 'y'), hostOf('z'), hostOf('v')], tunnels: [[0, 1]] };
  const any = hostsGraph(spec);
  const good = positionsOf(layOut(any));
  const value = fc.oneof(
    fc.tuple(fc.double(), fc.double()),
    fc.tuple(fc.integer({ min: -500, max: 3000 }), fc.integer({ min: -500, max: 3000 })),
    fc.constant(undefined),
  );
  const spoilt = fc.dictionary(fc.constantFrom(...Object.keys(good)), value, { maxKeys: 8 });
  fc.assert(
    fc.property(spoilt, (changes) => {
      const known = { ...good, ...changes } as unknown as Positions;
      expect(hostFaultsOf(any, layOut(any, known))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('what is shown of one host alone, or of none, has still a picture', () => {
  const whole = hostsGraph(swarm);
  const one = { ...whole, nodes: whole.nodes.filter(({ host }) => host === hostId(1)), edges: [] };
  expect(layOut(one).frames.map(({ host }) => host)).toEqual([hostId(1)]);
  expect(layOut({ ...whole, nodes: [], edges: [] }).frames).toHaveLength(2);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphOf } from '../../../src/topology/graph.ts';
import { layOut, type Layout, type Rect } from '../../../src/webview/layout.ts';
import { boxAt, nearestInDirection } from '../../../src/webview/layout/query.ts';
import { positionsOf } from '../../../src/webview/layout/memory.ts';
import { shapeOf } from '../../../src/webview/layout/shape.ts';
import { anySnapshot } from '../support/anySnapshot.ts';
import { tutorial as tutorialSnapshot } from '../support/snapshots.ts';
import { faultsOf } from './geometry.ts';
import { anySpec, boxId, crowd, endpointId, graph, netId, tutorial, wireId } from './graphs.ts';

function rect(layout: Layout, id: string): Rect {
  const box = layout.boxes.get(id);
  if (!box) throw new Error(`${id} has no place`);
  return box;
}

test('the tutorial is drawn top-down: container, chip, bridge, uplink on the lower edge of the host', () => {
  const layout = layOut(graph(tutorial));
  const wire = layout.routes.get(wireId('test1', 'bridge'));
  const box = rect(layout, boxId('test1'));
  const bar = rect(layout, netId('bridge'));
  const uplink = rect(layout, 'link:eth1');
  const [frame] = layout.frames;
  const lowerEdge = (frame?.y ?? 0) + (frame?.height ?? 0);
  expect(box.y + box.height).toBeLessThan(wire?.chip?.y ?? 0);
  expect((wire?.chip?.y ?? 0) + (wire?.chip?.height ?? 0)).toBeLessThan(bar.y);
  expect(bar.y + bar.height).toBeLessThan(uplink.y);
  expect(uplink.y + uplink.height / 2).toBe(lowerEdge);
  const port = rect(layout, 'port:redis/6379');
  expect(port.y + port.height / 2).toBe(lowerEdge);
  // Straight down, through its chip.
  expect(wire?.points).toHaveLength(2);
});

test('the picture of a snapshot has no fault', () => {
  const lab = graphOf(tutorialSnapshot());
  expect(faultsOf(lab, layOut(lab))).toEqual([]);
  fc.assert(
    fc.property(anySnapshot, (snapshot) => {
      const any = graphOf(snapshot);
      expect(faultsOf(any, layOut(any))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('any picture: nothing overlaps, every wire ends on its port and bar, and crosses no box', () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const any = graph(spec);
      expect(faultsOf(any, layOut(any))).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('same graph, same picture; in which order edges come does not matter', () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const any = graph(spec);
      const layout = layOut(any);
      expect(layOut({ ...any, edges: [...any.edges].reverse() })).toEqual(layout);
      expect(layOut(any, positionsOf(layout))).toEqual(layout);
    }),
    { numRuns: 20 },
  );
});

test('a network of more than 24 containers draws cells, others are drawn in full', () => {
  const layout = layOut(graph(crowd(100, 60)));
  const sizes = [...layout.boxes.values()].filter(({ compact }) => compact);
  expect(sizes).toHaveLength(100);
  expect([...layout.routes.values()].some(({ chip }) => chip)).toBe(false);
  const block = layout.blocks.get(`block:${netId('net000')}`);
  expect((block?.width ?? 0) / (block?.height ?? 1)).toBeGreaterThan(1);

  const small = layOut(graph(crowd(24, 24)));
  expect([...small.boxes.values()].some(({ compact }) => compact)).toBe(false);
});

test('the whole comes near to 16:10, however many there are', () => {
  for (const spec of [tutorial, crowd(100, 9), crowd(1000, 20), crowd(1000, 70), crowd(300, 300)]) {
    const { width, height } = layOut(graph(spec)).bounds;
    expect(width / height).toBeGreaterThan(1.1);
    expect(width / height).toBeLessThan(2.3);
  }
});

test('many interfaces go to a second line, and their chips do not hide each other', () => {
  const nets = Array.from({ length: 11 }, (_, at) => `n${at}`);
  const any = graph({
    nets,
    boxes: [
      { name: 'router', nets },
      { name: 'other', nets: ['n0'] },
    ],
  });
  const layout = layOut(any);
  expect(faultsOf(any, layout)).toEqual([]);
  expect(layout.boxes.get(boxId('router'))?.ports.size).toBe(11);
  const node = any.nodes.find(({ id }) => id === boxId('router'));
  if (node?.kind !== 'namespace') throw new Error('no router');
  const shape = shapeOf(node, false);
  expect(shape.interfaces.get(endpointId('router', 'n4'))?.y).toBeGreaterThan(
    shape.interfaces.get(endpointId('router', 'n3'))?.y ?? Infinity,
  );
});

test('hundreds of published ports stand in rows below the edge, none on another', () => {
  const boxes = Array.from({ length: 12 }, (_, at) => ({
    name: `c${at}`,
    nets: ['a'],
    ports: Array.from({ length: 25 }, (_unused, port) => 1000 * (at + 1) + port),
  }));
  const any = graph({ nets: ['a'], boxes, uplinks: ['eth0', 'eth1', 'eth2', 'eth3'] });
  expect(faultsOf(any, layOut(any))).toEqual([]);
});

test('an edge that is full of links grows longer', () => {
  const uplinks = Array.from({ length: 20 }, (_, at) => `eth${at}`);
  const any = graph({ nets: ['a'], boxes: [{ name: 'c', nets: ['a'], ports: [80] }], uplinks });
  const layout = layOut(any);
  expect(faultsOf(any, layout)).toEqual([]);
  expect(layOut(any, positionsOf(layout))).toEqual(layout);
});

test('an empty engine has an outline', () => {
  const layout = layOut(graph({ nets: [], boxes: [], uplinks: [] }));
  expect(layout.frames.map(({ width }) => width > 0)).toEqual([true]);
  expect(layout.boxes.size).toBe(0);
});

test('what is at a point is found', () => {
  const layout = layOut(graph(tutorial));
  const box = rect(layout, boxId('test3'));
  expect(boxAt(layout, { x: box.x + 1, y: box.y + 1 })?.id).toBe(boxId('test3'));
  expect(boxAt(layout, { x: layout.bounds.x, y: layout.bounds.y })).toBeUndefined();
});

test('arrow keys lead to the neighbour and back', () => {
  const layout = layOut(graph({ nets: ['a'], boxes: ['x', 'y', 'z'].map((name) => ({ name, nets: ['a'] })) }));
  expect(nearestInDirection(layout, boxId('x'), 'right')).toBe(boxId('y'));
  expect(nearestInDirection(layout, boxId('y'), 'left')).toBe(boxId('x'));
  expect(nearestInDirection(layout, boxId('y'), 'down')).toBe(netId('a'));
  expect(nearestInDirection(layout, boxId('x'), 'left')).toBeUndefined();
  expect(nearestInDirection(layout, 'nobody', 'left')).toBeUndefined();
});

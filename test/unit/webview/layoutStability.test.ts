import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Positions } from '../../../src/protocol/messages.ts';
import { layOut, type Layout } from '../../../src/webview/layout.ts';
import { positionsOf } from '../../../src/webview/layout/memory.ts';
import { faultsOf } from './geometry.ts';
import { anySpec, boxId, crowd, graph, netId, tutorial, type BoxSpec, type GraphSpec } from './graphs.ts';

const again = (spec: GraphSpec, before: Layout): Layout => layOut(graph(spec), positionsOf(before));

/** Nodes of both pictures that are not where they were. What sits on the host's edge may go down with it. */
function moved(before: Layout, after: Layout): string[] {
  const lowerEdge = ({ frames: [frame] }: Layout): number => (frame ? frame.y + frame.height : 0);
  const down = lowerEdge(after) - lowerEdge(before);
  return [...before.boxes.values()]
    .filter((box) => {
      const now = after.boxes.get(box.id);
      const isOnEdge = box.id.startsWith('port:') || box.id.startsWith('link:');
      if (!now || (now.x === box.x && now.y === box.y)) return false;
      return !(isOnEdge && down > 0 && now.x === box.x && now.y === box.y + down);
    })
    .map(({ id }) => id);
}

const newcomer: BoxSpec = { name: 'newcomer', nets: ['bridge'] };

test('one container more moves nothing, and one less neither', () => {
  fc.assert(
    fc.property(anySpec, fc.subarray(['a', 'b', 'bridge', 'host']), (spec, nets) => {
      const before = layOut(graph(spec));
      const box = { ...newcomer, nets: nets.filter((net) => spec.nets.includes(net)), ports: [1] };
      const larger = { ...spec, boxes: [...spec.boxes, box] };
      const after = again(larger, before);
      expect(moved(before, after)).toEqual([]);
      expect(faultsOf(graph(larger), after)).toEqual([]);
      const back = again(spec, after);
      expect(moved(after, back)).toEqual([]);
      expect(moved(before, back)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('networks, containers and ports come and go: nothing else moves, and nothing ever overlaps', () => {
  const nets = ['a', 'b', 'c', 'd', 'bridge', 'host', 'none'];
  const step = fc.record({
    gone: fc.uniqueArray(fc.nat(12), { maxLength: 4 }),
    goneNets: fc.subarray(nets.slice(0, 4), { maxLength: 2 }),
    come: fc.array(fc.subarray(nets.slice(0, 5)), { maxLength: 12 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let spec: GraphSpec = { nets, boxes: [] };
      let layout = layOut(graph(spec));
      let count = 0;
      for (const { gone, goneNets, come } of steps) {
        const kept = spec.boxes.filter((_, at) => !gone.includes(at));
        const next = [...kept, ...come.map((on) => ({ name: `c${count++}`, nets: on, ports: count % 4 ? [] : [80] }))];
        const now = nets.filter((net) => !goneNets.includes(net));
        const full = { nets: now, boxes: next };
        // A box keeps its interfaces here: one that loses some may move by itself.
        spec = { nets: now, boxes: next.map((box) => ({ ...box, nets: box.nets.filter((on) => now.includes(on)) })) };
        const before = layout;
        layout = again(spec, before);
        const changed = new Set(full.boxes.filter((box, at) => box.nets.length !== spec.boxes[at]?.nets.length));
        const others = moved(before, layout).filter((id) => ![...changed].some(({ name }) => id === boxId(name)));
        const rearranged = new Set(
          [...layout.blocks.values()].filter(({ id, compact }) => before.blocks.get(id)?.compact === !compact),
        );
        expect(faultsOf(graph(spec), layout)).toEqual([]);
        if (rearranged.size === 0) expect(others).toEqual([]);
      }
    }),
    { numRuns: 25 },
  );
});

test('a container that is gone leaves a hole, and the next one takes it', () => {
  const before = layOut(graph(tutorial));
  const without = { ...tutorial, boxes: tutorial.boxes.filter(({ name }) => name !== 'redis') };
  const hole = before.boxes.get(boxId('redis'));
  const after = again({ ...without, boxes: [...without.boxes, newcomer] }, again(without, before));
  const { x, y } = after.boxes.get(boxId('newcomer')) ?? {};
  expect({ x, y }).toEqual({ x: hole?.x, y: hole?.y });
});

test('a container that gets one interface more moves alone, or not at all', () => {
  const spec: GraphSpec = { nets: ['a', 'b'], boxes: ['x', 'y', 'z'].map((name) => ({ name, nets: ['a'] })) };
  const before = layOut(graph(spec));
  for (const name of ['x', 'y', 'z']) {
    const boxes = spec.boxes.map((box) => (box.name === name ? { ...box, nets: ['a', 'b'] } : box));
    const after = again({ ...spec, boxes }, before);
    expect(moved(before, after).filter((id) => id !== boxId(name))).toEqual([]);
    expect(faultsOf(graph({ ...spec, boxes }), after)).toEqual([]);
  }
});

test('a network grows beyond its block without moving others, cells or not', () => {
  for (const [from, to] of [
    [3, 32],
    [40, 400],
  ] as const) {
    const nets = ['a', 'b', 'c', 'bridge'];
    const others = ['b', 'c'].flatMap((net) => ['1', '2'].map((at) => ({ name: net + at, nets: [net] })));
    const grown = (count: number): GraphSpec => ({
      nets,
      boxes: [...Array.from({ length: count }, (_, at) => ({ name: `x${at}`, nets: ['a'] })), ...others],
    });
    let layout = layOut(graph(grown(from)));
    for (let count = from + 1; count <= to; count += from < 10 ? 1 : 20) {
      const next = again(grown(count), layout);
      expect(moved(layout, next)).toEqual([]);
      layout = next;
    }
    expect(faultsOf(graph(grown(to)), layOut(graph(grown(to)), positionsOf(layout)))).toEqual([]);
  }
});

test('a network becomes cells late and boxes again late, and then alone is arranged anew', () => {
  const nets = ['a', 'b'];
  const spec = (count: number): GraphSpec => ({
    nets,
    boxes: [
      ...Array.from({ length: count }, (_, at) => ({ name: `x${at}`, nets: ['a'] })),
      { name: 'other', nets: ['b'] },
    ],
  });
  const isCompact = (layout: Layout): boolean => layout.blocks.get(`block:${netId('a')}`)?.compact === true;
  const full = layOut(graph(spec(24)));
  expect(isCompact(full)).toBe(false);
  const still = again(spec(32), full);
  expect(isCompact(still)).toBe(false);
  const cells = again(spec(33), still);
  expect(isCompact(cells)).toBe(true);
  expect(moved(still, cells).filter((id) => !id.startsWith(boxId('x')))).toEqual([]);
  const stillCells = again(spec(25), cells);
  expect(isCompact(stillCells)).toBe(true);
  expect(moved(cells, stillCells)).toEqual([]);
  const boxes = again(spec(24), stillCells);
  expect(isCompact(boxes)).toBe(false);
  expect(moved(stillCells, boxes).filter((id) => !id.startsWith(boxId('x')) && id !== netId('a'))).toEqual([]);
  expect(faultsOf(graph(spec(24)), boxes)).toEqual([]);
});

test('a box whose network is gone stays', () => {
  const before = layOut(graph(tutorial));
  const boxes = tutorial.boxes.map((box) => ({ ...box, nets: box.nets.filter((net) => net !== 'shop_default') }));
  const spec = { ...tutorial, nets: tutorial.nets.filter((net) => net !== 'shop_default'), boxes };
  const after = again(spec, before);
  expect(moved(before, after)).toEqual([]);
  expect(faultsOf(graph(spec), after)).toEqual([]);
  // A new network does not come to lie on it.
  const later = again({ ...spec, nets: ['another', ...spec.nets] }, after);
  expect(moved(after, later)).toEqual([]);
  expect(faultsOf(graph({ ...spec, nets: ['another', ...spec.nets] }), later)).toEqual([]);
});

test('what is remembered are whole numbers, and not many more than there are nodes', () => {
  const spec = crowd(1000, 60);
  const positions = Object.entries(positionsOf(layOut(graph(spec))));
  expect(positions.filter(([, [x, y]]) => !Number.isInteger(x) || !Number.isInteger(y))).toEqual([]);
  expect(positions.length).toBeLessThan(graph(spec).nodes.length * 1.2);
});

test('positions that make no sense are not followed', () => {
  const spec = crowd(30, 6);
  const good = positionsOf(layOut(graph(spec)));
  const value = fc.oneof(
    fc.tuple(fc.double(), fc.double()),
    fc.tuple(fc.integer({ min: -500, max: 3000 }), fc.integer({ min: -500, max: 3000 })),
    fc.constant(undefined),
  );
  const spoilt = fc.dictionary(fc.constantFrom(...Object.keys(good)), value, { maxKeys: 8 });
  fc.assert(
    fc.property(spoilt, (changes) => {
      const known = { ...good, ...changes } as unknown as Positions;
      expect(faultsOf(graph(spec), layOut(graph(spec), known))).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

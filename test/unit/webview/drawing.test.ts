import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitText, letterMeasure } from '../../../src/webview/fitText.ts';
import { indexOf } from '../../../src/webview/graphIndex.ts';
import { layOut } from '../../../src/webview/layout.ts';
import { positionsOf } from '../../../src/webview/layout/memory.ts';
import { reconcile } from '../../../src/webview/reconcile.ts';
import { arrowOf, middleOf, pathOf, rectOf, unionOf } from '../../../src/webview/scene/geometry.ts';
import { plainTone, toneClass, toneCount, tonesOf } from '../../../src/webview/scene/tones.ts';
import { fitting, levelOf, uncovering } from '../../../src/webview/scene/viewport.ts';
import { Scenes } from '../../../src/webview/scenes.ts';
import { called, patch, run, start, tutorialGraph, without } from './drawn.ts';

const graph = tutorialGraph();
const perLetter = letterMeasure(() => 0.5);

describe('a name that is too long', () => {
  it('loses its middle, so that both ends can be told', () => {
    expect(fitText('shop-backend-worker-12', 60, 10, perLetter)).toBe('shop-b…er-12');
    expect(fitText('web', 60, 10, perLetter)).toBe('web');
    expect(fitText('web', 1, 10, perLetter)).toBe('');
  });

  it('never gets wider than its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 200 }), (text, width) => {
        expect(perLetter(fitText(text, width, 10, perLetter), 10)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('lines', () => {
  const bent = [
    { x: 0, y: 0 },
    { x: 0, y: 20 },
    { x: 30, y: 20 },
  ];

  it('are rounded at their corners and end where they shall', () => {
    expect(pathOf(bent)).toBe('M0 0L0 14Q0 20 6 20L30 20');
    expect(pathOf([])).toBe('');
    expect(pathOf([bent[0] ?? { x: 0, y: 0 }])).toBe('M0 0');
  });

  it('have their arrow at the end, in their direction', () => {
    expect(arrowOf(bent)).toMatch(/^M30 20L23 /);
    expect(arrowOf([])).toBe('');
  });

  it('have a middle', () => {
    expect(middleOf(bent)).toEqual({ x: 5, y: 20 });
    expect(middleOf([])).toEqual({ x: 0, y: 0 });
  });
});

describe('elements', () => {
  const index = indexOf(graph);
  const layout = layOut(graph);

  it('all have a place inside of the picture', () => {
    for (const id of index.elements.keys()) {
      const rect = rectOf(index, layout, id);
      expect(rect, id).toBeDefined();
      expect(unionOf([layout.bounds, rect ?? layout.bounds])).toEqual(layout.bounds);
    }
  });
});

describe('colours of networks', () => {
  it('stay when a network comes or goes, and differ while there are enough', () => {
    const tones = tonesOf(graph, new Map());
    const own = graph.nodes.filter((node) => node.kind === 'network' && node.driver === 'bridge');
    expect(new Set(own.map(({ id }) => tones.get(id))).size).toBe(Math.min(own.length, toneCount));
    const fewer = { ...graph, nodes: graph.nodes.filter(({ id }) => id !== own[0]?.id) };
    const later = tonesOf(fewer, tones);
    for (const { id } of own.slice(1)) expect(later.get(id)).toBe(tones.get(id));
  });

  it('are plain for host and none', () => {
    const tones = tonesOf(graph, new Map());
    expect(tones.get(called(graph, 'host', 'network:'))).toBe(plainTone);
    expect(toneClass(plainTone)).toBe('');
  });
});

describe('the view', () => {
  const rect = { x: 100, y: 100, width: 400, height: 200 };

  it('shows all of a picture in the middle, and does not blow up a small one', () => {
    expect(fitting(rect, 800, 800, 9)).toEqual({ k: 2, x: -200, y: 0 });
    expect(fitting(rect, 800, 800, 1).k).toBe(1);
  });

  it('moves no more than it must to show an element', () => {
    const at = { x: 0, y: 0, k: 1 };
    expect(uncovering({ x: 50, y: 50, width: 10, height: 10 }, at, 200, 200)).toEqual(at);
    expect(uncovering({ x: 300, y: 50, width: 10, height: 10 }, at, 200, 200)).toEqual({ x: -134, y: 0, k: 1 });
    expect(uncovering({ x: -90, y: 50, width: 10, height: 10 }, at, 200, 200)).toEqual({ x: 114, y: 0, k: 1 });
  });

  it('tells more the nearer one is', () => {
    expect([0.1, 0.5, 1, 2].map(levelOf)).toEqual(['far', 'middle', 'near', 'close']);
  });
});

describe('the scene', () => {
  it('draws only again what changed', () => {
    const smaller = without(graph, 'test3');
    const before = layOut(graph);
    const after = reconcile(before, layOut(smaller, positionsOf(before)));
    expect([...after.boxes].filter(([id, box]) => before.boxes.get(id) !== box)).toEqual([]);
  });

  it('keeps every place over a change, and tells the panel', () => {
    const smaller = without(graph, 'test3');
    const scenes = new Scenes();
    const kept: unknown[] = [];
    const first = run([start({ graph: smaller })]);
    const one = scenes.next(first, (positions) => kept.push(positions));
    const two = scenes.next(run([patch(smaller, graph)], first), (positions) => kept.push(positions));
    for (const [id, box] of one?.layout.boxes ?? [])
      expect(two?.layout.boxes.get(id)).toMatchObject({ x: box.x, y: box.y });
    expect(kept).toHaveLength(2);
  });

  it('makes nothing anew while nothing differs', () => {
    const scenes = new Scenes();
    const state = run([start()]);
    const none = (): void => undefined;
    expect(scenes.next(run([{ type: 'select', id: 'x' }], state), none)).toBe(scenes.next(state, none));
  });

  it('is narrowed by focus and filter, and back again where things were', () => {
    const scenes = new Scenes();
    const kept: unknown[] = [];
    const keep = (positions: unknown): void => void kept.push(positions);
    const state = run([start()]);
    const overview = scenes.next(state, keep)?.layout;
    const focused = run([{ type: 'focus', focus: { id: called(graph, 'test3', 'container:'), hops: 1 } }], state);
    expect(scenes.next(focused, keep)?.index.graph.nodes.length).toBeLessThan(graph.nodes.length);
    const filtered = run([{ type: 'filter', filter: { drivers: ['host'] } }], state);
    expect(scenes.next(filtered, keep)?.index.elements.has(called(graph, 'my-bridge', 'network:'))).toBe(false);
    expect(kept).toHaveLength(1);
    expect(scenes.next(state, keep)?.layout.boxes).toEqual(overview?.boxes);
  });

  it('is arranged anew when a person says so', () => {
    const scenes = new Scenes();
    const none = (): void => undefined;
    const moved = { ...positionsOf(layOut(graph)), host: [500, 500] as const };
    const state = run([start({ positions: moved })]);
    scenes.next(state, none);
    const after = scenes.next(run([{ type: 'arrange' }], state), none);
    expect(after?.layout.boxes).toEqual(layOut(graph).boxes);
  });
});

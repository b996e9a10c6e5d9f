import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/webview/changes.ts';
import { filterChoices, filterCount, toggleFilter } from '../../../src/webview/filter.ts';
import { firstState, parseState, reduce, savedState } from '../../../src/webview/state.ts';
import { createStore } from '../../../src/webview/store.ts';
import { called, patch, run, start, texts, tutorialGraph, without } from './drawn.ts';

const graph = tutorialGraph();
const test3 = called(graph, 'test3', 'container:');
const redis = called(graph, 'redis', 'container:');
const smaller = without(graph, 'test3');

describe('the state of a diagram', () => {
  it('comes back after a reload, for the same engine', () => {
    const before = run([
      start(),
      { type: 'select', id: test3 },
      { type: 'focus', focus: { id: test3, hops: 2 } },
      { type: 'filter', filter: { states: ['running'] } },
      { type: 'table', table: true },
      { type: 'viewport', viewport: { x: 1, y: 2, k: 0.5 } },
    ]);
    const restored = parseState(JSON.parse(JSON.stringify(savedState(before))));
    const after = run([start()], firstState(restored));
    expect(savedState(after)).toEqual(savedState(before));
  });

  it('is not that of another engine, but for the table', () => {
    const before = run([start(), { type: 'select', id: test3 }, { type: 'table', table: true }]);
    const other = run([start({ engineKey: 'engine B' })], firstState(savedState(before)));
    expect(other.selected).toBeUndefined();
    expect(other.table).toBe(true);
    expect(run([start({ engineKey: 'engine B' })], before).selected).toBeUndefined();
  });

  it('keeps what is selected when the panel starts anew for the same engine', () => {
    expect(run([start(), { type: 'select', id: test3 }, start()]).selected).toBe(test3);
  });

  it('waits for the engine before it shows what was selected in the window before', () => {
    const restored = { version: 1, selected: test3, engineKey: 'engine A' } as const;
    const early = run([start({ engineKey: '', graph: undefined })], firstState(restored));
    expect(savedState(early)).toEqual(restored);
    expect(run([start()], early).selected).toBe(test3);
  });

  it('waits for all of several engines, which come one by one, unless the person does something', () => {
    const restored = { version: 1, selected: test3, engineKey: 'engine A engine B' } as const;
    const one = run([start()], firstState(restored));
    expect(one.selected).toBeUndefined();
    expect(savedState(one)).toEqual(restored);
    const both = { engineKey: 'engine A engine B' };
    expect(run([start(both)], one).selected).toBe(test3);
    expect(run([{ type: 'focus', focus: { id: redis, hops: 1 } }, start(both)], one).selected).toBeUndefined();
  });

  it('says nothing new to VS Code before the panel has spoken', () => {
    const restored = { version: 1, selected: test3, engineKey: 'engine A' } as const;
    expect(savedState(firstState(restored))).toEqual(restored);
  });

  it('takes anything for a state that VS Code hands out, and what is sound of it', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parseState(value)));
    expect(parseState({ version: 2 })).toBeUndefined();
    const odd = {
      version: 1,
      selected: 3,
      focus: { id: 'a' },
      viewport: { x: 0, y: 0, k: NaN },
      filter: { states: ['up'] },
    };
    expect(parseState(odd)).toEqual({ version: 1, filter: { states: [] } });
  });

  it('lets go of what is gone: selection, focus and menus', () => {
    const state = run([
      start({
        menus: { [test3]: { tokens: 'container', subject: {} }, [redis]: { tokens: 'container', subject: {} } },
      }),
      { type: 'select', id: test3 },
      { type: 'focus', focus: { id: test3, hops: 1 } },
      patch(graph, smaller),
    ]);
    expect(state.selected).toBeUndefined();
    expect(state.focus).toBeUndefined();
    expect(Object.keys(state.menus)).toEqual([redis]);
  });

  it('shows what somebody asks for from outside, even where a filter hid it', () => {
    const state = run([
      start(),
      { type: 'filter', filter: { drivers: ['host'] } },
      { type: 'news', news: { type: 'select', id: redis } },
    ]);
    expect(state).toMatchObject({ selected: redis, filter: {}, focus: undefined, revealed: 1 });
  });

  it('points out what is new, until it has settled', () => {
    const state = run([start({ graph: smaller }), patch(smaller, graph)]);
    expect(state.fresh.has(test3)).toBe(true);
    expect(state.fresh.has(redis)).toBe(false);
    expect(reduce(state, { type: 'settled' }).fresh.size).toBe(0);
  });

  it('does not point out a whole picture that arrives late', () => {
    const empty = { ...graph, nodes: [], edges: [] };
    expect(run([start({ graph: undefined }), patch(empty, graph)]).fresh.size).toBe(0);
  });

  it('keeps what did not change, so that it is not drawn again', () => {
    const state = run([start({ graph: smaller }), patch(smaller, graph)]);
    const kept = smaller.nodes.filter((node) => state.graph?.nodes.includes(node));
    expect(kept.length).toBeGreaterThanOrEqual(smaller.nodes.length - 1);
  });
});

describe('the summary of changes', () => {
  it('says in one sentence what came and went', () => {
    const state = run([start(), patch(graph, smaller)]);
    expect(announce(state.changes, texts)).toBe('Gone: test3');
    const back = run([patch(smaller, graph)], reduce(state, { type: 'announced' }));
    expect(announce(back.changes, texts)).toBe('New: test3');
  });

  it('says nothing of what came and went again in between', () => {
    const state = run([start(), patch(graph, smaller), patch(smaller, graph)]);
    expect(state.changes).toMatchObject({ added: [], removed: [] });
  });

  it('names some of many', () => {
    const added = Array.from({ length: 9 }, (_, at) => `web-${at}`);
    const text = announce({ added, removed: [], fresh: [], others: 0 }, texts);
    expect(text).toContain('web-4');
    expect(text).not.toContain('web-5');
    expect(text).toContain('4');
  });
});

describe('the filter', () => {
  it('offers what the graph has', () => {
    const { networks, drivers, projects } = filterChoices(graph);
    expect(networks.map(({ text }) => text)).toContain('my-bridge');
    expect(drivers.map(({ text }) => text)).toEqual(['bridge', 'host', 'null']);
    expect(projects.map(({ text }) => text)).toEqual(['shop']);
  });

  it('is off again when its last value is taken out', () => {
    const on = toggleFilter({}, 'drivers', 'bridge');
    expect(filterCount(on)).toBe(1);
    expect(toggleFilter(on, 'drivers', 'bridge')).toEqual({});
  });
});

describe('the store', () => {
  it('tells of changes, and only of changes', () => {
    const store = createStore(0, (state: number, more: number) => state + more);
    const seen: number[] = [];
    const stop = store.subscribe(() => seen.push(store.state));
    store.act(2);
    store.act(0);
    stop();
    store.act(3);
    expect(seen).toEqual([2]);
    expect(store.state).toBe(5);
  });
});

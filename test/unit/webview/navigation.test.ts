import { describe, expect, it } from 'vitest';
import { chipId } from '../../../src/topology/graphElements.ts';
import { highlightOf, indexOf, networksOf } from '../../../src/webview/graphIndex.ts';
import { meaningOf } from '../../../src/webview/keyboard.ts';
import { elementLabel, nameOf } from '../../../src/webview/labels.ts';
import { layOut } from '../../../src/webview/layout.ts';
import { outermost, step, type Ground } from '../../../src/webview/navigation.ts';
import { graphOf } from '../../../src/topology/graph.ts';
import { crowd } from '../support/snapshots.ts';
import { called, texts, tutorialGraph } from './drawn.ts';

const graph = tutorialGraph();
const index = indexOf(graph);
const ground: Ground = { index, layout: layOut(graph) };
const key = (name: string, more: Partial<Parameters<typeof meaningOf>[0]> = {}) =>
  meaningOf({ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

function walk(from: string, ...directions: readonly ('up' | 'down' | 'left' | 'right')[]): string[] {
  const names: string[] = [];
  let at: string | undefined = from;
  for (const direction of directions) {
    at = at === undefined ? undefined : step(ground, at, direction);
    names.push(at === undefined ? '' : nameOf(index, at));
  }
  return names;
}

/** All that arrow keys lead to. */
function reachable({ index: found, layout }: Ground, from: string): Set<string> {
  const seen = new Set([from]);
  for (const id of seen) {
    for (const direction of ['up', 'down', 'left', 'right'] as const) {
      const next = step({ index: found, layout }, id, direction);
      if (next !== undefined) seen.add(next);
    }
  }
  return seen;
}

describe('arrow keys', () => {
  it('follow the wire from a container to the world', () => {
    const names = walk(called(graph, 'test3', 'container:'), 'down', 'down', 'down', 'down', 'down', 'down');
    expect(names).toEqual([
      'eth0@if15',
      'eth0@if15 – my-bridge',
      'veth000000f',
      'my-bridge',
      expect.stringMatching(/^my-bridge – /),
      expect.any(String),
    ]);
  });

  it('lead back up the same wire', () => {
    const chip = chipId('veth000000f');
    expect(walk(chip, 'up', 'up', 'up')).toEqual(['eth0@if15 – my-bridge', 'eth0@if15', 'test3']);
  });

  it('go from interface to interface of a container, and from wire to wire of a network', () => {
    const test2 = called(graph, 'test2', 'container:');
    expect(walk(test2, 'down', 'right')).toEqual(['eth0@if13', 'eth1@if17']);
    const beside = step(ground, chipId('veth000000f'), 'right') ?? step(ground, chipId('veth000000f'), 'left');
    expect(index.elements.get(beside ?? '')?.kind).toBe('chip');
  });

  it('reach every container, network and interface that is drawn', () => {
    const first = outermost(ground, 'first') ?? '';
    const seen = reachable(ground, first);
    const missed = [...index.elements].filter(
      ([id, { kind }]) => (kind === 'container' || kind === 'interface') && !seen.has(id),
    );
    expect(missed.map(([id]) => nameOf(index, id))).toEqual([]);
  });

  it('go through a grid of hundreds of cells', () => {
    const many = graphOf(crowd(300));
    const grid = { index: indexOf(many), layout: layOut(many) };
    const containers = [...grid.index.elements].filter(([, { kind }]) => kind === 'container');
    const seen = reachable(grid, outermost(grid, 'first') ?? '');
    expect(containers.filter(([id]) => !seen.has(id)).length).toBe(0);
  });
});

describe('keys', () => {
  it('mean what they mean elsewhere', () => {
    expect(key('ArrowUp')).toEqual({ do: 'go', direction: 'up' });
    expect(key('Enter')).toEqual({ do: 'select' });
    expect(key('f', { ctrlKey: true })).toEqual({ do: 'search' });
    expect(key('F', { metaKey: true, shiftKey: true })).toEqual({ do: 'search' });
    expect(key('/')).toEqual({ do: 'search' });
    expect(key('0')).toEqual({ do: 'fit' });
  });

  it('leave the shortcuts of the editor alone', () => {
    expect(key('p', { ctrlKey: true })).toBeUndefined();
    expect(key('ArrowUp', { altKey: true })).toBeUndefined();
    expect(key('+', { ctrlKey: true })).toBeUndefined();
    expect(key('F10', { shiftKey: true })).toBeUndefined();
    expect(key('Tab')).toBeUndefined();
  });
});

describe('what is selected', () => {
  it('lights a container with its wires and their other ends, and nothing else', () => {
    const lit = highlightOf(index, called(graph, 'test3', 'container:'));
    const names = [...lit].map((id) => nameOf(index, id));
    expect(names).toEqual(expect.arrayContaining(['test3', 'eth0@if15', 'veth000000f', 'my-bridge']));
    expect(names).not.toContain('redis');
    expect(names).not.toContain('bridge');
  });

  it('lights a wire with both ends', () => {
    const lit = highlightOf(index, chipId('veth000000f'));
    expect(lit.has(called(graph, 'my-bridge', 'network:'))).toBe(true);
    expect(lit.has(called(graph, 'test3', 'namespace:'))).toBe(true);
  });

  it('lights a network with all that is plugged into it', () => {
    const names = [...highlightOf(index, called(graph, 'my-bridge', 'network:'))].map((id) => nameOf(index, id));
    expect(names).toEqual(expect.arrayContaining(['test2', 'test3', 'redis', 'stopped1']));
    expect(names).not.toContain('shop-web-1');
  });

  it('lights nothing where it is gone', () => {
    expect(highlightOf(index, 'container:gone').size).toBe(0);
  });

  it('knows the networks of a container', () => {
    const { containerId } = [...index.containers.values()].find(({ name }) => name === 'test2') ?? { containerId: '' };
    expect(networksOf(index, containerId).size).toBe(2);
  });
});

describe('names for a screen reader', () => {
  it('say kind and name of everything', () => {
    for (const id of index.elements.keys()) expect(elementLabel(index, id, texts)).toMatch(/\S/);
    expect(elementLabel(index, called(graph, 'test3', 'container:'), texts)).toMatch(/^Container test3, running/);
    expect(elementLabel(index, chipId('veth000000f'), texts)).toContain('veth000000f@if14');
  });
});

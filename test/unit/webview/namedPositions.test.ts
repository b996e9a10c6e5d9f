import { expect, test } from 'vitest';
import { layOut } from '../../../src/webview/layout.ts';
import { positionsOf } from '../../../src/webview/layout/memory.ts';
import { byIds, byNames } from '../../../src/webview/namedPositions.ts';
import { graph, netId, tutorial } from './graphs.ts';

const before = graph(tutorial);
const layout = layOut(before);
const known = positionsOf(layout);

/** The same topology after the engine has started again: its default network has another id. */
const after: typeof before = {
  ...before,
  nodes: before.nodes.map((node) =>
    node.kind === 'network' && node.name === 'bridge' ? { ...node, id: netId('f00d'), networkId: 'f00d' } : node,
  ),
  edges: before.edges.map((edge) => (edge.to === netId('bridge') ? { ...edge, to: netId('f00d') } : edge)),
};

test('a network with another id and the same name is where it was, and all that stands on it', () => {
  const next = layOut(after, byIds(byNames(known, before), after));
  expect(next.boxes.get(netId('f00d'))).toEqual({ ...layout.boxes.get(netId('bridge')), id: netId('f00d') });
  for (const [id, box] of layout.boxes) if (id !== netId('bridge')) expect(next.boxes.get(id), id).toEqual(box);
  expect(next.blocks.size).toBe(layout.blocks.size);
});

test('names and back changes nothing, annexes and what is no network included', () => {
  const annexed = { ...known, 'block:network:bridge+2': [1, 2], 'compact:block:network:bridge+2': [1, 1] } as const;
  expect(byIds(byNames(annexed, before), before)).toEqual(annexed);
  expect(byNames(known, before)).toHaveProperty('block:network:=bridge');
});

test('what an older version wrote under ids is still understood', () => {
  expect(byIds(known, before)).toEqual(known);
});

test('two networks of one name go by their ids', () => {
  const twin = before.nodes.flatMap((node) =>
    node.kind === 'network' && node.name === 'bridge' ? [{ ...node, id: netId('twin'), networkId: 'twin' }] : [],
  );
  expect(byNames(known, { ...before, nodes: [...before.nodes, ...twin] })).toHaveProperty('block:network:bridge');
});

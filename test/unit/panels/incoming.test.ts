import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFromWebview } from '../../../src/panels/incoming.ts';

describe('what comes from a webview', () => {
  it.each([
    { type: 'ready' },
    { type: 'positions', engineKey: 'context:lab', positions: { 'network:1': [10, -20] } },
    { type: 'selected', id: 'network:1' },
    { type: 'selected', id: undefined },
    { type: 'log', message: 'oops' },
    { type: 'ask', id: 1, name: 'detail', value: { id: 'network:1' } },
    { type: 'ask', id: 2, name: 'reveal', value: { id: 'network:1' } },
    { type: 'ask', id: 3, name: 'save', value: { format: 'png', content: 'AAAA' } },
    { type: 'ask', id: 4, name: 'exportText', value: { format: 'dot', to: 'file' } },
    { type: 'ask', id: 5, name: 'exportText', value: { format: 'json', to: 'clipboard', ids: ['network:1'] } },
    { type: 'ask', id: 6, name: 'connect', value: { containerId: 'a', networkId: 'b' } },
  ])('is taken as it is: $type $name', (message) => {
    expect(parseFromWebview(message)).toEqual(message);
  });

  it.each([
    undefined,
    null,
    7,
    'ready',
    [],
    { type: 'toString' },
    { type: 'positions', engineKey: 1, positions: {} },
    { type: 'positions', engineKey: 'x', positions: [] },
    {
      type: 'positions',
      engineKey: 'x',
      positions: Object.fromEntries(Array.from({ length: 20_001 }, (_, at) => [at, [0, 0]])),
    },
    { type: 'selected', id: 7 },
    { type: 'selected', id: 'x'.repeat(10_000) },
    { type: 'log' },
    { type: 'ask', id: 'one', name: 'detail', value: { id: 'x' } },
    { type: 'ask', id: 1.5, name: 'detail', value: { id: 'x' } },
    { type: 'ask', id: 1, name: '__proto__', value: { id: 'x' } },
    { type: 'ask', id: 1, name: 'detail', value: 'x' },
    { type: 'ask', id: 1, name: 'save', value: { format: 'exe', content: '' } },
    { type: 'ask', id: 1, name: 'save', value: { format: 'svg', content: 7 } },
    { type: 'ask', id: 1, name: 'exportText', value: { format: 'dot', to: 'printer' } },
    { type: 'ask', id: 1, name: 'exportText', value: { format: 'dot', to: 'file', ids: [7] } },
    { type: 'ask', id: 1, name: 'connect', value: { containerId: 'a' } },
  ])('is nothing where it is no message: %j', (message) => {
    expect(parseFromWebview(message)).toBeUndefined();
  });

  it('has numbers of a sensible size as places; others are left out', () => {
    const positions = { good: [1.4, -2.6], far: [1e9, 0], none: [Number.NaN, 0], short: [1], text: ['1', '2'] };
    expect(parseFromWebview({ type: 'positions', engineKey: 'x', positions })).toEqual({
      type: 'positions',
      engineKey: 'x',
      positions: { good: [1.4, -2.6] },
    });
  });

  it('never throws', () => {
    const names = fc.constantFrom('detail', 'save', 'exportText', 'reveal', 'connect');
    const types = fc.constantFrom('ready', 'positions', 'selected', 'log', 'ask');
    const message = fc.record({
      type: types,
      id: fc.anything(),
      name: names,
      value: fc.anything(),
      positions: fc.anything(),
    });
    fc.assert(fc.property(fc.oneof(fc.anything(), message), (value) => void parseFromWebview(value)));
  });
});

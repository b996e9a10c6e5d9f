import { describe, expect, it } from 'vitest';
import { sortRows, tableRows } from '../../../src/webview/table.ts';
import { tutorialGraph } from './drawn.ts';

const rows = tableRows(tutorialGraph());
const rowsOf = (name: string) => rows.filter(({ container }) => container === name);

describe('the table', () => {
  it('says the same as the picture: a row for each interface', () => {
    expect(rowsOf('test3')).toMatchObject([
      {
        state: 'running',
        network: 'my-bridge',
        interface: 'eth0',
        ifindex: '14',
        peer: '15',
        hostLink: 'veth000000f@if14',
        address: '172.18.0.2',
        mac: '02:42:ac:12:00:02',
        confidence: 'exact',
      },
    ]);
    expect(rowsOf('test2').map(({ network }) => network)).toEqual(['bridge', 'my-bridge']);
  });

  it('has every container, those without a wire too', () => {
    expect(rowsOf('stopped1')).toMatchObject([{ state: 'exited', network: 'my-bridge', hostLink: '' }]);
    expect(rowsOf('host1')).toMatchObject([{ state: 'running', network: 'host' }]);
    expect(rowsOf('none1')).toMatchObject([{ state: 'running', network: 'none' }]);
    expect(rowsOf('test1, shared1')).toHaveLength(1);
  });

  it('has no two rows of one id', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('sorts by any column, numbers by their value, and what is empty last', () => {
    const by = (descending: boolean) => sortRows(rows, { column: 'ifindex', descending }).map(({ ifindex }) => ifindex);
    const filled = by(false).filter((text) => text !== '');
    expect(filled).toEqual([...filled].sort((a, b) => Number(a) - Number(b)));
    expect(by(true).slice(0, filled.length)).toEqual([...filled].reverse());
    expect(by(true).at(-1)).toBe('');
  });
});

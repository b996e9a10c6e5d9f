import { describe, expect, it } from 'vitest';
import { containerRows } from '../../../src/views/containerRows.ts';
import { hostLinkRows } from '../../../src/views/hostLinkRows.ts';
import { networkRows } from '../../../src/views/networkRows.ts';
import { statusText } from '../../../src/views/engineText.ts';
import { hostile, hostileNames } from '../support/snapshots.ts';
import { contextOf, flat } from './rows.ts';

const context = contextOf(hostile());
const rows = [networkRows(context), containerRows(context), hostLinkRows(context)].flatMap(flat);

describe('names that strangers chose', () => {
  it('reach no row with a control, line break, bidi mark or half a character', () => {
    for (const row of rows) {
      const text = [row.label, row.description ?? '', row.spoken].join('');
      expect(text).not.toMatch(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029\p{Cs}]/u);
    }
  });

  it('stay short, however long they are', () => {
    for (const row of rows) expect(row.label.length + (row.description?.length ?? 0)).toBeLessThan(4000);
    for (const row of rows) expect((row.tooltip?.() ?? '').length).toBeLessThan(40_000);
  });

  it('bring no Markdown of their own into a tooltip', () => {
    for (const row of rows) {
      const tooltip = (row.tooltip?.() ?? '').replace(/(`+)[^`](?:.*?[^`])??\1(?!`)/g, '').replace(/\\./g, '');
      expect(tooltip).not.toMatch(/\]\(|<img|!\[|<\w/);
    }
  });

  it('give a row no token: no menu item that it should not have', () => {
    const [network] = networkRows(context).filter(({ tokens }) => tokens.some((token) => token.startsWith('evil')));
    expect(network?.tokens).toContain('evil-can-copyip');
    expect(rows.every(({ tokens }) => tokens.every((token) => /^(can:[A-Za-z]+|[\w-]+)$/.test(token)))).toBe(true);
  });

  it('of 10,000 labels show twenty and a count', () => {
    const tooltip = networkRows(context)[0]?.tooltip?.() ?? '';
    expect(tooltip).toContain('… and 9980 more');
  });

  it('bring no icon into the status bar', () => {
    const connection = {
      key: 'k',
      label: hostileNames.markdown,
      endpoint: hostileNames.bidi,
      origin: 'context',
      readOnly: false,
    } as const;
    const { text } = statusText({ kind: 'ready' }, hostile(), connection);
    expect(text).not.toContain('$(trash)');
  });
});

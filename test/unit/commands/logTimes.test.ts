import { expect, it } from 'vitest';
import { secondsOf } from '../../../src/commands/logs.ts';

const now = Date.UTC(2026, 10, 24, 12, 0, 0);

it.each([
  ['10m', now / 1000 - 600],
  ['2h30m', now / 1000 - 9000],
  ['1d', now / 1000 - 86_400],
  ['2026-11-24T11:00:00Z', now / 1000 - 3600],
])('a log since %s begins where the person meant', (text, seconds) => {
  expect(secondsOf(text, now)).toBe(seconds);
});

it.each(['', 'soon', '10', '10x', '-5m', 'm'])('“%s” is no time to begin a log at', (text) => {
  expect(secondsOf(text, now)).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { mayMount } from '../../../../src/kernel/parse/pidCapabilities.ts';
import { startTimeOf } from '../../../../src/kernel/parse/pidStat.ts';

describe('when a process began', () => {
  const rest = 'S 1 2 3 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 4711 1234 99 18446744073709551615\n';

  it.each([
    ['an ordinary name', `12 (sh) ${rest}`],
    ['a name with blanks and parentheses', `12 (a) S 1 (b c) ${rest}`],
    ['a name that looks like the rest', `12 () ${rest.trim()}) ${rest}`],
  ])('is read after %s', (_, stat) => expect(startTimeOf(stat)).toBe('4711'));

  it.each(['', '12 (sh)', '12 (sh) S 1 2 3', '12 (sh) S 1 2 3 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 x 1'])(
    'is not known from %j',
    (stat) => expect(startTimeOf(stat)).toBeUndefined(),
  );
});

describe('whether a process may mount', () => {
  const status = (set: string): string => `Name:\tsh\nCapEff:\t000001ffffffffff\nCapBnd:\t${set}\nCapAmb:\t0\n`;

  it('is no for Docker’s default rights, and yes for a privileged container', () => {
    expect(mayMount(status('00000000a80425fb'))).toBe(false);
    expect(mayMount(status('000001ffffffffff'))).toBe(true);
    expect(mayMount(status('0000000000200000'))).toBe(true);
  });

  it('is yes where it is not told', () => {
    expect(mayMount('')).toBe(true);
    expect(mayMount(status('zz'))).toBe(true);
  });
});

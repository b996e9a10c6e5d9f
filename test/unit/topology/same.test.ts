import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { isSame } from '../../../src/topology/same.ts';

describe('plain data', () => {
  it.each([
    [
      { a: 1, b: [1, { c: 'x' }] },
      { b: [1, { c: 'x' }], a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: undefined }, { b: undefined }],
    [[], []],
  ])('is the same whatever the order: %j and %j', (a, b) => expect(isSame(a, b)).toBe(true));

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [
      { a: undefined, b: 1 },
      { a: undefined, c: 1 },
    ],
    [[1, 2], [1]],
    [[], {}],
    [{}, null],
    ['1', 1],
  ])('differs: %j and %j', (a, b) => expect(isSame(a, b)).toBe(false));

  it('is the same but for what is named quiet, at any depth', () => {
    const quiet = new Set(['counters']);
    expect(isSame([{ a: { counters: 1 } }], [{ a: { counters: 2 } }], quiet)).toBe(true);
    expect(isSame([{ a: { counters: 1 } }], [{ a: {} }], quiet)).toBe(true);
    expect(isSame({ counters: 1, b: 1 }, { counters: 1 }, quiet)).toBe(false);
    expect(isSame({ counters: 1 }, { counters: 1, b: 1 }, quiet)).toBe(false);
  });

  it('is what JSON says it is', () => {
    const value = fc.jsonValue({ depthSize: 'small' });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const sorted = (one: unknown): string =>
          JSON.stringify(one, (_, v: unknown) =>
            typeof v === 'object' && v !== null && !Array.isArray(v)
              ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)))
              : v,
          );
        // JSON has no -0.
        const plain = [a, b].map((one) => JSON.parse(JSON.stringify(one)) as unknown);
        return isSame(plain[0], plain[1]) === (sorted(a) === sorted(b)) && isSame(plain[0], structuredClone(plain[0]));
      }),
    );
  });
});

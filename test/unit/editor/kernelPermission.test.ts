import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KernelPermission } from '../../../src/editor/kernelPermission.ts';

function aMemory(kept?: unknown) {
  let value = kept;
  return {
    get: () => value,
    update: (_key: string, next: unknown) => {
      value = JSON.parse(JSON.stringify(next));
      return Promise.resolve();
    },
  };
}

test('an answer holds for its engine, and in the next window', async () => {
  const memory = aMemory();
  const permission = new KernelPermission(memory);
  expect(permission.of('context:far')).toBeUndefined();
  await permission.set('context:far', 'helper');
  await permission.set('context:other', 'none');
  const next = new KernelPermission(memory);
  expect([next.of('context:far'), next.of('context:other'), next.of('context:third')]).toEqual([
    'helper',
    'none',
    undefined,
  ]);
});

test('whatever is in the memory, nothing is allowed that nobody allowed', () => {
  fc.assert(
    fc.property(fc.anything(), (kept) => {
      expect([undefined, 'none']).toContain(new KernelPermission(aMemory(kept)).of('context:far'));
    }),
  );
});

test('the oldest of very many answers is forgotten', async () => {
  const permission = new KernelPermission(aMemory());
  for (let engine = 0; engine <= 100; engine++) await permission.set(`engine ${engine}`, 'exec');
  expect(permission.of('engine 0')).toBeUndefined();
  expect(permission.of('engine 1')).toBe('exec');
});

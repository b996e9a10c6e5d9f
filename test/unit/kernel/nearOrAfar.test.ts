import { expect, test } from 'vitest';
import { createAbsentKernel } from '../../../src/kernel/absent.ts';
import type { KernelSource } from '../../../src/kernel/kernel.ts';
import { createNearOrAfarKernel } from '../../../src/kernel/nearOrAfar.ts';
import type { KernelAbsence, KernelView } from '../../../src/topology/model.ts';

const view = (source: string): KernelView => ({
  source,
  host: { containerIds: [], pid: 1, links: [], routes: [], exact: true },
  containers: [],
});
const reads = (source: string): KernelSource => ({
  read: () => Promise.resolve({ kind: 'read', view: view(source) }),
  listeners: () => Promise.resolve([{ address: source, port: 1, protocol: 'tcp' }]),
  counters: () => Promise.resolve(new Map([[source, { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 }]])),
});
const nothing = { containers: [], bridges: [] };

test("this machine's own files come first, and are asked for all else too", async () => {
  const kernel = createNearOrAfarKernel(reads('local'), reads('helper'));
  expect(await kernel.read(nothing)).toEqual({ kind: 'read', view: view('local') });
  expect([...(await kernel.counters()).keys()]).toEqual(['local']);
});

test.each<KernelAbsence>(['notLocal', 'otherMachine', 'otherNamespace'])(
  'where the engine is elsewhere (%s), the way that leads there is taken',
  async (reason) => {
    const kernel = createNearOrAfarKernel(createAbsentKernel(reason), reads('helper'));
    expect(await kernel.read(nothing)).toEqual({ kind: 'read', view: view('helper') });
    expect((await kernel.listeners()).map(({ address }) => address)).toEqual(['helper']);
  },
);

test.each<KernelAbsence>(['unproven', 'disabled', 'failed'])('%s is no reason to go elsewhere', async (reason) => {
  const kernel = createNearOrAfarKernel(createAbsentKernel(reason), reads('helper'));
  expect(await kernel.read(nothing)).toEqual({ kind: 'absent', reason });
});

import type { KernelAbsence } from '../topology/model.ts';
import type { KernelSource } from './kernel.ts';

/** The source for whom there is nothing to read: the person switched it off, or the engine is far away. */
export function createAbsentKernel(reason: KernelAbsence): KernelSource {
  return {
    read: () => Promise.resolve({ kind: 'absent', reason }),
    listeners: () => Promise.resolve([]),
    counters: () => Promise.resolve(new Map()),
  };
}

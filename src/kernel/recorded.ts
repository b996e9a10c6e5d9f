import type { KernelReading } from '../topology/model.ts';
import type { KernelSource } from './kernel.ts';

/** Plays the reading of a saved snapshot, whatever it is asked. Who listened is not saved, and nothing moves. */
export function createRecordedKernel(reading: KernelReading): KernelSource {
  return {
    read: () => Promise.resolve(reading),
    listeners: () => Promise.resolve([]),
    counters: () => Promise.resolve(new Map()),
  };
}

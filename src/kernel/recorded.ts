import type { KernelReading } from '../topology/model.ts';
import type { KernelSource } from './kernel.ts';

/** Plays the reading of a saved snapshot, whatever it is asked. */
export function createRecordedKernel(reading: KernelReading): KernelSource {
  return { read: () => Promise.resolve(reading) };
}

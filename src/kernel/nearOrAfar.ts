import type { KernelAbsence } from '../topology/model.ts';
import type { KernelSource } from './kernel.ts';

/** Reasons of the local source for which another way may do: the engine's kernel, or its namespace, is elsewhere. */
const elsewhere: ReadonlySet<KernelAbsence> = new Set(['notLocal', 'otherMachine', 'otherNamespace']);

/** This machine's files where the engine is on this kernel, else the way that leads to the engine's. */
export function createNearOrAfarKernel(near: KernelSource, afar: KernelSource): KernelSource {
  let newest = near;
  return {
    async read(request, signal) {
      newest = near;
      const reading = await near.read(request, signal);
      if (reading.kind === 'read' || !elsewhere.has(reading.reason)) return reading;
      newest = afar;
      return afar.read(request, signal);
    },
    listeners: (signal) => newest.listeners(signal),
    counters: (signal) => newest.counters(signal),
  };
}

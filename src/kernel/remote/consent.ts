import { createAbsentKernel } from '../absent.ts';
import type { KernelSource } from '../kernel.ts';

/** What the person allowed on one engine. Looked at anew for each read: the answer may come while the engine is shown. */
export interface Consent {
  mode(): 'helper' | 'exec' | 'none';
}

/** Reads by that way alone which the person allowed. */
export function createConsentedKernel(
  consent: Consent,
  sources: { readonly helper: KernelSource; readonly exec: KernelSource },
): KernelSource {
  const none = createAbsentKernel('notAllowed');
  const source = (): KernelSource => {
    const mode = consent.mode();
    return mode === 'none' ? none : sources[mode];
  };
  return {
    read: (request, signal) => source().read(request, signal),
    listeners: (signal) => source().listeners(signal),
    counters: (signal) => source().counters(signal),
  };
}

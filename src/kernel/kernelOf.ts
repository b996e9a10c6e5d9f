import { createAbsentKernel } from './absent.ts';
import { createExecKernel } from './exec.ts';
import { createHelperKernel } from './helperContainer.ts';
import type { KernelSource } from './kernel.ts';
import { createLocalKernel } from './local.ts';
import { createNearOrAfarKernel } from './nearOrAfar.ts';
import { createConsentedKernel, type Consent } from './remote/consent.ts';
import { helperImages, type LocalImage } from './remote/images.ts';
import type { ScriptRunner } from './remote/runner.ts';

export interface EngineKernelOptions {
  /** Of the engine's Unix socket, where that is the way to it. */
  readonly socketPath: string | undefined;
  /** Runs scripts on the engine's machine; lists the images that are there. */
  readonly runner: ScriptRunner & { images(signal?: AbortSignal): Promise<readonly LocalImage[]> };
  /** What the person allowed there. */
  readonly consent: Consent;
  /** The person's own choice of an image with tools. */
  readonly toolsImage: () => string;
  readonly log: (line: string) => void;
}

/** The kernel that an engine runs on: by this machine's files where it is this one, else as far as it was allowed. */
export function createKernelOf({ socketPath, runner, consent, toolsImage, log }: EngineKernelOptions): KernelSource {
  const helper = createHelperKernel({
    runner,
    images: async (signal) => helperImages(await runner.images(signal), toolsImage()),
    log,
  });
  return createNearOrAfarKernel(
    socketPath === undefined ? createAbsentKernel('notLocal') : createLocalKernel({ socketPath, log }),
    createConsentedKernel(consent, { helper, exec: createExecKernel({ runner, log }) }),
  );
}

/** Runs a helper container that does not end, on the engine at DOCKER_HOST, until somebody kills this program. */
import { images } from '../lab/images.ts';
import { openEngine } from './openEngine.ts';

/** This file, for who starts it. */
export const helperProgram = import.meta.filename;

if (import.meta.main) {
  const limits = { timeoutMs: 600_000, maxBytes: 1024 };
  await openEngine(process.env['DOCKER_HOST'] ?? '').probe.onMachine(images.busybox, ['sleep', '600'], limits);
}

/**
 * Prints, as JSON, what the product says of who listens on the host of the engine at DOCKER_HOST. A program of its own,
 * so that a test can run it in the engine's namespaces and as a user without rights.
 */
import type { Listener } from '../../src/kernel/kernel.ts';
import { openLabSession } from '../lab/openSession.ts';

export interface ListenerReport {
  readonly uid: number;
  readonly listeners: readonly Listener[];
}

export async function readListeners(endpoint: string): Promise<ListenerReport> {
  const session = openLabSession(endpoint);
  try {
    await session.refresh();
    return { uid: process.getuid?.() ?? -1, listeners: await session.listeners() };
  } finally {
    session.dispose();
  }
}

if (import.meta.main) {
  const report = await readListeners(process.env['DOCKER_HOST'] ?? '');
  process.stdout.write(JSON.stringify(report));
}

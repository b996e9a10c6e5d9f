/**
 * Prints, as JSON, the wires that the product sees of the engine at DOCKER_HOST. A program of its own, so that a test
 * can run it in the engine's namespaces and as a user without rights.
 */
import { createLocalKernel } from '../../src/kernel/local.ts';
import type { KernelReading, Wire } from '../../src/topology/model.ts';
import { expectedBridges } from '../../src/topology/snapshot.ts';
import { hasOwnNamespace, wire } from '../../src/topology/wiring.ts';
import { openEngine, socketOf } from './openEngine.ts';

export interface WireReport {
  readonly uid: number;
  readonly kernel: KernelReading;
  readonly wires: readonly Wire[];
}

export async function readWires(endpoint: string): Promise<WireReport> {
  const engine = openEngine(endpoint);
  try {
    await engine.info();
    const networks = (await engine.networks()).map(({ model }) => model);
    const containers = (await engine.containers()).map(({ model }) => model);
    const source = createLocalKernel({ socketPath: socketOf(endpoint) });
    const kernel = await source.read({
      containers: containers.filter(hasOwnNamespace).map(({ id, pid }) => ({ id, pid })),
      bridges: expectedBridges(networks, containers),
    });
    return { uid: process.getuid?.() ?? -1, kernel, wires: wire(networks, containers, kernel) };
  } finally {
    engine.close();
  }
}

if (import.meta.main) {
  const report = await readWires(process.env['DOCKER_HOST'] ?? '');
  process.stdout.write(JSON.stringify(report));
}

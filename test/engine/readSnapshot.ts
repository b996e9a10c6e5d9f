/**
 * Prints, as JSON, the snapshot that the product makes of the engine at DOCKER_HOST. A program of its own, so that a test
 * can run it in the engine's namespaces and as a user without rights.
 */
import { createLocalKernel } from '../../src/kernel/local.ts';
import type { Snapshot } from '../../src/topology/model.ts';
import { buildSnapshot, expectedBridges } from '../../src/topology/snapshot.ts';
import { hasOwnNamespace } from '../../src/topology/wiring.ts';
import { openEngine, socketOf } from './openEngine.ts';

async function readSnapshot(endpoint: string): Promise<Snapshot> {
  const connection = openEngine(endpoint);
  try {
    const engine = await connection.info();
    const networks = (await connection.networks()).map(({ model }) => model);
    const containers = (await connection.containers()).map(({ model }) => model);
    const kernel = await createLocalKernel({ socketPath: socketOf(endpoint) }).read({
      containers: containers.filter(hasOwnNamespace).map(({ id, pid }) => ({ id, pid })),
      bridges: expectedBridges(networks, containers),
    });
    return buildSnapshot({
      takenAt: new Date().toISOString(),
      engine,
      recorded: false,
      networks,
      containers,
      kernel,
    });
  } finally {
    connection.close();
  }
}

process.stdout.write(JSON.stringify(await readSnapshot(process.env['DOCKER_HOST'] ?? '')));

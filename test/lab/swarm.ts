import { images, importImages } from './images.ts';
import type { LabEngine, LabOptions } from './labEngine.ts';
import { nodeAddresses, startNodes, type LabNodes } from './nodes.ts';
import { waitFor } from './run.ts';
import { createNetwork, runIdle } from './topology.ts';

/** A node looks for the newest image before each task, and goes on with its own when nobody answers: let that be at once. */
const noRegistry = { HTTPS_PROXY: 'http://127.0.0.1:9' };

/** A swarm of two nodes: the first is its manager. */
export async function startSwarm(options: LabOptions): Promise<LabNodes> {
  const swarm = await startNodes({ ...options, env: { ...noRegistry, ...options.env } });
  try {
    const [manager, worker] = swarm.nodes;
    await manager.docker('swarm', 'init', '--advertise-addr', nodeAddresses[0]);
    const token = (await manager.docker('swarm', 'join-token', '--quiet', 'worker')).trim();
    await worker.docker('swarm', 'join', '--advertise-addr', nodeAddresses[1], '--token', token, nodeAddresses[0]);
  } catch (error) {
    swarm.dispose();
    throw error;
  }
  return swarm;
}

/**
 * The overlay network `demo` with one container on each node (`demo1`, `demo2`), the encrypted `sealed` with none, and the
 * service `web` on `demo`: two tasks, one a node, and port 8088 published by the routing mesh.
 * Needs the images; resolves when the tasks run and both nodes know of both.
 */
export async function overlayTopology({ nodes }: LabNodes): Promise<void> {
  const [manager, worker] = nodes;
  await Promise.all(nodes.map(importImages));
  await createNetwork(manager, 'demo', '--driver', 'overlay', '--attachable', '--subnet', '10.77.0.0/24');
  await createNetwork(manager, 'sealed', '--driver', 'overlay', '--opt', 'encrypted');
  await runIdle(manager, 'demo1', '--network', 'demo');
  await runIdle(worker, 'demo2', '--network', 'demo');
  // prettier-ignore
  await manager.docker(
    'service', 'create', '--name', 'web', '--network', 'demo', '--replicas', '2', '--replicas-max-per-node', '1',
    '--publish', '8088:6379', '--no-resolve-image', '--detach', images.redis,
  );
  // The nodes tell each other by gossip who is where.
  await waitFor('both tasks of web on both nodes', async () => {
    const known = await Promise.all(
      nodes.map(async (node) => (await runsTask(node)) && (await tasksKnownTo(node)) === 2),
    );
    return known.every(Boolean) ? true : undefined;
  });
}

async function runsTask(node: LabEngine): Promise<boolean> {
  return (await node.docker('ps', '--quiet', '--filter', 'label=com.docker.swarm.service.name=web')) !== '';
}

async function tasksKnownTo(node: LabEngine): Promise<number> {
  const demo = (await node.api('/networks/demo?verbose=true')) as {
    readonly Services?: Readonly<Record<string, { readonly Tasks: readonly unknown[] }>>;
  };
  return demo.Services?.['web']?.Tasks.length ?? 0;
}

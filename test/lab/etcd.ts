import { debianRoot } from './debianRoot.ts';
import { importImages } from './images.ts';
import type { LabOptions } from './labEngine.ts';
import { nodeAddresses, nodeLink, startNodes, type LabNodes } from './nodes.ts';
import { run, waitFor } from './run.ts';
import { createNetwork, runIdle } from './topology.ts';

/**
 * Two engines that share networks by etcd, as before swarm: each with a member of an etcd cluster beside it.
 * Docker 20.10 is the last that can (`--cluster-store`), and only with the API v2 of etcd.
 */
export async function startEtcdCluster(options: Omit<LabOptions, 'version'> = {}): Promise<LabNodes> {
  const root = await debianRoot('trixie', options.log ?? (() => undefined));
  const store = `etcd://${nodeAddresses[0]}:2379,${nodeAddresses[1]}:2379`;
  return startNodes(
    {
      ...options,
      version: '20.10',
      dockerdArgs: [`--cluster-store=${store}`, `--cluster-advertise=${nodeLink}:2375`, ...(options.dockerdArgs ?? [])],
    },
    async (engine, node) => {
      const address = nodeAddresses[node];
      // prettier-ignore
      engine.spawnBeside(root, 'etcd.log', [
        'etcd', '--enable-v2', '--data-dir', `${engine.directory}/etcd`, '--name', `node${node}`,
        '--listen-client-urls', `http://${address}:2379`, '--advertise-client-urls', `http://${address}:2379`,
        '--listen-peer-urls', `http://${address}:2380`, '--initial-advertise-peer-urls', `http://${address}:2380`,
        '--initial-cluster', nodeAddresses.map((one, index) => `node${index}=http://${one}:2380`).join(','),
      ]);
      // dockerd gives up where its store does not answer.
      await waitFor(`etcd on ${address}`, () => {
        const ask = ['busybox', 'wget', '-q', '-O', '-', `http://${address}:2379/health`] as const;
        return run(['nsenter', `--net=/run/netns/${engine.netns}`, ...ask]).then(
          (answer) => (answer.includes('"true"') ? true : undefined),
          () => undefined,
        );
      });
    },
  );
}

/** The overlay network `demo`, made on the first engine, with one container on each (`demo1`, `demo2`). */
export async function storedOverlay({ nodes }: LabNodes): Promise<void> {
  const [first, second] = nodes;
  await Promise.all(nodes.map(importImages));
  await createNetwork(first, 'demo', '--driver', 'overlay', '--subnet', '10.77.0.0/24');
  await waitFor('demo on the other engine', async () =>
    (await second.docker('network', 'ls', '--format', '{{.Name}}')).split('\n').includes('demo') ? true : undefined,
  );
  await runIdle(first, 'demo1', '--network', 'demo');
  await runIdle(second, 'demo2', '--network', 'demo');
}

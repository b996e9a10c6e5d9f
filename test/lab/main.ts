import { parseArgs } from 'node:util';
import type { LabKind } from './engineCommand.ts';
import { startEtcdCluster, storedOverlay } from './etcd.ts';
import { startFlannel } from './flannel.ts';
import { labVersions, startEngine, type LabEngine } from './labEngine.ts';
import { overlayTopology, startSwarm } from './swarm.ts';
import { crowd, tutorialTopology } from './topology.ts';

const kinds: readonly LabKind[] = [...labVersions, 'podman'];
const pairs = ['swarm', 'etcd', 'flannel'] as const;

const usage = `npm run lab -- [--engine ${[...kinds, ...pairs].join('|')}] [--containers N]
Starts a disposable Docker Engine (or Podman) with the tutorial's networks and containers, and N more containers;
or two engines with a network between them: a swarm, Docker 20.10 on an etcd cluster, or flannel's VXLAN.
Ctrl-C removes all of it. (--version is the same as --engine.)`;

function say(message: string): void {
  process.stdout.write(`${message}\n`);
}

async function startPair(pair: (typeof pairs)[number]): Promise<readonly LabEngine[]> {
  switch (pair) {
    case 'swarm': {
      const swarm = await startSwarm({ version: '28.5', log: say });
      await overlayTopology(swarm);
      return swarm.nodes;
    }
    case 'etcd': {
      const cluster = await startEtcdCluster({ log: say });
      await storedOverlay(cluster);
      return cluster.nodes;
    }
    case 'flannel':
      return (await startFlannel('20.10', 'vxlan')).nodes;
  }
}

async function startKind(version: LabKind, containers: number): Promise<readonly LabEngine[]> {
  const engine = await startEngine({ version, log: say });
  await tutorialTopology(engine);
  if (containers > 0) await crowd(engine, containers);
  return [engine];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string' },
      version: { type: 'string', default: '20.10' },
      containers: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const asked = values.engine ?? values.version;
  const kind = kinds.find((one) => one === asked);
  const pair = pairs.find((one) => one === asked);
  const containers = Number(values.containers);
  if (values.help || (kind ?? pair) === undefined || !Number.isInteger(containers) || containers < 0) {
    say(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const engines =
    kind !== undefined ? await startKind(kind, containers) : pair !== undefined ? await startPair(pair) : [];
  for (const engine of engines) {
    say(`DOCKER_HOST=${engine.dockerHost}`);
    say(`its namespaces: nsenter -t ${engine.pid} -m -u --net=/run/netns/${engine.netns}`);
  }
  say('Ctrl-C ends it and removes everything.');
  // Only a signal ends this process; what it removes on the way out is labEngine.ts's own matter.
  setInterval(() => undefined, 2 ** 30);
}

await main();

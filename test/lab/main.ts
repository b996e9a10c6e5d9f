import { parseArgs } from 'node:util';
import { labVersions, startEngine } from './labEngine.ts';
import { crowd, tutorialTopology } from './topology.ts';

const usage = `npm run lab -- [--version ${labVersions.join('|')}] [--containers N]
Starts a disposable Docker Engine with the tutorial's networks and containers, and N more containers.
Ctrl-C removes all of it.`;

function say(message: string): void {
  process.stdout.write(`${message}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      version: { type: 'string', default: '20.10' },
      containers: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const version = labVersions.find((one) => one === values.version);
  const containers = Number(values.containers);
  if (values.help || version === undefined || !Number.isInteger(containers) || containers < 0) {
    say(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const engine = await startEngine({ version, log: say });
  await tutorialTopology(engine);
  if (containers > 0) await crowd(engine, containers);
  say(`DOCKER_HOST=${engine.dockerHost}`);
  say(`its namespaces: nsenter -t ${engine.pid} -m -n -u`);
  say('Ctrl-C ends it and removes everything.');
  // Only a signal ends this process; what it removes on the way out is labEngine.ts's own matter.
  setInterval(() => undefined, 2 ** 30);
}

await main();

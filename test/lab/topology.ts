import { images, importImages } from './images.ts';
import type { LabEngine } from './labEngine.ts';

/** PID 1 gets no default signal action: without a trap `docker stop` would wait ten seconds for its SIGKILL. */
export const idle = ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1000000 & wait; done'] as const;

/** Starts a container of the busybox image that does nothing. `options` are those of `docker run`. Returns its id. */
export async function runIdle(
  engine: Pick<LabEngine, 'docker'>,
  name: string,
  ...options: readonly string[]
): Promise<string> {
  return (await engine.docker('run', '--detach', '--name', name, ...options, images.busybox, ...idle)).trim();
}

/** Returns the network's id. */
export async function createNetwork(
  engine: Pick<LabEngine, 'docker'>,
  name: string,
  ...options: readonly string[]
): Promise<string> {
  return (await engine.docker('network', 'create', ...options, name)).trim();
}

/**
 * The topology of the tutorial, and one of each case that a person may meet:
 * docker0 with test1 and test2 (`--link test1`), my-bridge with test3, test2 on both, redis with a published port,
 * host, none and `container:` mode, a stopped one, a compose project of two, and an image without a shell.
 */
export async function tutorialTopology(engine: Pick<LabEngine, 'directory' | 'docker' | 'version'>): Promise<void> {
  await importImages(engine);
  await runIdle(engine, 'test1');
  // Podman has no links.
  await runIdle(engine, 'test2', ...(engine.version === 'podman' ? [] : ['--link', 'test1']));
  await createNetwork(engine, 'my-bridge');
  await runIdle(engine, 'test3', '--network', 'my-bridge');
  await engine.docker('network', 'connect', 'my-bridge', 'test2');
  await engine.docker(
    'run',
    '--detach',
    '--name',
    'redis',
    '--network',
    'my-bridge',
    '--publish',
    '6379:6379',
    images.redis,
  );
  await runIdle(engine, 'host1', '--network', 'host');
  await runIdle(engine, 'none1', '--network', 'none');
  await runIdle(engine, 'shared1', '--network', 'container:test1');
  await engine.docker(
    'run',
    '--detach',
    '--name',
    'shellless1',
    '--network',
    'my-bridge',
    '--stop-signal',
    'KILL',
    images.shellless,
  );
  await runIdle(engine, 'stopped1', '--network', 'my-bridge', '--publish', '8081:80');
  await engine.docker('stop', 'stopped1');
  await composeProject(engine);
}

/** What `docker compose up` would make of two services, without the compose plugin. */
async function composeProject(engine: Pick<LabEngine, 'docker'>): Promise<void> {
  const labels = (...own: string[]): string[] =>
    ['com.docker.compose.project=shop', ...own.map((label) => `com.docker.compose.${label}`)].flatMap((label) => [
      '--label',
      label,
    ]);
  await createNetwork(engine, 'shop_default', ...labels('network=default'));
  for (const service of ['web', 'api']) {
    await runIdle(
      engine,
      `shop-${service}-1`,
      ...labels(`service=${service}`, 'container-number=1'),
      ...['--network', 'shop_default', '--network-alias', service],
      ...(service === 'web' ? ['--publish', '127.0.0.1:8080:80'] : []),
    );
  }
}

/** Runs `work` for all items, `width` at a time; rejects with the first failure. */
async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** `count` more containers, crowd1 to crowdN, dealt out to `networks` networks. About half a second each. */
export async function crowd(
  engine: LabEngine,
  count: number,
  networks = Math.min(8, Math.ceil(count / 8)),
): Promise<void> {
  const names = Array.from({ length: networks }, (_, index) => `crowd-net${index + 1}`);
  for (const name of names) await createNetwork(engine, name);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await inParallel(numbers, 4, (number) =>
    runIdle(engine, `crowd${number}`, '--network', `crowd-net${(number % networks) + 1}`),
  );
}

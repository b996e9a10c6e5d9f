import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, type TestContext, vi } from 'vitest';
import { watchConnections, type WatchTimes } from '../../../src/engine/docker/watchContexts.ts';

const times: WatchTimes = { settleMs: 60, pollMs: 100 };

/** Longer than a watch waits for what comes with a change. */
const silenceMs = 250;

interface Watched {
  readonly home: string;
  readonly configDir: string;
  /** How often it was told. */
  readonly count: () => number;
  readonly dispose: () => void;
}

async function watched(
  { onTestFinished }: TestContext,
  prepare?: (configDir: string) => Promise<void>,
  platform = process.platform,
): Promise<Watched> {
  const home = await mkdtemp(path.join(tmpdir(), 'dne-unit-'));
  const configDir = path.join(home, '.docker');
  await prepare?.(configDir);
  let count = 0;
  const env = { XDG_RUNTIME_DIR: path.join(home, 'run') };
  const watch = watchConnections({ env, platform, home }, () => count++, times);
  onTestFinished(async () => {
    watch.dispose();
    await rm(home, { recursive: true, force: true });
  });
  await watch.begun;
  return { home, configDir, count: () => count, dispose: () => watch.dispose() };
}

/** As `docker context create` and `update` do. */
async function writeContext(configDir: string, name: string, host: string): Promise<string> {
  const folder = path.join(configDir, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(folder, { recursive: true });
  await replace(path.join(folder, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
  return folder;
}

/** As the docker command does: a new file takes the old one's name. */
async function replace(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}123`, content);
  await rename(`${file}123`, file);
}

function useContext(configDir: string, name: string, auth = 'c2VjcmV0'): Promise<void> {
  return replace(
    path.join(configDir, 'config.json'),
    JSON.stringify({ auths: { 'registry.example': { auth } }, currentContext: name }),
  );
}

async function told({ count }: Watched, times: number): Promise<void> {
  await vi.waitFor(() => expect(count()).toBeGreaterThanOrEqual(times), { timeout: 4000, interval: 10 });
}

// The watches wait for the system: side by side they take no longer than one.
describe.concurrent('what a person does to the contexts is told', () => {
  test('one is created, changed in its own folder, removed and made again', async (context) => {
    const watch = await watched(context, (configDir) => useContext(configDir, 'default'));
    const folder = await writeContext(watch.configDir, 'there', 'tcp://192.0.2.1:2376');
    await told(watch, 1);
    await writeContext(watch.configDir, 'there', 'tcp://192.0.2.200:2376');
    await told(watch, 2);
    await rm(folder, { recursive: true });
    await told(watch, 3);
    await writeContext(watch.configDir, 'there', 'tcp://192.0.2.3:2376');
    await told(watch, 4);
  });

  test('`docker context use`, where contexts were there before', async (context) => {
    const watch = await watched(context, async (configDir) => {
      await writeContext(configDir, 'there', 'tcp://192.0.2.1:2376');
      await useContext(configDir, 'default');
    });
    await useContext(watch.configDir, 'there');
    await told(watch, 1);
  });

  test('without a watch, as of a home directory on macOS: some seconds later', async (context) => {
    const watch = await watched(context, undefined, 'darwin');
    await useContext(watch.configDir, 'there');
    await told(watch, 1);
    await useContext(watch.configDir, 'elsewhere');
    await told(watch, 2);
  });

  test('a certificate of it is another', async (context) => {
    const certificate = (configDir: string): string => path.join(configDir, 'contexts/tls/0a1b/docker/ca.pem');
    const watch = await watched(context, (configDir) => replace(certificate(configDir), 'one'));
    await replace(certificate(watch.configDir), 'another');
    await told(watch, 1);
  });

  test('the folder of the configuration comes later, goes, and comes again', async (context) => {
    const watch = await watched(context);
    await useContext(watch.configDir, 'there');
    await told(watch, 1);
    await rm(watch.configDir, { recursive: true });
    await told(watch, 2);
    await writeContext(watch.configDir, 'there', 'tcp://192.0.2.1:2376');
    await told(watch, 3);
    await useContext(watch.configDir, 'there');
    await told(watch, 4);
  });

  test.skipIf(process.platform !== 'linux')('the socket of a rootless engine appears and goes', async (context) => {
    const watch = await watched(context);
    await mkdir(path.join(watch.home, 'run'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path.join(watch.home, 'run/docker.sock'), resolve));
    await told(watch, 1);
    await new Promise((resolve) => server.close(resolve));
    await told(watch, 2);
  });
});

describe.concurrent('silence', () => {
  test('for files beside, and for a log-in to a registry', async (context) => {
    const watch = await watched(context, async (configDir) => {
      await writeContext(configDir, 'there', 'tcp://192.0.2.1:2376');
      await useContext(configDir, 'there');
    });
    await writeFile(path.join(watch.configDir, 'daemon.json'), '{}');
    await writeFile(path.join(watch.home, 'notes.txt'), 'x');
    await useContext(watch.configDir, 'there', 'b3RoZXI=');
    await mkdir(path.join(watch.configDir, 'buildx'));
    await pause(silenceMs);
    expect(watch.count()).toBe(0);
  });

  test('once for what is done in one go', async (context) => {
    const watch = await watched(context);
    // Blocking, so that no pause of a busy machine makes two of one.
    for (const name of ['one', 'two']) {
      const folder = path.join(watch.configDir, 'contexts/meta', name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'meta.json'), '{}');
    }
    writeFileSync(path.join(watch.configDir, 'config.json'), '{"currentContext":"two"}');
    await told(watch, 1);
    await pause(silenceMs);
    expect(watch.count()).toBe(1);
  });

  test('after it was disposed, also of what was about to be told', async (context) => {
    const watch = await watched(context);
    await useContext(watch.configDir, 'there');
    watch.dispose();
    await writeContext(watch.configDir, 'there', 'tcp://192.0.2.1:2376');
    await pause(silenceMs);
    expect(watch.count()).toBe(0);
  });
});

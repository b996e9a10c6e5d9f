import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser } from '../../scripts/browser.ts';
import { build } from '../../scripts/build.ts';
import { orFailed, type Counts } from '../../scripts/counts.ts';
import { makeThrowaway, type Lifetime } from '../../scripts/lifetime.ts';
import { root } from '../../scripts/repository.ts';
import { startVscodeServer, type VscodeServer } from '../../scripts/vscodeServer.ts';
import { quietSettings } from '../../scripts/windowSettings.ts';
import { lineReader, reportVariable } from './report.ts';
import { Tally } from './tally.ts';

/** Longest time to the first line of the report, and for the whole suite. */
const startLimit = 90_000;
const limit = 600_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Follows the report until the suite has ended, the host has died, or time is up. */
async function follow(file: string, server: VscodeServer, tally: Tally, stop: AbortSignal): Promise<void> {
  const next = lineReader(file);
  const began = Date.now();
  for (;;) {
    const hostDied = tally.pid !== undefined && !isAlive(tally.pid);
    for (const line of next()) tally.add(line);
    if (tally.ended || stop.aborted) return;
    const passed = Date.now() - began;
    if (hostDied) return tally.fail('the extension host', 'It ended in the middle of the suite.');
    if (tally.pid === undefined && passed > startLimit) {
      return tally.fail('the extension host', `It called no suite within ${startLimit / 1000} s.\n${server.log()}`);
    }
    if (passed > limit) return tally.fail('the suite', `It did not end within ${limit / 1000} s.`);
    await sleep(50);
  }
}

/**
 * The mocha suite of test/editor in a real extension host: VS Code's server, with a window in headless Chromium.
 * It needs no engine: the extension plays its sample.
 */
export async function runEditorSuite(life: Lifetime, say: (message: string) => void): Promise<Counts> {
  await build();
  const directory = await makeThrowaway('editor');
  const file = join(directory, 'report.jsonl');
  const server = await startVscodeServer({
    directory,
    extensionPath: root,
    extensionTestsPath: join(root, 'dist', 'test', 'editor.cjs'),
    settings: { ...quietSettings, 'dockerNetworks.connection': 'recording:sample' },
    env: { [reportVariable]: file },
    say,
  });
  await life.add(() => server.dispose());
  const browser = await launchBrowser(directory);
  await life.add(() => browser.close());
  const page = await browser.newPage();
  const tally = new Tally(say);
  page.on('crash', () => tally.fail('the window', 'Its page crashed.'));
  await page.goto(server.url);
  await follow(file, server, tally, life.signal);
  await browser.close();
  await server.dispose();
  return orFailed(tally.counts, false, say);
}

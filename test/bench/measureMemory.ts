import { join } from 'node:path';
import { ToolError, type Lifetime } from '../../scripts/lifetime.ts';
import { run } from '../../scripts/processes.ts';
import { crowd } from '../unit/support/snapshots.ts';
import { eventsPath, serveCrowd } from './crowdServer.ts';
import type { MemoryReport } from './memoryProgram.ts';
import { megabytes, type Row } from './rows.ts';

const limit = 80e6;
const containers = 1_000;
/** What an unsteady collector may add and still be called flat. */
const flat = 1.05;

/** Heap of the session, the lookup and all rows of three unfolded trees at 1,000 containers, and over `events` events. */
export async function measureMemory(
  program: string,
  directory: string,
  events: number,
  life: Lifetime,
): Promise<Row[]> {
  const socketPath = join(directory, 'crowd.sock');
  const server = await serveCrowd(crowd(containers, Math.ceil(containers / 50)), socketPath);
  await life.add(() => server.close());
  const { code, stdout, stderr } = await run(
    process.execPath,
    ['--expose-gc', program, String(containers), String(events), eventsPath],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: life.signal,
      env: { ...process.env, DOCKER_HOST: `unix://${socketPath}` },
    },
  );
  server.close();
  if (code !== 0) throw new ToolError(`The heap could not be measured.\n${stderr}`);
  const { connected, later, rows } = JSON.parse(stdout) as MemoryReport;
  // What was read in one go and what was read one by one differ in size; a leak goes on after that.
  const first = later[0] ?? connected;
  const last = later.at(-1) ?? connected;
  const most = Math.max(connected, ...later);
  return [
    {
      what: `heap at ${containers.toLocaleString('en')} containers, ${rows.toLocaleString('en')} rows`,
      measured: megabytes(most),
      yardstick: '',
      target: `<= ${megabytes(limit)}`,
      met: most <= limit,
    },
    {
      what: `heap after ${events.toLocaleString('en')} events`,
      measured: megabytes(last),
      yardstick: `after the first 10,000 ${megabytes(first)}`,
      ratio: last / first,
      target: `flat: <= ${flat}`,
      met: last / first <= flat,
    },
  ];
}

/**
 * `memoryProgram.cjs CONTAINERS EVENTS PATH`, with `--expose-gc`, against the server of crowdServer.ts at DOCKER_HOST,
 * which makes events when PATH is asked for: the product with its three trees. Prints a `MemoryReport`.
 */
import { unfold } from './editor.ts';
import { get } from 'node:http';
import { createRecordedKernel } from '../../src/kernel/recorded.ts';
import { createSession } from '../../src/live/liveSession.ts';
import type { EngineSession } from '../../src/live/session.ts';
import { openEngine, socketOf } from '../engine/openEngine.ts';
import { crowd } from '../unit/support/snapshots.ts';
import { assertExactWires, firstSnapshot, showSession } from './product.ts';

/** Bytes of heap in use after a collection, above what they were before there was a session. */
export interface MemoryReport {
  readonly rows: number;
  readonly connected: number;
  /** After each 10,000 events, which touch every container. */
  readonly later: readonly number[];
}

const batch = 1_000;
const sampled = 10_000;

function heapUsed(): number {
  // Twice: what finalizers let go of in the first round is collected in the second.
  global.gc?.();
  global.gc?.();
  return process.memoryUsage().heapUsed;
}

function nextChange(session: EngineSession): Promise<void> {
  return new Promise((resolve) => {
    const subscription = session.onDidChangeSnapshot(() => {
      subscription.dispose();
      resolve();
    });
  });
}

function sendEvents(socketPath: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: `${path}?count=${batch}`, agent: false }, (response) => {
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

async function measure(
  dockerHost: string,
  containers: number,
  events: number,
  eventsPath: string,
): Promise<MemoryReport> {
  const before = heapUsed();
  const session = createSession({
    engine: openEngine(dockerHost),
    // A machine's kernel does not have so many containers; its view has the size of a real one.
    kernel: createRecordedKernel(crowd(containers, Math.ceil(containers / 50)).kernel),
    log: { info: () => undefined, warn: (line) => void process.stderr.write(`${line}\n`) },
  });
  showSession(session);
  const snapshot = await firstSnapshot(session);
  assertExactWires(snapshot);
  const rows = unfold(4);
  const connected = heapUsed() - before;
  const later: number[] = [];
  for (let sent = batch; sent <= events; sent += batch) {
    const changed = nextChange(session);
    await sendEvents(socketOf(dockerHost), eventsPath);
    await changed;
    unfold(4);
    if (sent % sampled === 0) later.push(heapUsed() - before);
  }
  return { rows, connected, later };
}

const [containers, events, eventsPath = ''] = process.argv.slice(2);
void measure(process.env['DOCKER_HOST'] ?? '', Number(containers), Number(events), eventsPath).then(
  (report) => process.stdout.write(JSON.stringify(report), () => process.exit(0)),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);

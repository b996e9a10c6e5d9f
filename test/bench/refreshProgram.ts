/**
 * `refreshProgram.cjs ROUNDS`, in the namespaces of the engine at DOCKER_HOST: full refreshes of the product and the
 * bare reads in turns. Prints a `RefreshReport`.
 */
import { createLocalKernel } from '../../src/kernel/local.ts';
import { createSession } from '../../src/live/liveSession.ts';
import { openEngine, socketOf } from '../engine/openEngine.ts';
import { openBareReads } from './bareReads.ts';
import { assertExactWires, firstSnapshot } from './product.ts';

/** Milliseconds; the samples of one index were taken one after the other. */
export interface RefreshReport {
  readonly containers: number;
  readonly wires: number;
  readonly bare: readonly number[];
  readonly refresh: readonly number[];
  /** The part of each refresh that read the kernel. */
  readonly kernel: readonly number[];
}

const warmUp = 5;

async function measure(dockerHost: string, rounds: number): Promise<RefreshReport> {
  const source = createLocalKernel({ socketPath: socketOf(dockerHost) });
  let kernelTime = 0;
  const session = createSession({
    engine: openEngine(dockerHost),
    kernel: {
      async read(request, signal) {
        const began = performance.now();
        const reading = await source.read(request, signal);
        kernelTime += performance.now() - began;
        return reading;
      },
      listeners: (signal) => source.listeners(signal),
      counters: (signal) => source.counters(signal),
    },
    log: { info: () => undefined, warn: (line) => void process.stderr.write(`${line}\n`) },
  });
  const bareReads = await openBareReads(socketOf(dockerHost));
  session.setActive(true);
  let snapshot = await firstSnapshot(session);
  const samples = { bare: [] as number[], refresh: [] as number[], kernel: [] as number[] };

  const bare = async (): Promise<void> => {
    const began = performance.now();
    const containers = await bareReads.read();
    samples.bare.push(performance.now() - began);
    if (containers !== snapshot.containers.length) throw new Error('void: the containers changed');
  };
  const refresh = async (): Promise<void> => {
    kernelTime = 0;
    const began = performance.now();
    snapshot = await session.refresh();
    samples.refresh.push(performance.now() - began);
    samples.kernel.push(kernelTime);
    assertExactWires(snapshot);
  };
  for (let round = 0; round < warmUp + rounds; round++) {
    // Who comes second finds the engine warm: they take turns.
    for (const step of round % 2 === 0 ? [bare, refresh] : [refresh, bare]) await step();
  }
  session.dispose();
  bareReads.close();
  return {
    containers: snapshot.containers.length,
    wires: snapshot.wires.length,
    bare: samples.bare.slice(warmUp),
    refresh: samples.refresh.slice(warmUp),
    kernel: samples.kernel.slice(warmUp),
  };
}

void measure(process.env['DOCKER_HOST'] ?? '', Number(process.argv[2])).then(
  (report) => process.stdout.write(JSON.stringify(report)),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);

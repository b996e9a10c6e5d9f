import { createExecKernel } from '../../src/kernel/exec.ts';
import { createHelperKernel } from '../../src/kernel/helperContainer.ts';
import type { KernelSource } from '../../src/kernel/kernel.ts';
import { helperImages } from '../../src/kernel/remote/images.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Snapshot } from '../../src/topology/model.ts';
import { buildSnapshot, expectedBridges } from '../../src/topology/snapshot.ts';
import { hasOwnNamespace } from '../../src/topology/wiring.ts';
import { ordinaryUser, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { openEngine } from './openEngine.ts';

/** What a reader takes of an engine. */
type Readable = Pick<LabEngine, 'dockerHost' | 'runInside'>;

/** Somebody who reads the kernel below an engine. */
export interface Reader {
  readonly who: string;
  readonly read: (engine: Readable) => Promise<Snapshot>;
  /** True for who may look into every container: all wires in the engine's own namespace have to be exact. */
  readonly decides: boolean;
  /** True for who may also enter the namespaces of overlay networks. */
  readonly entersSandboxes: boolean;
}

/** A program of its own in the engine's namespaces, as an editor on that machine would be. */
export async function readInside(engine: Readable, user: InsideOptions): Promise<Snapshot> {
  return JSON.parse(await engine.runInside(['node', 'test/engine/readSnapshot.ts'], user)) as Snapshot;
}

/** By the engine alone, from wherever this runs. */
async function readAfar(lab: Readable, sourceOf: (engine: Engine) => KernelSource): Promise<Snapshot> {
  const connection = openEngine(lab.dockerHost);
  try {
    const engine = await connection.info();
    const networks = (await connection.networks()).map(({ model }) => model);
    const containers = (await connection.containers()).map(({ model }) => model);
    const kernel = await sourceOf(connection).read({
      containers: containers.filter(hasOwnNamespace).map(({ id, pid }) => ({ id, pid })),
      bridges: expectedBridges(networks, containers),
    });
    return buildSnapshot({ takenAt: '', engine, recorded: false, networks, containers, kernel });
  } finally {
    connection.close();
  }
}

const helper = ({ probe }: Engine): KernelSource =>
  createHelperKernel({ runner: probe, images: async (signal) => helperImages(await probe.images(signal)) });

export const readers: readonly Reader[] = [
  { who: 'root', read: (engine) => readInside(engine, {}), decides: true, entersSandboxes: true },
  {
    who: 'an ordinary user',
    read: (engine) => readInside(engine, ordinaryUser),
    decides: false,
    entersSandboxes: false,
  },
  { who: 'a helper container', read: (engine) => readAfar(engine, helper), decides: true, entersSandboxes: false },
  {
    who: 'exec in the containers',
    read: (engine) => readAfar(engine, ({ probe }) => createExecKernel({ runner: probe })),
    decides: false,
    entersSandboxes: false,
  },
];

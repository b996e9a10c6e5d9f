import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelAbsence, Snapshot } from '../../src/topology/model.ts';
import { importImages } from '../lab/images.ts';
import { ordinaryUser, outerVersions, type InsideOptions } from '../lab/labEngine.ts';
import { trueWires, type TrueWire } from '../lab/oracle.ts';
import { allowAll, rootlessUser, startRootless, type RootlessEngine } from '../lab/rootless.ts';
import { createNetwork, runIdle, tutorialTopology } from '../lab/topology.ts';
import { machineLinks, tracesOf } from '../lab/traces.ts';
import { inexactWires, wrongClaims } from './wiringChecks.ts';
import { readInside, readers } from './wiringReaders.ts';

const kinds = [
  ...outerVersions.map((version) => [`Docker ${version}`, version] as const),
  ['Podman', 'podman'] as const,
];

/** The machine has an engine of root's too, with bridges, veths and addresses of the same names and numbers. */
describe.each(kinds)('a rootless %s', (_, version) => {
  let engine: RootlessEngine;
  let truth: readonly TrueWire[];
  let linksBefore: readonly string[];

  beforeAll(async () => {
    linksBefore = await machineLinks();
    engine = await startRootless(version);
    const { machine } = engine;
    await importImages(machine);
    await createNetwork(machine, 'my-bridge');
    await runIdle(machine, 'other1', '--network', 'my-bridge');
    await runIdle(machine, 'other2');
    await tutorialTopology(engine);
    await allowAll(engine);
    truth = await trueWires(engine);
  });

  afterAll(() => engine.machine.dispose());

  function expectProven(snapshot: Snapshot, wires: readonly TrueWire[]): void {
    expect(snapshot.kernel.kind, JSON.stringify(snapshot.kernel).slice(0, 200)).toBe('read');
    expect(wrongClaims(snapshot, wires)).toEqual([]);
    expect(inexactWires(snapshot.wires, wires)).toEqual([]);
  }

  /** That it was not read, and no wire was made up. */
  function expectUnread(snapshot: Snapshot, reason: KernelAbsence): void {
    expect(snapshot.kernel).toEqual({ kind: 'absent', reason });
    expect(wrongClaims(snapshot, truth)).toEqual([]);
    const named = snapshot.wires.filter(({ hostLink, candidates }) => hostLink !== undefined || candidates.length > 0);
    expect(named).toEqual([]);
  }

  function readBy(name: string): Promise<Snapshot> {
    const reader = readers.find(({ who }) => who === name);
    if (reader === undefined) throw new Error(`no reader ${name}`);
    return reader.read(engine);
  }

  it('has the containers that any engine has', () => {
    const usual = version === 'podman' ? 'podman' : 'bridge';
    expect(truth.map(({ containerName, networkName }) => `${containerName}@${networkName}`).sort()).toEqual([
      'redis@my-bridge',
      'shellless1@my-bridge',
      'shop-api-1@shop_default',
      'shop-web-1@shop_default',
      `test1@${usual}`,
      ...[`test2@${usual}`, 'test2@my-bridge'].sort(),
      'test3@my-bridge',
    ]);
  });

  const owners: readonly [string, InsideOptions][] = [
    ['its own user', rootlessUser],
    ['root', {}],
  ];
  if (version === 'podman') {
    // It works in a namespace in which none of its processes has to be.
    it.each(owners)('is known as that by %s, and its namespace as one that is not at hand', async (_who, user) => {
      const snapshot = await readInside(engine, user);
      expect(snapshot.engine.rootless).toBe(true);
      expectUnread(snapshot, 'otherNamespace');
    });
  } else {
    it.each(owners)('is known as that by %s, who sees every wire in its namespace', async (_who, user) => {
      const snapshot = await readInside(engine, user);
      expect(snapshot.engine.rootless).toBe(true);
      expectProven(snapshot, truth);
    });
  }

  it('is in a namespace that another user may not enter, and does not take the machine’s for it', async () => {
    expectUnread(await readInside(engine, ordinaryUser), 'otherNamespace');
  });

  switch (version) {
    case '20.10':
      // A user namespace may not mount /proc of PIDs that are not its own: newer engines bind the one that is there.
      it('starts no helper container, and is left without one', async () => {
        expectUnread(await readBy('a helper container'), 'failed');
        const left = ['ps', '--all', '--quiet', '--filter', 'label=docker-network-explorer=kernel'];
        expect(await engine.docker(...left)).toBe('');
      });
      break;
    case 'podman':
      // What it calls the host's network is the machine's, where the bridges of root's Podman have the same names.
      it('has a helper container that does not take the machine’s namespace for the one with its bridges', async () => {
        expectUnread(await readBy('a helper container'), 'otherNamespace');
      });
      break;
    default:
      it('is read by a helper container, for which RootlessKit’s namespaces are the host’s', async () => {
        expectProven(await readBy('a helper container'), truth);
      });
  }

  it('is read by exec from inside, where the other ends stay unknown', async () => {
    const snapshot = await readBy('exec in the containers');
    expect(snapshot.kernel.kind).toBe('read');
    expect(wrongClaims(snapshot, truth)).toEqual([]);
    expect(snapshot.wires.filter(({ hostLink }) => hostLink !== undefined)).toEqual([]);
  });

  it('leaves the engine of root beside it as readable as it was', async () => {
    const others = await trueWires(engine.machine);
    expect(others.map(({ containerName }) => containerName).sort()).toEqual(['other1', 'other2']);
    expectProven(await readInside(engine.machine, {}), others);
    const snapshot = await readInside(engine.machine, ordinaryUser);
    expect(snapshot.kernel.kind).toBe('read');
    expect(wrongClaims(snapshot, others)).toEqual([]);
  });

  it('goes with the machine', async () => {
    engine.machine.dispose();
    expect(tracesOf(engine.directory)).toEqual([]);
    expect(await machineLinks()).toEqual(linksBefore);
  });
});

import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import type { KernelSource } from '../../../src/kernel/kernel.ts';
import { noIpTool, type IpTool } from '../../../src/kernel/local/ipTool.ts';
import { createLocalKernel } from '../../../src/kernel/local.ts';
import type { KernelReading, KernelView, NetNamespace } from '../../../src/topology/model.ts';
import { watchOpens } from './fsSpy.ts';
import { plant, type MachineTree, type PlantedMachine } from './machineTree.ts';
import { smallMachine } from './smallMachine.ts';

/**
 * What plain files cannot play: a `/proc` that really refuses (a missing file stands for a refused one), and inodes that
 * procfs makes up for each namespace (processes of one namespace share one directory here, which comes to the same).
 */
interface Reader {
  readonly machine: PlantedMachine;
  readonly source: KernelSource;
  readonly log: readonly string[];
  /** Paths below the machine's directory that were opened since the last call. */
  readonly opened: () => readonly string[];
  readonly at: (...parts: string[]) => string;
}

/** Plants the small machine, changed as the test likes, and a source that reads it. Until the end of the test. */
export function read(change: (tree: MachineTree) => void = () => undefined, ip: IpTool = noIpTool): Reader {
  const tree = smallMachine();
  change(tree);
  const machine = plant(tree);
  const log: string[] = [];
  let opened: string[] = [];
  const inside = `${machine.directory}/`;
  watchOpens((file) => {
    if (file.startsWith(inside)) opened.push(file.slice(inside.length));
  });
  onTestFinished(machine.remove);
  return {
    machine,
    source: createLocalKernel({ ...machine.where, ip, log: (line) => log.push(line) }),
    log,
    opened: () => {
      const paths = opened;
      opened = [];
      return paths;
    },
    at: (...parts) => path.join(machine.directory, ...parts),
  };
}

export function viewOf(reading: KernelReading): KernelView {
  if (reading.kind === 'absent') throw new Error(`not read: ${reading.reason}`);
  return reading.view;
}

export function namespaceOf(view: KernelView, id: string): NetNamespace | undefined {
  return view.containers.find(({ containerIds }) => containerIds.includes(id));
}

export const absent = (reason: string): unknown => ({ kind: 'absent', reason });

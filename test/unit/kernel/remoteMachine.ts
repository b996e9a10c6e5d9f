import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { ScriptRunner } from '../../../src/kernel/remote/runner.ts';
import { plant, type MachineTree } from './machineTree.ts';

/** Shells that images have: Debian's, busybox as in its own image and in Alpine, bash where it is `sh`. */
export const shells: readonly string[] = ['/bin/sh', '/bin/busybox sh', '/bin/bash --posix'].filter((shell) =>
  existsSync(shell.split(' ')[0] ?? ''),
);

/** busybox has what the scripts call in itself; Debian's shell starts a process for each. */
const quickest = shells.find((shell) => shell.includes('busybox')) ?? '/bin/sh';

export interface RemoteMachine {
  /** What a script prints with this machine for the engine's. */
  print(script: string, args: readonly string[], shell?: string): string;
  /** Runs what it is asked to, as an engine would. */
  readonly runner: ScriptRunner;
  readonly commands: (readonly string[])[];
}

/** Plants a machine until the end of the test. The scripts name absolute paths: they are sent to the machine's. */
export function remoteMachine(tree: MachineTree): RemoteMachine {
  const { directory, remove } = plant(tree);
  onTestFinished(remove);
  const commands: (readonly string[])[] = [];
  const there = (script: string): string =>
    script
      .replaceAll('/proc/$$', '@OWN@')
      .replaceAll('/proc/', `${directory}/proc/`)
      .replaceAll('/sys/class/net', `${directory}/sysfs/engine/class/net`)
      .replaceAll(`/root${directory}/sysfs/engine/class/net`, '/root/sys/class/net')
      // What the mount table says of a process are paths of that process.
      .replaceAll(`      ${directory}/sysfs/engine/class/net*`, '      /sys/class/net*')
      .replaceAll('@OWN@', '/proc/$$');
  const print: RemoteMachine['print'] = (script, args, shell = quickest) => {
    const [program = '', ...words] = shell.split(' ');
    const { stdout } = spawnSync(program, [...words, '-c', there(script), 'sh', ...args], { encoding: 'utf8' });
    return stdout;
  };
  return {
    print,
    commands,
    runner: {
      onMachine: (_image, command) => {
        commands.push(command);
        const [, , script = '', , ...args] = command;
        return Promise.resolve(Buffer.from(print(script, args)));
      },
      inContainer: () => Promise.reject(new Error('no exec here')),
    },
  };
}

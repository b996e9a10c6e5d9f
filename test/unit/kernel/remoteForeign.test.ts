import { afterAll, expect, it } from 'vitest';
import { createHelperKernel } from '../../../src/kernel/helperContainer.ts';
import type { ScriptRunner } from '../../../src/kernel/remote/runner.ts';
import { clearPlanted } from './machineTree.ts';
import { remoteMachine } from './remoteMachine.ts';
import { request, smallMachine } from './smallMachine.ts';

afterAll(clearPlanted);

it.skipIf(process.platform === 'win32')(
  'a helper container in a network namespace that is another user’s reads nothing, whatever bridges are in it',
  async () => {
    const { runner } = remoteMachine(smallMachine());
    const onMachine: ScriptRunner['onMachine'] = async (image, command, ...rest) => {
      const printed = Buffer.from(await runner.onMachine(image, command, ...rest)).toString();
      const mark = command[4] ?? '';
      return Buffer.from(printed.replace(`${mark} inodes\n`, `${mark} foreign\n${mark} inodes\n`));
    };
    const log: string[] = [];
    const images = (): Promise<readonly string[]> => Promise.resolve(['busybox:latest']);
    const read = (one: ScriptRunner): ReturnType<ReturnType<typeof createHelperKernel>['read']> =>
      createHelperKernel({ runner: one, images, log: (line) => log.push(line) }).read(request);
    expect((await read(runner)).kind).toBe('read');
    expect(await read({ ...runner, onMachine })).toEqual({ kind: 'absent', reason: 'otherNamespace' });
    expect(log.at(-1)).toContain('another user');
  },
);

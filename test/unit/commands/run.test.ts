import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { commands as editorCommands, window, type LogOutputChannel } from 'vscode';
import { EngineFailures, run } from '../../../src/commands/run.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import { commands } from '../../../src/ids.ts';

let said: string[];
let logged: string[];

beforeEach(() => {
  said = [];
  logged = [];
  Object.assign(window, { showErrorMessage: (text: string) => Promise.resolve(void said.push(text)) });
  onTestFinished(() => void Reflect.deleteProperty(window, 'showErrorMessage'));
});

async function fail(thrown: Error): Promise<void> {
  const log = { warn: (line: string) => logged.push(line) } as unknown as LogOutputChannel;
  await run(commands.removeContainer, () => Promise.reject(thrown), [undefined, undefined], log);
}

it('a failure of the only engine is said as it is', async () => {
  await fail(new EngineFailures([{ engine: undefined, thrown: new EngineError('timeout', 'slow') }]));
  expect(said).toEqual([expect.stringMatching(/^The Docker engine did not answer in time.*slow/)]);
  expect(logged).toEqual([expect.stringMatching(/^dockerNetworks\.removeContainer: EngineError: slow/)]);
});

it('of several engines each says which one it is, and a cancelled one nothing', async () => {
  await fail(
    new EngineFailures([
      { engine: 'far', thrown: new EngineError('timeout', 'slow') },
      { engine: 'near', thrown: new EngineError('cancelled', 'cancelled') },
      { engine: 'odd', thrown: new Error('oops') },
    ]),
  );
  expect(said).toEqual([expect.stringMatching(/^far: The Docker engine/), expect.stringMatching(/^odd: That did not/)]);
  expect(logged.map((line) => /^\S+ on (\S+):/.exec(line)?.[1])).toEqual(['far', 'near', 'odd']);
});

it('what no engine is to blame for is said too', async () => {
  await fail(new Error('oops'));
  expect(said).toEqual([expect.stringMatching(/^That did not work/)]);
});

it.each([
  ['the only one', undefined, 'a', ['Try Again', 'Select Engine'], [commands.refresh, { engine: 'a' }]],
  ['one of several', 'far', 'b', ['Try Again'], [commands.refreshEngine, { engine: 'b' }]],
  ['one that is not shown', 'new', undefined, [], undefined],
] as const)('the buttons of an error on %s are about that engine alone', async (_which, engine, key, offers, runs) => {
  const offered: string[] = [];
  const executed: unknown[][] = [];
  Object.assign(window, {
    showErrorMessage: (_text: string, ...titles: string[]) => {
      offered.push(...titles);
      return Promise.resolve(titles[0]);
    },
  });
  Object.assign(editorCommands, { executeCommand: (...all: unknown[]) => Promise.resolve(void executed.push(all)) });
  onTestFinished(() => void Reflect.deleteProperty(editorCommands, 'executeCommand'));
  const thrown = new EngineError('unreachable', 'nobody');
  await fail(new EngineFailures([{ engine, ...(key === undefined ? {} : { key }), thrown }]));
  await vi.waitFor(() => expect(executed).toEqual(runs === undefined ? [] : [runs]), { interval: 1 });
  expect(offered).toEqual(offers);
});

import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { window, type LogOutputChannel } from 'vscode';
import { Acting, LastCommand } from '../../../src/commands/act.ts';
import { confirm } from '../../../src/commands/confirm.ts';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import type { EngineConnection } from '../../../src/engine/engine.ts';
import { FakeSession } from '../support/fakeSession.ts';

const action = { kind: 'removeContainers', containers: ['web'], force: true, volumes: false } as const;
const question = { message: 'Remove the container web?', details: ['It is lost.'], command: 'docker rm', button: 'Do' };

describe('a command', () => {
  let current: CurrentSession;
  let last: LastCommand;
  let lines: string[];
  let isOneOfSeveral: boolean;
  /** Details of questions. */
  let asked: string[];

  beforeEach(() => {
    current = new CurrentSession();
    last = new LastCommand();
    lines = [];
    asked = [];
    isOneOfSeveral = false;
    const own = {
      setStatusBarMessage: () => undefined,
      showWarningMessage: (_message: string, { detail }: { readonly detail: string }) => {
        asked.push(detail);
        return Promise.resolve('Do');
      },
    };
    Object.assign(window, own);
    onTestFinished(() => {
      current.dispose();
      for (const name of Object.keys(own)) Reflect.deleteProperty(window, name);
    });
  });

  function put(key: string, origin: EngineConnection['origin']): void {
    const session = new FakeSession(key);
    current.replace(Object.assign(session, { engine: { connection: { ...session.engine.connection, origin } } }));
  }

  function acting(): Acting {
    const log = { info: (line: string) => lines.push(line) } as unknown as LogOutputChannel;
    return new Acting(current, log, { last, several: () => isOneOfSeveral });
  }

  it('is worded as docker takes it, on the engine of its own choice', async () => {
    put('context:far', 'context');
    await acting().perform(action, () => Promise.resolve());
    expect([lines, last.text]).toEqual([['$ docker rm --force web'], 'docker rm --force web']);
    expect(acting().dockerText('logs', 'a b')).toBe("docker logs 'a b'");
  });

  it('names any other engine wherever it is shown, logged or copied', async () => {
    put('context:far', 'setting');
    const expected = 'docker --context far rm --force web';
    await acting().perform(action, () => Promise.resolve());
    expect([lines, last.text]).toEqual([[`$ ${expected}`], expected]);
    expect(acting().commandText(action)).toBe(expected);
    expect(acting().dockerText('logs', 'web')).toBe('docker --context far logs web');
  });

  it('is about the engine that it was called on, whatever takes the place while a question is open', () => {
    put('context:far', 'setting');
    isOneOfSeveral = true;
    const asking = acting();
    const { session } = current;
    put('context:near', 'setting');
    expect(asking.session()).toBe(session);
    expect(asking.engineName).toBe('context:far');
    expect(asking.dockerText('ps')).toBe('docker --context far ps');
    expect(acting().dockerText('ps')).toBe('docker --context near ps');
  });

  it('throws where there is no engine', () => {
    expect(() => acting().control()).toThrow(expect.objectContaining({ kind: 'unreachable' }) as Error);
  });

  it('says which engine a question is about, as soon as there are several', async () => {
    put('far\u202E', 'context');
    expect(await confirm(acting(), question)).toBe(true);
    isOneOfSeveral = true;
    await confirm(acting(), question);
    expect(asked).toEqual(['It is lost.\n\ndocker rm', 'Engine: far⟨U+202E⟩\n\nIt is lost.\n\ndocker rm']);
  });
});

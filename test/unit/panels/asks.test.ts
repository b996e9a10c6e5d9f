import { commands as editorCommands, env, window, workspace } from 'vscode';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { ShownHosts } from '../../../src/editor/shownHosts.ts';
import type { Subject } from '../../../src/editor/subject.ts';
import { answers, refusalText, type Answer } from '../../../src/panels/asks.ts';
import { Pictures } from '../../../src/panels/pictures.ts';
import { graphOf } from '../../../src/topology/graph.ts';
import { elementOf } from '../../../src/topology/graphElements.ts';
import { idOf, networks, tutorial } from '../support/snapshots.ts';
import { FakeSession } from '../support/fakeSession.ts';

/** What was done by the editor: the stub of `vscode` has nothing of this. */
let done: unknown[][] = [];
let chosen: { path: string } | undefined;

function put(target: object, parts: Readonly<Record<string, unknown>>): void {
  Object.assign(target, parts);
  onTestFinished(() => {
    for (const key of Object.keys(parts)) Reflect.deleteProperty(target, key);
  });
}

const record =
  (name: string, result?: unknown) =>
  (...given: unknown[]): Promise<unknown> => {
    done.push([name, ...given]);
    return Promise.resolve(result);
  };

function ask(shown = true, session = new FakeSession('lab', tutorial())): Answer {
  const sessions = new Sessions(new CurrentSession({ graceMs: 0 }));
  sessions.first.replace(session);
  onTestFinished(() => sessions.dispose());
  const reveal = {
    reveal: async (place: string, subject: Subject) => {
      await record('reveal')(place, subject);
      return { shown };
    },
  };
  return answers({ hosts: new ShownHosts(sessions), pictures: new Pictures(() => false), reveal });
}

beforeEach(() => {
  done = [];
  chosen = { path: '/somewhere/picture.svg' };
  put(window, { showSaveDialog: () => Promise.resolve(chosen) });
  put(workspace, { fs: { writeFile: record('write') } });
  put(env, { clipboard: { writeText: record('clipboard') } });
  put(editorCommands, { executeCommand: record('command') });
});

describe('what a diagram asks', () => {
  it('to save is written where the person chose', async () => {
    const answered = await ask()({
      type: 'ask',
      id: 1,
      name: 'save',
      value: { format: 'svg', content: '<svg>é</svg>' },
    });
    expect(answered).toBe('picture.svg');
    expect(done).toEqual([['write', chosen, Buffer.from('<svg>é</svg>')]]);
  });

  it('to save is not written where the person left, or where it is no picture', async () => {
    chosen = undefined;
    const save = (format: 'svg' | 'png', content: string): Promise<unknown> =>
      ask()({ type: 'ask', id: 1, name: 'save', value: { format, content } });
    expect(await save('svg', '<svg/>')).toBeUndefined();
    const refused = await save('png', 'AAAA').catch((thrown: unknown) => refusalText(thrown));
    expect(refused).toBe('The picture could not be made.');
    const large = await save('svg', 'x'.repeat(64 * 1024 * 1024 + 1)).catch((thrown: unknown) => refusalText(thrown));
    expect(large).toBe('The picture is larger than 64 MiB.');
    expect(done).toEqual([]);
  });

  it('to export is written by the host, of what is shown alone where that is asked', async () => {
    const { nodes } = graphOf(tutorial());
    const ids = nodes.flatMap((node) => (node.kind === 'network' && node.name === 'my-bridge' ? [node.id] : []));
    await ask()({ type: 'ask', id: 1, name: 'exportText', value: { format: 'json', to: 'clipboard', ids } });
    await ask()({ type: 'ask', id: 2, name: 'exportText', value: { format: 'mermaid', to: 'clipboard' } });
    const [part, all] = done.map(([, text]) => String(text));
    expect(part).toContain('my-bridge');
    expect(part).not.toContain('shop_default');
    expect(all).toContain('shop_default');
  });

  it('to connect is asked of the command, which asks the person: nobody waits for that', async () => {
    put(editorCommands, {
      executeCommand: (...given: unknown[]) => {
        done.push(given);
        return new Promise(() => undefined);
      },
    });
    const value = { containerId: 'a', networkId: 'b' };
    expect(await ask()({ type: 'ask', id: 1, name: 'connect', value })).toBeUndefined();
    const network = { kind: 'network', networkId: 'b', engine: 'lab' };
    expect(done).toEqual([
      ['dockerNetworks.connect', network, [network, { kind: 'container', containerId: 'a', engine: 'lab' }]],
    ]);
  });

  it('to reveal is shown in its tree, or said why not', async () => {
    const id = elementOf(graphOf(tutorial()), { kind: 'network', networkId: networks.myBridge.id }) ?? '';
    const subject = { kind: 'network', networkId: networks.myBridge.id, engine: 'lab' };
    expect(await ask(true)({ type: 'ask', id: 1, name: 'reveal', value: { id } })).toBe(true);
    expect(done).toEqual([['reveal', 'networks', subject]]);
    expect(await ask(false)({ type: 'ask', id: 2, name: 'reveal', value: { id } })).toBe(false);
    expect(done.at(-1)).toEqual(['command', 'dockerNetworks.revealInTree', subject]);
    expect(await ask()({ type: 'ask', id: 3, name: 'reveal', value: { id: 'nonsense' } })).toBe(false);
  });

  it('for details is answered of the newest snapshot, and refused before there is one', async () => {
    const id = elementOf(graphOf(tutorial()), { kind: 'container', containerId: idOf('ctr redis') }) ?? '';
    expect(await ask()({ type: 'ask', id: 1, name: 'detail', value: { id } })).toMatchObject({ id, title: 'redis' });
    const early = ask(true, new FakeSession('lab'))({ type: 'ask', id: 1, name: 'detail', value: { id } });
    expect(await early.catch((thrown: unknown) => refusalText(thrown))).toBe('Nothing is known of the engine yet.');
  });
});

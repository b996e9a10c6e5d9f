import { window } from 'vscode';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { callsOf, engineRowsOf } from '../../../src/commands/dispatch.ts';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { tutorial } from '../support/snapshots.ts';

const row = (containerId: string, engine?: string) => ({
  subject: { kind: 'container', containerId, ...(engine === undefined ? {} : { engine }) },
});

describe('a command', () => {
  let sessions: Sessions;
  let asked = 0;
  let offered: readonly unknown[] = [];

  beforeEach(() => {
    sessions = new Sessions(new CurrentSession({ graceMs: 0 }));
    onTestFinished(() => sessions.dispose());
    sessions.first.replace(new FakeSession('a'));
    asked = 0;
    const showQuickPick = (items: readonly unknown[]): Promise<unknown> => {
      asked += 1;
      offered = items;
      return Promise.resolve(items[1]);
    };
    Object.assign(window, { showQuickPick });
    onTestFinished(() => void Reflect.deleteProperty(window, 'showQuickPick'));
  });

  function addEngine(key: string): void {
    const place = new CurrentSession({ id: key, graceMs: 0 });
    place.replace(new FakeSession(key));
    sessions.add(place);
  }

  const keys = async (argument?: unknown, selection?: unknown): Promise<string[]> =>
    (await callsOf(sessions, argument, selection)).map(({ place }) => place.key);

  it('is about the only engine, without a question', async () => {
    expect(await keys()).toEqual(['a']);
    expect(await keys(row('x'))).toEqual(['a']);
    expect(asked).toBe(0);
  });

  it('is about the engine of its row; without a row the person picks one', async () => {
    addEngine('b');
    expect(await keys(row('x', 'b'))).toEqual(['b']);
    expect(asked).toBe(0);
    expect(await keys()).toEqual(['b']);
    expect(asked).toBe(1);
  });

  it('is about an engine whose own row it was called on', async () => {
    addEngine('b');
    expect(await keys({ subject: undefined, engine: 'b' })).toEqual(['b']);
  });

  it('on rows of two engines is called for each, with its own rows alone', async () => {
    addEngine('b');
    const rows = [row('x', 'a'), row('y', 'b'), row('z', 'a')];
    const calls = await callsOf(sessions, rows[1], rows);
    expect(calls.map(({ place, argument, selection }) => [place.key, argument, selection])).toEqual([
      ['b', rows[1], [rows[1]]],
      ['a', rows[0], [rows[0], rows[2]]],
    ]);
  });

  it('on an engine’s own row is about it alone, whatever else is selected', async () => {
    addEngine('b');
    const root = { subject: undefined, engine: 'b' };
    expect(await keys(root, [row('x', 'a'), row('y', 'a')])).toEqual(['b']);
  });

  it('on an engine’s own row is about those that are selected with it, where it is about engines', () => {
    const own = (engine: string) => ({ subject: undefined, engine, isEngine: true });
    const folder = { subject: undefined, engine: 'c', isEngine: false };
    const [a, b] = [own('a'), own('b')];
    expect(engineRowsOf(b, [a, b, row('x', 'c'), folder])).toEqual(['b', 'a']);
    expect(engineRowsOf(b, [a])).toEqual(['b']);
    expect(engineRowsOf(folder, [a, b])).toEqual([]);
    expect(engineRowsOf(row('x', 'c'), [a, b])).toEqual([]);
    expect(engineRowsOf({ engine: 'b' }, undefined)).toEqual(['b']);
    expect(engineRowsOf({ engine: undefined }, undefined)).toEqual([]);
  });

  it('offers no place that was left', async () => {
    addEngine('b');
    sessions.first.leave();
    expect(await keys()).toEqual(['b']);
    expect(asked).toBe(0);
  });

  it('offers first the engines on which something can be done', async () => {
    addEngine('b');
    addEngine('c');
    const [a, b] = sessions.all;
    a?.fail(new EngineError('unreachable', 'nobody'));
    b?.replace(new FakeSession('b', tutorial({ recorded: true })));
    await keys();
    expect(offered.map((item) => (item as { label: string }).label)).toEqual(['c', '', 'b']);
  });

  it('on a row of an engine that is gone is refused, never done on another', async () => {
    addEngine('b');
    await expect(callsOf(sessions, row('x', 'gone'), undefined)).rejects.toMatchObject({ kind: 'unreachable' });
  });
});

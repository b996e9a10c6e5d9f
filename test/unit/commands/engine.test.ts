import { workspace, window } from 'vscode';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  connectAnother,
  disconnectEngine,
  refresh,
  refreshEngine,
  selectEngine,
  type EngineDeps,
} from '../../../src/commands/engine.ts';
import { EngineFailures } from '../../../src/commands/run.ts';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import type { ConnectTarget } from '../../../src/editor/ports.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { EngineError, type EngineConnection } from '../../../src/engine/engine.ts';
import type { Snapshot } from '../../../src/topology/model.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { tutorial } from '../support/snapshots.ts';

/** An engine that is read anew when a person asks for it. */
class ReadableSession extends FakeSession {
  refreshed = 0;
  broken = false;
  override refresh(): Promise<Snapshot> {
    this.refreshed += 1;
    return this.broken ? Promise.reject(new EngineError('timeout', 'slow')) : Promise.resolve(tutorial());
  }
}

interface Item {
  readonly label: string;
  readonly description?: string;
}

/** What the list of engines shows; `chosen` is the label that the person takes. */
class FakePick {
  items: readonly Item[] = [];
  selectedItems: readonly Item[] = [];
  readonly #chosen: string | undefined;
  #accept = (): void => undefined;
  #hide = (): void => undefined;

  constructor(chosen: string | undefined) {
    this.#chosen = chosen;
  }
  onDidAccept(listener: () => void): void {
    this.#accept = listener;
  }
  onDidHide(listener: () => void): void {
    this.#hide = listener;
  }
  set busy(busy: boolean) {
    if (busy) return;
    this.selectedItems = this.items.filter(({ label }) => label === this.#chosen);
    if (this.selectedItems.length === 0) this.#hide();
    else this.#accept();
  }
  show(): void {
    // It is looked at through `items`.
  }
  hide(): void {
    this.#hide();
  }
  dispose(): void {
    // Nothing is held.
  }
}

const connectionOf = (name: string): EngineConnection => ({
  key: name,
  label: name,
  endpoint: `unix:///${name}`,
  origin: 'context',
  readOnly: false,
});
const own = (engine: string) => ({ subject: undefined, engine, isEngine: true });

describe('engines', () => {
  let sessions: Sessions;
  let a: ReadableSession;
  let b: ReadableSession;
  let told: string[];
  let messages: string[];
  let pick: FakePick;
  let adding: () => Promise<'added' | 'already'>;

  const tell = (what: string): Promise<void> => Promise.resolve(void told.push(what));
  const textOf = (target: ConnectTarget): string => (target.kind === 'setting' ? target.value : target.kind);
  const deps: EngineDeps = {
    select: (target) => tell(`select ${textOf(target)}`),
    add: (target) => tell(`add ${textOf(target)}`).then(() => adding()),
    retry: (place) => tell(`retry ${place.key}`),
    remove: (place) => tell(`remove ${place.key}`),
    listConnections: () =>
      Promise.resolve(['a', 'b', 'c'].map((name) => ({ connection: connectionOf(name), setting: `context:${name}` }))),
    onDidChangeConnections: () => ({ dispose: () => undefined }),
  };

  function addPlace(id: string): CurrentSession {
    const place = new CurrentSession({ id, label: id, graceMs: 0 });
    sessions.add(place);
    return place;
  }

  function choose(label: string | undefined): void {
    pick = new FakePick(label);
    Object.assign(window, { createQuickPick: () => pick });
  }

  beforeEach(() => {
    sessions = new Sessions(new CurrentSession({ graceMs: 0 }));
    [a, b] = [new ReadableSession('a'), new ReadableSession('b')];
    sessions.first.replace(a);
    addPlace('b').replace(b);
    [told, messages] = [[], []];
    adding = () => Promise.resolve('added');
    Object.assign(window, {
      withProgress: (_options: unknown, task: () => Promise<void>) => task(),
      showInformationMessage: (text: string) => Promise.resolve(void messages.push(text)),
      showQuickPick: (items: readonly Item[]) => Promise.resolve(items[1]),
    });
    Object.assign(workspace, { getConfiguration: () => ({ get: () => undefined }) });
    onTestFinished(() => {
      sessions.dispose();
      for (const name of ['withProgress', 'showInformationMessage', 'showQuickPick', 'createQuickPick'])
        Reflect.deleteProperty(window, name);
      Reflect.deleteProperty(workspace, 'getConfiguration');
    });
  });

  describe('when all are refreshed', () => {
    it('are read anew, and those that could not be connected are tried once more', async () => {
      addPlace('c').fail(new EngineError('configuration', 'no such context'));
      await refresh(sessions, deps);
      expect([a.refreshed, b.refreshed, told]).toEqual([1, 1, ['retry c']]);
    });

    it('are no failure where one of several has none to say', async () => {
      b.broken = true;
      await expect(refresh(sessions, deps)).resolves.toBeUndefined();
      expect(a.refreshed).toBe(1);
    });

    it('are connected anew where the only one was left', async () => {
      for (const place of sessions.all.slice(1)) sessions.close(place);
      sessions.first.leave();
      await refresh(sessions, deps);
      expect(told).toEqual(['select default']);
    });

    it('say what went wrong with the only one, of which no other has to be told', async () => {
      for (const place of sessions.all.slice(1)) sessions.close(place);
      a.broken = true;
      await expect(refresh(sessions, deps)).rejects.toMatchObject({ failures: [{ engine: undefined, key: 'a' }] });
    });
  });

  describe('when their rows are refreshed', () => {
    it('are those that were clicked or are selected with them', async () => {
      const [one, other] = [own('a'), own('b')];
      await refreshEngine(sessions, deps, other, undefined);
      expect([a.refreshed, b.refreshed]).toEqual([0, 1]);
      await refreshEngine(sessions, deps, other, [one, other]);
      expect([a.refreshed, b.refreshed]).toEqual([1, 2]);
    });

    it('are named by the button of an error too', async () => {
      addPlace('c').fail(new EngineError('configuration', 'no such context'));
      await refreshEngine(sessions, deps, { engine: 'c' }, undefined);
      expect(told).toEqual(['retry c']);
    });

    it('say which one it was that failed, so that nothing happens to the others', async () => {
      b.broken = true;
      const failed = await refreshEngine(sessions, deps, own('b'), undefined).catch((thrown: unknown) => thrown);
      expect(failed).toBeInstanceOf(EngineFailures);
      expect(failed).toMatchObject({ failures: [{ engine: 'b', key: 'b', thrown: { kind: 'timeout' } }] });
    });
  });

  describe('when they are disconnected', () => {
    it('are those whose rows are selected together', async () => {
      const [one, other] = [own('a'), own('b')];
      await disconnectEngine(sessions, deps, one, [one, other]);
      expect(told).toEqual(['remove a', 'remove b']);
    });

    it('are asked for where a row of something else has the focus', async () => {
      const folder = { subject: undefined, engine: 'a', isEngine: false };
      await disconnectEngine(sessions, deps, folder, [folder]);
      expect(told).toEqual(['remove b']);
    });

    it('are not asked for where there is one alone, and none that was left is offered', async () => {
      sessions.first.leave();
      await disconnectEngine(sessions, deps, undefined, undefined);
      expect(told).toEqual(['remove b']);
    });
  });

  describe('when one is chosen', () => {
    it('marks the one that is shown first, and selects another', async () => {
      choose('c');
      await selectEngine(sessions, deps);
      expect(pick.items.find(({ label }) => label === 'a')?.description).toMatch(/shown now/);
      expect(pick.items.find(({ label }) => label === 'b')?.description).not.toMatch(/shown now/);
      expect(told).toEqual(['select context:c']);
    });

    it('does nothing where the person leaves', async () => {
      choose(undefined);
      await selectEngine(sessions, deps);
      await connectAnother(sessions, deps);
      expect(told).toEqual([]);
    });

    it('as one more, offers none that is shown', async () => {
      choose('c');
      await connectAnother(sessions, deps);
      expect(pick.items.map(({ label }) => label)).not.toContain('a');
      expect(told).toEqual(['add context:c']);
      expect(messages).toEqual([]);
    });

    it('as one more, by a name of one that is shown, says so', async () => {
      adding = () => Promise.resolve('already');
      choose('c');
      await connectAnother(sessions, deps);
      expect(messages).toEqual(['This engine is shown already.']);
    });

    it('as one more, which cannot work, offers to replace none that does', async () => {
      adding = () => Promise.reject(new EngineError('configuration', 'no such context'));
      choose('c');
      await expect(connectAnother(sessions, deps)).rejects.toMatchObject({
        failures: [{ engine: 'context:c', thrown: { kind: 'configuration' } }],
      });
    });
  });
});

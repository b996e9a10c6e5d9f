import { Disposable, commands, window, workspace, type TreeItem } from 'vscode';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { ShownHosts } from '../../../src/editor/shownHosts.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import type { Forwards } from '../../../src/forwards/forwards.ts';
import { views } from '../../../src/ids.ts';
import { registerViews } from '../../../src/views/register.ts';
import type { Tree } from '../../../src/views/tree.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { snapshot, tutorial } from '../support/snapshots.ts';

interface StatusItem {
  readonly text: string;
}

describe('the views of two engines', () => {
  let sessions: Sessions;
  let far: FakeSession;
  let trees: Map<string, Tree>;
  let statusItem: StatusItem;
  /** How often the rows of an engine were made. */
  let made: number;

  const nothing = { dispose: () => undefined };
  const silent = () => nothing;
  const editor = {
    createTreeView: (id: string, { treeDataProvider }: { readonly treeDataProvider: Tree }) => {
      trees.set(id, treeDataProvider);
      const events = { onDidChangeVisibility: silent, onDidExpandElement: silent, onDidCollapseElement: silent };
      return { ...nothing, ...events, visible: true };
    },
    createStatusBarItem: () => (statusItem = { ...nothing, text: '', show: () => undefined } as StatusItem),
  };

  beforeEach(() => {
    vi.useFakeTimers();
    trees = new Map();
    made = 0;
    const from = (...all: readonly Disposable[]) => new Disposable(() => all.forEach((one) => void one.dispose()));
    Object.assign(Disposable, { from });
    Object.assign(window, editor);
    Object.assign(commands, { executeCommand: () => Promise.resolve() });
    Object.assign(workspace, {
      getConfiguration: () => ({ get: () => undefined }),
      onDidChangeConfiguration: silent,
    });
    sessions = new Sessions(new CurrentSession({ graceMs: 0 }));
    sessions.first.replace(new FakeSession('near', tutorial()));
    const place = new CurrentSession({ id: 'far', label: 'far', graceMs: 0 });
    sessions.add(place);
    far = new FakeSession('far', snapshot({ kernel: { kind: 'absent', reason: 'notAllowed' } }));
    place.replace(far);
    const forwards = {
      list: () => {
        made += 1;
        return [];
      },
      onDidChange: silent,
    } as unknown as Forwards;
    const registered = registerViews(sessions, new ShownHosts(sessions), forwards, { warn: () => undefined });
    onTestFinished(() => {
      registered.dispose();
      sessions.dispose();
      vi.useRealTimers();
      Reflect.deleteProperty(Disposable, 'from');
      for (const name of Object.keys(editor)) Reflect.deleteProperty(window, name);
      Reflect.deleteProperty(commands, 'executeCommand');
      for (const name of ['getConfiguration', 'onDidChangeConfiguration']) Reflect.deleteProperty(workspace, name);
    });
  });

  function below(view: string, engine: number): readonly TreeItem[] {
    const tree = trees.get(view);
    const root = tree?.getChildren()[engine];
    return root === undefined ? [] : (tree?.getChildren(root) ?? []).flatMap((node) => tree?.getTreeItem(node) ?? []);
  }

  it('say below an engine that has no rows why, and what can be done', () => {
    expect(below(views.hostLinks, 0).length).toBeGreaterThan(5);
    const [only, ...more] = below(views.hostLinks, 1);
    expect(more).toEqual([]);
    expect(only?.contextValue).toBe('nothing;can:readKernelAfar');
    expect(below(views.containers, 1).map(({ label }) => label)).toEqual(['This engine has no containers.']);
  });

  it('leave the rows of one alone while the other is tried again and again', () => {
    for (const view of Object.values(views)) for (const engine of [0, 1]) below(view, engine);
    vi.runAllTimers();
    made = 0;
    const error = new EngineError('unreachable', 'nobody');
    for (const attempt of [1, 2, 3]) far.setState({ kind: 'failed', error, attempt });
    expect(made).toBe(0);
    expect(below(views.networks, 1).map(({ contextValue }) => contextValue)).toEqual(['state']);
  });

  it('call an engine that was never reached by what the person chose', () => {
    sessions.all[1]?.fail(new EngineError('configuration', 'no such context'));
    expect(statusItem.text).toMatch(/^\$\(type-hierarchy\) near .*\+1$/);
    sessions.makeFirst(sessions.all[1] ?? sessions.first);
    expect(statusItem.text).toBe('$(warning) far: wrong connection setting');
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TreeItem, TreeItemCollapsibleState, type MarkdownString } from 'vscode';
import { lookupOf } from '../../../src/editor/lookup.ts';
import { compare } from '../../../src/live/changes.ts';
import type { Snapshot } from '../../../src/topology/model.ts';
import { networkRows } from '../../../src/views/networkRows.ts';
import type { Row } from '../../../src/views/row.ts';
import { touchedBy } from '../../../src/views/touched.ts';
import { Tree } from '../../../src/views/tree.ts';
import type { TreeNode } from '../../../src/views/treeNode.ts';
import { crowd, idOf, networks, tutorial, withContainer } from '../support/snapshots.ts';
import { contextOf } from './rows.ts';

interface Harness {
  readonly tree: Tree;
  readonly fired: (readonly string[] | undefined)[];
  readonly warnings: string[];
  readonly set: (rows: () => readonly Row[]) => void;
  readonly become: (rows: () => readonly Row[], isTouched: (row: Row) => boolean) => void;
}

function harness(rows: () => readonly Row[]): Harness {
  let build = rows;
  const warnings: string[] = [];
  const tree = new Tree(() => build(), { warn: (message) => warnings.push(message) });
  const fired: (readonly string[] | undefined)[] = [];
  tree.onDidChangeTreeData((nodes) => fired.push(nodes?.map(({ row }) => row.label)));
  return {
    tree,
    fired,
    warnings,
    set: (next) => {
      build = next;
      tree.update();
    },
    become: (next, isTouched) => {
      build = next;
      tree.update(isTouched);
    },
  };
}

const of = (snapshot: Snapshot) => () => networkRows(contextOf(snapshot));

/** Asks for all rows, as an editor does whose tree is unfolded all the way. */
function unfoldAll(tree: Tree, node?: TreeNode): number {
  const children = tree.getChildren(node);
  return children.reduce((count, child) => count + 1 + unfoldAll(tree, child), 0);
}

const leaf = (key: string, more: Partial<Row> = {}): Row => ({ key, label: key, tokens: [], spoken: key, ...more });

describe('a tree', () => {
  it('announces nothing where nothing that is shown changed', () => {
    const { tree, fired, set } = harness(of(tutorial()));
    unfoldAll(tree);
    set(of({ ...tutorial(), takenAt: 'later' }));
    expect(fired).toEqual([]);
  });

  it('announces the one row that changed, not the tree', () => {
    const { tree, fired, set } = harness(of(tutorial()));
    unfoldAll(tree);
    set(of(withContainer(tutorial(), 'redis', { state: 'paused' })));
    expect(fired).toEqual([['redis']]);
  });

  it('announces the network that a container came to', () => {
    const before = tutorial();
    const { tree, fired, set } = harness(
      of({ ...before, containers: before.containers.filter(({ name }) => name !== 'test3') }),
    );
    unfoldAll(tree);
    set(of(before));
    expect(fired).toEqual([['my-bridge']]);
  });

  it('announces all where a network came', () => {
    const before = tutorial();
    const { tree, fired, set } = harness(of({ ...before, networks: before.networks.slice(1) }));
    unfoldAll(tree);
    set(of(before));
    expect(fired).toEqual([undefined]);
  });

  it('keeps the elements of rows that stay, so that selection and focus stay', () => {
    const { tree, set } = harness(of(tutorial()));
    const [before] = tree.getChildren();
    set(of(withContainer(tutorial(), 'test3', { state: 'exited' })));
    expect(tree.getChildren()[0]).toBe(before);
  });

  it('says where a row belongs, so that it can be revealed', () => {
    const { tree } = harness(of(tutorial()));
    const wanted = { kind: 'endpoint', containerId: idOf('ctr redis'), networkId: networks.myBridge.id };
    const node = tree.find(({ subject }) => JSON.stringify(subject) === JSON.stringify(wanted), 3);
    expect(node?.row.label).toBe('redis');
    const parent = node && tree.getParent(node);
    expect(parent?.row.label).toBe('my-bridge');
    expect(parent && tree.getChildren(parent)).toContain(node);
    expect(parent && tree.getParent(parent)).toBeUndefined();
  });

  it('gives each row an id of its own, also a container on two networks and rows of one key', () => {
    const { tree } = harness(() => [...networkRows(contextOf(tutorial())), leaf('same'), leaf('same')]);
    const ids: string[] = [];
    const visit = (node?: TreeNode): void => {
      for (const child of tree.getChildren(node)) {
        ids.push(tree.getTreeItem(child).id ?? '');
        visit(child);
      }
    };
    visit();
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('makes a tooltip only when it is asked for, as plain Markdown', () => {
    let made = 0;
    const { tree } = harness(() => [leaf('a', { tooltip: () => `tooltip ${++made}` })]);
    const node = first(tree);
    const item = tree.getTreeItem(node);
    expect(made).toBe(0);
    const tooltip = tree.resolveTreeItem(item, node).tooltip as MarkdownString;
    expect(tooltip.value).toBe('tooltip 1');
    expect([tooltip.isTrusted, tooltip.supportHtml, tooltip.supportThemeIcons]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('announces a row whose tooltip was read and is out of date', () => {
    let text = 'old';
    const rows = (): Row[] => [leaf('a', { tooltip: () => text })];
    const { tree, fired, set } = harness(rows);
    const node = first(tree);
    set(rows);
    tree.resolveTreeItem(tree.getTreeItem(node), node);
    text = 'new';
    set(rows);
    expect(fired).toEqual([['a']]);
  });

  it('unfolds a row again that was unfolded before the engine went away', () => {
    const folder = (): Row[] => [leaf('folder', { children: () => [leaf('inside')] })];
    const { tree, set } = harness(folder);
    tree.setUnfolded(first(tree), true);
    set(() => []);
    set(folder);
    expect(tree.getTreeItem(first(tree)).collapsibleState).toBe(TreeItemCollapsibleState.Expanded);
  });

  it('survives rows that throw, and logs them', () => {
    const fail = (): never => {
      throw new Error('odd');
    };
    const broken = new Proxy(leaf('broken'), {
      get: (target, key, self): unknown => (key === 'icon' ? fail() : Reflect.get(target, key, self)),
    });
    const { tree, warnings } = harness(() => [leaf('a', { children: fail, tooltip: fail }), broken, leaf('b')]);
    const [a, odd, b] = tree.getChildren();
    expect(a && tree.getChildren(a)).toEqual([]);
    expect(a && tree.resolveTreeItem(new TreeItem(''), a).tooltip).toBeUndefined();
    expect(odd && tree.getTreeItem(odd).label).toBe('(this row cannot be shown)');
    expect(b && tree.getTreeItem(b).label).toBe('b');
    expect(warnings).toHaveLength(3);
  });

  it('announces one row for one change among 1,000 unfolded containers', () => {
    const before = crowd(1000, 10);
    const { tree, fired, set } = harness(of(before));
    for (const node of tree.getChildren()) tree.getChildren(node);
    const after = withContainer(before, 'crowd500', { state: 'exited' });
    set(of(after));
    expect(fired).toEqual([['crowd500']]);
  });

  describe('that is told what changed', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    /** Two folders with a leaf each, and how often their leaves were made. */
    function folders(): { readonly made: string[]; readonly rows: () => Row[]; text: string } {
      const state = {
        made: [] as string[],
        text: 'old',
        rows: (): Row[] =>
          ['a', 'b'].map((key) =>
            leaf(key, {
              children: () => {
                state.made.push(key);
                return [leaf(`${key}1`, { description: state.text })];
              },
            }),
          ),
      };
      return state;
    }

    it('makes the rows below what changed at once, and the others a little later', () => {
      const state = folders();
      const { tree, fired } = harness(state.rows);
      unfoldAll(tree);
      state.made.length = 0;
      state.text = 'new';
      tree.update(({ key }) => key === 'b');
      expect(state.made).toEqual(['b']);
      expect(fired).toEqual([['b1']]);
      vi.runAllTimers();
      expect(state.made).toEqual(['b', 'a']);
      expect(fired).toEqual([['b1'], ['a1']]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('makes the rows below a row that looks different, whatever was said', () => {
      const state = folders();
      const { tree, fired, set } = harness(state.rows);
      unfoldAll(tree);
      set(() => state.rows().map((row) => ({ ...row, description: 'other' })));
      tree.update(() => false);
      fired.length = 0;
      state.made.length = 0;
      const [a] = tree.getChildren();
      expect(a?.row.description).toBe('other');
      vi.runAllTimers();
      expect(fired).toEqual([]);
    });

    it('does not put the others off where changes never pause', () => {
      const state = folders();
      const { tree } = harness(state.rows);
      unfoldAll(tree);
      state.made.length = 0;
      for (let round = 0; round < 10; round++) {
        tree.update(() => false);
        vi.advanceTimersByTime(100);
      }
      expect(state.made).toEqual(expect.arrayContaining(['a', 'b']));
    });

    it('says nothing of rows that went away meanwhile, or of a tree that is gone', () => {
      const state = folders();
      const { tree, fired, set } = harness(state.rows);
      unfoldAll(tree);
      state.text = 'new';
      tree.update(() => false);
      set(() => []);
      vi.runAllTimers();
      expect(fired).toEqual([undefined]);
      set(state.rows);
      unfoldAll(tree);
      tree.update(() => false);
      tree.dispose();
      expect(vi.getTimerCount()).toBe(0);
    });

    it('comes to the same as if nothing had been said', () => {
      const before = tutorial();
      const after = withContainer(before, 'redis', { state: 'paused' });
      const { tree, fired, set } = harness(of(before));
      unfoldAll(tree);
      set(of(before));
      const change = compare(before, after);
      const told = harness(of(before));
      unfoldAll(told.tree);
      told.become(of(after), touchedBy(change, lookupOf(after), 'lab'));
      expect(told.fired).toEqual([['redis']]);
      expect(fired).toEqual([]);
    });
  });

  describe('with several engines', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => {
      vi.restoreAllMocks();
      vi.useRealTimers();
    });

    const snapshot = tutorial();
    const roots = (engines: readonly string[]) => () =>
      engines.map((engine) => leaf(engine, { engine, children: () => networkRows(contextOf(snapshot)) }));
    const isMyBridge = ({ subject }: Row): boolean =>
      subject?.kind === 'network' && subject.networkId === networks.myBridge.id;

    it('has on every row the engine that it is of', () => {
      const { tree } = harness(roots(['a', 'b']));
      const [, b] = tree.getChildren();
      if (b === undefined) throw new Error('there are two');
      expect([b.subject, b.engine]).toEqual([undefined, 'b']);
      const [network] = tree.getChildren(b);
      expect(network?.subject).toMatchObject({ kind: 'network', engine: 'b' });
      const [seat] = network === undefined ? [] : tree.getChildren(network);
      expect(seat?.subject).toMatchObject({ kind: 'endpoint', engine: 'b' });
    });

    it('tells an engine’s own row from what is below it, and from the rows of one engine alone', () => {
      const below = (): Row[] => [leaf('folder')];
      const { tree } = harness(() => [leaf('engine:a', { engine: 'a', children: below }), leaf('b', { engine: 'b' })]);
      const [a, b] = tree.getChildren();
      const folder = a && tree.getChildren(a)[0];
      expect([a?.isEngine, folder?.isEngine, b?.isEngine]).toEqual([true, false, false]);
      expect(folder?.engine).toBe('a');
    });

    it('leaves a row about another engine’s container at that engine', () => {
      const subject = { kind: 'container', containerId: 'x', engine: 'b' } as const;
      const { tree } = harness(() => [leaf('a', { engine: 'a', children: () => [leaf('x', { subject })] })]);
      expect(tree.getChildren(first(tree))[0]?.subject).toEqual(subject);
    });

    it('finds a row below its engine alone, though each has the same', () => {
      const { tree } = harness(roots(['a', 'b']));
      expect(tree.find(isMyBridge, 2, 'b')?.parent?.engine).toBe('b');
      expect(tree.find(isMyBridge, 2, 'c')).toBeUndefined();
      expect(tree.find(isMyBridge, 2)?.parent?.engine).toBe('a');
    });

    it('keeps folded what was folded before another engine came', () => {
      const below = (): Row[] => [leaf('folder', { unfolded: true, children: () => [leaf('x')] })];
      const alone = (): Row[] => below().map((row) => ({ ...row, engine: 'a' }));
      const { tree, set } = harness(alone);
      tree.setUnfolded(first(tree), false);
      set(() => ['a', 'b'].map((engine) => leaf(`engine:${engine}`, { engine, children: below })));
      const folding = tree.getChildren().map((root) => tree.getTreeItem(tree.getChildren(root)[0] ?? root));
      expect(folding.map(({ collapsibleState }) => collapsibleState)).toEqual([
        TreeItemCollapsibleState.Collapsed,
        TreeItemCollapsibleState.Expanded,
      ]);
    });

    it('of a recording offers nothing that changes an engine', () => {
      const tokens = ['container', 'can:inspect', 'can:copyName', 'can:removeContainer', 'can:tailLogs'];
      const below = (): Row[] => [leaf('x', { tokens })];
      const { tree } = harness(() => [
        leaf('a', { engine: 'a', recorded: true, children: below }),
        leaf('b', { engine: 'b', children: below }),
      ]);
      const words = tree.getChildren().map((root) => {
        const [node] = tree.getChildren(root);
        return node && tree.getTreeItem(node).contextValue;
      });
      expect(words).toEqual(['container;can:inspect;can:copyName', tokens.join(';')]);
    });

    it('compares the rows of other engines later, and row by row', () => {
      const compared: string[] = [];
      const folders = (): Row[] =>
        ['x', 'y'].map((key) =>
          leaf(key, {
            children: () => {
              compared.push(key);
              return [leaf(`${key}1`)];
            },
          }),
        );
      const { tree, become } = harness(() => [leaf('a', { engine: 'a', children: folders })]);
      unfoldAll(tree);
      compared.length = 0;
      vi.spyOn(performance, 'now').mockImplementation(() => compared.length * 10);
      become(
        () => [leaf('a', { engine: 'a', children: folders })],
        () => false,
      );
      expect(compared).toEqual([]);
      vi.advanceTimersToNextTimer();
      expect(compared).toEqual(['x']);
      vi.runAllTimers();
      expect(compared).toEqual(['x', 'y']);
    });

    it('compares at once the rows of the engine that changed alone', () => {
      const before = snapshot;
      const isTouched = touchedBy(
        compare(before, withContainer(before, 'redis', { state: 'paused' })),
        lookupOf(before),
        'b',
      );
      expect(isTouched(leaf('a', { engine: 'a' }))).toBe(false);
      expect(isTouched(leaf('b', { engine: 'b' }))).toBe(true);
    });
  });
});

function first(tree: Tree): TreeNode {
  const [node] = tree.getChildren();
  if (node === undefined) throw new Error('the tree is empty');
  return node;
}

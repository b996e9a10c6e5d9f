import { Disposable, l10n, window, type TreeView } from 'vscode';
import { ContextKeys } from '../editor/contextKeys.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { thrownText } from '../editor/log.ts';
import { lookupOf } from '../editor/lookup.ts';
import type { Reveal } from '../editor/ports.ts';
import { onDidChangeSettings, viewOptions } from '../editor/settings.ts';
import type { Subject } from '../editor/subject.ts';
import { visible } from '../editor/untrusted.ts';
import type { Forwards } from '../forwards/forwards.ts';
import { contextKeys, settings, views, type ViewId } from '../ids.ts';
import type { SessionChange } from '../live/session.ts';
import { containerRows } from './containerRows.ts';
import { messageText } from './engineText.ts';
import { hostLinkRows } from './hostLinkRows.ts';
import { networkRows } from './networkRows.ts';
import type { Row, RowContext } from './row.ts';
import { SeatDragAndDrop } from './dragAndDrop.ts';
import { createStatusBar } from './statusBar.ts';
import { touchedBy } from './touched.ts';
import { Tree, type TreeLog, type TreeNode } from './tree.ts';
import { hasRows, viewState } from './viewState.ts';

/** Milliseconds for which a reconnection is not worth a word. */
const patience = 500;

interface Place {
  readonly id: ViewId;
  readonly rows: (context: RowContext) => readonly Row[];
  /** How deep below the roots the rows lie that `reveal` looks for. */
  readonly depth: number;
}

const places: Readonly<Record<keyof typeof views, Place>> = {
  networks: { id: views.networks, rows: networkRows, depth: 3 },
  containers: { id: views.containers, rows: containerRows, depth: 2 },
  hostLinks: { id: views.hostLinks, rows: hostLinkRows, depth: 2 },
};

/** Makes the three trees and the status-bar item, and keeps them true to the current session. */
export function registerViews(current: CurrentSession, forwards: Forwards, log: TreeLog): { dispose(): void } & Reveal {
  const keys = new ContextKeys();
  const shown = {
    networks: showTree(current, forwards, log, places.networks),
    containers: showTree(current, forwards, log, places.containers),
    hostLinks: showTree(current, forwards, log, places.hostLinks),
  };
  const all = Object.values(shown);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const describe = (): void => describeViews(current, shown.networks, all);
  const update = (change?: SessionChange): void => {
    updateKeys(current, keys);
    const { snapshot } = current;
    const isTouched = change && snapshot && touchedBy(change, lookupOf(snapshot));
    for (const { tree } of all) tree.update(isTouched);
    clearTimeout(waiting);
    if (current.state.kind === 'connecting') waiting = setTimeout(describe, patience);
    else describe();
  };
  update();
  const registered = Disposable.from(
    createStatusBar(current),
    current.onDidChangeSession(() => update()),
    current.onDidChangeState(() => update()),
    current.onDidChangeSnapshot(update),
    Disposable.from(forwards.onDidChange(() => update())),
    onDidChangeSettings([settings.groupBy, settings.showBuiltIn, settings.showStopped], () => update()),
    ...all,
    { dispose: () => clearTimeout(waiting) },
  );
  return {
    reveal: (place, subject) => shown[place].reveal(subject),
    dispose: () => void registered.dispose(),
  };
}

interface ShownTree {
  dispose(): void;
  readonly tree: Tree;
  readonly view: TreeView<TreeNode>;
  reveal(subject: Subject): Promise<{ readonly shown: boolean }>;
}

function showTree(current: CurrentSession, forwards: Forwards, log: TreeLog, place: Place): ShownTree {
  const tree = new Tree(() => {
    const { snapshot } = current;
    if (snapshot === undefined || !hasRows(viewState(current.state, snapshot))) return [];
    const skipped = (thrown: unknown): void => log.warn(`A row of ${place.id} is left out: ${thrownText(thrown)}`);
    return place.rows({ lookup: lookupOf(snapshot), options: viewOptions(), forwards: forwards.list(), skipped });
  }, log);
  const view = window.createTreeView(place.id, {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: new SeatDragAndDrop(),
  });
  current.setVisible(place.id, view.visible);
  const registered = Disposable.from(
    view,
    tree,
    view.onDidChangeVisibility(({ visible: isVisible }) => current.setVisible(place.id, isVisible)),
    view.onDidExpandElement(({ element }) => tree.setUnfolded(element, true)),
    view.onDidCollapseElement(({ element }) => tree.setUnfolded(element, false)),
    { dispose: () => current.setVisible(place.id, false) },
  );
  return {
    tree,
    view,
    reveal: async (subject) => {
      const node = tree.find((row) => row.subject !== undefined && isSame(row.subject, subject), place.depth);
      if (node === undefined) return { shown: false };
      await view.reveal(node, { select: true, focus: true, expand: subject.kind === 'container' ? 1 : false });
      return { shown: true };
    },
    dispose: () => void registered.dispose(),
  };
}

/** A row of Host Links about a macvlan's rider has the link's name too, but comes after the link itself. */
function isSame(a: Subject, b: Subject): boolean {
  switch (a.kind) {
    case 'network':
      return b.kind === 'network' && a.networkId === b.networkId;
    case 'container':
      return b.kind === 'container' && a.containerId === b.containerId;
    case 'endpoint':
      return b.kind === 'endpoint' && a.containerId === b.containerId && a.networkId === b.networkId;
    case 'link':
      return b.kind === 'link' && a.name === b.name;
  }
}

function updateKeys(current: CurrentSession, keys: ContextKeys): void {
  const options = viewOptions();
  const { snapshot } = current;
  keys.set(contextKeys.state, viewState(current.state, snapshot));
  keys.set(contextKeys.groupBy, options.groupBy);
  keys.set(contextKeys.builtInShown, options.showBuiltIn);
  keys.set(contextKeys.stoppedShown, options.showStopped);
  keys.set(contextKeys.readOnly, current.session?.engine.connection.readOnly === true);
  if (snapshot !== undefined)
    keys.set(contextKeys.kernel, snapshot.kernel.kind === 'read' ? 'read' : snapshot.kernel.reason);
}

/** A message hides the welcome view (VS Code's TreeViewPane.shouldShowWelcome): only where there are rows. */
function describeViews(current: CurrentSession, networks: ShownTree, all: readonly ShownTree[]): void {
  const { state, snapshot, session } = current;
  const rows = snapshot !== undefined && hasRows(viewState(state, snapshot));
  const recorded = rows && snapshot.recorded;
  for (const { view } of all) view.description = recorded ? l10n.t('recording') : '';
  const { tree, view } = networks;
  if (!recorded && session !== undefined) view.description = visible(session.engine.connection.label, 40);
  const speaks = rows && tree.getChildren().length > 0;
  view.message = (speaks ? messageText(state, snapshot, session?.engine.connection) : undefined) ?? '';
}

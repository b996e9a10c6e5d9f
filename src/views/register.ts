import { Disposable, l10n, window, type TreeView } from 'vscode';
import { ContextKeys } from '../editor/contextKeys.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { thrownText } from '../editor/log.ts';
import { lookupOf } from '../editor/lookup.ts';
import type { Reveal } from '../editor/ports.ts';
import type { Sessions } from '../editor/sessions.ts';
import type { ShownHosts } from '../editor/shownHosts.ts';
import { onDidChangeSettings, viewOptions } from '../editor/settings.ts';
import type { Subject } from '../editor/subject.ts';
import { visible } from '../editor/untrusted.ts';
import type { Forwards } from '../forwards/forwards.ts';
import { contextKeys, settings, views, type ViewId } from '../ids.ts';
import { containerRows } from './containerRows.ts';
import { noContainers, noHostLinks, noNetworks } from './emptyRows.ts';
import { engineRow, showsRows } from './engineRows.ts';
import { messageText } from './engineText.ts';
import { hostLinkRows } from './hostLinkRows.ts';
import { networkRows } from './networkRows.ts';
import type { Row, RowContext } from './row.ts';
import { SeatDragAndDrop } from './dragAndDrop.ts';
import { createStatusBar } from './statusBar.ts';
import { touchedBy } from './touched.ts';
import { Tree, type TreeLog } from './tree.ts';
import type { TreeNode } from './treeNode.ts';
import { viewState } from './viewState.ts';

/** Milliseconds for which a reconnection is not worth a word. */
const patience = 500;

interface Place {
  readonly id: ViewId;
  readonly rows: (context: RowContext) => readonly Row[];
  /** In the place of no rows, where several engines are shown. */
  readonly nothing: (context: RowContext) => Row;
  /** How deep below the roots the rows lie that `reveal` looks for. */
  readonly depth: number;
}

const places: Readonly<Record<keyof typeof views, Place>> = {
  networks: { id: views.networks, rows: networkRows, nothing: noNetworks, depth: 3 },
  containers: { id: views.containers, rows: containerRows, nothing: noContainers, depth: 2 },
  hostLinks: { id: views.hostLinks, rows: hostLinkRows, nothing: noHostLinks, depth: 2 },
};

/** Makes the three trees and the status-bar item, and keeps them true to the engines that are shown. */
export function registerViews(
  sessions: Sessions,
  hosts: ShownHosts,
  forwards: Forwards,
  log: TreeLog,
): { dispose(): void } & Reveal {
  const keys = new ContextKeys();
  const shown = {
    networks: showTree(sessions, hosts, forwards, log, places.networks),
    containers: showTree(sessions, hosts, forwards, log, places.containers),
    hostLinks: showTree(sessions, hosts, forwards, log, places.hostLinks),
  };
  const all = Object.values(shown);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const describe = (): void => describeViews(sessions, shown.networks, all);
  const update = (isTouched?: (row: Row) => boolean): void => {
    updateKeys(sessions, keys);
    for (const { tree } of all) tree.update(isTouched);
    clearTimeout(waiting);
    if (sessions.first.state.kind === 'connecting') waiting = setTimeout(describe, patience);
    else describe();
  };
  update();
  const registered = Disposable.from(
    createStatusBar(sessions),
    sessions.onDidChangePlaces(() => update()),
    sessions.onDidChangeSession(({ key }) => update(isOf(key))),
    sessions.onDidChangeState(({ key }) => update(isOf(key))),
    sessions.onDidChangeSnapshot(({ place, change }) => {
      const host = hosts.of(place);
      update(host && touchedBy(change, lookupOf(host.snapshot), host.key));
    }),
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

/** Whether a row may be another one now: an engine that is tried again and again is nothing to the rows of others. */
function isOf(engine: string): (row: Row) => boolean {
  return (row) => row.engine === undefined || row.engine === engine;
}

interface ShownTree {
  dispose(): void;
  readonly tree: Tree;
  readonly view: TreeView<TreeNode>;
  reveal(subject: Subject): Promise<{ readonly shown: boolean }>;
}

function showTree(sessions: Sessions, hosts: ShownHosts, forwards: Forwards, log: TreeLog, place: Place): ShownTree {
  const skipped = (thrown: unknown): void => log.warn(`A row of ${place.id} is left out: ${thrownText(thrown)}`);
  const contextOf = (one: CurrentSession): RowContext | undefined => {
    const host = hosts.of(one);
    return (
      host && {
        lookup: lookupOf(host.snapshot),
        options: viewOptions(),
        remoteSeats: host.remoteSeats,
        engineLabel: (engine) => sessions.of(engine)?.label ?? engine,
        forwards: forwards.list(),
        skipped,
      }
    );
  };
  const rowsOf = (one: CurrentSession): readonly Row[] => {
    const context = contextOf(one);
    return context === undefined ? [] : place.rows(context);
  };
  const rowsBelow = (one: CurrentSession): readonly Row[] => {
    const context = contextOf(one);
    if (context === undefined) return [];
    const rows = place.rows(context);
    return rows.length === 0 ? [place.nothing(context)] : rows;
  };
  const tree = new Tree(() => {
    const { first, all } = sessions;
    if (all.length > 1) return all.map((one) => engineRow(one, () => rowsBelow(one)));
    return showsRows(first) ? rowsOf(first).map((row) => ({ ...row, engine: first.key })) : [];
  }, log);
  const view = window.createTreeView(place.id, {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: new SeatDragAndDrop(),
  });
  sessions.setVisible(place.id, view.visible);
  const registered = Disposable.from(
    view,
    tree,
    view.onDidChangeVisibility(({ visible: isVisible }) => sessions.setVisible(place.id, isVisible)),
    view.onDidExpandElement(({ element }) => tree.setUnfolded(element, true)),
    view.onDidCollapseElement(({ element }) => tree.setUnfolded(element, false)),
    { dispose: () => sessions.setVisible(place.id, false) },
  );
  return {
    tree,
    view,
    reveal: async (subject) => {
      const depth = place.depth + (sessions.all.length > 1 ? 1 : 0);
      const fits = (row: Row): boolean => row.subject !== undefined && isSame(row.subject, subject);
      const node = tree.find(fits, depth, subject.engine);
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

/** With several engines each root says by itself what a welcome view would say of one. */
function updateKeys({ all, first }: Sessions, keys: ContextKeys): void {
  const options = viewOptions();
  const { snapshot } = first;
  const several = all.length > 1;
  keys.set(contextKeys.state, several ? 'ready' : viewState(first.state, snapshot));
  keys.set(contextKeys.groupBy, options.groupBy);
  keys.set(contextKeys.builtInShown, options.showBuiltIn);
  keys.set(contextKeys.stoppedShown, options.showStopped);
  keys.set(
    contextKeys.readOnly,
    all.every(({ session }) => session?.engine.connection.readOnly === true),
  );
  if (several) keys.set(contextKeys.kernel, 'read');
  else if (snapshot !== undefined)
    keys.set(contextKeys.kernel, snapshot.kernel.kind === 'read' ? 'read' : snapshot.kernel.reason);
}

/** A message hides the welcome view (VS Code's TreeViewPane.shouldShowWelcome): only where there are rows. */
function describeViews({ all: engines, first }: Sessions, networks: ShownTree, all: readonly ShownTree[]): void {
  const { tree, view } = networks;
  const { state, snapshot, session } = first;
  if (engines.length > 1) {
    for (const shown of all) shown.view.description = '';
    view.message = '';
    return;
  }
  const rows = snapshot !== undefined && showsRows(first);
  const recorded = rows && snapshot.recorded;
  for (const shown of all) shown.view.description = recorded ? l10n.t('recording') : '';
  if (!recorded && session !== undefined) view.description = visible(session.engine.connection.label, 40);
  const speaks = rows && tree.getChildren().length > 0;
  view.message = (speaks ? messageText(state, snapshot, session?.engine.connection) : undefined) ?? '';
}

import { QuickPickItemKind, ThemeIcon, l10n, window, type QuickPickItem } from 'vscode';
import { hasPassword, withoutPassword } from '../editor/addressText.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { ConnectTarget, ConnectionChoice } from '../editor/ports.ts';
import type { Sessions } from '../editor/sessions.ts';
import { connectionSetting } from '../editor/settings.ts';
import { withoutIcons } from '../editor/untrusted.ts';
import type { EngineConnection } from '../engine/engine.ts';
import { commands, type CommandId } from '../ids.ts';
import type { Disposable } from '../live/emitter.ts';
import { asError } from './act.ts';
import { engineRowsOf, pickEngine } from './dispatch.ts';
import { EngineFailures } from './run.ts';
import { refreshNow } from './snapshot.ts';

export interface EngineDeps {
  /** Puts another engine into the first place; a choice by `setting` is remembered, `''` forgets it. */
  select(target: ConnectTarget): Promise<void>;
  /** Shows one more, remembered in the same way; `already` where it is shown. */
  add(target: ConnectTarget): Promise<'added' | 'already'>;
  /** Tries once more to connect what could not be connected. */
  retry(place: CurrentSession): Promise<void>;
  /** Shows it no longer. */
  remove(place: CurrentSession): Promise<void>;
  listConnections(): Promise<readonly ConnectionChoice[]>;
  /** Docker's contexts or sockets changed: `listConnections` may tell others. */
  readonly onDidChangeConnections: (listener: () => void) => Disposable;
}

interface Item extends QuickPickItem {
  /** What to do; undefined for a separator, or where nothing comes of it. */
  readonly act?: () => Promise<ConnectTarget | undefined>;
}

/** Chooses the engine that is shown first: Docker's contexts and sockets, an address, or a recording. */
export async function selectEngine(sessions: Sessions, deps: EngineDeps): Promise<void> {
  const shown = sessions.first.session?.engine.connection;
  const items = async (): Promise<readonly Item[]> => {
    const choices = await deps.listConnections();
    // A recording, or an address that only the setting names.
    const elsewhere = choices.some(({ connection }) => connection.key === shown?.key) ? undefined : shown;
    return [
      ...(elsewhere === undefined ? [] : [connectionItem(elsewhere, true, () => Promise.resolve(undefined))]),
      ...choices.map(({ connection, setting }) =>
        connectionItem(connection, connection.key === shown?.key, choose({ kind: 'setting', value: setting })),
      ),
      { label: '', kind: QuickPickItemKind.Separator },
      {
        label: l10n.t('Docker’s own choice'),
        description:
          connectionSetting() === '' && shown?.origin !== 'recording'
            ? l10n.t('now in use')
            : l10n.t('DOCKER_HOST, DOCKER_CONTEXT or the current context'),
        iconPath: new ThemeIcon('home'),
        act: choose({ kind: 'setting', value: '' }),
      },
      ...otherWays(),
    ];
  };
  const target = await pickTarget(deps, items, l10n.t('Show the networks of which engine?'));
  if (target !== undefined) await deps.select(target);
}

/** Shows one more engine beside those that are shown. */
export async function connectAnother(sessions: Sessions, deps: EngineDeps): Promise<void> {
  const items = async (): Promise<readonly Item[]> => {
    const choices = await deps.listConnections();
    const isShown = ({ connection }: ConnectionChoice): boolean => sessions.of(connection.key) !== undefined;
    return [
      ...choices
        .filter((choice) => !isShown(choice))
        .map(({ connection, setting }) =>
          connectionItem(connection, false, choose({ kind: 'setting', value: setting })),
        ),
      ...otherWays(),
    ];
  };
  const target = await pickTarget(deps, items, l10n.t('Show the networks of which engine too?'));
  if (target === undefined || (await addOne(deps, target)) === 'added') return;
  void window.showInformationMessage(l10n.t('This engine is shown already.'));
}

/** What cannot work is said of that engine: those that are shown are not to be replaced for it. */
async function addOne(deps: EngineDeps, target: ConnectTarget): ReturnType<EngineDeps['add']> {
  try {
    return await deps.add(target);
  } catch (thrown) {
    if (target.kind !== 'setting') throw thrown;
    throw new EngineFailures([{ engine: withoutPassword(target.value), thrown }]);
  }
}

/** Shows engines no longer: those whose own rows it was called on, or the one that the person picks. */
export async function disconnectEngine(
  sessions: Sessions,
  deps: EngineDeps,
  argument: unknown,
  selection: unknown,
): Promise<void> {
  const named = engineRowsOf(argument, selection).flatMap((key) => sessions.of(key) ?? []);
  const connected = sessions.all.filter(({ state }) => state.kind !== 'disconnected');
  const picked = named.length > 0 ? undefined : await pickEngine(connected, l10n.t('Disconnect which engine?'));
  for (const place of picked === undefined ? named : [picked]) await deps.remove(place);
}

function otherWays(): readonly Item[] {
  return [
    { label: l10n.t('Enter an Address…'), iconPath: new ThemeIcon('edit'), act: askAddress },
    { label: l10n.t('Recordings'), kind: QuickPickItemKind.Separator },
    {
      label: l10n.t('Open the Sample'),
      description: l10n.t('recorded, read-only'),
      iconPath: new ThemeIcon('history'),
      act: choose({ kind: 'sample' }),
    },
    { label: l10n.t('Open a Recording…'), iconPath: new ThemeIcon('folder-opened'), act: askRecording },
  ];
}

function choose(target: ConnectTarget): () => Promise<ConnectTarget> {
  return () => Promise.resolve(target);
}

/** While it is open its items follow Docker's contexts. */
async function pickTarget(
  { onDidChangeConnections }: EngineDeps,
  items: () => Promise<readonly Item[]>,
  placeholder: string,
): Promise<ConnectTarget | undefined> {
  const pick = window.createQuickPick<Item>();
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  const renew = async (): Promise<void> => {
    pick.items = await items();
  };
  pick.busy = true;
  pick.show();
  const subscription = onDidChangeConnections(() => void renew().catch(() => undefined));
  try {
    const chosen = new Promise<Item | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]));
      pick.onDidHide(() => resolve(undefined));
    });
    await renew();
    pick.busy = false;
    const item = await chosen;
    pick.hide();
    return await item?.act?.();
  } finally {
    subscription.dispose();
    pick.dispose();
  }
}

function connectionItem(
  connection: EngineConnection,
  isShown: boolean,
  act: () => Promise<ConnectTarget | undefined>,
): Item {
  return {
    label: withoutIcons(connection.label, 80),
    description: isShown ? l10n.t('{0} (shown now)', originText(connection)) : originText(connection),
    ...(connection.label === connection.endpoint ? {} : { detail: withoutIcons(connection.endpoint, 160) }),
    iconPath: new ThemeIcon(isShown ? 'check' : 'server'),
    act,
  };
}

function originText({ origin }: EngineConnection): string {
  switch (origin) {
    case 'setting':
      return l10n.t('from the settings');
    case 'DOCKER_HOST':
    case 'DOCKER_CONTEXT':
      return origin;
    case 'context':
      return l10n.t('Docker context');
    case 'socket':
      return l10n.t('socket of this machine');
    case 'recording':
      return l10n.t('recording');
  }
}

/** What is wrong with it, for the person who types it. The engine's adapter knows more, and says it when it connects. */
function addressProblem(text: string): string | undefined {
  const value = text.trim();
  // It would stand in the settings for everybody to read.
  if (hasPassword(value))
    return l10n.t('An address cannot carry a password: ssh takes keys, and TLS certificates are in a Docker context.');
  return /^(unix|npipe|tcp|https?|ssh):\/\/\S+$|^context:\S+$/.test(value)
    ? undefined
    : l10n.t('For example unix:///var/run/docker.sock, ssh://user@host, tcp://192.0.2.1:2376 or context:NAME');
}

async function askAddress(): Promise<ConnectTarget | undefined> {
  const set = connectionSetting();
  const value = await window.showInputBox({
    title: l10n.t('Address of a Docker Engine'),
    value: addressProblem(set) === undefined ? set : '',
    placeHolder: 'unix:///var/run/docker.sock',
    prompt: l10n.t('An address (unix://, npipe://, tcp://, http://, https://, ssh://) or context:NAME.'),
    validateInput: addressProblem,
  });
  return value === undefined ? undefined : { kind: 'setting', value: value.trim() };
}

async function askRecording(): Promise<ConnectTarget | undefined> {
  const files = await window.showOpenDialog({
    canSelectMany: false,
    openLabel: l10n.t('Open Recording'),
    filters: { [l10n.t('Recorded snapshots')]: ['json'] },
  });
  const [file] = files ?? [];
  return file === undefined ? undefined : { kind: 'recording', file: file.fsPath };
}

/** A person's refresh never waits behind a back-off; where there is no session it connects anew. */
export async function refresh(sessions: Sessions, deps: EngineDeps): Promise<void> {
  await renew(sessions, sessions.all, deps);
}

/** The same for the engines whose own rows it was called on. */
export async function refreshEngine(
  sessions: Sessions,
  deps: EngineDeps,
  argument: unknown,
  selection: unknown,
): Promise<void> {
  const named = engineRowsOf(argument, selection).flatMap((key) => sessions.of(key) ?? []);
  await renew(sessions, named, deps);
}

async function renew({ all }: Sessions, places: readonly CurrentSession[], deps: EngineDeps): Promise<void> {
  const read = await Promise.allSettled(places.map((place) => renewOne(place, deps)));
  const [failure] = read.flatMap((result) => (result.status === 'rejected' ? [asError(result.reason)] : []));
  const [only, second] = places;
  // Of several the rows say which failed.
  if (failure === undefined || only === undefined || second !== undefined) return;
  throw new EngineFailures([{ engine: all.length > 1 ? only.label : undefined, key: only.key, thrown: failure }]);
}

async function renewOne(place: CurrentSession, deps: EngineDeps): Promise<void> {
  if (place.session !== undefined) await refreshNow(place);
  else if (place.state.kind === 'disconnected') await deps.select({ kind: 'default' });
  else await deps.retry(place);
}

/** What a click on the status bar offers. Returns the command to run. */
export async function engineMenu({ first, all }: Sessions): Promise<CommandId | undefined> {
  const label = all.length > 1 ? l10n.t('{0} engines', all.length) : first.label || l10n.t('Docker');
  const items: (QuickPickItem & { command: CommandId })[] = [
    { label: l10n.t('Refresh'), iconPath: new ThemeIcon('refresh'), command: commands.refresh },
    {
      label: l10n.t('Open Topology Diagram'),
      iconPath: new ThemeIcon('type-hierarchy'),
      command: commands.openDiagram,
    },
    { label: l10n.t('Select Engine…'), iconPath: new ThemeIcon('server'), command: commands.selectEngine },
    { label: l10n.t('Connect Another Engine…'), iconPath: new ThemeIcon('add'), command: commands.connectAnother },
    {
      label: l10n.t('Disconnect Engine'),
      iconPath: new ThemeIcon('debug-disconnect'),
      command: commands.disconnectEngine,
    },
    { label: l10n.t('Show Log'), iconPath: new ThemeIcon('output'), command: commands.showLog },
    { label: l10n.t('Open Settings'), iconPath: new ThemeIcon('settings-gear'), command: commands.openSettings },
  ];
  const title = withoutIcons(label, 60);
  return (await window.showQuickPick(items, { title, placeHolder: l10n.t('Docker Networks') }))?.command;
}

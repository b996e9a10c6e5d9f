import { QuickPickItemKind, ThemeIcon, l10n, window, type QuickPickItem } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { ConnectTarget, ConnectionChoice } from '../editor/ports.ts';
import { connectionSetting } from '../editor/settings.ts';
import { withoutIcons } from '../editor/untrusted.ts';
import type { EngineConnection } from '../engine/engine.ts';
import { commands, type CommandId } from '../ids.ts';
import { refreshNow } from './snapshot.ts';

export interface EngineDeps {
  /** Replaces the session of `current`; a choice by `setting` is remembered, `''` forgets it. */
  connect(target: ConnectTarget): Promise<void>;
  listConnections(): Promise<readonly ConnectionChoice[]>;
}

interface Item extends QuickPickItem {
  /** What to do; undefined for a separator, or where nothing comes of it. */
  readonly act?: () => Promise<ConnectTarget | undefined>;
}

/** Chooses the engine that is shown: Docker's contexts and sockets, an address, or a recording. */
export async function selectEngine(current: CurrentSession, deps: EngineDeps): Promise<void> {
  const shown = current.session?.engine.connection;
  const set = connectionSetting();
  const choices = await deps.listConnections();
  // A recording, or an address that only the setting names.
  const elsewhere = choices.some(({ connection }) => connection.key === shown?.key) ? undefined : shown;
  const choose = (target: ConnectTarget) => () => Promise.resolve(target);
  const items: Item[] = [
    ...(elsewhere === undefined ? [] : [connectionItem(elsewhere, shown, () => Promise.resolve(undefined))]),
    ...choices.map(({ connection, setting }) =>
      connectionItem(connection, shown, choose({ kind: 'setting', value: setting })),
    ),
    { label: '', kind: QuickPickItemKind.Separator },
    {
      label: l10n.t('Docker’s own choice'),
      description:
        set === '' && shown?.origin !== 'recording'
          ? l10n.t('now in use')
          : l10n.t('DOCKER_HOST, DOCKER_CONTEXT or the current context'),
      iconPath: new ThemeIcon('home'),
      act: choose({ kind: 'setting', value: '' }),
    },
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
  const chosen = await window.showQuickPick(items, {
    placeHolder: l10n.t('Show the networks of which engine?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const target = await chosen?.act?.();
  if (target !== undefined) await deps.connect(target);
}

function connectionItem(
  connection: EngineConnection,
  shown: EngineConnection | undefined,
  act: () => Promise<ConnectTarget | undefined>,
): Item {
  const isShown = connection.key === shown?.key;
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

function isAddress(text: string): boolean {
  return /^(unix|npipe|tcp|https?):\/\/\S+$|^context:\S+$/.test(text.trim());
}

async function askAddress(): Promise<ConnectTarget | undefined> {
  const value = await window.showInputBox({
    title: l10n.t('Address of a Docker Engine'),
    value: isAddress(connectionSetting()) ? connectionSetting() : '',
    placeHolder: 'unix:///var/run/docker.sock',
    prompt: l10n.t('An address (unix://, npipe://, tcp://, http://, https://) or context:NAME.'),
    validateInput: (text) =>
      isAddress(text)
        ? undefined
        : l10n.t('For example unix:///var/run/docker.sock, tcp://192.0.2.1:2376 or context:NAME'),
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

/** A person's refresh never waits behind a back-off; without a session it connects anew. */
export async function refresh(current: CurrentSession, deps: EngineDeps): Promise<void> {
  if (current.session === undefined) await deps.connect({ kind: 'default' });
  else await refreshNow(current);
}

/** What a click on the status bar offers. Returns the command to run. */
export async function engineMenu(current: CurrentSession): Promise<CommandId | undefined> {
  const label = current.session?.engine.connection.label ?? l10n.t('Docker');
  const items: (QuickPickItem & { command: CommandId })[] = [
    { label: l10n.t('Refresh'), iconPath: new ThemeIcon('refresh'), command: commands.refresh },
    {
      label: l10n.t('Open Topology Diagram'),
      iconPath: new ThemeIcon('type-hierarchy'),
      command: commands.openDiagram,
    },
    { label: l10n.t('Select Engine…'), iconPath: new ThemeIcon('server'), command: commands.selectEngine },
    { label: l10n.t('Show Log'), iconPath: new ThemeIcon('output'), command: commands.showLog },
    { label: l10n.t('Open Settings'), iconPath: new ThemeIcon('settings-gear'), command: commands.openSettings },
  ];
  const title = withoutIcons(label, 60);
  return (await window.showQuickPick(items, { title, placeHolder: l10n.t('Docker Networks') }))?.command;
}

import { Disposable, commands as editorCommands, type LogOutputChannel } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { Reveal } from '../editor/ports.ts';
import { writeSetting } from '../editor/settings.ts';
import { commands, settings, views, type CommandId } from '../ids.ts';
import { copyHandlers } from './copy.ts';
import { engineMenu, refresh, selectEngine, type EngineDeps } from './engine.ts';
import { InspectDocuments, inspectHandler } from './inspect.ts';
import { revealHandlers } from './reveal.ts';
import { run, type Handler } from './run.ts';

export interface CommandDeps extends EngineDeps {
  readonly reveal: Reveal;
  readonly log: LogOutputChannel;
}

/** Registers every command of ids.ts; the record's type finds a forgotten one. */
export function registerCommands(current: CurrentSession, deps: CommandDeps): Disposable {
  const { log } = deps;
  const documents = new InspectDocuments(current);
  const handlers: Record<CommandId, Handler> = {
    ...copyHandlers(current),
    ...revealHandlers(current, deps.reveal),
    ...viewHandlers,
    [commands.inspect]: inspectHandler(current, documents),
    [commands.refresh]: () => refresh(current, deps),
    [commands.selectEngine]: () => selectEngine(current, deps),
    [commands.openSample]: () => openSample(deps),
    [commands.showLog]: () => log.show(),
    [commands.openSettings]: openSettings,
    [commands.engineMenu]: async () => {
      const chosen = await engineMenu(current);
      if (chosen !== undefined) await editorCommands.executeCommand(chosen);
    },
  };
  const registered = Object.entries(handlers).map(([id, handler]) =>
    editorCommands.registerCommand(id, (argument: unknown) => run(id as CommandId, handler, argument, log)),
  );
  return Disposable.from(documents, ...registered);
}

/** What the menu of *Networks* switches: remembered as settings, so that the next window shows the same. */
const viewHandlers = {
  [commands.groupByNone]: () => writeSetting(settings.groupBy, 'none'),
  [commands.groupByDriver]: () => writeSetting(settings.groupBy, 'driver'),
  [commands.groupByProject]: () => writeSetting(settings.groupBy, 'project'),
  [commands.showBuiltIn]: () => writeSetting(settings.showBuiltIn, true),
  [commands.hideBuiltIn]: () => writeSetting(settings.showBuiltIn, false),
  [commands.showStopped]: () => writeSetting(settings.showStopped, true),
  [commands.hideStopped]: () => writeSetting(settings.showStopped, false),
} as const;

async function openSample(deps: CommandDeps): Promise<void> {
  await deps.connect({ kind: 'sample' });
  await editorCommands.executeCommand(`${views.networks}.focus`);
}

async function openSettings(): Promise<void> {
  await editorCommands.executeCommand('workbench.action.openSettings', `${settings.connection.split('.')[0] ?? ''}.`);
}

import { Disposable, commands as editorCommands, type LogOutputChannel } from 'vscode';
import type { KernelPermission } from '../editor/kernelPermission.ts';
import type { Diagrams, Reveal } from '../editor/ports.ts';
import type { Sessions } from '../editor/sessions.ts';
import type { ShownHosts } from '../editor/shownHosts.ts';
import { writeSetting } from '../editor/settings.ts';
import type { Forwards } from '../forwards/forwards.ts';
import { commands, settings, views, type CommandId } from '../ids.ts';
import { LogTerminals } from '../terminals/logTerminals.ts';
import { LastCommand } from './act.ts';
import { diagramHandlers } from './diagram.ts';
import {
  connectAnother,
  disconnectEngine,
  engineMenu,
  refresh,
  refreshEngine,
  selectEngine,
  type EngineDeps,
} from './engine.ts';
import { EngineCommands, type EngineCommand } from './engineCommands.ts';
import { InspectDocuments } from './inspect.ts';
import { LogDocuments, logTerminalHandlers } from './logs.ts';
import { run, type Handler } from './run.ts';

export interface CommandDeps extends EngineDeps {
  readonly hosts: ShownHosts;
  readonly reveal: Reveal;
  readonly diagrams: Diagrams;
  readonly forwards: Forwards;
  readonly kernelPermission: KernelPermission;
  readonly log: LogOutputChannel;
}

/** Registers every command of ids.ts; the records' types find a forgotten one. */
export function registerCommands(sessions: Sessions, deps: CommandDeps): Disposable {
  const { log } = deps;
  const last = new LastCommand();
  const terminals = new LogTerminals(sessions);
  const engines = new EngineCommands(sessions, {
    ...deps,
    last,
    terminals,
    inspected: new InspectDocuments(sessions),
    logs: new LogDocuments(),
  });
  const ofWindow: Record<Exclude<CommandId, EngineCommand>, Handler> = {
    ...diagramHandlers(sessions, deps.hosts, deps.diagrams),
    ...logTerminalHandlers(terminals),
    ...viewHandlers,
    [commands.copyLastCommand]: () => last.copy(),
    [commands.refresh]: () => refresh(sessions, deps),
    [commands.refreshEngine]: (argument, selection) => refreshEngine(sessions, deps, argument, selection),
    [commands.selectEngine]: () => selectEngine(sessions, deps),
    [commands.connectAnother]: () => connectAnother(sessions, deps),
    [commands.disconnectEngine]: (argument, selection) => disconnectEngine(sessions, deps, argument, selection),
    [commands.openSample]: () => openSample(deps),
    [commands.showLog]: () => log.show(),
    [commands.openSettings]: openSettings,
    [commands.engineMenu]: async () => {
      const chosen = await engineMenu(sessions);
      if (chosen !== undefined) await editorCommands.executeCommand(chosen);
    },
  };
  const handlers: Record<CommandId, Handler> = { ...engines.handlers, ...ofWindow };
  const registered = Object.entries(handlers).map(([id, handler]) =>
    editorCommands.registerCommand(id, (argument: unknown, selection: unknown) =>
      run(id as CommandId, handler, [argument, selection], log),
    ),
  );
  return Disposable.from(engines, ...registered);
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
  await deps.select({ kind: 'sample' });
  await editorCommands.executeCommand(`${views.networks}.focus`);
}

async function openSettings(): Promise<void> {
  await editorCommands.executeCommand('workbench.action.openSettings', `${settings.connection.split('.')[0] ?? ''}.`);
}

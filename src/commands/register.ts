import { Disposable, commands as editorCommands, type LogOutputChannel } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { KernelPermission } from '../editor/kernelPermission.ts';
import type { Diagrams, Reveal } from '../editor/ports.ts';
import { writeSetting } from '../editor/settings.ts';
import type { Forwards } from '../forwards/forwards.ts';
import { commands, settings, views, type CommandId } from '../ids.ts';
import { LogTerminals } from '../terminals/logTerminals.ts';
import { Acting } from './act.ts';
import { connectHandlers } from './connect.ts';
import { containerHandlers } from './container.ts';
import { copyHandlers } from './copy.ts';
import { diagramHandlers } from './diagram.ts';
import { engineMenu, refresh, selectEngine, type EngineDeps } from './engine.ts';
import { InspectDocuments, inspectHandler } from './inspect.ts';
import { askOnce, chooseKernelAccess } from './kernelAccess.ts';
import { LogDocuments, logHandlers, showLogOf, type LogDeps } from './logs.ts';
import { networkCreationHandlers } from './network.ts';
import { networkRemovalHandlers } from './networkRemoval.ts';
import { portHandlers } from './port.ts';
import { offerLeftovers } from './portLeftovers.ts';
import { revealHandlers } from './reveal.ts';
import { run, type Handler } from './run.ts';
import { runHandlers } from './runContainer.ts';
import { serviceHandlers } from './runService.ts';
import { shellHandlers } from './shell.ts';
import { swarmHandlers } from './swarm.ts';

export interface CommandDeps extends EngineDeps {
  readonly reveal: Reveal;
  readonly diagrams: Diagrams;
  readonly forwards: Forwards;
  readonly kernelPermission: KernelPermission;
  readonly log: LogOutputChannel;
}

/** Registers every command of ids.ts; the record's type finds a forgotten one. */
export function registerCommands(current: CurrentSession, deps: CommandDeps): Disposable {
  const { log } = deps;
  const documents = new InspectDocuments(current);
  const acting = new Acting(current, log);
  const logs: LogDeps = { current, acting, terminals: new LogTerminals(current), documents: new LogDocuments() };
  const handlers: Record<CommandId, Handler> = {
    ...copyHandlers(current),
    ...revealHandlers(current, deps.reveal),
    ...diagramHandlers(current, deps.diagrams),
    ...viewHandlers,
    ...networkCreationHandlers(current, acting),
    ...networkRemovalHandlers(current, acting),
    ...connectHandlers(current, acting),
    ...containerHandlers(current, acting),
    ...runHandlers(current, acting, (source) => showLogOf(logs, source)),
    ...swarmHandlers(current, acting),
    ...serviceHandlers(current, acting),
    ...portHandlers({ current, acting, forwards: deps.forwards }),
    ...logHandlers(logs),
    ...shellHandlers(current, acting),
    [commands.copyLastCommand]: () => acting.copyLast(),
    [commands.inspect]: inspectHandler(current, documents),
    [commands.refresh]: () => refresh(current, deps),
    [commands.selectEngine]: () => selectEngine(current, deps),
    [commands.readKernelAfar]: () => chooseKernelAccess(current, deps.kernelPermission),
    [commands.openSample]: () => openSample(deps),
    [commands.showLog]: () => log.show(),
    [commands.openSettings]: openSettings,
    [commands.engineMenu]: async () => {
      const chosen = await engineMenu(current);
      if (chosen !== undefined) await editorCommands.executeCommand(chosen);
    },
  };
  const registered = Object.entries(handlers).map(([id, handler]) =>
    editorCommands.registerCommand(id, (argument: unknown, selection: unknown) =>
      run(id as CommandId, handler, [argument, selection], log),
    ),
  );
  const leftovers = offerLeftovers(current, acting, log);
  return Disposable.from(
    askOnce(current, deps.kernelPermission),
    documents,
    logs.terminals,
    logs.documents,
    leftovers,
    ...registered,
  );
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

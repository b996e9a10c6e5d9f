import { homedir } from 'node:os';
import type { ExtensionContext } from 'vscode';
import { registerCommands } from './commands/register.ts';
import { createApi, type DockerNetworksApi } from './editor/api.ts';
import { addressOf } from './editor/containerAddress.ts';
import { CurrentSession } from './editor/currentSession.ts';
import { KernelPermission } from './editor/kernelPermission.ts';
import { createLog, thrownText } from './editor/log.ts';
import type { ConnectTarget } from './editor/ports.ts';
import { connectionSetting, onDidChangeSettings, writeSetting } from './editor/settings.ts';
import { listConnections, type Surroundings } from './engine/docker/connections.ts';
import { EngineError } from './engine/engine.ts';
import { Forwards } from './forwards/forwards.ts';
import { settings } from './ids.ts';
import { openSession } from './openSession.ts';
import { DiagramPanels } from './panels/diagramPanels.ts';
import { registerViews } from './views/register.ts';

export function activate(context: ExtensionContext): DockerNetworksApi {
  const log = createLog();
  const current = new CurrentSession();
  const around: Surroundings = { env: process.env, platform: process.platform, home: homedir(), log };
  const sample = context.asAbsolutePath('media/sample.json');
  const permission = new KernelPermission(context.globalState);

  /** The newest choice wins: one that takes long to resolve does not replace a later one. */
  let newest = 0;
  const connect = async (target: ConnectTarget): Promise<void> => {
    const turn = ++newest;
    try {
      const session = await openSession(target, { sample, around, permission, log });
      if (turn === newest) current.replace(session);
      else session.dispose();
    } catch (thrown) {
      log.warn(`cannot connect: ${thrownText(thrown)}`);
      if (turn === newest) current.fail(asEngineError(thrown));
    }
  };
  const choose = async (target: ConnectTarget): Promise<void> => {
    // A choice that is remembered comes back through the settings' event; all others last until the next one.
    if (target.kind !== 'setting' || target.value === connectionSetting()) await connect(target);
    else await writeSetting(settings.connection, target.value === '' ? undefined : target.value);
  };

  const forwards = new Forwards(
    (containerId) => addressOf(current.snapshot, containerId),
    (line) => log.info(line),
  );
  const settled = connect({ kind: 'default' });
  const views = registerViews(current, forwards, log);
  const diagrams = new DiagramPanels({
    current,
    extensionUri: context.extensionUri,
    memory: context.globalState,
    reveal: views,
    isReachable: (id) => forwards.list().some(({ containerId }) => containerId === id),
    onDidChangeReachable: (listener) => forwards.onDidChange(listener),
    log,
  });
  context.subscriptions.push(
    log,
    current,
    views,
    diagrams,
    { dispose: () => void forwards.dispose() },
    registerCommands(current, {
      connect: choose,
      listConnections: () => listConnections(around),
      reveal: views,
      diagrams,
      forwards,
      kernelPermission: permission,
      log,
    }),
    onDidChangeSettings([settings.connection, settings.readKernel], () => void connect({ kind: 'default' })),
  );
  return createApi(current, settled);
}

function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError('configuration', message, { cause: thrown });
}

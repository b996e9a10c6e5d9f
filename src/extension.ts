import { homedir } from 'node:os';
import { Disposable, EventEmitter, type ExtensionContext } from 'vscode';
import { registerCommands } from './commands/register.ts';
import { createApi, type DockerNetworksApi } from './editor/api.ts';
import { addressOf } from './editor/containerAddress.ts';
import { CurrentSession } from './editor/currentSession.ts';
import { Engines } from './editor/engines.ts';
import { KernelPermission } from './editor/kernelPermission.ts';
import { createLog } from './editor/log.ts';
import { Sessions } from './editor/sessions.ts';
import { onDidChangeSettings } from './editor/settings.ts';
import { ShownHosts } from './editor/shownHosts.ts';
import { listConnections, type Surroundings } from './engine/docker/connections.ts';
import { watchConnections } from './engine/docker/watchContexts.ts';
import { Forwards } from './forwards/forwards.ts';
import { settings } from './ids.ts';
import { resolveTarget } from './openSession.ts';
import { DiagramPanels } from './panels/diagramPanels.ts';
import { registerViews } from './views/register.ts';

export function activate(context: ExtensionContext): DockerNetworksApi {
  const log = createLog();
  const sessions = new Sessions(new CurrentSession());
  const hosts = new ShownHosts(sessions);
  const around: Surroundings = { env: process.env, platform: process.platform, home: homedir(), log };
  const sample = context.asAbsolutePath('media/sample.json');
  const kernelPermission = new KernelPermission(context.globalState);
  const engines = new Engines({
    sessions,
    resolve: (target) => resolveTarget(target, { sample, around, permission: kernelPermission, log }),
    log,
  });
  const connections = new EventEmitter<undefined>();
  const watch = watchConnections(around, () => {
    connections.fire(undefined);
    void engines.surroundingsChanged();
  });

  const forwards = new Forwards(
    ({ engine, containerId }) => addressOf(sessions.of(engine)?.session, containerId),
    (line) => log.info(line),
  );
  const endForwards = (): void => void forwards.keepEngines(new Set(sessions.all.map(({ key }) => key)));
  const settled = engines.start();
  const views = registerViews(sessions, hosts, forwards, log);
  const diagrams = new DiagramPanels({
    sessions,
    hosts,
    extensionUri: context.extensionUri,
    memory: context.globalState,
    reveal: views,
    isReachable: (id) => forwards.list().some(({ containerId }) => containerId === id),
    onDidChangeReachable: (listener) => forwards.onDidChange(listener),
    log,
  });
  context.subscriptions.push(
    log,
    sessions,
    views,
    diagrams,
    connections,
    Disposable.from(watch),
    sessions.onDidChangePlaces(endForwards),
    sessions.onDidChangeSession(endForwards),
    // By an old snapshot a forward would lead to whoever has the address of its container now.
    forwards.onDidChange(() => sessions.setVisible('forwards', forwards.list().length > 0)),
    { dispose: () => void forwards.dispose() },
    registerCommands(sessions, {
      select: (target) => engines.select(target),
      add: (target) => engines.add(target),
      retry: (place) => engines.retry(place),
      remove: (place) => engines.remove(place),
      listConnections: () => listConnections(around),
      onDidChangeConnections: connections.event,
      hosts,
      reveal: views,
      diagrams,
      forwards,
      kernelPermission,
      log,
    }),
    onDidChangeSettings([settings.connection, settings.otherConnections], () => void engines.settingsChanged()),
    onDidChangeSettings([settings.readKernel], () => void engines.reconnect()),
  );
  return createApi(sessions, settled);
}

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { registerCommands } from './commands/register.ts';
import { createApi, type DockerNetworksApi } from './editor/api.ts';
import { CurrentSession } from './editor/currentSession.ts';
import { createLog, thrownText } from './editor/log.ts';
import type { ConnectTarget } from './editor/ports.ts';
import { connectionSetting, kernelReadingAllowed, onDidChangeSettings, writeSetting } from './editor/settings.ts';
import { listConnections, resolveConnection, type Surroundings } from './engine/docker/connections.ts';
import { createDockerEngine } from './engine/docker/dockerodeEngine.ts';
import { EngineError } from './engine/engine.ts';
import { createRecordedEngine, parseRecording } from './engine/recorded.ts';
import { Forwards } from './forwards/forwards.ts';
import { settings } from './ids.ts';
import { createAbsentKernel } from './kernel/absent.ts';
import { createLocalKernel } from './kernel/local.ts';
import { createRecordedKernel } from './kernel/recorded.ts';
import { createSession } from './live/liveSession.ts';
import type { EngineSession } from './live/session.ts';
import { isRunning } from './topology/model.ts';
import { registerViews } from './views/register.ts';

/** A value of the connection setting that plays a file: `recording:sample`, or `recording:/path/to/file.json`. */
const recordingPrefix = 'recording:';

export function activate(context: ExtensionContext): DockerNetworksApi {
  const log = createLog();
  const current = new CurrentSession();
  const around = surroundings(log);
  const sample = context.asAbsolutePath('media/sample.json');

  /** The newest choice wins: one that takes long to resolve does not replace a later one. */
  let newest = 0;
  const connect = async (target: ConnectTarget): Promise<void> => {
    const turn = ++newest;
    try {
      const session = await openSession(target, sample, around, log);
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
    (containerId) => addressOf(current, containerId),
    (line) => log.info(line),
  );
  const settled = connect({ kind: 'default' });
  const views = registerViews(current, forwards, log);
  context.subscriptions.push(
    log,
    current,
    views,
    { dispose: () => void forwards.dispose() },
    registerCommands(current, {
      connect: choose,
      listConnections: () => listConnections(around),
      reveal: views,
      forwards,
      log,
    }),
    onDidChangeSettings([settings.connection, settings.readKernel], () => void connect({ kind: 'default' })),
  );
  return createApi(current, settled);
}

/** Where a forward connects to now: on any network of the container, or in the namespace that it shares. */
function addressOf({ snapshot }: CurrentSession, containerId: string): string | undefined {
  const container = snapshot?.containers.find(({ id }) => id === containerId);
  if (container === undefined || !isRunning(container)) return undefined;
  if (container.mode.kind === 'host') return '127.0.0.1';
  const { mode } = container;
  const seated = mode.kind === 'container' ? snapshot?.containers.find(({ id }) => id === mode.ownerId) : container;
  return seated?.endpoints.flatMap(({ ipv4, ipv6 }) => ipv4 ?? ipv6 ?? [])[0];
}

function surroundings(log: LogOutputChannel): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir(), log };
}

async function openSession(
  target: ConnectTarget,
  sample: string,
  around: Surroundings,
  log: LogOutputChannel,
): Promise<EngineSession> {
  const setting = target.kind === 'setting' ? target.value : connectionSetting();
  if (target.kind === 'sample') return playRecording(sample, log);
  if (target.kind === 'recording') return playRecording(target.file, log);
  if (setting.startsWith(recordingPrefix)) {
    const file = setting.slice(recordingPrefix.length);
    return playRecording(file === 'sample' ? sample : file, log);
  }
  const found = await resolveConnection({ ...around, setting });
  const { socketPath } = found;
  const kernel = kernelReadingAllowed()
    ? createLocalKernel({ ...(socketPath === undefined ? {} : { socketPath }), log: (line) => log.info(line) })
    : createAbsentKernel('disabled');
  return createSession({ engine: createDockerEngine(found, log), kernel, log });
}

async function playRecording(file: string, log: LogOutputChannel): Promise<EngineSession> {
  const recording = parseRecording(await readFile(file, 'utf8'));
  const engine = createRecordedEngine(recording, `${recordingPrefix}${file}`);
  return createSession({ engine, kernel: createRecordedKernel(recording.snapshot.kernel), log });
}

function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError('configuration', message, { cause: thrown });
}

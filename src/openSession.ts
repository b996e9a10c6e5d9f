import { readFile } from 'node:fs/promises';
import type { LogOutputChannel } from 'vscode';
import type { KernelPermission } from './editor/kernelPermission.ts';
import type { ConnectTarget } from './editor/ports.ts';
import { connectionSetting, kernelReadingAllowed, toolsImage } from './editor/settings.ts';
import { resolveConnection, type Surroundings } from './engine/docker/connections.ts';
import { createDockerEngine } from './engine/docker/dockerodeEngine.ts';
import type { Engine } from './engine/engine.ts';
import { createRecordedEngine, parseRecording } from './engine/recorded.ts';
import { createAbsentKernel } from './kernel/absent.ts';
import type { KernelSource } from './kernel/kernel.ts';
import { createKernelOf } from './kernel/kernelOf.ts';
import { createRecordedKernel } from './kernel/recorded.ts';
import { createSession } from './live/liveSession.ts';
import type { EngineSession } from './live/session.ts';

/** A value of the connection setting that plays a file: `recording:sample`, or `recording:/path/to/file.json`. */
const recordingPrefix = 'recording:';

export interface SessionSurroundings {
  /** Path of the recording that comes with the extension. */
  readonly sample: string;
  readonly around: Surroundings;
  readonly permission: KernelPermission;
  readonly log: LogOutputChannel;
}

/** The half of the composition root that puts engine, kernel and session together for what somebody chose. */
export async function openSession(
  target: ConnectTarget,
  { sample, around, permission, log }: SessionSurroundings,
): Promise<EngineSession> {
  const setting = target.kind === 'setting' ? target.value : connectionSetting();
  if (target.kind === 'sample') return playRecording(sample, log);
  if (target.kind === 'recording') return playRecording(target.file, log);
  if (setting.startsWith(recordingPrefix)) {
    const file = setting.slice(recordingPrefix.length);
    return playRecording(file === 'sample' ? sample : file, log);
  }
  const found = await resolveConnection({ ...around, setting });
  const engine = createDockerEngine(found, log);
  return createSession({ engine, kernel: kernelOf(engine, found.socketPath, permission, log), log });
}

function kernelOf(
  engine: Engine,
  socketPath: string | undefined,
  permission: KernelPermission,
  log: LogOutputChannel,
): KernelSource {
  if (!kernelReadingAllowed()) return createAbsentKernel('disabled');
  const { key } = engine.connection;
  return createKernelOf({
    socketPath,
    runner: engine.probe,
    consent: { mode: () => permission.of(key) ?? 'none' },
    toolsImage,
    log: (line) => log.info(line),
  });
}

async function playRecording(file: string, log: LogOutputChannel): Promise<EngineSession> {
  const recording = parseRecording(await readFile(file, 'utf8'));
  const engine = createRecordedEngine(recording, `${recordingPrefix}${file}`);
  return createSession({ engine, kernel: createRecordedKernel(recording.snapshot.kernel), log });
}

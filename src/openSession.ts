import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LogOutputChannel } from 'vscode';
import type { ResolvedTarget } from './editor/engines.ts';
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
export async function resolveTarget(target: ConnectTarget, surroundings: SessionSurroundings): Promise<ResolvedTarget> {
  const { sample, around, permission, log } = surroundings;
  const setting = target.kind === 'setting' ? target.value : connectionSetting();
  const file = fileOf(target, setting, sample);
  if (file !== undefined) {
    const recording = parseRecording(await readFile(file, 'utf8'));
    const key = `${recordingPrefix}${file}`;
    return {
      key,
      endpoint: key,
      fingerprint: key,
      guessed: false,
      open: () => {
        const engine = createRecordedEngine(recording, key);
        return createSession({ engine, kernel: createRecordedKernel(recording.snapshot.kernel), log });
      },
    };
  }
  const found = await resolveConnection({ ...around, setting });
  return {
    key: found.connection.key,
    endpoint: found.connection.endpoint,
    // Of certificates and keys nothing can be read from it.
    fingerprint: createHash('sha256')
      .update(JSON.stringify([found.connection, found.transport]))
      .digest('hex'),
    guessed: found.connection.origin === 'socket',
    open: () => {
      const engine = createDockerEngine(found, log);
      return createSession({ engine, kernel: kernelOf(engine, found.socketPath, permission, log), log });
    },
  };
}

function fileOf(target: ConnectTarget, setting: string, sample: string): string | undefined {
  if (target.kind === 'sample') return sample;
  if (target.kind === 'recording') return target.file;
  if (!setting.startsWith(recordingPrefix)) return undefined;
  const file = setting.slice(recordingPrefix.length);
  return file === 'sample' ? sample : file;
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

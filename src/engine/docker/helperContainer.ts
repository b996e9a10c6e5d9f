import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeLimits } from '../probe.ts';
import { EngineCalls, isUncertain } from './calls.ts';
import { captureOutput } from './captureOutput.ts';
import type { DockerClient, Negotiated } from './client.ts';
import { dialDuplex } from './dial.ts';
import { toEngineError } from './errors.ts';
import { helperLabels, sweepHelpers } from './helperOwner.ts';
import type { JsonObject } from './json.ts';
import { unlessAborted } from './unlessAborted.ts';

/** Milliseconds before each attempt to remove a container whose creation was not answered. */
const lookups = [0, 250, 750, 1500] as const;

/**
 * `docker run --rm --pid host --network host --userns host --cap-drop ALL --cap-add SYS_PTRACE --read-only
 * --security-opt no-new-privileges --log-driver none --user 0:0 --entrypoint … IMAGE …`, and what it prints. Resolves
 * when it ended; the engine removes it by itself, and is asked to in any case. `changeMs`: for its creation, and for its start.
 */
export async function runHelper(
  client: DockerClient,
  negotiated: Negotiated,
  bound: AbortSignal,
  changeMs: number,
  image: string,
  command: readonly string[],
  { maxBytes }: ProbeLimits,
): Promise<Buffer> {
  // Who breaks a change off does not know whether it happened, so the signal ends none of them.
  const calls = new EngineCalls(client, negotiated, new AbortController().signal, changeMs);
  const name = `docker-network-explorer-${randomBytes(6).toString('hex')}`;
  const created = calls.createContainer(name, helperBody(image, command));
  try {
    const { id } = await unlessAborted(created, bound);
    void sweepHelpers(client, calls, id);
    const connection = await dialDuplex(client.api(bound, calls.apiVersion), {
      path: `/containers/${name}/attach?`,
      method: 'POST',
      options: { stream: '1', stdout: '1', stderr: '1' },
    });
    try {
      const output = captureOutput(connection, maxBytes, `the helper container of ${image}`);
      // Where it is not started nobody waits for its output.
      output.catch(() => undefined);
      await unlessAborted(calls.start(name), bound);
      return await unlessAborted(output, bound);
    } finally {
      connection.destroy();
    }
  } finally {
    void removeHelper(calls, name, created);
  }
}

/** What a helper may, and nothing more. */
function helperBody(image: string, [program = '', ...args]: readonly string[]): JsonObject {
  return {
    Image: image,
    Entrypoint: [program],
    Cmd: args,
    // The image's own user might not be root: then it could not use its one capability.
    User: '0:0',
    Env: ['LC_ALL=C'],
    WorkingDir: '/',
    Tty: false,
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Healthcheck: { Test: ['NONE'] },
    Labels: helperLabels(),
    HostConfig: {
      PidMode: 'host',
      NetworkMode: 'host',
      // Where root of containers is another user outside (userns-remap) the host's PIDs are not to be had otherwise. Elsewhere it changes nothing.
      UsernsMode: 'host',
      CapDrop: ['ALL'],
      // To look into `/proc/PID/root` and `/proc/PID/ns` (ptrace_may_access, kernel/ptrace.c).
      CapAdd: ['SYS_PTRACE'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      AutoRemove: true,
      LogConfig: { Type: 'none' },
    },
  };
}

/** Never rejects. The engine may have removed it, or be at it. */
async function removeHelper(calls: EngineCalls, name: string, created: Promise<unknown>): Promise<void> {
  const failure = await created.then(
    () => undefined,
    (error: unknown) => toEngineError(error),
  );
  if (failure !== undefined && !isUncertain(failure)) return;
  for (const ms of failure === undefined ? [0] : lookups) {
    await sleep(ms);
    try {
      await calls.remove(name, { force: true, volumes: true });
      return;
    } catch (error) {
      const { kind, message } = toEngineError(error);
      if (kind === 'conflict') return;
      if (kind !== 'notFound') calls.warn(`a helper container was left: ${message}`);
    }
  }
}

import { EngineError } from '../engine.ts';
import type { EngineProbe, ProbeLimits } from '../probe.ts';
import { captureOutput } from './captureOutput.ts';
import type { DockerClient, Negotiated } from './client.ts';
import { dialDuplex } from './dial.ts';
import { toEngineError } from './errors.ts';
import { runHelper } from './helperContainer.ts';
import { filled, list, natural, object, texts } from './json.ts';
import { linkSignals } from './linkSignals.ts';
import { unlessAborted } from './unlessAborted.ts';

/** A change takes longer than a read, also when nobody waits for it any more. */
const patience = 6;

/** `timeoutMs`: of a read. */
export function createDockerProbe(client: DockerClient, timeoutMs: number): EngineProbe {
  return {
    images: (signal) =>
      client.guard(signal, async (bound) => {
        const { apiVersion } = await client.negotiate(bound);
        const answer: unknown = await client.api(bound, apiVersion).listImages();
        return list(answer).flatMap((raw) => {
          const row = object(raw);
          const tags = texts(row['RepoTags']).filter((tag) => !tag.includes('<none>'));
          return tags.length === 0 ? [] : [{ tags, size: natural(row['Size']) }];
        });
      }),
    onMachine: (image, command, limits, signal) =>
      within(client, limits, signal, (negotiated, bound) => {
        if (negotiated.windows) throw new EngineError('unsupported', 'containers of Windows have no Linux kernel');
        return runHelper(client, negotiated, bound, timeoutMs * patience, image, command, limits);
      }),
    inContainer: (containerId, command, limits, signal) =>
      within(client, limits, signal, ({ apiVersion }, bound) =>
        execOutput(client, apiVersion, bound, containerId, command, limits),
      ),
  };
}

/** Ends `work` with its time, and says so. */
function within<T>(
  client: DockerClient,
  { timeoutMs }: ProbeLimits,
  signal: AbortSignal | undefined,
  work: (negotiated: Negotiated, bound: AbortSignal) => Promise<T>,
): Promise<T> {
  return client.guard(signal, async (bound) => {
    const link = linkSignals([bound]);
    const timer = setTimeout(() => link.abort(), timeoutMs);
    try {
      return await work(await unlessAborted(client.negotiate(bound), link.signal), link.signal);
    } catch (error) {
      if (!link.signal.aborted || bound.aborted) throw error;
      throw new EngineError('timeout', `not done within ${Math.round(timeoutMs)} ms`, { cause: error });
    } finally {
      clearTimeout(timer);
      link.release();
    }
  });
}

/** `docker exec`, and what it prints. */
async function execOutput(
  client: DockerClient,
  apiVersion: string,
  bound: AbortSignal,
  containerId: string,
  command: readonly string[],
  { maxBytes }: ProbeLimits,
): Promise<Buffer> {
  const api = client.api(bound, apiVersion);
  const answer: unknown = await api
    .getContainer(encodeURIComponent(containerId))
    .exec({ AttachStdout: true, AttachStderr: true, Tty: false, Cmd: [...command] });
  const id = filled(object(answer)['id']);
  const where = `exec in ${containerId.slice(0, 12)}`;
  if (id === undefined) throw new EngineError('protocol', `${where}: the answer has no id`);
  const connection = await dialDuplex(api, {
    path: `/exec/${encodeURIComponent(id)}/start`,
    method: 'POST',
    options: { Detach: false, Tty: false },
  });
  try {
    return await unlessAborted(captureOutput(connection, maxBytes, where), bound);
  } catch (error) {
    throw toEngineError(error);
  } finally {
    connection.destroy();
  }
}

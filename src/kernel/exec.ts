import type { KernelReading, NetNamespace } from '../topology/model.ts';
import type { KernelContainer, KernelRequest, KernelSource } from './kernel.ts';
import { parseInside } from './remote/answer.ts';
import { defaultTimeoutMs, maxBytes, onlyNews, orFailed, textOf } from './remote/attempt.ts';
import type { ScriptRunner } from './remote/runner.ts';
import { insideScript, newMark } from './remote/script.ts';

export interface ExecKernelOptions {
  readonly runner: ScriptRunner;
  readonly log?: (message: string) => void;
  /** For one read, whatever it takes: who has not answered by then is left out. */
  readonly timeoutMs?: number;
}

/** Processes that are started at one time. */
const width = 4;

/** Nothing is known of the engine's own namespace. */
const unknownHost: NetNamespace = { containerIds: [], pid: 0, links: [], routes: [], exact: false };

/**
 * Reads the containers' side alone, by `exec` in each of them that has `sh` and `cat`: interfaces, addresses and routes. Which
 * host link is at the other end stays unknown. For where a helper container is not wanted. A container that is touched or
 * new is read, the others are taken from the view before. Rejects only with the signal's reason, after an abort.
 */
export function createExecKernel({
  runner,
  timeoutMs = defaultTimeoutMs,
  ...options
}: ExecKernelOptions): KernelSource {
  const log = onlyNews(options.log ?? (() => undefined));

  async function readOne(
    container: KernelContainer,
    end: number,
    signal: AbortSignal | undefined,
  ): Promise<NetNamespace | undefined> {
    const left = end - performance.now();
    if (left <= 0) return undefined;
    const mark = newMark();
    try {
      const command = ['sh', '-c', insideScript, 'sh', mark];
      const printed = await runner.inContainer(container.id, command, { timeoutMs: left, maxBytes }, signal);
      return parseInside(new TextDecoder().decode(printed), mark, container);
    } catch (error) {
      signal?.throwIfAborted();
      log(`${container.id.slice(0, 12)} not read by exec: ${textOf(error)}`);
      return undefined;
    }
  }

  async function read(request: KernelRequest, signal: AbortSignal | undefined): Promise<KernelReading> {
    const end = performance.now() + timeoutMs;
    const { previous } = request;
    const isKept = ({ id, pid }: KernelContainer): NetNamespace | undefined =>
      previous?.touched.has(id) === true
        ? undefined
        : previous?.view.containers.find((known) => known.pid === pid && known.containerIds.includes(id));
    const namespaces: (NetNamespace | undefined)[] = [];
    const queue = request.containers.entries();
    const work = async (): Promise<void> => {
      // All workers take from the one iterator.
      for (const [at, container] of queue)
        namespaces[at] = isKept(container) ?? (await readOne(container, end, signal));
    };
    await Promise.all(Array.from({ length: width }, work));
    const containers = namespaces.filter((namespace) => namespace !== undefined);
    if (containers.length === 0 && request.containers.length > 0) return { kind: 'absent', reason: 'failed' };
    return { kind: 'read', view: { source: 'exec', host: unknownHost, containers } };
  }

  return {
    read: (request, signal) => orFailed(() => read(request, signal), signal, log),
    listeners: () => Promise.resolve([]),
    counters: () => Promise.resolve(new Map()),
  };
}

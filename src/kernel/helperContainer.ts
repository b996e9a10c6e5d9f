import type { KernelReading } from '../topology/model.ts';
import type { KernelRequest, KernelSource, Listener } from './kernel.ts';
import { parseMachine } from './remote/answer.ts';
import { framesOf } from './remote/frames.ts';
import { defaultTimeoutMs, maxBytes, onlyNews, orFailed, textOf } from './remote/attempt.ts';
import { parseListeners } from './remote/listeners.ts';
import type { ScriptRunner } from './remote/runner.ts';
import { listenersScript, machineScript, newMark } from './remote/script.ts';

export interface HelperKernelOptions {
  readonly runner: ScriptRunner;
  /** References of images that are on the engine, best first (`helperImages` in remote/images.ts). Asked at each read. */
  readonly images: (signal?: AbortSignal) => Promise<readonly string[]>;
  readonly log?: (message: string) => void;
  /** For one read, whatever it takes. */
  readonly timeoutMs?: number;
}

/** Images that are tried in one read, where the first one has no shell or is for another processor. */
const mostImages = 3;

/**
 * Reads the kernel of an engine that is elsewhere (another machine, a virtual machine, a rootless engine's namespaces):
 * the same files as `local.ts`, through one short-lived container for all of them. That the engine itself started
 * it there proves the machine; the network namespace is the engine's unless it is another user namespace's (a rootless
 * Podman keeps its bridges in one where no container can be put); that a PID is a container's is read beside its files.
 *
 * Each read is a whole one and costs the start of a container, some 0.3 s: `previous` is left out of account, and
 * counters for each second are not to be had. Rejects only with the signal's reason, after an abort.
 */
export function createHelperKernel(options: HelperKernelOptions): KernelSource {
  const { runner, images, timeoutMs = defaultTimeoutMs } = options;
  const log = onlyNews(options.log ?? (() => undefined));
  /** The image that did the last time. */
  let proven: string | undefined;
  let wasRead = false;

  /** What the script printed; undefined where there is no image for it. Rejects with why the last one tried did not do. */
  async function run(script: string, args: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
    const end = performance.now() + timeoutMs;
    const all = await images(signal);
    const candidates = proven !== undefined && all.includes(proven) ? [proven] : all.slice(0, mostImages);
    proven = undefined;
    let failure: unknown = new Error('no time was left');
    for (const image of candidates) {
      const left = end - performance.now();
      if (left <= 0) break;
      try {
        const command = ['sh', '-c', script, 'sh', ...args];
        const printed = await runner.onMachine(image, command, { timeoutMs: left, maxBytes }, signal);
        proven = image;
        return new TextDecoder().decode(printed);
      } catch (error) {
        signal?.throwIfAborted();
        failure = error;
        log(`the helper container of ${image} failed: ${textOf(error)}`);
      }
    }
    if (candidates.length > 0) throw failure;
    return undefined;
  }

  async function read(request: KernelRequest, signal: AbortSignal | undefined): Promise<KernelReading> {
    const mark = newMark();
    const printed = await run(machineScript, [mark, ...request.containers.map(({ pid }) => String(pid))], signal);
    if (printed === undefined) {
      log('kernel not read: no image for a helper container is on the engine');
      return { kind: 'absent', reason: 'noImage' };
    }
    if (framesOf(printed, mark).some(({ kind }) => kind === 'foreign')) {
      log(
        "kernel not read: the network namespace that the engine calls the host's is not its own, but that of another user",
      );
      return { kind: 'absent', reason: 'otherNamespace' };
    }
    const views = parseMachine(printed, mark, request.containers);
    if (views === undefined) {
      log(
        `kernel not read: the answer of the helper container of ${proven ?? ''} is not whole (${printed.length} characters)`,
      );
      return { kind: 'absent', reason: 'failed' };
    }
    const { bridges } = request;
    if (bridges.length > 0 && !bridges.some((name) => views.host.links.some((link) => link.name === name))) {
      log("kernel not read: none of the engine's bridges is in the network namespace that it calls the host's");
      return { kind: 'absent', reason: 'otherNamespace' };
    }
    log(`kernel read by a helper container of ${proven ?? ''}`);
    return { kind: 'read', view: { source: 'helper', ...views } };
  }

  async function listeners(signal: AbortSignal | undefined): Promise<readonly Listener[]> {
    const mark = newMark();
    const printed = await run(listenersScript, [mark], signal);
    return printed === undefined ? [] : parseListeners(printed, mark);
  }

  return {
    async read(request, signal) {
      const reading = await orFailed(() => read(request, signal), signal, log);
      wasRead = reading.kind === 'read';
      return reading;
    },
    async listeners(signal) {
      signal?.throwIfAborted();
      if (!wasRead) return [];
      try {
        return await listeners(signal);
      } catch (error) {
        signal?.throwIfAborted();
        log(`reading who listens failed: ${textOf(error)}`);
        return [];
      }
    },
    // A container's start for each second would be too much to ask of a machine.
    counters: () => Promise.resolve(new Map()),
  };
}

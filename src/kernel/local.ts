import type { KernelReading, KernelView } from '../topology/model.ts';
import type { KernelContainer, KernelRequest, KernelSource } from './kernel.ts';
import { mergeReadings, type KnownContainer } from './local/containerNamespace.ts';
import {
  gatherEngineFacts,
  isSame,
  namespaceKey,
  processPath,
  runtimeSample,
  type DaemonFile,
  type EngineFacts,
} from './local/engineFacts.ts';
import { isProven, judge, type Decision, type EngineNamespace } from './local/engineNamespace.ts';
import { readText, type FileIdentity } from './local/files.ts';
import { readFlannel, refreshFlannel } from './local/flannel.ts';
import { readHost, refreshHost, type AskedLinks, type HostSources, type KnownHost } from './local/hostNamespace.ts';
import { createIpTool, noIpTool, type IpTool } from './local/ipTool.ts';
import { readDev } from './local/namespaceTables.ts';
import { readListeners } from './local/listeners.ts';
import { createPacer } from './local/pacer.ts';
import { startOf } from './local/processLife.ts';
import { readContainers, type KnownContainers } from './local/readContainers.ts';
import { locateContainers } from './local/sameMachine.ts';
import { readSandboxes } from './local/sandboxes.ts';
import { onlyNews } from './remote/attempt.ts';

export interface LocalKernelOptions {
  /** The engine's Unix socket; absent where it is reached over a network. */
  readonly socketPath?: string;
  readonly log?: (message: string) => void;
  /** Default `/proc`. */
  readonly proc?: string;
  /** Default `/sys`. */
  readonly sys?: string;
  /** Default: iproute2's, with the real `/proc` only. */
  readonly ip?: IpTool;
  /** Default: this one. */
  readonly platform?: NodeJS.Platform;
}

/** What is remembered from one read to the next, as long as the engine's namespace stays the same one. */
interface Memory extends KnownContainers {
  readonly proof: Proof;
  readonly view: KernelView;
  /** PID of each container that was read, as the engine says it. */
  readonly pids: ReadonlyMap<string, number>;
  readonly knownHost: KnownHost;
}

/** What the proof of the engine's namespace rested on. */
interface Proof {
  readonly socket: FileIdentity | undefined;
  readonly daemons: readonly DaemonFile[];
}

/**
 * Reads the files of this machine's kernel, for an engine on a Unix socket of this machine.
 *
 * First it proves that engine and kernel belong together (`sameMachine.ts`), then which network namespace is the
 * engine's (`engineNamespace.ts`); where a proof fails, the reading is an absence with its reason, and the log says
 * why. Rejects only with the signal's reason, after an abort.
 */
export function createLocalKernel(options: LocalKernelOptions): KernelSource {
  const { socketPath, proc = '/proc', sys = '/sys', platform = process.platform } = options;
  const log = onlyNews(options.log ?? (() => undefined));
  const ip = options.ip ?? (proc === '/proc' && platform === 'linux' ? createIpTool(log) : noIpTool);
  let memory: Memory | undefined;
  /** The namespace of the newest reading; unlike `memory` it stays while the next one is under way. */
  let proven: EngineNamespace | undefined;

  async function read(request: KernelRequest, socket: string, signal: AbortSignal | undefined): Promise<KernelReading> {
    const from: HostSources = { proc, sys, ip, pacer: createPacer(signal), signal };
    const previous = request.previous?.view;
    if (
      memory !== undefined &&
      previous === memory.view &&
      namespaceKey(proc, memory.engine.process) === memory.engine.key
    ) {
      const refreshed = await refresh(memory, request, from);
      if (refreshed !== undefined) return remember(refreshed);
    }
    const before = memory;
    memory = undefined;
    const all = await readAll(request, socket, from, log, before);
    return all.kind === 'absent' ? all : remember(all);
  }

  function remember(next: Memory): KernelReading {
    memory = next;
    return { kind: 'read', view: next.view };
  }

  return {
    async read(request, signal) {
      signal?.throwIfAborted();
      if (platform !== 'linux' || socketPath === undefined) return { kind: 'absent', reason: 'notLocal' };
      try {
        const reading = await read(request, socketPath, signal);
        proven = memory?.engine;
        return reading;
      } catch (error) {
        signal?.throwIfAborted();
        proven = undefined;
        log(`reading the kernel failed: ${textOf(error)}`);
        return { kind: 'absent', reason: 'failed' };
      }
    },
    async listeners(signal) {
      signal?.throwIfAborted();
      if (proven === undefined) return [];
      try {
        return await readListeners(proc, proven, createPacer(signal));
      } catch (error) {
        signal?.throwIfAborted();
        log(`reading who listens failed: ${textOf(error)}`);
        return [];
      }
    },
    counters: (signal) =>
      new Promise((resolve) => {
        signal?.throwIfAborted();
        const dev = proven === undefined ? undefined : readDev(processPath(proc, proven.process));
        // Of another key: the process is another one by now, or went elsewhere; its links may have the same names.
        resolve(dev === undefined || dev.key !== proven?.key ? new Map() : dev.counters);
      }),
  };
}

type FullReading = (Memory & { readonly kind: 'read' }) | Extract<KernelReading, { kind: 'absent' }>;

/** With `before`, what was proven then and still holds is not proven anew; all that may be shown is read in any case. */
async function readAll(
  request: KernelRequest,
  socketPath: string,
  from: HostSources,
  log: (message: string) => void,
  before: Memory | undefined,
): Promise<FullReading> {
  // Most likely it is the same namespace: `ip` is at work while that is proven.
  const asked = before === undefined ? undefined : from.ip.links(before.engine.process, undefined, from.signal);
  const located = await locateAll(request.containers, before, from);
  const found = await findEngine(request, socketPath, located, from, before?.proof);
  if (found === undefined) {
    log(`kernel not read: ${from.proc}/self/net is not there`);
    return { kind: 'absent', reason: 'failed' };
  }
  const { decision, proof } = found;
  const engineWasFound = decision.kind === 'found' && decision.namespace.owner !== undefined;
  if (request.containers.length > 0 && located.length === 0 && !engineWasFound) {
    // Mounted with hidepid, /proc shows nobody else's processes; even init is missing.
    const hidden = readText(`${from.proc}/1/comm`) === undefined;
    log(
      `kernel not read: none of its ${request.containers.length} containers is a process here${hidden ? ' that we may see (hidepid)' : ''}`,
    );
    return { kind: 'absent', reason: hidden ? 'unproven' : 'otherMachine' };
  }
  if (decision.kind === 'absent') {
    log(`kernel not read: ${decision.because}`);
    return { kind: 'absent', reason: decision.reason };
  }
  const engine = decision.namespace;
  const same = engine.key === before?.engine.key && engine.process === before.engine.process ? before : undefined;
  const read = await readNamespaces(engine, located, from, same, same === undefined ? undefined : asked);
  if (read === undefined) {
    log(
      `kernel not read: the links of the engine's namespace (${processPath(from.proc, engine.process)}/net) can be read neither in sysfs nor by ip`,
    );
    return { kind: 'absent', reason: 'otherNamespace' };
  }
  log(
    `kernel read: the engine's namespace is that of process ${read.view.host.pid}${engine.owner !== undefined ? ', which holds its socket' : ''}`,
  );
  const wanted = new Map(request.containers.map(({ id, pid }) => [id, pid]));
  const pids = new Map(located.map(({ id, pid }) => [id, wanted.get(id) ?? pid]));
  return { ...read, kind: 'read', engine, proof, pids };
}

/**
 * As `locateContainers`, but for those whose process was proven to be theirs. Whether it still is the same one is seen
 * when it is read, and here for the first few, on which the proof of the engine's namespace may rest.
 */
async function locateAll(
  wanted: readonly KernelContainer[],
  before: Memory | undefined,
  from: HostSources,
): Promise<KernelContainer[]> {
  const known = new Map<string, KernelContainer>();
  for (const { id, pid } of wanted) {
    const found = before?.pids.get(id) === pid ? before.known.get(id) : undefined;
    if (found === undefined) continue;
    const isSure = known.size >= runtimeSample || startOf(`${from.proc}/${found.container.pid}`) === found.start;
    if (isSure) known.set(id, found.container);
  }
  const others = wanted.filter(({ id }) => !known.has(id));
  const located = new Map((await locateContainers(from.proc, others, from.pacer)).map((one) => [one.id, one]));
  return wanted.flatMap(({ id }) => known.get(id) ?? located.get(id) ?? []);
}

async function findEngine(
  request: KernelRequest,
  socketPath: string,
  located: readonly KernelContainer[],
  from: HostSources,
  before: Proof | undefined,
): Promise<{ readonly decision: Decision; readonly proof: Proof } | undefined> {
  const gather = (processes?: readonly DaemonFile[]): Promise<EngineFacts | undefined> =>
    gatherEngineFacts(from.proc, socketPath, located, from.pacer, processes);
  const judged = (facts: EngineFacts): { decision: Decision; proof: Proof } => {
    const owners = facts.daemons.filter(({ ownsSocket }) => ownsSocket === true);
    const daemons = (owners.length > 0 ? owners : facts.daemons).flatMap(({ process: pid, socketFile: file }) =>
      pid === 'self' ? [] : [{ pid, file }],
    );
    return { decision: judge(facts, request.bridges), proof: { socket: facts.socket, daemons } };
  };
  if (before?.socket !== undefined) {
    const facts = await gather(before.daemons);
    const again = facts === undefined ? undefined : judged(facts);
    if (
      facts !== undefined &&
      again !== undefined &&
      isSame(facts.socket, before.socket) &&
      isProven(again.decision, facts)
    )
      return again;
  }
  const facts = await gather();
  return facts === undefined ? undefined : judged(facts);
}

type NamespacesReading = Pick<Memory, 'view' | 'devices' | 'known' | 'knownHost'>;

async function readNamespaces(
  engine: EngineNamespace,
  located: readonly KernelContainer[],
  from: HostSources,
  before: Memory | undefined,
  asked: AskedLinks | undefined,
): Promise<NamespacesReading | undefined> {
  const start = await readHost(engine, from, before?.knownHost, asked);
  if (start === undefined) return undefined;
  const devices = new Map(
    start.sysfsDevice === undefined ? [] : [[start.sysfsDevice, { key: engine.key, containerId: undefined }] as const],
  );
  const nothing = { engine, devices, known: new Map<string, KnownContainer>() };
  let read = await readContainers(located, { ...nothing, known: before?.known ?? nothing.known }, from);
  if (read.contested) read = await readContainers(located, nothing, from);
  // After the containers: a veth's end that is not in a sandbox by then is a contradiction.
  const [host, sandboxes] = await Promise.all([start.finish(), readSandboxes(engine, from)]);
  if (host === undefined) return undefined;
  const view: KernelView = {
    source: 'local',
    host,
    containers: mergeReadings(read.readings, host.links),
    ...(sandboxes.length === 0 ? {} : { sandboxes }),
    ...(await readFlannel(engine, host.links, from)),
  };
  return { view, devices: read.devices, known: read.known, knownHost: start.known };
}

/** Undefined where everything has to be read. */
async function refresh(memory: Memory, request: KernelRequest, from: HostSources): Promise<Memory | undefined> {
  const touched = request.previous?.touched ?? new Set<string>();
  const host = await refreshHost(memory.engine, memory.view.host, touched, from);
  if (host === undefined) return undefined;
  if (request.bridges.length > 0 && !request.bridges.some((name) => host.links.some((link) => link.name === name)))
    return undefined;
  const wanted = new Map(request.containers.map(({ id, pid }) => [id, pid]));
  const isKept = (id: string): boolean => !touched.has(id) && wanted.get(id) === memory.pids.get(id);
  const kept = memory.view.containers.filter(({ containerIds }) => containerIds.every(isKept));
  const keptIds = new Set(kept.flatMap(({ containerIds }) => containerIds));
  const located = await locateContainers(
    from.proc,
    request.containers.filter(({ id }) => !keptIds.has(id)),
    from.pacer,
  );
  const devices = new Map(
    [...memory.devices].filter(([, { containerId }]) => containerId === undefined || keptIds.has(containerId)),
  );
  const read = await readContainers(located, { engine: memory.engine, devices, known: new Map() }, from);
  if (read.contested) return undefined;
  const sandboxes =
    touched.size === 0 && located.length === 0
      ? (memory.view.sandboxes ?? [])
      : await readSandboxes(memory.engine, from);
  const view: KernelView = {
    source: 'local',
    host,
    containers: [...kept, ...mergeReadings(read.readings, host.links)],
    ...(sandboxes.length === 0 ? {} : { sandboxes }),
    ...(await refreshFlannel(memory.engine, memory.view, host.links, from)),
  };
  const pids = new Map([...keptIds, ...located.map(({ id }) => id)].map((id) => [id, wanted.get(id) ?? 0]));
  const known = new Map([...memory.known].filter(([id]) => keptIds.has(id)).concat([...read.known]));
  return { ...memory, view, devices: read.devices, known, pids };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

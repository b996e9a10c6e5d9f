import type { KernelReading, KernelView, NetNamespace } from '../topology/model.ts';
import type { KernelContainer, KernelRequest, KernelSource } from './kernel.ts';
import { mergeReadings, readByIp, readContainer, type ContainerReading } from './local/containerNamespace.ts';
import { gatherEngineFacts, namespaceKey, processPath } from './local/engineFacts.ts';
import { judge, type EngineNamespace } from './local/engineNamespace.ts';
import { readText } from './local/files.ts';
import { readHost, refreshHost, type HostSources } from './local/hostNamespace.ts';
import { createIpTool, noIpTool, type IpTool } from './local/ipTool.ts';
import { readListeners } from './local/listeners.ts';
import { createPacer } from './local/pacer.ts';
import { locateContainers } from './local/sameMachine.ts';

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
interface Memory {
  readonly engine: EngineNamespace;
  readonly view: KernelView;
  /** PID of each container that was read, as the engine says it. */
  readonly pids: ReadonlyMap<string, number>;
  /** `KnownNamespaces.devices`, with the containers that each entry came from. */
  readonly devices: ReadonlyMap<string, { readonly key: number; readonly containerId: string | undefined }>;
}

/** `nsenter` and `ip` cost some 10 ms a container: no more than these in one read. */
const ipFallbacks = 16;
const ipFallbacksAtOnce = 4;

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
    memory = undefined;
    const all = await readAll(request, socket, from, log);
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
  };
}

type FullReading = (Memory & { readonly kind: 'read' }) | Extract<KernelReading, { kind: 'absent' }>;

async function readAll(
  request: KernelRequest,
  socketPath: string,
  from: HostSources,
  log: (message: string) => void,
): Promise<FullReading> {
  const located = await locateContainers(from.proc, request.containers, from.pacer);
  const facts = await gatherEngineFacts(from.proc, socketPath, located, from.pacer);
  if (facts === undefined) {
    log(`kernel not read: ${from.proc}/self/net is not there`);
    return { kind: 'absent', reason: 'failed' };
  }
  const decision = judge(facts, request.bridges);
  const engineWasFound = decision.kind === 'found' && decision.namespace.byOwner;
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
  const host = await readHost(engine, from);
  if (host === undefined) {
    log(
      `kernel not read: the links of the engine's namespace (${processPath(from.proc, engine.process)}/net) can be read neither in sysfs nor by ip`,
    );
    return { kind: 'absent', reason: 'otherNamespace' };
  }
  const hostDevice =
    host.sysfsDevice === undefined
      ? new Map()
      : new Map([[host.sysfsDevice, { key: engine.key, containerId: undefined }]]);
  const { namespaces, devices } = await readContainers(
    located,
    { engine, pids: new Map(), devices: hostDevice },
    host.namespace,
    [],
    from,
  );
  const view: KernelView = { source: 'local', host: host.namespace, containers: namespaces };
  log(
    `kernel read: the engine's namespace is that of process ${host.namespace.pid}${engine.byOwner ? ', which holds its socket' : ''}`,
  );
  const asked = new Map(request.containers.map(({ id, pid }) => [id, pid]));
  return {
    kind: 'read',
    engine,
    view,
    devices,
    pids: new Map(located.map(({ id, pid }) => [id, asked.get(id) ?? pid])),
  };
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
  const read = await readContainers(located, { ...memory, devices }, host, kept, from);
  if (read.contested) return undefined;
  const view: KernelView = { source: 'local', host, containers: read.namespaces };
  const pids = new Map([...keptIds, ...located.map(({ id }) => id)].map((id) => [id, wanted.get(id) ?? 0]));
  return { engine: memory.engine, view, devices: read.devices, pids };
}

interface ContainersReading {
  readonly namespaces: readonly NetNamespace[];
  readonly devices: Memory['devices'];
  /** Whether a sysfs was refused that an earlier read had believed to be another container's. */
  readonly contested: boolean;
}

async function readContainers(
  located: readonly KernelContainer[],
  known: Pick<Memory, 'engine' | 'pids' | 'devices'>,
  host: NetNamespace,
  kept: readonly NetNamespace[],
  from: HostSources,
): Promise<ContainersReading> {
  const devices = new Map(known.devices);
  const keys = new Map([...devices].map(([device, { key }]) => [device, key]));
  const readings = new Map<string, ContainerReading>();
  const readOne = (container: KernelContainer): ContainerReading | undefined => {
    const reading = readContainer(from.proc, container, { engineKey: known.engine.key, devices: keys });
    if (reading === undefined) readings.delete(container.id);
    else readings.set(container.id, reading);
    if (reading?.sysfsDevice !== undefined && !devices.has(reading.sysfsDevice)) {
      devices.set(reading.sysfsDevice, { key: reading.key, containerId: container.id });
      keys.set(reading.sysfsDevice, reading.key);
    }
    return reading;
  };

  const contested = new Set<string>();
  for (const container of located) {
    const refused = readOne(container)?.refusedDevice;
    if (refused !== undefined && devices.get(refused)?.containerId !== undefined) contested.add(refused);
    await from.pacer.rest();
  }
  // Two namespaces claim one sysfs instance: whoever came first need not be the one that it shows.
  for (const device of contested) keys.set(device, -1);
  for (const { container, sysfsDevice } of [...readings.values()]) {
    if (sysfsDevice !== undefined && contested.has(sysfsDevice)) readOne(container);
    await from.pacer.rest();
  }
  for (const device of contested) devices.delete(device);

  const wanting = [...readings.values()].filter(({ wantsIp }) => wantsIp).slice(0, ipFallbacks);
  for (let at = 0; at < wanting.length; at += ipFallbacksAtOnce) {
    const batch = wanting.slice(at, at + ipFallbacksAtOnce);
    const exact = await Promise.all(batch.map((reading) => readByIp(from.proc, reading, from.ip, from.signal)));
    for (const reading of exact) readings.set(reading.container.id, reading);
    await from.pacer.rest();
  }
  const namespaces = [...kept, ...mergeReadings([...readings.values()], host.links)];
  return { namespaces, devices, contested: [...contested].some((device) => known.devices.has(device)) };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A line that says the same as the one before it says nothing. */
function onlyNews(log: (message: string) => void): (message: string) => void {
  let last: string | undefined;
  return (message) => {
    if (message !== last) log(message);
    last = message;
  };
}

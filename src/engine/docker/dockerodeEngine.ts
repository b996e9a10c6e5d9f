import { IncomingMessage } from 'node:http';
import type { Container, EngineInfo, Network } from '../../topology/model.ts';
import {
  type Engine,
  type EngineConnection,
  EngineError,
  type EngineEventListener,
  type EventSubscription,
  type Read,
} from '../engine.ts';
import type { EngineControl } from '../control.ts';
import { DockerClient } from './client.ts';
import { createDockerControl } from './control.ts';
import { directoryOf, noReferences, unresolvedNetworks } from './directory.ts';
import { followEvents, sinceParameter } from './eventStream.ts';
import { inspectAll } from './inspectAll.ts';
import { filled, isObject, object, text } from './json.ts';
import { normalizeContainer } from './normalizeContainer.ts';
import type { References } from './normalizeEndpoint.ts';
import { normalizeEngine } from './normalizeEngine.ts';
import { normalizeNetwork } from './normalizeNetwork.ts';
import { DockerStreams } from './streams.ts';
import type { DockerTarget, EngineLog } from './target.ts';

export interface EngineLimits {
  /** For a whole answer, and for the headers of the event stream. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Characters. An event carries all labels of its container. */
  readonly maxEventLength: number;
  /** Inspections at one time. */
  readonly concurrency: number;
  /** Containers of one read that may keep the engine waiting until the time is up, before the read fails. */
  readonly maxStuckContainers: number;
}

const defaultLimits: EngineLimits = {
  timeoutMs: 10_000,
  maxResponseBytes: 128 * 1024 * 1024,
  maxEventLength: 16 * 1024 * 1024,
  concurrency: 8,
  maxStuckContainers: 3,
};

/** An engine's clock from `/info` is a starting point for a subscription only while it is fresh. */
const clockFreshMs = 60_000;

/** Opens nothing yet: the first method does. */
export function createDockerEngine(target: DockerTarget, log?: EngineLog, limits: Partial<EngineLimits> = {}): Engine {
  return new DockerodeEngine(target, log, { ...defaultLimits, ...limits });
}

class DockerodeEngine implements Engine {
  readonly connection: EngineConnection;
  readonly control: EngineControl;
  readonly streams: DockerStreams;
  readonly #client: DockerClient;
  readonly #log: EngineLog | undefined;
  readonly #limits: EngineLimits;
  readonly #subscriptions = new Set<EventSubscription>();
  /** The engine's own clock, seconds, and when it was read. */
  #clock: { readonly seconds: number; readonly readAt: number } | undefined;

  constructor(target: DockerTarget, log: EngineLog | undefined, limits: EngineLimits) {
    this.connection = target.connection;
    this.#client = new DockerClient(target, log, limits);
    this.#log = log;
    this.#limits = limits;
    this.control = createDockerControl(this.#client, limits.timeoutMs);
    this.streams = new DockerStreams(this.#client, limits.timeoutMs);
  }

  info(signal?: AbortSignal): Promise<EngineInfo> {
    return this.#client.guard(signal, async (bound) => {
      const { apiVersion, version } = await this.#client.renegotiate(bound);
      const info = await this.#readInfo(apiVersion, bound);
      const clock = Date.parse(text(object(info)['SystemTime']));
      this.#clock = Number.isFinite(clock) ? { seconds: clock / 1000, readAt: performance.now() } : undefined;
      const engine = normalizeEngine(version, info, apiVersion);
      this.#log?.info(`${this.connection.endpoint}: Docker Engine ${engine.version}, API ${apiVersion}, ${engine.os}`);
      return engine;
    });
  }

  networks(signal?: AbortSignal): Promise<readonly Read<Network>[]> {
    return this.#client.guard(signal, async (bound) => {
      const { apiVersion } = await this.#client.negotiate(bound);
      return this.#readNetworks(apiVersion, bound);
    });
  }

  containers(signal?: AbortSignal): Promise<readonly Read<Container>[]> {
    return this.#client.guard(signal, async (bound) => {
      const { apiVersion, windows } = await this.#client.negotiate(bound);
      const answer: unknown = await this.#client.api(bound, apiVersion).listContainers({ all: true });
      const rows = asList(answer, 'GET /containers/json').filter((row) => {
        const known = filled(object(row)['Id']) !== undefined;
        if (!known) this.#log?.warn('GET /containers/json: skipped a row without an id');
        return known;
      });
      const inspections = await inspectAll(
        rows.map((row) => text(object(row)['Id'])),
        (id, until) => this.#inspect(id, apiVersion, until),
        { ...this.#limits, signal: bound, log: this.#log },
      );
      const records = rows.map((row, index) => ({ row, windows, inspect: inspections[index] }));
      const nameless = records.some(({ row, inspect }) => unresolvedNetworks(inspect ?? row));
      const references = directoryOf(rows, nameless ? await this.#readNetworks(apiVersion, bound) : []);
      return records.flatMap((record) => toRead(normalizeContainer(record, references), record.inspect ?? record.row));
    });
  }

  network(id: string, signal?: AbortSignal): Promise<Read<Network> | undefined> {
    return this.#client.guard(signal, async (bound) => {
      const { apiVersion } = await this.#client.negotiate(bound);
      const raw = await unlessGone<unknown>(
        this.#client.api(bound, apiVersion).getNetwork(encodeURIComponent(id)).inspect(),
      );
      return raw === undefined ? undefined : one(normalizeNetwork(raw), raw, `GET /networks/${id}`);
    });
  }

  container(id: string, signal?: AbortSignal): Promise<Read<Container> | undefined> {
    return this.#client.guard(signal, async (bound) => {
      const { apiVersion, windows } = await this.#client.negotiate(bound);
      // The engine's own status sentence is in the list only. With the filter both cost the same at any number of containers.
      const [inspect, rows] = await Promise.all([
        unlessGone(this.#inspect(id, apiVersion, bound)),
        this.#client.api(bound, apiVersion).listContainers({ all: true, filters: { id: [id] } }) as Promise<unknown>,
      ]);
      if (inspect === undefined) return undefined;
      const row = (Array.isArray(rows) ? rows : []).find(
        (candidate) => object(candidate)['Id'] === object(inspect)['Id'],
      ) as unknown;
      const references = await this.#referencesOf(inspect, apiVersion, bound);
      return one(normalizeContainer({ row, inspect, windows }, references), inspect, `GET /containers/${id}/json`);
    });
  }

  events(listener: EngineEventListener, since?: number): Promise<EventSubscription> {
    return this.#client.guard(undefined, async (bound) => {
      const { apiVersion } = await this.#client.negotiate(bound);
      // The engine sends the headers a moment before it listens for events (moby, system_routes.go, getEvents):
      // asking from its last known time on closes that gap.
      const clock = this.#clock;
      const from =
        since ?? (clock !== undefined && performance.now() - clock.readAt < clockFreshMs ? clock.seconds : undefined);
      const stream = await this.#client.api(bound, apiVersion).getEvents({
        filters: { type: ['container', 'network'] },
        // dockerode's type wants a number; the engine takes seconds with a fraction as text.
        ...(from === undefined ? {} : { since: sinceParameter(from) as unknown as number }),
      });
      if (!(stream instanceof IncomingMessage)) throw new EngineError('protocol', 'GET /events: no stream');
      const subscription = followEvents(stream, listener, this.#limits.maxEventLength);
      this.#subscriptions.add(subscription);
      stream.once('close', () => this.#subscriptions.delete(subscription));
      if (this.#client.closed) subscription.dispose();
      return subscription;
    });
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#client.close();
    this.streams.close();
  }

  /** Empty where a socket proxy lets everything through but this: `/version` says enough to go on. */
  async #readInfo(apiVersion: string, signal: AbortSignal): Promise<unknown> {
    try {
      const info: unknown = await this.#client.api(signal, apiVersion).info();
      if (!isObject(info)) throw new EngineError('protocol', 'GET /info: the answer is no object');
      return info;
    } catch (error) {
      if (!(error instanceof EngineError) || error.kind !== 'denied') throw error;
      this.#log?.warn(`${error.message}; going on with what GET /version says`);
      return {};
    }
  }

  async #readNetworks(apiVersion: string, signal: AbortSignal): Promise<readonly Read<Network>[]> {
    const answer: unknown = await this.#client.api(signal, apiVersion).listNetworks();
    return asList(answer, 'GET /networks').flatMap((raw) => {
      const model = normalizeNetwork(raw);
      if (model === undefined) this.#log?.warn('GET /networks: skipped a row without an id');
      return toRead(model, raw);
    });
  }

  #inspect(id: string, apiVersion: string, signal: AbortSignal): Promise<unknown> {
    return this.#client.api(signal, apiVersion).getContainer(encodeURIComponent(id)).inspect();
  }

  /** What one record names: asked for only where it names something that is no id. */
  async #referencesOf(inspect: unknown, apiVersion: string, signal: AbortSignal): Promise<References> {
    const mode = text(object(object(inspect)['HostConfig'])['NetworkMode']);
    const owner = /^container:(.+)$/s.exec(mode)?.[1];
    const nameless = unresolvedNetworks(inspect);
    if (!nameless && (owner === undefined || isFullId(owner))) return noReferences;
    const [ownerRecord, networks] = await Promise.all([
      owner === undefined || isFullId(owner) ? undefined : unlessGone(this.#inspect(owner, apiVersion, signal)),
      nameless ? this.#readNetworks(apiVersion, signal) : [],
    ]);
    return {
      containerId: () => filled(object(ownerRecord)['Id']),
      networkId: (name) => directoryOf([], networks).networkId(name),
    };
  }
}

function toRead<T>(model: T | undefined, raw: unknown): Read<T>[] {
  return model === undefined ? [] : [{ model, raw }];
}

function one<T>(model: T | undefined, raw: unknown, where: string): Read<T> {
  if (model === undefined) throw new EngineError('protocol', `${where}: the answer has no id`);
  return { model, raw };
}

function isFullId(value: string): boolean {
  return /^[0-9a-f]{64}$/.test(value);
}

function asList(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new EngineError('protocol', `${where}: the answer is no list`);
  return value;
}

async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

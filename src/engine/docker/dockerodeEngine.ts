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
import { tunnelAddress } from '../../topology/overlay.ts';
import type { EngineControl } from '../control.ts';
import type { EngineProbe } from '../probe.ts';
import { DockerClient, type Negotiated } from './client.ts';
import { createDockerControl } from './control.ts';
import { dial } from './dial.ts';
import { directoryOf, noReferences, unresolvedNetworks } from './directory.ts';
import { followEvents, sinceParameter } from './eventStream.ts';
import { isHelper } from './helperOwner.ts';
import { inspectAll } from './inspectAll.ts';
import { filled, isObject, object, text } from './json.ts';
import { normalizeContainer } from './normalizeContainer.ts';
import type { References } from './normalizeEndpoint.ts';
import { normalizeEngine } from './normalizeEngine.ts';
import { normalizeNetwork } from './normalizeNetwork.ts';
import { isPodman, readLibpodNetworks } from './podman.ts';
import { createDockerProbe } from './probe.ts';
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
  readonly probe: EngineProbe;
  readonly #client: DockerClient;
  readonly #log: EngineLog | undefined;
  readonly #limits: EngineLimits;
  readonly #subscriptions = new Set<EventSubscription>();
  /** Network name → id as of the newest list, for events that name a network. */
  #networkIds: References['networkId'] = () => undefined;
  /** By which the other engines of its swarm or cluster store know it, as of the newest `/info`. */
  #ownAddress: string | undefined;
  /** The engine's own clock, seconds, and when it was read. */
  #clock: { readonly seconds: number; readonly readAt: number } | undefined;

  constructor(target: DockerTarget, log: EngineLog | undefined, limits: EngineLimits) {
    this.connection = target.connection;
    this.#client = new DockerClient(target, log, limits);
    this.#log = log;
    this.#limits = limits;
    this.control = createDockerControl(this.#client, limits.timeoutMs);
    this.streams = new DockerStreams(this.#client, limits.timeoutMs);
    this.probe = createDockerProbe(this.#client, limits.timeoutMs);
  }

  info(signal?: AbortSignal): Promise<EngineInfo> {
    return this.#client.guard(signal, async (bound) => {
      const { apiVersion, version } = await this.#client.renegotiate(bound);
      const info = await this.#readInfo(apiVersion, bound);
      const clock = Date.parse(text(object(info)['SystemTime']));
      this.#clock = Number.isFinite(clock) ? { seconds: clock / 1000, readAt: performance.now() } : undefined;
      const engine = normalizeEngine(version, info, apiVersion);
      this.#ownAddress = tunnelAddress(engine);
      this.#log?.info(
        `${this.connection.endpoint}: ${isPodman(version) ? 'Podman' : 'Docker Engine'} ${engine.version}, API ${apiVersion}, ${engine.os}`,
      );
      return engine;
    });
  }

  networks(signal?: AbortSignal): Promise<readonly Read<Network>[]> {
    return this.#client.guard(signal, async (bound) => {
      const negotiated = await this.#client.negotiate(bound);
      const networks = await this.#readNetworks(negotiated, bound);
      return this.#withDetails(networks, negotiated, bound);
    });
  }

  containers(signal?: AbortSignal): Promise<readonly Read<Container>[]> {
    return this.#client.guard(signal, async (bound) => {
      const negotiated = await this.#client.negotiate(bound);
      const { apiVersion, version, windows } = negotiated;
      const podman = isPodman(version);
      const answer: unknown = await this.#client.api(bound, apiVersion).listContainers({ all: true });
      const rows = asList(answer, 'GET /containers/json').filter((row) => {
        if (isHelper(object(row)['Labels'])) return false;
        const known = filled(object(row)['Id']) !== undefined;
        if (!known) this.#log?.warn('GET /containers/json: skipped a row without an id');
        return known;
      });
      const inspections = await inspectAll(
        rows.map((row) => text(object(row)['Id'])),
        (id, until) => this.#inspect(id, apiVersion, until),
        { ...this.#limits, signal: bound, log: this.#log },
      );
      const records = rows.map((row, index) => ({ row, windows, podman, inspect: inspections[index] }));
      const nameless = records.some(({ row, inspect }) => unresolvedNetworks(inspect ?? row));
      const references = directoryOf(rows, nameless ? await this.#readNetworks(negotiated, bound) : []);
      return records.flatMap((record) => toRead(normalizeContainer(record, references), record.inspect ?? record.row));
    });
  }

  network(id: string, signal?: AbortSignal): Promise<Read<Network> | undefined> {
    return this.#client.guard(signal, async (bound) => {
      const { apiVersion, version } = await this.#client.negotiate(bound);
      const [raw, libpod] = await Promise.all([
        unlessGone(this.#inspectNetwork(id, apiVersion, bound)),
        isPodman(version) ? readLibpodNetworks(this.#client, version, bound, id) : undefined,
      ]);
      if (raw === undefined) return undefined;
      return one(normalizeNetwork(raw, libpod, this.#ownAddress), raw, `GET /networks/${id}`);
    });
  }

  container(id: string, signal?: AbortSignal): Promise<Read<Container> | undefined> {
    return this.#client.guard(signal, async (bound) => {
      const negotiated = await this.#client.negotiate(bound);
      const { apiVersion, version, windows } = negotiated;
      // The engine's own status sentence is in the list only. With the filter both cost the same at any number of containers.
      const [inspect, rows] = await Promise.all([
        unlessGone(this.#inspect(id, apiVersion, bound)),
        this.#client.api(bound, apiVersion).listContainers({ all: true, filters: { id: [id] } }) as Promise<unknown>,
      ]);
      if (inspect === undefined) return undefined;
      const row = (Array.isArray(rows) ? rows : []).find(
        (candidate) => object(candidate)['Id'] === object(inspect)['Id'],
      ) as unknown;
      const references = await this.#referencesOf(inspect, negotiated, bound);
      const records = { row, inspect, windows, podman: isPodman(version) };
      return one(normalizeContainer(records, references), inspect, `GET /containers/${id}/json`);
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
      const subscription = followEvents(stream, listener, this.#limits.maxEventLength, (name) =>
        this.#networkIds(name),
      );
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

  async #readNetworks({ apiVersion, version }: Negotiated, signal: AbortSignal): Promise<readonly Read<Network>[]> {
    const [answer, libpod] = await Promise.all([
      this.#client.api(signal, apiVersion).listNetworks() as Promise<unknown>,
      isPodman(version) ? readLibpodNetworks(this.#client, version, signal) : undefined,
    ]);
    const networks = asList(answer, 'GET /networks').flatMap((raw) => {
      const model = normalizeNetwork(raw, libpod, this.#ownAddress);
      if (model === undefined) this.#log?.warn('GET /networks: skipped a row without an id');
      return toRead(model, raw);
    });
    // Podman lists them in another order each time.
    if (libpod !== undefined) networks.sort((a, b) => (a.model.name < b.model.name ? -1 : 1));
    this.#networkIds = (name) => directoryOf([], networks).networkId(name);
    return networks;
  }

  /**
   * Peers, services and what is on other hosts is in no list, and a manager lists its swarm's bridges and macvlans without
   * options and pools. A network that the engine keeps to itself for the moment comes with the list's facts.
   */
  async #withDetails(
    networks: readonly Read<Network>[],
    { apiVersion }: Negotiated,
    signal: AbortSignal,
  ): Promise<readonly Read<Network>[]> {
    const asked = networks
      .filter(({ model }) => model.driver === 'overlay' || model.scope === 'swarm')
      .map(({ model }) => model.id);
    if (asked.length === 0) return networks;
    const inspect = async (id: string, until: AbortSignal): Promise<unknown> => {
      try {
        return await this.#inspectNetwork(id, apiVersion, until);
      } catch (error) {
        // As a socket proxy that lets the list through alone.
        if (error instanceof EngineError && (error.kind === 'denied' || error.kind === 'invalid')) return undefined;
        throw error;
      }
    };
    const records = await inspectAll(asked, inspect, { ...this.#limits, signal, log: this.#log, what: 'network' });
    const details = new Map(asked.map((id, index) => [id, records[index]]));
    return networks.map((read) => {
      const raw = details.get(read.model.id);
      const model = raw === undefined ? undefined : normalizeNetwork(raw, undefined, this.#ownAddress);
      return model?.id === read.model.id ? { model, raw } : read;
    });
  }

  /** With what it says of other hosts, if it is an overlay; engines ignore the word for all others. */
  async #inspectNetwork(id: string, apiVersion: string, signal: AbortSignal): Promise<unknown> {
    const api = this.#client.api(signal, apiVersion);
    try {
      return await dial(api, { path: `/networks/${encodeURIComponent(id)}?verbose=true`, method: 'GET' });
    } catch (error) {
      if (!(error instanceof EngineError) || !['engine', 'invalid', 'denied'].includes(error.kind)) throw error;
      this.#log?.warn(`${error.message}; asking again without what is on other hosts`);
      return api.getNetwork(encodeURIComponent(id)).inspect();
    }
  }

  #inspect(id: string, apiVersion: string, signal: AbortSignal): Promise<unknown> {
    return this.#client.api(signal, apiVersion).getContainer(encodeURIComponent(id)).inspect();
  }

  /** What one record names: asked for only where it names something that is no id. */
  async #referencesOf(inspect: unknown, negotiated: Negotiated, signal: AbortSignal): Promise<References> {
    const { apiVersion } = negotiated;
    const mode = text(object(object(inspect)['HostConfig'])['NetworkMode']);
    const owner = /^container:(.+)$/s.exec(mode)?.[1];
    const nameless = unresolvedNetworks(inspect);
    if (!nameless && (owner === undefined || isFullId(owner))) return noReferences;
    const [ownerRecord, networks] = await Promise.all([
      owner === undefined || isFullId(owner) ? undefined : unlessGone(this.#inspect(owner, apiVersion, signal)),
      nameless ? this.#readNetworks(negotiated, signal) : [],
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

import type { DockerClient, Negotiated } from './client.ts';
import { dial } from './dial.ts';
import { EngineError } from '../engine.ts';
import { filled, type JsonObject, isObject, list, object, texts } from './json.ts';

/** Seconds, where neither the container nor its image says otherwise (moby, container/container_unix.go). */
const defaultStopTimeout = 10;

/** For a container that the engine is to wait for without limit (`--stop-timeout -1`): every method settles. */
const longestStop = 24 * 60 * 60;

export interface Created {
  readonly id: string;
  readonly warnings: readonly string[];
}

/** The requests that change an engine and those that a change has to read first, each as one method. No method repeats itself. */
export class EngineCalls {
  readonly apiVersion: string;
  readonly #client: DockerClient;
  readonly #signal: AbortSignal;
  readonly #timeoutMs: number;

  /** `timeoutMs`: for one change. Creating copies an image's files into new volumes, starting sets up networks. */
  constructor(client: DockerClient, { apiVersion }: Negotiated, signal: AbortSignal, timeoutMs: number) {
    this.apiVersion = apiVersion;
    this.#client = client;
    this.#signal = signal;
    this.#timeoutMs = timeoutMs;
  }

  get ended(): boolean {
    return this.#signal.aborted;
  }

  warn(message: string): void {
    this.#client.log?.warn(message);
  }

  async inspect(id: string): Promise<JsonObject> {
    const answer: unknown = await this.#container(id).inspect();
    if (!isObject(answer) || filled(answer['Id']) === undefined) {
      throw new EngineError('protocol', `GET /containers/${id}/json: the answer has no id`);
    }
    return answer;
  }

  inspectIfThere(id: string): Promise<JsonObject | undefined> {
    return unlessGone(this.inspect(id));
  }

  /** By its name and by nothing else: the engine takes the beginning of an id, too. */
  async findByName(name: string): Promise<JsonObject | undefined> {
    const found = await this.inspectIfThere(name);
    return found?.['Name'] === `/${name}` ? found : undefined;
  }

  /** The files that differ from the image's: `[{ Path, Kind }]`. */
  async changes(id: string): Promise<readonly unknown[]> {
    const answer: unknown = await this.#container(id).changes();
    return list(answer);
  }

  async inspectImage(reference: string): Promise<JsonObject | undefined> {
    // The engine's route takes slashes as they are.
    const path = reference.split('/').map(encodeURIComponent).join('/');
    const answer: unknown = await unlessGone<unknown>(this.#api().getImage(path).inspect());
    return answer === undefined ? undefined : object(answer);
  }

  async images(): Promise<readonly unknown[]> {
    const answer: unknown = await this.#api().listImages();
    return list(answer);
  }

  /** What the engine finds under a name that several networks may have. */
  async networkIdOf(name: string): Promise<string | undefined> {
    try {
      const answer: unknown = await this.#api().getNetwork(encodeURIComponent(name)).inspect();
      return filled(object(answer)['Id']);
    } catch (error) {
      // 400 or 500 by version: the name is ambiguous.
      if (error instanceof EngineError && ['notFound', 'invalid', 'conflict', 'engine'].includes(error.kind)) return;
      throw error;
    }
  }

  createNetwork(body: JsonObject): Promise<Created> {
    return this.#create('/networks/create', {}, body);
  }

  /** `platform` as `linux/arm64`. */
  createContainer(name: string, body: JsonObject, platform?: string): Promise<Created> {
    return this.#create('/containers/create', { name: filled(name), platform }, body);
  }

  async removeNetwork(id: string): Promise<void> {
    await this.#api().getNetwork(encodeURIComponent(id)).remove();
  }

  async connect(networkId: string, containerId: string, endpoint: JsonObject): Promise<void> {
    const options = { Container: containerId, EndpointConfig: endpoint };
    await this.#api().getNetwork(encodeURIComponent(networkId)).connect(options);
  }

  async disconnect(networkId: string, containerId: string, force: boolean): Promise<void> {
    const options = { Container: containerId, Force: force };
    await this.#api().getNetwork(encodeURIComponent(networkId)).disconnect(options);
  }

  async start(id: string): Promise<void> {
    await this.#container(id).start();
  }

  /** Without a time of its own the engine takes the container's; so long it may answer nothing. */
  async stop(id: string, stopTimeout: number): Promise<void> {
    await this.#container(id, stopTimeout).stop();
  }

  async restart(id: string, stopTimeout: number): Promise<void> {
    await this.#container(id, stopTimeout).restart();
  }

  async pause(id: string): Promise<void> {
    await this.#container(id).pause();
  }

  async unpause(id: string): Promise<void> {
    await this.#container(id).unpause();
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#container(id).rename({ name });
  }

  /** `volumes`: its anonymous ones, too. */
  async remove(id: string, options: { readonly force: boolean; readonly volumes: boolean }): Promise<void> {
    await this.#container(id).remove({ force: options.force, v: options.volumes });
  }

  async initSwarm(advertiseAddress: string): Promise<void> {
    await this.#api().swarmInit({ ListenAddr: '0.0.0.0:2377', AdvertiseAddr: advertiseAddress });
  }

  /** Settles with the headers, which an engine sends when the registry answered. */
  pullStream(query: JsonObject, timeoutMs: number): Promise<unknown> {
    return this.#client.api(this.#signal, this.apiVersion, { timeoutMs }).createImage(query);
  }

  #api(extraSeconds = 0) {
    return this.#client.api(this.#signal, this.apiVersion, { timeoutMs: this.#timeoutMs + extraSeconds * 1000 });
  }

  #container(id: string, extraSeconds?: number) {
    return this.#api(extraSeconds).getContainer(encodeURIComponent(id));
  }

  /** dockerode's own method throws the engine's warnings away. */
  async #create(path: string, query: JsonObject, body: JsonObject): Promise<Created> {
    const request = { path: `${path}?`, method: 'POST', options: { _query: query, _body: body } };
    const answer = await dial(this.#api(), request);
    const id = filled(object(answer)['Id']);
    if (id === undefined) throw new EngineError('protocol', `POST ${path}: the answer has no id`);
    const warning = filled(object(answer)['Warning']);
    return { id, warnings: warning === undefined ? texts(object(answer)['Warnings']) : [warning] };
  }
}

/** How long the engine waits for the container's end before it kills it; seconds. */
export function stopTimeoutOf(inspect: JsonObject): number {
  const own = object(inspect['Config'])['StopTimeout'];
  if (typeof own !== 'number' || !Number.isFinite(own)) return defaultStopTimeout;
  return own < 0 ? longestStop : Math.min(own, longestStop);
}

/** True where the request may have done its work although no answer of the engine came: the state has to be read. */
export function isUncertain({ status, kind }: EngineError): boolean {
  if (status === undefined) return kind !== 'invalid';
  // A good status with a broken answer; a proxy that lost the engine.
  return status < 400 || status === 502 || status === 504;
}

async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

import * as http from 'node:http';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../../src/engine/engine.ts';
import { createDockerEngine } from '../../../src/engine/docker/dockerodeEngine.ts';
import { type JsonObject, object, text } from '../../../src/engine/docker/json.ts';
import { targetOf, temporarySocket } from './fakeEngine.ts';

/** `cutBefore`: the connection breaks before anything was done; `cutAfter`: what was asked is done, no answer comes. */
export type Fault = 'refuse' | 'cutBefore' | 'cutAfter';

export interface FakeSeat {
  NetworkID: string;
  IPAddress: string;
  EndpointID: string;
  IPAMConfig?: unknown;
  Aliases?: unknown;
  MacAddress?: unknown;
}

export interface FakeContainer {
  readonly id: string;
  name: string;
  status: string;
  body: JsonObject;
  seats: Record<string, FakeSeat>;
}

/** As much of a Docker engine as changes of containers need: names, states, networks and addresses that are taken once. */
export class FakeMachine {
  readonly containers = new Map<string, FakeContainer>();
  /** Name → ids: an old engine may have several of one name. */
  readonly networks = new Map<string, readonly string[]>([
    ['net', ['net-id']],
    ['two', ['two-id']],
  ]);
  readonly images = new Map([['busybox', 'sha256:busybox']]);
  /** Changes, as `POST /containers/ID/stop`; ids are replaced by the container's name at that time. */
  readonly changes: string[] = [];
  /** Asked before each change. */
  fault: (change: string, index: number) => Fault | undefined = () => undefined;
  readonly #server: http.Server;
  readonly #apiVersion: string;
  #made = 0;

  constructor(apiVersion: string) {
    this.#apiVersion = apiVersion;
    this.#server = http.createServer((request, response) => void this.#serve(request, response));
  }

  async open(timeoutMs = 2000): Promise<Engine> {
    const socketPath = await temporarySocket();
    await new Promise<void>((resolve) => this.#server.listen(socketPath, resolve));
    const engine = createDockerEngine(targetOf(socketPath), undefined, { timeoutMs });
    onTestFinished(() => {
      engine.close();
      this.#server.close();
      this.#server.closeAllConnections();
    });
    return engine;
  }

  /** A container of its own, started if it is to run. */
  add(name: string, body: JsonObject, status: 'running' | 'paused' | 'exited'): FakeContainer {
    const id = this.#create(name, body);
    if (status !== 'exited') this.#start(id);
    id.status = status;
    return id;
  }

  find(reference: string): FakeContainer | undefined {
    return this.containers.get(reference) ?? [...this.containers.values()].find(({ name }) => name === reference);
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', 'http://docker');
    const path = decodeURIComponent(url.pathname.replace(/^\/v\d+\.\d+/, ''));
    const isRead = request.method === 'GET';
    let fault: Fault | undefined;
    if (!isRead) {
      const change = `${request.method ?? ''} ${path.replace(/[0-9a-f]{64}/, (id) => this.containers.get(id)?.name ?? id)}`;
      fault = this.fault(change, this.changes.length);
      this.changes.push(change);
    }
    if (fault === 'cutBefore') return void request.socket.destroy();
    if (fault === 'refuse') {
      answer(response, new Refusal(500, 'injected'));
      return;
    }
    let result: unknown;
    try {
      const body: unknown = sent === '' ? {} : JSON.parse(sent);
      result = isRead ? this.#read(path) : this.#change(request.method ?? '', path, url.searchParams, object(body));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      result = error;
    }
    if (fault === 'cutAfter') return void request.socket.destroy();
    answer(response, result);
  }

  #read(path: string): unknown {
    if (path === '/version') return { Version: '20.10', ApiVersion: this.#apiVersion, Os: 'linux' };
    const [, container] = /^\/containers\/(.+)\/json$/.exec(path) ?? [];
    if (container !== undefined) return this.#inspect(this.#get(container));
    const [, network] = /^\/networks\/(.+)$/.exec(path) ?? [];
    if (network !== undefined) {
      const ids = this.networks.get(network) ?? [];
      if (ids.length > 1) throw new Refusal(400, 'ambiguous');
      return { Id: ids[0] };
    }
    const [, image] = /^\/images\/(.+)\/json$/.exec(path) ?? [];
    const imageId = this.images.get(image ?? '');
    if (imageId !== undefined) return { Id: imageId };
    throw new Refusal(404, `no ${path}`);
  }

  #inspect({ id, name, status, body, seats }: FakeContainer): unknown {
    return {
      Id: id,
      Name: `/${name}`,
      Image: 'sha256:busybox',
      State: {
        Status: status,
        Running: ['running', 'paused'].includes(status),
        Paused: status === 'paused',
        Dead: status === 'dead',
      },
      Config: body,
      HostConfig: body['HostConfig'],
      NetworkSettings: { Networks: seats },
    };
  }

  #change(method: string, path: string, query: URLSearchParams, body: JsonObject): unknown {
    if (path === '/containers/create') return { Id: this.#create(query.get('name') ?? '', body).id, Warnings: [] };
    const [, network, verb] = /^\/networks\/(.+)\/(connect|disconnect)$/.exec(path) ?? [];
    if (network !== undefined) {
      const name = [...this.networks].find(([key, ids]) => key === network || ids.includes(network))?.[0];
      if (name === undefined) throw new Refusal(404, 'no such network');
      const container = this.#get(text(body['Container']));
      if (verb === 'connect') return this.#connect(container, name, object(body['EndpointConfig']));
      const { [name]: _, ...others } = container.seats;
      container.seats = others;
      return undefined;
    }
    const [, reference = '', action] = /^\/containers\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const container = this.#get(reference);
    if (method === 'DELETE') {
      if (container.status === 'running' && query.get('force') !== 'true') throw new Refusal(409, 'it runs');
      this.containers.delete(container.id);
      return undefined;
    }
    switch (action) {
      case 'start':
        return this.#start(container);
      case 'stop':
      case 'restart':
      case 'pause':
      case 'unpause':
        container.status = { stop: 'exited', restart: 'running', pause: 'paused', unpause: 'running' }[action];
        if (action === 'stop') for (const seat of Object.values(container.seats)) seat.IPAddress = seat.EndpointID = '';
        return undefined;
      case 'rename': {
        const name = query.get('name') ?? '';
        if (this.find(name) !== undefined) throw new Refusal(409, `${name} is taken`);
        container.name = name;
        return undefined;
      }
      default:
        throw new Refusal(404, `no ${path}`);
    }
  }

  #get(reference: string): FakeContainer {
    const found = this.find(reference);
    if (found === undefined) throw new Refusal(404, `no such container: ${reference}`);
    return found;
  }

  #create(name: string, body: JsonObject): FakeContainer {
    if (this.find(name) !== undefined) throw new Refusal(409, `${name} is taken`);
    const id = String(++this.#made).padStart(64, '0');
    const container: FakeContainer = { id, name, status: 'created', body, seats: {} };
    const mode = text(object(body['HostConfig'])['NetworkMode']);
    const endpoints = object(object(body['NetworkingConfig'])['EndpointsConfig']);
    for (const network of new Set([mode, ...Object.keys(endpoints)])) {
      if (this.networks.has(network)) this.#connect(container, network, object(endpoints[network]));
    }
    this.containers.set(id, container);
    return container;
  }

  #connect(container: FakeContainer, network: string, endpoint: JsonObject): void {
    if (network in container.seats) throw new Refusal(403, 'connected already');
    const seat: FakeSeat = {
      ...endpoint,
      NetworkID: this.networks.get(network)?.[0] ?? '',
      IPAddress: '',
      EndpointID: '',
    };
    if (['running', 'paused'].includes(container.status)) this.#seat(network, seat);
    container.seats[network] = seat;
  }

  #start(container: FakeContainer): void {
    for (const [network, seat] of Object.entries(container.seats)) this.#seat(network, seat);
    container.status = 'running';
  }

  /** The fixed address, or the lowest free one. */
  #seat(network: string, seat: FakeSeat): void {
    const taken = [...this.containers.values()].map(({ seats }) => seats[network]?.IPAddress);
    const prefix = network === 'net' ? '10.0.0.' : '10.0.1.';
    const free = Array.from({ length: 50 }, (_, index) => `${prefix}${index + 2}`).find((one) => !taken.includes(one));
    const address = text(object(seat.IPAMConfig)['IPv4Address']) || (free ?? '');
    if (taken.includes(address)) throw new Refusal(500, 'Address already in use');
    seat.IPAddress = address;
    seat.EndpointID = `endpoint-${++this.#made}`;
  }
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function answer(response: http.ServerResponse, result: unknown): void {
  const status = result instanceof Refusal ? result.status : result === undefined ? 204 : 200;
  response.writeHead(status, { 'content-type': 'application/json' });
  const body = result instanceof Refusal ? { message: result.message } : result;
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

/** Names of the containers that there are, with their states. */
export function population(machine: FakeMachine): readonly string[] {
  return [...machine.containers.values()].map(({ name, status }) => `${name} ${status}`);
}

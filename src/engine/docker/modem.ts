import * as http from 'node:http';
import * as https from 'node:https';
import { exchange } from './exchange.ts';
import { object } from './json.ts';
import { SshAgent } from './sshStream.ts';
import type { DockerTransport } from './target.ts';

/**
 * What dockerode calls its modem: it knows the paths, this carries them. Its own modem is not used, because it
 * never settles when a body is cut short, throws inside the HTTP parser on a redirect without a usable location,
 * follows redirects to other machines, has no limit of size, and reads DOCKER_HOST, DOCKER_CERT_PATH and
 * DOCKER_CLIENT_TIMEOUT whatever it is told (docker-modem 5.0, lib/modem.js and lib/http.js).
 */
export interface Modem {
  Promise: PromiseConstructor;
  dial(request: DialRequest, callback: (error: unknown, answer: unknown) => void): void;
}

/** As far as dockerode's readers use it. */
export interface DialRequest {
  /** With a `?` at its end where `options` is the query. */
  readonly path: string;
  readonly method: string;
  /** The query of a path with `?`, else the body; `_query` and `_body` where both are there. */
  readonly options?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  readonly isStream?: boolean;
  /** The connection itself is wanted, after its upgrade to raw bytes. */
  readonly hijack?: boolean;
  /** Credentials for a registry; only anonymous pulls are made. */
  readonly authconfig?: unknown;
}

/** How one request differs from the others. */
export interface CallOptions {
  /** For an answer that takes long by nature (a container's stop); default: the limit of the transport. */
  readonly timeoutMs?: number;
}

export interface TransportLimits {
  /** For a whole answer; for the headers of a stream. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

const idleMs = 30_000;
/** sshd refuses some of more than ten that come at once before they are authenticated (sshd_config, MaxStartups). */
const sshConnections = 4;

/** Connections to one engine, kept open between requests. */
export class Transport {
  readonly #address: https.RequestOptions;
  readonly #secure: boolean;
  readonly #basePath: string;
  readonly #agent: http.Agent;
  readonly #streamAgent: http.Agent;
  readonly #limits: TransportLimits;
  #closed = false;

  constructor(transport: DockerTransport, limits: TransportLimits) {
    const tls = transport.kind === 'tcp' ? transport.tls : undefined;
    this.#limits = limits;
    this.#secure = tls !== undefined;
    this.#basePath = transport.kind === 'tcp' ? transport.basePath : '';
    this.#address =
      transport.kind === 'tcp'
        ? { host: transport.host, port: transport.port }
        : // The host only fills the Host header; Go's server refuses a request without one.
          { host: 'docker', ...(transport.kind === 'socket' ? { socketPath: transport.path } : {}) };
    const tlsOptions: https.AgentOptions =
      tls === undefined ? {} : { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify };
    const Agent = this.#secure ? https.Agent : http.Agent;
    const agent = (options: https.AgentOptions): http.Agent =>
      transport.kind === 'ssh'
        ? new SshAgent(transport.destination, { ...options, maxSockets: sshConnections })
        : new Agent({ ...tlsOptions, ...options });
    // The timeout drops connections that idle in the pool; it does not touch those in use.
    this.#agent = agent({ keepAlive: true, timeout: idleMs });
    this.#streamAgent = agent({ keepAlive: false });
  }

  /** A modem for dockerode whose requests speak one API version and end with the signal. */
  modem(apiVersion: string | undefined, signal: AbortSignal | undefined, options: CallOptions = {}): Modem {
    const prefix = `${this.#basePath}${apiVersion === undefined ? '' : `/v${apiVersion}`}`;
    return {
      Promise,
      dial: (request, callback) => {
        const wanted = request.hijack === true ? 'duplex' : request.isStream === true ? 'stream' : 'value';
        const body = bodyOf(request);
        exchange({
          options: {
            ...this.#address,
            // What is still asked after `close`, a terminal's end for example, keeps no connection: nobody would end it.
            agent: wanted === 'value' && !this.#closed ? this.#agent : this.#streamAgent,
            method: request.method,
            path: prefix + pathOf(request),
            headers: headersOf(wanted, body),
          },
          secure: this.#secure,
          wanted,
          ...(body === undefined ? {} : { body }),
          timeoutMs: options.timeoutMs ?? this.#limits.timeoutMs,
          maxBytes: this.#limits.maxResponseBytes,
          signal,
        }).then(
          (answer) => callback(null, answer),
          (error: unknown) => callback(error, null),
        );
      },
    };
  }

  close(): void {
    this.#closed = true;
    this.#agent.destroy();
    this.#streamAgent.destroy();
  }
}

/** JSON: the options themselves, or `_body` beside a query. */
function bodyOf(request: DialRequest): string | undefined {
  if (request.method === 'GET') return undefined;
  const { options } = request;
  const body = request.path.endsWith('?') ? options?.['_body'] : (options?.['_body'] ?? options);
  return body === undefined ? undefined : JSON.stringify(body);
}

function headersOf(wanted: 'value' | 'stream' | 'duplex', body: string | undefined): http.OutgoingHttpHeaders {
  return {
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    ...(wanted === 'duplex' ? { connection: 'Upgrade', upgrade: 'tcp' } : {}),
  };
}

function pathOf(request: DialRequest): string {
  if (!request.path.endsWith('?')) return request.path;
  const query = new URLSearchParams();
  const { _query, ...own } = request.options ?? {};
  for (const [key, value] of Object.entries(object(_query ?? own))) {
    if (value === undefined || key === '_body') continue;
    query.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const path = request.path.slice(0, -1);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

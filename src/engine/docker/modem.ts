import * as http from 'node:http';
import * as https from 'node:https';
import { EngineError } from '../engine.ts';
import { exchange } from './exchange.ts';
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
  readonly options?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  readonly isStream?: boolean;
}

export interface TransportLimits {
  /** For a whole answer; for the headers of a stream. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

/** Connections to one engine, kept open between requests. */
export class Transport {
  readonly #address: https.RequestOptions;
  readonly #secure: boolean;
  readonly #basePath: string;
  readonly #agent: http.Agent;
  readonly #streamAgent: http.Agent;
  readonly #limits: TransportLimits;

  /** Throws `configuration` for a way that is not built. */
  constructor(transport: DockerTransport, limits: TransportLimits) {
    if (transport.kind === 'ssh') {
      throw new EngineError('configuration', `ssh://${transport.destination}: engines over SSH are not supported yet`);
    }
    const tls = transport.kind === 'tcp' ? transport.tls : undefined;
    this.#limits = limits;
    this.#secure = tls !== undefined;
    this.#basePath = transport.kind === 'tcp' ? transport.basePath : '';
    this.#address =
      transport.kind === 'tcp'
        ? { host: transport.host, port: transport.port }
        : // The host only fills the Host header; Go's server refuses a request without one.
          { socketPath: transport.path, host: 'docker' };
    const tlsOptions: https.AgentOptions =
      tls === undefined ? {} : { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify };
    const Agent = this.#secure ? https.Agent : http.Agent;
    // The timeout drops connections that idle in the pool; it does not touch those in use.
    this.#agent = new Agent({ ...tlsOptions, keepAlive: true, timeout: 30_000 });
    this.#streamAgent = new Agent({ ...tlsOptions, keepAlive: false });
  }

  /** A modem for dockerode whose requests speak one API version and end with the signal. */
  modem(apiVersion: string | undefined, signal: AbortSignal | undefined): Modem {
    const prefix = `${this.#basePath}${apiVersion === undefined ? '' : `/v${apiVersion}`}`;
    return {
      Promise,
      dial: (request, callback) => {
        const stream = request.isStream === true;
        exchange({
          options: {
            ...this.#address,
            agent: stream ? this.#streamAgent : this.#agent,
            method: request.method,
            path: prefix + pathOf(request),
          },
          secure: this.#secure,
          stream,
          timeoutMs: this.#limits.timeoutMs,
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
    this.#agent.destroy();
    this.#streamAgent.destroy();
  }
}

function pathOf(request: DialRequest): string {
  if (!request.path.endsWith('?')) return request.path;
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(request.options ?? {})) {
    if (value !== undefined) query.set(key, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const path = request.path.slice(0, -1);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

import Docker from 'dockerode';
import { EngineError } from '../engine.ts';
import { negotiate } from './apiVersion.ts';
import { toEngineError } from './errors.ts';
import { object } from './json.ts';
import { linkSignals } from './linkSignals.ts';
import { Transport, type CallOptions, type TransportLimits } from './modem.ts';
import type { DockerTarget, EngineLog } from './target.ts';

export interface Negotiated {
  readonly apiVersion: string;
  readonly version: unknown;
  readonly windows: boolean;
}

/** The connections to one engine, and what is agreed on them: shared by what reads, what changes and what streams. */
export class DockerClient {
  readonly log: EngineLog | undefined;
  readonly #target: DockerTarget;
  readonly #limits: TransportLimits;
  readonly #closing = new AbortController();
  #transport: Transport | undefined;
  #negotiated: Promise<Negotiated> | undefined;

  constructor(target: DockerTarget, log: EngineLog | undefined, limits: TransportLimits) {
    this.#target = target;
    this.log = log;
    this.#limits = limits;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  close(): void {
    this.#closing.abort();
    this.#transport?.close();
  }

  /** Runs a method of the port with a signal that the caller or `close` ends; lets nothing but an `EngineError` out. */
  async guard<T>(signal: AbortSignal | undefined, method: (bound: AbortSignal) => Promise<T>): Promise<T> {
    const link = linkSignals([signal, this.#closing.signal]);
    try {
      if (link.signal.aborted) throw this.#cancelled();
      return await method(link.signal);
    } catch (error) {
      throw toEngineError(error);
    } finally {
      link.release();
    }
  }

  /** A dockerode whose requests speak that version and end with that signal. It holds nothing itself. */
  api(signal: AbortSignal | undefined, apiVersion: string | undefined, call?: CallOptions): Docker {
    this.#transport ??= new Transport(this.#target.transport, this.#limits);
    const options: Docker.DockerOptions & { modem: unknown } = {
      modem: this.#transport.modem(apiVersion, signal, call),
    };
    return new Docker(options);
  }

  /** Forgets what was agreed: the engine may be another one now. */
  renegotiate(signal: AbortSignal): Promise<Negotiated> {
    this.#negotiated = undefined;
    return this.negotiate(signal);
  }

  /** One negotiation for all who wait for it; so it does not end with the signal of the one that came first. */
  async negotiate(signal: AbortSignal): Promise<Negotiated> {
    const current = (this.#negotiated ??= this.#readVersion());
    current.catch(() => {
      if (this.#negotiated === current) this.#negotiated = undefined;
    });
    const negotiated = await current;
    if (signal.aborted) throw this.#cancelled();
    return negotiated;
  }

  async #readVersion(): Promise<Negotiated> {
    const version: unknown = await this.api(this.#closing.signal, undefined).version();
    return { apiVersion: negotiate(version), version, windows: object(version)['Os'] === 'windows' };
  }

  #cancelled(): EngineError {
    return new EngineError('cancelled', `${this.#target.connection.endpoint}: cancelled`);
  }
}

import type { Container, EngineInfo, Network } from '../topology/model.ts';
import type { EngineControl } from './control.ts';
import type { EngineProbe } from './probe.ts';
import type { EngineStreams } from './streams.ts';

/**
 * The port to a Docker Engine. Two adapters: `docker/dockerodeEngine.ts` and `recorded.ts`.
 *
 * Architecture invariant: every method rejects with an `EngineError` and with nothing else; every method
 * settles, also against a socket that accepts and never answers; nothing below this port knows the editor.
 */
export interface Engine {
  readonly connection: EngineConnection;
  /** What changes it. */
  readonly control: EngineControl;
  /** Logs and terminals. */
  readonly streams: EngineStreams;
  /** What looks at its machine. */
  readonly probe: EngineProbe;
  /** Negotiates the API version and reads `/info`. Call it first, and again after a lost connection. */
  info(signal?: AbortSignal): Promise<EngineInfo>;
  networks(signal?: AbortSignal): Promise<readonly Read<Network>[]>;
  /** All of them, stopped ones too, each inspected; one that dies in between comes with the list's facts alone. */
  containers(signal?: AbortSignal): Promise<readonly Read<Container>[]>;
  /** Undefined where it is gone. */
  network(id: string, signal?: AbortSignal): Promise<Read<Network> | undefined>;
  /** Undefined where it is gone. */
  container(id: string, signal?: AbortSignal): Promise<Read<Container> | undefined>;
  /**
   * What happened to containers and networks, from `since` (seconds, with fraction, of the engine's clock) on.
   * The promise settles when the engine accepted the subscription, so that a read made after it misses nothing.
   */
  events(listener: EngineEventListener, since?: number): Promise<EventSubscription>;
  close(): void;
}

/** A model and the engine's own record that it was made from. */
export interface Read<T> {
  readonly model: T;
  /** JSON as it arrived, for Inspect. */
  readonly raw: unknown;
}

export interface EngineConnection {
  /** Stable for one way to one engine: the key of remembered things. */
  readonly key: string;
  /** What people call it: a context's name, or the address. */
  readonly label: string;
  /** `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2376`, `ssh://host`, `recording:NAME`. */
  readonly endpoint: string;
  readonly origin: 'setting' | 'DOCKER_HOST' | 'DOCKER_CONTEXT' | 'context' | 'socket' | 'recording';
  /** True for recordings: whatever would change something is not offered. */
  readonly readOnly: boolean;
  /** RFC 3339, of recordings alone. */
  readonly recordedAt?: string;
}

export type EngineEvent =
  | { readonly kind: 'container'; readonly action: string; readonly containerId: string; readonly time: number }
  | {
      readonly kind: 'network';
      readonly action: string;
      readonly networkId: string;
      readonly containerId?: string;
      readonly time: number;
    };

export interface EngineEventListener {
  event(event: EngineEvent): void;
  /** Once, when the stream ends, for whatever reason but `dispose`. */
  closed(error: EngineError): void;
}

export interface EventSubscription {
  dispose(): void;
}

export type EngineErrorKind =
  /** No socket, connection refused, name not found, connection reset. */
  | 'unreachable'
  /** No answer in time. */
  | 'timeout'
  /** The socket's permissions, or a 401/403 from a socket proxy. */
  | 'denied'
  /** The engine is older than API 1.24, or newer than all that this client speaks. */
  | 'unsupported'
  /** What answered is not a Docker Engine: HTML, broken JSON, a truncated stream. */
  | 'protocol'
  | 'notFound'
  | 'conflict'
  /** 400: the engine refused what was asked. */
  | 'invalid'
  /** A change failed, and undoing it failed, too: the message says what is left. */
  | 'rollback'
  /** The engine's own failure (5xx). */
  | 'engine'
  /** This connection only plays a recording. */
  | 'readOnly'
  /** The connection is described in a way that cannot work: an unknown context, a malformed address. */
  | 'configuration'
  | 'cancelled';

/** The one error that leaves an engine adapter. Its wording for people lives in `editor/errorText.ts`. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly kind: EngineErrorKind;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;

  constructor(kind: EngineErrorKind, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.status = options.status;
  }
}

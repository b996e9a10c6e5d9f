import { isIP } from 'node:net';
import { probe } from './probe.ts';
import { Tunnel } from './tunnel.ts';

/** A container of one engine: cloned machines have containers of the same ids. */
export interface ForwardTarget {
  /** Key of the engine. */
  readonly engine: string;
  readonly containerId: string;
}

/** A TCP port of a container that can be reached on a loopback port of this machine while this process lives. */
export interface Forward extends ForwardTarget {
  readonly id: string;
  readonly containerPort: number;
  /** On 127.0.0.1. */
  readonly localPort: number;
  /** `waiting`: the container has no address now, so connections are reset. It is `open` again once it has one. */
  readonly state: 'open' | 'waiting';
  /** False where the newest connection to the container was refused: nothing listens on its port, or not yet. */
  readonly answers: boolean;
  readonly connections: number;
}

export type ForwardFault =
  /** Somebody else listens on the local port. */
  | 'portTaken'
  /** The container does not run, or is on no network that this machine reaches. */
  | 'noAddress'
  /** The container has an address, but nothing comes back from there. */
  | 'unreachable'
  /** This user may not listen on that local port. */
  | 'privileged';

/** Why a forward could not be opened. The message is for the log. */
export class ForwardError extends Error {
  override readonly name = 'ForwardError';
  readonly kind: ForwardFault;

  constructor(kind: ForwardFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export interface ForwardLimits {
  /** Milliseconds that a container's port gets to accept or refuse a connection. */
  readonly answerMs: number;
  /** At the same time, for each forward; more are reset. */
  readonly connections: number;
}

const defaultLimits: ForwardLimits = { answerMs: 2_000, connections: 256 };

/** Connections come and go by the hundred: those who show their number hear of it in this rhythm. */
const countingMs = 100;

/**
 * Temporary forwards: what can be done for a container that runs already, without touching it.
 *
 * Architecture invariant: listens on 127.0.0.1 only, and no listener and no connection outlives its forward, nor any
 * forward this object.
 */
export class Forwards {
  readonly #addressOf: (target: ForwardTarget) => string | undefined;
  readonly #log: (line: string) => void;
  readonly #limits: ForwardLimits;
  readonly #tunnels = new Map<string, Tunnel>();
  readonly #opening = new Set<Promise<unknown>>();
  readonly #end = new AbortController();
  readonly #listeners = new Set<() => void>();
  #opened = 0;
  #counting: ReturnType<typeof setTimeout> | undefined;

  /**
   * `addressOf`: the container's IP now, without prefix length; undefined where that address would not be the container's
   * on this machine. Asked at each connection: a restart may change it.
   */
  constructor(
    addressOf: (target: ForwardTarget) => string | undefined,
    log: (line: string) => void,
    limits: Partial<ForwardLimits> = {},
  ) {
    this.#addressOf = (target) => {
      const address = addressOf(target);
      // A name would be looked up, and lead wherever the resolver says.
      return address === undefined || isIP(address) === 0 ? undefined : address;
    };
    this.#log = log;
    this.#limits = { ...defaultLimits, ...limits };
  }

  /**
   * A forward came or went, was answered or refused, or has more or fewer connections. Not when a container starts or
   * stops: whoever knows its address knows that.
   */
  readonly onDidChange = (listener: () => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };

  /** In the order in which they were opened. */
  list(): readonly Forward[] {
    return [...this.#tunnels.values()].map((tunnel) => this.#describe(tunnel));
  }

  /**
   * Resolves when it can be used. `localPort` 0 takes a free one. Rejects with a `ForwardError`; a port that refuses is
   * no error, since a server may come later: see `answers`.
   */
  open(target: ForwardTarget, containerPort: number, localPort: number): Promise<Forward> {
    const opening = this.#open(target, containerPort, localPort);
    this.#opening.add(opening);
    const forget = (): void => void this.#opening.delete(opening);
    opening.then(forget, forget);
    return opening;
  }

  /** Resets its connections. Resolves when the local port is free again; at once for an unknown id. */
  async close(id: string): Promise<void> {
    const tunnel = this.#tunnels.get(id);
    if (tunnel === undefined) return;
    this.#tunnels.delete(id);
    await tunnel.close();
    this.#log(`forward ${tunnel.label} ended`);
    this.#changed();
  }

  /** Ends those of all other engines, by key: nobody sees any more where these lead. */
  async keepEngines(engines: ReadonlySet<string>): Promise<void> {
    const left = [...this.#tunnels.values()].filter(({ target }) => !engines.has(target.engine));
    await Promise.all(left.map(({ id }) => this.close(id)));
  }

  /** Ends all of them, and what is being opened. */
  async dispose(): Promise<void> {
    this.#end.abort(new Error('no forwards are opened any more'));
    this.#listeners.clear();
    clearTimeout(this.#counting);
    await Promise.allSettled([...this.#opening, ...[...this.#tunnels.keys()].map((id) => this.close(id))]);
  }

  async #open(target: ForwardTarget, containerPort: number, localPort: number): Promise<Forward> {
    this.#end.signal.throwIfAborted();
    const address = this.#addressOf(target);
    if (address === undefined) throw noAddress(target);
    const answers = await probe(address, containerPort, this.#limits.answerMs, this.#end.signal).catch(
      (cause: unknown) => {
        this.#end.signal.throwIfAborted();
        throw new ForwardError('unreachable', `${address} does not answer on port ${containerPort}`, { cause });
      },
    );
    const tunnel = new Tunnel(
      {
        id: `${++this.#opened}`,
        target,
        containerPort,
        answers,
        address: () => this.#addressOf(target),
        ...this.#limits,
      },
      { log: this.#log, changed: () => this.#changedSoon() },
    );
    await tunnel.listen(localPort).catch((cause: unknown) => {
      throw faultOf(cause, localPort) ?? cause;
    });
    if (this.#end.signal.aborted) {
      await tunnel.close();
      this.#end.signal.throwIfAborted();
    }
    // Its engine went while the container was asked.
    if (this.#addressOf(target) === undefined) {
      await tunnel.close();
      throw noAddress(target);
    }
    this.#tunnels.set(tunnel.id, tunnel);
    this.#log(`forward ${tunnel.label} opened${answers ? '' : ': nothing listens there yet'}`);
    this.#changed();
    return this.#describe(tunnel);
  }

  #describe({ id, target, containerPort, localPort, answers, connections }: Tunnel): Forward {
    const state = this.#addressOf(target) === undefined ? 'waiting' : 'open';
    const { engine, containerId } = target;
    return { id, engine, containerId, containerPort, localPort, state, answers, connections };
  }

  #changed(): void {
    clearTimeout(this.#counting);
    this.#counting = undefined;
    for (const listener of [...this.#listeners]) listener();
  }

  #changedSoon(): void {
    if (this.#end.signal.aborted) return;
    this.#counting ??= setTimeout(() => this.#changed(), countingMs);
  }
}

function faultOf(cause: unknown, localPort: number): ForwardError | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') return new ForwardError('portTaken', `port ${localPort} is taken`, { cause });
  if (code === 'EACCES' || code === 'EPERM')
    return new ForwardError('privileged', `port ${localPort} may not be used by this user`, { cause });
  return undefined;
}

function noAddress({ containerId }: ForwardTarget): ForwardError {
  return new ForwardError('noAddress', `container ${containerId.slice(0, 12)} has no address`);
}

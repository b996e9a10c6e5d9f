import { connect, createServer, type Server, type Socket } from 'node:net';

export interface TunnelEnds {
  readonly id: string;
  readonly target: { readonly engine: string; readonly containerId: string };
  readonly containerPort: number;
  /** Whether something listened there when it was tried. */
  readonly answers: boolean;
  /** The container's, now. */
  readonly address: () => string | undefined;
  readonly answerMs: number;
  /** At the same time. */
  readonly connections: number;
}

export interface TunnelReports {
  readonly log: (line: string) => void;
  readonly changed: () => void;
}

/** A container that lost its network says nothing: its connections are asked for a sign of life after this silence. */
const keepAliveMs = 30_000;

const loopback = '127.0.0.1';

/** One local port and the connections that came through it. */
export class Tunnel {
  readonly #ends: TunnelEnds;
  readonly #reports: TunnelReports;
  readonly #server: Server;
  /** Client and container of each connection. */
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #answers: boolean;
  #localPort = 0;
  #lastFault: string | undefined;

  constructor(ends: TunnelEnds, reports: TunnelReports) {
    this.#ends = ends;
    this.#reports = reports;
    this.#answers = ends.answers;
    // A side that has said all may still listen; and nothing is read from a client before the container takes it.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) =>
      this.#accept(client),
    );
    this.#server.maxConnections = ends.connections;
    this.#server.on('drop', () => this.#fault(`more than ${ends.connections} connections at once`));
  }

  get id(): string {
    return this.#ends.id;
  }

  get target(): TunnelEnds['target'] {
    return this.#ends.target;
  }

  get containerPort(): number {
    return this.#ends.containerPort;
  }

  get localPort(): number {
    return this.#localPort;
  }

  get answers(): boolean {
    return this.#answers;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  get label(): string {
    return `${loopback}:${this.#localPort} -> ${this.target.containerId.slice(0, 12)}:${this.containerPort}`;
  }

  /** 0 takes a free port. Rejects with Node's own error. */
  listen(localPort: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: loopback, port: localPort, exclusive: true }, () => {
        const bound = this.#server.address();
        this.#localPort = bound !== null && typeof bound !== 'string' ? bound.port : localPort;
        this.#server.off('error', reject);
        // No file descriptor is left to accept with, for example: the connection waits until there is.
        this.#server.on('error', (error) => this.#fault(error.message));
        resolve();
      });
    });
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const pair of this.#pairs) for (const socket of pair) cut(socket);
    return closed;
  }

  #accept(client: Socket): void {
    // Whatever the error, `close` follows it.
    client.on('error', ignore);
    const address = this.#ends.address();
    if (address === undefined) {
      this.#fault('the container has no address now');
      cut(client);
      return;
    }
    const target = connect({
      host: address,
      port: this.containerPort,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
    });
    const pair = [client, target] as const;
    this.#pairs.add(pair);
    this.#reports.changed();
    const late = setTimeout(() => target.destroy(new Error('no answer')), this.#ends.answerMs);
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'ECONNREFUSED') this.#setAnswers(false);
      this.#fault(`${address}: ${error.message}`);
    };
    target.on('error', ignore).once('error', failed);
    target.once('connect', () => {
      clearTimeout(late);
      // How a connection ends is between client and container.
      target.off('error', failed);
      this.#setAnswers(true);
      this.#lastFault = undefined;
      client.pipe(target);
      target.pipe(client);
    });
    const closed = (mine: Socket, other: Socket) => () => {
      clearTimeout(late);
      // Not a good end: the other side must not take what it got so far for all there was.
      if (!mine.readableEnded || !mine.writableFinished) cut(other);
      if (other.closed && this.#pairs.delete(pair)) this.#reports.changed();
    };
    client.once('close', closed(client, target));
    target.once('close', closed(target, client));
  }

  #setAnswers(answers: boolean): void {
    if (this.#answers === answers) return;
    this.#answers = answers;
    this.#reports.changed();
  }

  /** A client that tries again and again fills no log. */
  #fault(what: string): void {
    if (what !== this.#lastFault) this.#reports.log(`forward ${this.label}: ${what}`);
    this.#lastFault = what;
  }
}

/** With a reset, where there is a connection to reset. */
function cut(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}

function ignore(): void {
  // said elsewhere
}

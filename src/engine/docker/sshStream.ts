import { spawn, type ChildProcessByStdio } from 'node:child_process';
import * as http from 'node:http';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { EngineError } from '../engine.ts';
import { snippet } from './errors.ts';
import type { SshDestination } from './target.ts';

const maxStderr = 4096;

/**
 * The arguments with which the docker command itself starts ssh (docker/cli, cli/connhelper/ssh), and `BatchMode`:
 * nobody could answer a question of a process without a terminal. Keys, jump hosts and known hosts are the business of
 * the person's own configuration.
 */
function sshArguments({ user, host, port, socketPath }: SshDestination): string[] {
  return [
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T'],
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
    'docker',
    // What follows the host is read by the shell of the other side.
    ...(socketPath === undefined ? [] : ['--host', quoted(`unix://${socketPath}`)]),
    'system',
    'dial-stdio',
  ];
}

/** One word for a POSIX shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Connections that are each a process: `ssh … docker system dial-stdio`, whose standard streams are the connection. */
export class SshAgent extends http.Agent {
  readonly #destination: SshDestination;

  constructor(destination: SshDestination, options: http.AgentOptions) {
    super(options);
    this.#destination = destination;
  }

  override createConnection(): Duplex {
    const child = spawn('ssh', sshArguments(this.#destination), { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    return new ProcessStream(child, this.#destination.host);
  }
}

/** A process as a connection, with those methods of a socket that node's HTTP client calls. */
class ProcessStream extends Duplex {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #host: string;
  #stderr = '';
  #idleMs = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, host: string) {
    super({ allowHalfOpen: false });
    this.#child = child;
    this.#host = host;
    child.stdout.on('data', (chunk: Buffer) => {
      this.#restartIdle();
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      // A banner comes first, the reason last.
      this.#stderr = (this.#stderr + chunk.toString()).slice(-maxStderr);
    });
    // A write to a process that is gone is told by its exit.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => this.destroy(notStarted(cause)));
    // After the last byte of all its streams, so that the reason is complete.
    child.on('close', (code, signal) => {
      if (code === 0) this.push(null);
      else this.destroy(this.#ended(code, signal));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#restartIdle();
    this.#child.stdin.write(chunk, (error) => {
      // The exit says why; until then the HTTP client shall not learn that a pipe is broken.
      if (error === null || error === undefined || this.destroyed) done();
      else this.#child.once('close', () => done());
    });
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#idle);
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#child.kill();
    done(error);
  }

  /** With 0 the listener goes, as a socket's does: the HTTP client hands each request's back that way. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    if (listener !== undefined && milliseconds === 0) this.removeListener('timeout', listener);
    else if (listener !== undefined) this.once('timeout', listener);
    this.#idleMs = milliseconds;
    this.#restartIdle();
    return this;
  }

  /** ssh has its own: ServerAliveInterval. */
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    this.#child.ref();
    return this;
  }

  unref(): this {
    this.#child.unref();
    return this;
  }

  #restartIdle(): void {
    clearTimeout(this.#idle);
    if (this.#idleMs > 0) this.#idle = setTimeout(() => this.emit('timeout'), this.#idleMs).unref();
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): EngineError {
    const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with code ${code}`;
    const said = snippet(this.#stderr.trim().split('\n').slice(-2).join('\n'));
    return new EngineError('unreachable', `ssh to ${this.#host} ${how}${said === '' ? '' : `: ${said}`}`);
  }
}

function notStarted(cause: Error): EngineError {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new EngineError(
    'configuration',
    missing ? 'the program ssh is not on the PATH of the extension host' : `ssh cannot be started: ${cause.message}`,
    { cause },
  );
}

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import * as http from 'node:http';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { EngineError } from '../engine.ts';
import { snippet } from './errors.ts';
import type { SshDestination } from './target.ts';

const maxStderr = 4096;

/** The command on the other machine that leads to its engine. */
type Program = 'docker' | 'podman';

/**
 * With what a far side ends that has Podman in place of Docker: its shell found no `docker`, or `docker` is Podman under
 * another name, which then looks for no engine. Which one it has is not asked by a script: that would need a POSIX shell
 * there, and an engine on Windows has none.
 */
const noDocker: readonly (number | null)[] = [127, 125];

/**
 * The arguments with which the docker command itself starts ssh (docker/cli, cli/connhelper/ssh), and `BatchMode`:
 * nobody could answer a question of a process without a terminal. Keys, jump hosts and known hosts are the business of
 * the person's own configuration.
 */
function sshArguments({ user, host, port, socketPath }: SshDestination, program: Program): string[] {
  return [
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T'],
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
    // Only the remote one has a socket where nobody says which.
    ...(program === 'docker' ? ['docker'] : ['podman', '--remote']),
    // What follows the host is read by the shell of the other side. Podman takes `--host` too.
    ...(socketPath === undefined ? [] : ['--host', quoted(`unix://${socketPath}`)]),
    'system',
    'dial-stdio',
  ];
}

/** One word for a POSIX shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Connections that are each a process: `ssh … docker system dial-stdio`, whose standard streams are the connection. Where
 * there is no `docker` on the other side, `podman` from then on.
 */
export class SshAgent extends http.Agent {
  readonly #destination: SshDestination;
  #program: Program = 'docker';

  constructor(destination: SshDestination, options: http.AgentOptions) {
    super(options);
    this.#destination = destination;
  }

  override createConnection(): Duplex {
    const podman = (): SshChild => this.#spawn('podman');
    return this.#program === 'podman'
      ? new ProcessStream(podman(), this.#destination.host)
      : new ProcessStream(this.#spawn('docker'), this.#destination.host, {
          start: podman,
          answered: () => (this.#program = 'podman'),
        });
  }

  #spawn(program: Program): SshChild {
    const args = sshArguments(this.#destination, program);
    return spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  }
}

type SshChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** What is tried where the other side has no `docker`. */
interface Fallback {
  start(): SshChild;
  /** It is the right one. */
  answered(): void;
}

/** A process as a connection, with those methods of a socket that node's HTTP client calls. */
class ProcessStream extends Duplex {
  #child: SshChild;
  readonly #host: string;
  /** Until the other side has said something. */
  #fallback: Fallback | undefined;
  /** What the fallback is told again: the beginning of a request. */
  #sent: Buffer[] = [];
  #stderr = '';
  #idleMs = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(child: SshChild, host: string, fallback?: Fallback) {
    super({ allowHalfOpen: false });
    this.#child = child;
    this.#host = host;
    this.#fallback = fallback;
    this.#attach(child, () => undefined);
  }

  #attach(child: SshChild, answered: () => void): void {
    child.stdout.once('data', () => {
      this.#fallback = undefined;
      this.#sent = [];
      answered();
    });
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
      if (this.destroyed) return;
      if (this.#fallback !== undefined && noDocker.includes(code)) this.#fallBack(this.#fallback);
      else if (code === 0) this.push(null);
      else this.destroy(this.#ended(code, signal));
    });
  }

  #fallBack(fallback: Fallback): void {
    this.#fallback = undefined;
    this.#child = fallback.start();
    this.#attach(this.#child, () => fallback.answered());
    for (const chunk of this.#sent) this.#child.stdin.write(chunk);
    this.#sent = [];
    if (this.writableFinished) this.#child.stdin.end();
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#restartIdle();
    if (this.#fallback !== undefined) this.#sent.push(chunk);
    const child = this.#child;
    child.stdin.write(chunk, (error) => {
      // The exit says why; until then the HTTP client shall not learn that a pipe is broken.
      if (error === null || error === undefined || this.destroyed) done();
      else child.once('close', () => done());
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
    // Each cut by itself: of two the second says more.
    const lines = this.#stderr.trim().split('\n').slice(-2).map(snippet);
    const said = lines.filter((line) => line !== '').join(' ');
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

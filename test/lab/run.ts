import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** A command that ended with another status than 0; the message carries what it wrote to stderr. */
class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly status: number | undefined;
  readonly stderr: string;

  constructor(command: readonly string[], status: number | undefined, stderr: string) {
    super(
      `${command.join(' ')}: ${status === undefined ? 'was ended by a signal' : `status ${status}`}: ${stderr.trim()}`,
    );
    this.status = status;
    this.stderr = stderr;
  }
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

/** Runs a program without a shell and resolves with its stdout. Rejects with a `CommandError`. */
export function run(command: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  const [program, ...args] = command;
  return outputOf(spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }), command);
}

/** What a child with piped output writes until it ends; `command` is how an error names it. */
export function outputOf(child: ChildProcess, command: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve(Buffer.concat(out).toString());
      else reject(new CommandError(command, status ?? undefined, Buffer.concat(err).toString()));
    });
  });
}

/** The same, waiting: for removal, which also has to work in an `exit` handler. Returns stdout. */
export function runSync(command: readonly [string, ...string[]]): string {
  const [program, ...args] = command;
  const result = spawnSync(program, args, { encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new CommandError(command, result.status ?? undefined, result.stderr);
  return result.stdout;
}

/** Polls until `probe` answers with something other than undefined. Rejects after `timeoutMs`, naming `what`. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 30_000,
  stepMs = 50,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Undo = () => void | Promise<void>;

/** What a tool has started, and how to undo it: last in, first out, each even if another one fails. */
export class Lifetime {
  readonly #undo: Undo[] = [];
  readonly #ended = new AbortController();
  #disposal: Promise<void> | undefined;

  /** Aborted when the end begins: by Ctrl-C, by a failure, or because all is done. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** What comes after the end is undone at once. */
  async add(undo: Undo): Promise<void> {
    if (this.#disposal === undefined) this.#undo.push(undo);
    else await undo();
  }

  /** A directory of its own under the system's temporary one, removed at the end. */
  async directory(name: string): Promise<string> {
    const path = await makeThrowaway(name);
    await this.add(() => removeDirectory(path));
    return path;
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#end();
    return this.#disposal;
  }

  async #end(): Promise<void> {
    this.#ended.abort();
    for (const undo of this.#undo.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        console.error('While cleaning up:', error);
      }
    }
  }
}

/** `dne-NAME-…` under the system's temporary directory, readable by its owner alone. */
export function makeThrowaway(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `dne-${name}-`));
}

export function removeDirectory(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** A secret that nobody can guess, for URLs. */
export function randomToken(): string {
  return randomUUID().replaceAll('-', '');
}

/**
 * The main function of a tool: whatever way it ends (done, failed, Ctrl-C, SIGTERM, its terminal closed, its parent
 * killed), what it added to its lifetime is undone before the process exits.
 */
export async function runTool(main: (life: Lifetime) => Promise<number>): Promise<never> {
  const life = new Lifetime();
  let leaving: number | undefined;
  const leave = (code: number): void => {
    if (leaving !== undefined) return;
    leaving = code;
    void life.dispose().then(() => process.exit(code));
  };
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));
  process.on('SIGHUP', () => leave(129));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) leave(143);
  }, 1000).unref();
  let code: number;
  try {
    code = await main(life);
  } catch (error) {
    if (leaving === undefined) console.error(error instanceof ToolError ? error.message : error);
    code = 1;
  }
  await life.dispose();
  process.exit(leaving ?? code);
}

/** A failure whose message says everything that a person needs: shown without a stack. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

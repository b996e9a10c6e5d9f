import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../engine.ts';
import type { ExecSpec } from '../streams.ts';
import type { DockerClient } from './client.ts';
import { dialDuplex, dialStream } from './dial.ts';
import { filled, natural, object } from './json.ts';
import { snippet, toEngineError } from './errors.ts';
import { detachKeys, HijackedTerminal, type TerminalProcess } from './terminalStream.ts';

/** In the environment of whatever runs in such a terminal, so that it can be found again. */
const marker = 'DOCKER_NETWORK_EXPLORER_TERMINAL';

/**
 * Of the processes with the mark in their environment the one that leads a session with a terminal, but none that
 * was started by another of them: a terminal multiplexer's shells live on. Fields of man 5 proc_pid_stat: 2 is the
 * parent, 4 the session, 5 the terminal, counted from the state on.
 */
const hangUpScript = `
mark=$1
for process in /proc/[0-9]*; do
  grep -q "$mark" $process/environ && read -r line <$process/stat || continue
  set -- \${line##*) }
  [ $4 = \${process#/proc/} ] && [ $5 != 0 ] && ! grep -q "$mark" /proc/$2/environ && kill -HUP $4
done 2>/dev/null`;

/** For the engine to start the process, or to note its end. */
const patienceMs = 5_000;

/** `docker exec -it`. Rejects with `conflict` where the container does not run, `notFound` where the command does not exist. */
export async function openExec(
  client: DockerClient,
  apiVersion: string,
  bound: AbortSignal,
  containerId: string,
  spec: ExecSpec,
): Promise<HijackedTerminal> {
  const id = randomUUID();
  const exec = await createExec(client, apiVersion, bound, containerId, {
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
    DetachKeys: detachKeys,
    Cmd: spec.command,
    Env: [`${marker}=${id}`],
    // Since API 1.42; older engines leave it out of account.
    ConsoleSize: [spec.rows, spec.columns],
    ...(spec.user === undefined ? {} : { User: spec.user }),
  });
  const calls = new ExecCalls(client, apiVersion, exec);
  const socket = await dialDuplex(client.api(bound, apiVersion), {
    path: `/exec/${exec}/start`,
    method: 'POST',
    options: { Detach: false, Tty: true },
  });
  const abandon = (): void => void hangUp(client, apiVersion, containerId, id, spec.user);
  const began = await calls.begin(bound).catch((error: unknown) => {
    socket.destroy();
    abandon();
    throw error;
  });
  if (began === 'neverRan') throw await refusal(socket, spec);
  const terminal = new HijackedTerminal(socket, {
    resize: (columns, rows) => calls.resize(columns, rows),
    exitCode: () => calls.exitCode(),
    abandon,
  });
  terminal.resize(spec.columns, spec.rows);
  return terminal;
}

async function createExec(
  client: DockerClient,
  apiVersion: string,
  signal: AbortSignal | undefined,
  containerId: string,
  body: object,
): Promise<string> {
  const container = client.api(signal, apiVersion).getContainer(encodeURIComponent(containerId));
  const id = filled(object(await container.exec(body)).id);
  if (id === undefined) throw new EngineError('protocol', `POST /containers/${containerId}/exec: the answer has no id`);
  return encodeURIComponent(id);
}

/** What an engine knows of one exec. */
class ExecCalls implements Pick<TerminalProcess, 'resize' | 'exitCode'> {
  readonly #client: DockerClient;
  readonly #apiVersion: string;
  readonly #id: string;

  constructor(client: DockerClient, apiVersion: string, id: string) {
    this.#client = client;
    this.#apiVersion = apiVersion;
    this.#id = id;
  }

  /** Waits until the process runs, ran, or could not be run: the engine answers before it tries. */
  async begin(signal: AbortSignal): Promise<'ran' | 'neverRan'> {
    const end = performance.now() + patienceMs;
    for (let pause = 5; performance.now() < end; pause = Math.min(2 * pause, 200)) {
      const { running, pid, exitCode } = await this.#state(signal);
      // A process that ended keeps its id. One that never was gets 126 or 127 (moby, daemon/exec.go).
      if (pid > 0) return 'ran';
      if (!running && exitCode !== undefined && exitCode !== 0) return 'neverRan';
      await sleep(pause);
    }
    return 'ran';
  }

  async exitCode(): Promise<number | undefined> {
    const end = performance.now() + patienceMs;
    try {
      for (let pause = 10; performance.now() < end; pause = Math.min(2 * pause, 500)) {
        const { running, exitCode } = await this.#state(undefined);
        if (!running) return exitCode;
        await sleep(pause);
      }
    } catch {
      // The engine or the container is gone.
    }
    return undefined;
  }

  async resize(columns: number, rows: number): Promise<void> {
    try {
      await this.#client.api(undefined, this.#apiVersion).getExec(this.#id).resize({ h: rows, w: columns });
    } catch {
      // It ended in between.
    }
  }

  async #state(signal: AbortSignal | undefined) {
    const answer = object(await this.#client.api(signal, this.#apiVersion).getExec(this.#id).inspect());
    const { ExitCode: code } = answer;
    return {
      running: answer['Running'] === true,
      pid: natural(answer['Pid']),
      exitCode: typeof code === 'number' ? code : undefined,
    };
  }
}

/** The engine writes its reason to where the process would have written. */
async function refusal(socket: Duplex, { command, user }: ExecSpec): Promise<EngineError> {
  const said = await textUntilEnd(socket);
  const as = user === undefined ? '' : ` as ${user}`;
  return new EngineError('notFound', `cannot run ${JSON.stringify(command[0] ?? '')}${as} in the container: ${said}`);
}

function textUntilEnd(socket: Duplex): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const done = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(snippet(text));
    };
    const timer = setTimeout(done, 1000);
    socket.on('data', (chunk: Buffer) => {
      if (text.length < 4096) text += chunk.toString();
    });
    socket.once('end', done);
    socket.once('close', done);
    if (socket.destroyed) done();
  });
}

/**
 * Does what the kernel does when a terminal is closed: tells the session's leader, whose end takes the foreground job
 * along. The engine itself leaves the process running when its connection ends (moby#9098). Where the container has
 * no `sh` or no `grep` nothing comes of it.
 */
async function hangUp(
  client: DockerClient,
  apiVersion: string,
  containerId: string,
  id: string,
  user: string | undefined,
): Promise<void> {
  try {
    const exec = await createExec(client, apiVersion, undefined, containerId, {
      Cmd: ['sh', '-c', hangUpScript, 'sh', `${marker}=${id}`],
      ...(user === undefined ? {} : { User: user }),
    });
    const request = { path: `/exec/${exec}/start`, method: 'POST', options: { Detach: true } };
    // dockerode's own method hands out the answer unread, and an answer that nobody reads keeps its connection.
    (await dialStream(client.api(undefined, apiVersion), request)).resume();
  } catch (error) {
    client.log?.info(`a terminal in ${containerId} was left: ${toEngineError(error).message}`);
  }
}

import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../engine.ts';
import type { ExecSpec } from '../streams.ts';
import { EngineCalls, isUncertain } from './calls.ts';
import type { DockerClient, Negotiated } from './client.ts';
import { dialDuplex, dialStream } from './dial.ts';
import { toEngineError } from './errors.ts';
import { type JsonObject, object } from './json.ts';
import { sweepTools, toolsLabels } from './toolsOwner.ts';
import { detachKeys, HijackedTerminal, type TerminalProcess } from './terminalStream.ts';

/** Milliseconds before each attempt to remove a container whose creation was not answered. */
const lookups = [0, 250, 750, 1500] as const;

/** For the engine to remove the container after its terminal closed. */
const removalMs = 5_000;

/**
 * `docker run -it --rm --network container:ID --cap-add NET_ADMIN --cap-add NET_RAW --log-driver none IMAGE COMMAND`:
 * with these two capabilities `ip`, `tc` and `tcpdump` may do all in that namespace, and what is typed is written
 * nowhere. Rejects with `conflict` where the container does not run, `notFound` where the image or the command does
 * not exist. Its labels tell it from a person's own containers. `changeMs`: for its creation, and for its start.
 */
export async function openToolsContainer(
  client: DockerClient,
  negotiated: Negotiated,
  bound: AbortSignal,
  changeMs: number,
  containerId: string,
  image: string,
  spec: ExecSpec,
): Promise<HijackedTerminal> {
  await requireRunning(new EngineCalls(client, negotiated, bound, changeMs), containerId);
  // Who breaks a change off does not know whether it happened, so the signal ends none of them.
  const calls = new EngineCalls(client, negotiated, new AbortController().signal, changeMs);
  void sweepTools(client, calls);
  const container = new ToolsContainer(client, calls);
  let socket: Duplex | undefined;
  let removal: IncomingMessage | undefined;
  try {
    await container.create(bodyOf(containerId, image, spec));
    socket = await container.attach(bound);
    // Before the start: a process may end faster than a request travels.
    removal = await container.removal(bound);
    await container.start(image, spec);
    const terminal = new HijackedTerminal(socket, container.process(removal));
    terminal.resize(spec.columns, spec.rows);
    return terminal;
  } catch (error) {
    socket?.destroy();
    removal?.destroy();
    await container.remove();
    throw bound.aborted ? new EngineError('cancelled', `${container.name}: cancelled`, { cause: error }) : error;
  }
}

class ToolsContainer {
  readonly name = `docker-network-explorer-${randomBytes(6).toString('hex')}`;
  readonly #client: DockerClient;
  readonly #calls: EngineCalls;

  constructor(client: DockerClient, calls: EngineCalls) {
    this.#client = client;
    this.#calls = calls;
  }

  async create(body: JsonObject): Promise<void> {
    try {
      await this.#calls.createContainer(this.name, body);
    } catch (error) {
      // The engine may still be at it.
      if (isUncertain(toEngineError(error))) {
        for (const ms of lookups) {
          await sleep(ms);
          if (await this.remove()) break;
        }
      }
      throw error;
    }
  }

  attach(signal: AbortSignal): Promise<Duplex> {
    return dialDuplex(this.#api(signal), {
      path: `/containers/${this.name}/attach?`,
      method: 'POST',
      options: { stream: '1', stdin: '1', stdout: '1', stderr: '1', detachKeys },
    });
  }

  /** An answer that ends when the container is gone. */
  removal(signal: AbortSignal): Promise<IncomingMessage> {
    return dialStream(this.#api(signal), {
      path: `/containers/${this.name}/wait?`,
      method: 'POST',
      options: { condition: 'removed' },
    });
  }

  async start(image: string, { command }: ExecSpec): Promise<void> {
    try {
      await this.#calls.start(this.name);
    } catch (error) {
      // With nothing mounted, 400 says that the command cannot be run (moby, daemon/errors.go, translateContainerdStartErr).
      if (!(error instanceof EngineError) || error.kind !== 'invalid') throw error;
      const what = command[0] === undefined ? "the image's command" : JSON.stringify(command[0]);
      throw new EngineError('notFound', `cannot run ${what} in ${image}: ${error.message}`, { cause: error });
    }
  }

  process(removal: IncomingMessage): TerminalProcess {
    const left = readExitCode(removal);
    return {
      resize: async (columns, rows) => {
        const container = this.#api(undefined).getContainer(this.name);
        // It ended in between.
        await container.resize({ h: rows, w: columns }).catch(() => undefined);
      },
      exitCode: async () => {
        const code = await within(left, removalMs);
        removal.destroy();
        if (code === undefined) await this.remove();
        return code;
      },
      abandon: () => {
        removal.destroy();
        void this.remove();
      },
    };
  }

  /** True where it was there. Never rejects. */
  async remove(): Promise<boolean> {
    try {
      await this.#calls.remove(this.name, { force: true, volumes: true });
      return true;
    } catch (error) {
      // It ended and the engine removed it, or is about to.
      const { kind, message } = toEngineError(error);
      if (kind !== 'notFound' && kind !== 'conflict') this.#client.log?.warn(message);
      return kind === 'conflict';
    }
  }

  #api(signal: AbortSignal | undefined) {
    return this.#client.api(signal, this.#calls.apiVersion);
  }
}

async function requireRunning(calls: EngineCalls, containerId: string): Promise<void> {
  const state = object((await calls.inspect(containerId))['State']);
  if (state['Running'] === true) return;
  const said = `${containerId} does not run (${String(state['Status'])}): it has no network namespace`;
  throw new EngineError('conflict', said);
}

function bodyOf(containerId: string, image: string, { command, user, rows, columns }: ExecSpec): JsonObject {
  return {
    Image: image,
    ...(command.length === 0 ? {} : { Cmd: command }),
    ...(user === undefined ? {} : { User: user }),
    Tty: true,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Labels: toolsLabels(),
    HostConfig: {
      NetworkMode: `container:${containerId}`,
      AutoRemove: true,
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      LogConfig: { Type: 'none' },
      // Since API 1.42; older engines leave it out of account.
      ConsoleSize: [rows, columns],
    },
  };
}

/** `{ "StatusCode": 0 }`, when it comes. Undefined where the connection breaks. */
async function readExitCode(removal: IncomingMessage): Promise<number | undefined> {
  let body = '';
  try {
    for await (const chunk of removal as AsyncIterable<Buffer>) if (body.length < 65_536) body += chunk.toString();
    const code = object(JSON.parse(body))['StatusCode'];
    return typeof code === 'number' ? code : undefined;
  } catch {
    return undefined;
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

import { EngineError } from '../engine.ts';
import type { EngineStreams, ExecSpec, LogOptions, LogSink, LogSubscription, TerminalStream } from '../streams.ts';
import type { DockerClient, Negotiated } from './client.ts';
import { dialStream } from './dial.ts';
import { sinceParameter } from './eventStream.ts';
import { openExec } from './execTerminal.ts';
import { followLog } from './followLog.ts';
import { filled, object } from './json.ts';
import type { HijackedTerminal } from './terminalStream.ts';
import { openToolsContainer } from './toolsContainer.ts';

/** Creating and starting a container takes longer than a read. */
const patience = 6;

/** Logs and terminals of a Docker Engine. */
export class DockerStreams implements EngineStreams {
  readonly #client: DockerClient;
  readonly #changeMs: number;
  readonly #open = new Set<{ dispose(): void }>();

  /** `timeoutMs`: of a read. */
  constructor(client: DockerClient, timeoutMs: number) {
    this.#client = client;
    this.#changeMs = timeoutMs * patience;
  }

  logs(containerId: string, options: LogOptions, sink: LogSink): Promise<LogSubscription> {
    return this.#client.guard(undefined, async (bound) => {
      const { apiVersion } = await this.#client.negotiate(bound);
      const api = this.#client.api(bound, apiVersion);
      const id = encodeURIComponent(containerId);
      const inspect = object(await api.getContainer(id).inspect());
      const stream = await dialStream(api, {
        path: `/containers/${id}/logs?`,
        method: 'GET',
        options: {
          follow: options.follow,
          stdout: options.stdout,
          stderr: options.stderr,
          timestamps: true,
          tail: String(options.tail),
          ...(options.since === undefined ? {} : { since: sinceParameter(options.since) }),
        },
      }).catch((error: unknown) => {
        throw unreadable(error, inspect);
      });
      const where = `GET /containers/${containerId}/logs`;
      if (/^text\/html\b/i.test(stream.headers['content-type'] ?? '')) {
        stream.destroy();
        throw new EngineError('protocol', `${where}: the answer is a page, no log`);
      }
      const subscription = followLog(stream, object(inspect['Config'])['Tty'] === true, where, sink);
      this.#keep(subscription, (over) => stream.once('close', over));
      return subscription;
    });
  }

  exec(containerId: string, spec: ExecSpec): Promise<TerminalStream> {
    return this.#terminal(({ apiVersion }, bound) => openExec(this.#client, apiVersion, bound, containerId, spec));
  }

  openInNamespace(containerId: string, image: string, spec: ExecSpec): Promise<TerminalStream> {
    return this.#terminal((negotiated, bound) =>
      openToolsContainer(this.#client, negotiated, bound, this.#changeMs, containerId, image, spec),
    );
  }

  /** After the client's: what a terminal leaves behind on the engine is removed by requests that the client does not end. */
  close(): void {
    for (const each of this.#open) each.dispose();
    this.#open.clear();
  }

  #terminal(open: (negotiated: Negotiated, bound: AbortSignal) => Promise<HijackedTerminal>): Promise<TerminalStream> {
    return this.#client.guard(undefined, async (bound) => {
      const terminal = await open(await this.#client.negotiate(bound), bound);
      this.#keep(terminal, (over) => terminal.onOver(over));
      return terminal;
    });
  }

  #keep(opened: { dispose(): void }, whenOver: (over: () => void) => void): void {
    this.#open.add(opened);
    whenOver(() => this.#open.delete(opened));
    if (this.#client.closed) opened.dispose();
  }
}

/** 501 is for log drivers that keep nothing, `none` among them. */
function unreadable(error: unknown, inspect: object): unknown {
  if (!(error instanceof EngineError) || error.status !== 501) return error;
  const driver = filled(object(object(object(inspect)['HostConfig'])['LogConfig'])['Type']) ?? 'unknown';
  const message = `the container's log driver, ${driver}, keeps no log that the engine could read`;
  return new EngineError('invalid', message, { cause: error, status: 501 });
}

import * as http from 'node:http';
import * as https from 'node:https';
import { EngineError } from '../engine.ts';
import { networkError, snippet, statusError } from './errors.ts';

/** One request and its answer. Architecture invariant: the promise settles, whatever the other side does, and no late error escapes. */
export interface Exchange {
  readonly options: https.RequestOptions;
  readonly secure: boolean;
  /**
   * `value`: the parsed JSON of the answer, undefined for an empty one. `stream`: the answer itself when its headers
   * are there; it may take for ever. `duplex`: the connection's two directions, after an upgrade to raw bytes.
   */
  readonly wanted: 'value' | 'stream' | 'duplex';
  /** Sent as JSON. */
  readonly body?: string;
  /** For the whole answer, or for the headers of a stream. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

const maxErrorBytes = 64 * 1024;

/** What is wanted of the answer. Rejects with an `EngineError`. */
export async function exchange(task: Exchange): Promise<unknown> {
  // The engine closed a kept connection just as it was used again: that says nothing about the engine. Each
  // round takes one such connection out of the pool.
  for (let round = 0; ; round++) {
    try {
      return await attempt(task);
    } catch (error) {
      if (!(error instanceof StaleConnection) || round === 32) throw error;
    }
  }
}

class StaleConnection extends EngineError {}

function attempt(task: Exchange): Promise<unknown> {
  const { signal, timeoutMs, options } = task;
  const where = `${options.method ?? 'GET'} ${(options.path ?? '').replace(/\?.*$/s, '')}`;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(cancelled(where));
      return;
    }
    let request: http.ClientRequest;
    try {
      request = (task.secure ? https : http).request(options);
    } catch (error) {
      // A key that is none, for example.
      reject(networkError(error, where));
      return;
    }
    let settled = false;
    let answered = false;
    const settle = (action: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      action();
    };
    const fail = (error: EngineError): void => {
      settle(() => {
        reject(error);
        request.destroy();
      });
    };
    const cancel = (): void => fail(cancelled(where));
    const timer = setTimeout(() => {
      fail(
        new EngineError(
          'timeout',
          `${where}: no ${task.wanted === 'value' ? 'complete answer' : 'answer'} within ${timeoutMs} ms`,
        ),
      );
    }, timeoutMs);
    signal?.addEventListener('abort', cancel, { once: true });

    // Finds a dead peer under a stream that is silent for hours. libuv probes ten times, one second apart.
    if (task.wanted !== 'value') request.on('socket', (socket) => socket.setKeepAlive(true, 15_000));
    request.on('error', (error) => {
      const reason = networkError(error, where);
      // A change may have been made although the answer is lost: only what reads is asked again.
      const stale = request.reusedSocket && !answered && reason.kind === 'unreachable' && isRead(options);
      fail(stale ? new StaleConnection(reason.kind, reason.message, { cause: error }) : reason);
    });
    // Neither answer nor error: a 101 that nobody asked for, for example.
    request.on('close', () => {
      if (!answered) fail(new EngineError('protocol', `${where}: the connection ended without an answer`));
    });
    request.on('upgrade', (response, socket, head) => {
      answered = true;
      if (task.wanted !== 'duplex') {
        socket.destroy();
        fail(new EngineError('protocol', `${where}: the connection was upgraded although nobody asked for it`));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      socket.on('error', () => undefined);
      settle(() => resolve(socket));
    });
    request.on('response', (response) => {
      answered = true;
      const status = response.statusCode ?? 0;
      const good = (status >= 200 && status < 300) || status === 304;
      if (task.wanted === 'duplex' && good) {
        response.resume();
        fail(new EngineError('protocol', `${where}: the connection was not upgraded; a proxy may stand in between`));
        return;
      }
      if (task.wanted === 'stream' && good) {
        settle(() => resolve(response));
        // Until whoever takes the stream listens, and after it let go.
        response.on('error', () => undefined);
        return;
      }
      collect(response, good ? task.maxBytes : maxErrorBytes, where, fail, (body) => {
        if (!good) fail(statusError(status, body, where));
        else if (isWord(response, options)) settle(() => resolve(undefined));
        else settle(() => parse(body, response, where, resolve, reject));
      });
    });
    request.end(task.body);
  });
}

function isRead({ method }: https.RequestOptions): boolean {
  return method === undefined || method === 'GET' || method === 'HEAD';
}

/** Podman answers to some changes by `OK`, as text. */
function isWord({ headers }: http.IncomingMessage, options: https.RequestOptions): boolean {
  return !isRead(options) && /^text\/plain\b/.test(headers['content-type'] ?? '');
}

/** 201 Created says nothing more where only the deed counts (exec resize, for example). */
function isEmptyAnswer({ statusCode, headers }: http.IncomingMessage): boolean {
  return statusCode !== 200 || headers['content-length'] === '0';
}

function cancelled(where: string): EngineError {
  return new EngineError('cancelled', `${where}: cancelled`);
}

/** The whole body, by callback: node emits the request's `close` before a promise could be heard. */
function collect(
  response: http.IncomingMessage,
  maxBytes: number,
  where: string,
  fail: (error: EngineError) => void,
  done: (body: string) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const cut = (cause?: unknown): void =>
    fail(new EngineError('unreachable', `${where}: the connection was lost in the middle of the answer`, { cause }));
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > maxBytes) fail(new EngineError('protocol', `${where}: the answer is larger than ${maxBytes} bytes`));
  });
  response.on('end', () => done(Buffer.concat(chunks).toString()));
  response.on('error', cut);
  response.on('close', () => cut());
}

function parse(
  body: string,
  response: http.IncomingMessage,
  where: string,
  resolve: (value: unknown) => void,
  reject: (error: EngineError) => void,
): void {
  let value: unknown;
  try {
    value = body === '' && isEmptyAnswer(response) ? undefined : JSON.parse(body);
  } catch (cause) {
    const type = response.headers['content-type'] ?? 'no content type';
    reject(
      new EngineError('protocol', `${where}: the answer is no JSON (${type}): ${snippet(body)}`, {
        cause,
        status: 200,
      }),
    );
    return;
  }
  resolve(value);
}

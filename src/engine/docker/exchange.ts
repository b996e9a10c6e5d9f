import * as http from 'node:http';
import * as https from 'node:https';
import { EngineError } from '../engine.ts';
import { networkError, snippet, statusError } from './errors.ts';

/** One request and its answer. Architecture invariant: the promise settles, whatever the other side does, and no late error escapes. */
export interface Exchange {
  readonly options: https.RequestOptions;
  readonly secure: boolean;
  /** True: the answer is handed over when its headers are there, and may take for ever. */
  readonly stream: boolean;
  /** For the whole answer, or for the headers of a stream. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

const maxErrorBytes = 64 * 1024;

/** The parsed JSON of the answer, or, with `stream`, the answer itself. Rejects with an `EngineError`. */
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
        new EngineError('timeout', `${where}: no ${task.stream ? 'answer' : 'complete answer'} within ${timeoutMs} ms`),
      );
    }, timeoutMs);
    signal?.addEventListener('abort', cancel, { once: true });

    // Finds a dead peer under a stream that is silent for hours. libuv probes ten times, one second apart.
    if (task.stream) request.on('socket', (socket) => socket.setKeepAlive(true, 15_000));
    request.on('error', (error) => {
      const reason = networkError(error, where);
      const stale = request.reusedSocket && !answered && reason.kind === 'unreachable';
      fail(stale ? new StaleConnection(reason.kind, reason.message, { cause: error }) : reason);
    });
    // Neither answer nor error: a 101 that nobody asked for, for example.
    request.on('close', () => {
      if (!answered) fail(new EngineError('protocol', `${where}: the connection ended without an answer`));
    });
    request.on('response', (response) => {
      answered = true;
      const status = response.statusCode ?? 0;
      if (task.stream && status === 200) {
        settle(() => resolve(response));
        // Until whoever takes the stream listens, and after it let go.
        response.on('error', () => undefined);
        return;
      }
      collect(response, status === 200 ? task.maxBytes : maxErrorBytes, where, fail, (body) => {
        if (status !== 200) fail(statusError(status, body, where));
        else settle(() => parse(body, response, where, resolve, reject));
      });
    });
    request.end();
  });
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
    value = JSON.parse(body);
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

import { IncomingMessage } from 'node:http';
import type { PullProgress } from '../control.ts';
import { EngineError } from '../engine.ts';
import type { EngineCalls } from './calls.ts';
import { snippet, toEngineError } from './errors.ts';
import { LineSplitter } from './eventStream.ts';
import { defined, filled, isObject, type JsonObject, natural, object, text } from './json.ts';

const where = 'POST /images/create';

/** For the registry's first word: an engine tries its mirrors one after the other before it sends anything. */
const registryTimeoutMs = 5 * 60 * 1000;

const maxLineLength = 1024 * 1024;

/** Pulls an image without credentials. It has no limit of time but the signal. */
export async function pullImage(
  calls: EngineCalls,
  reference: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = await calls.pullStream(pullQuery(reference), registryTimeoutMs);
  if (!(stream instanceof IncomingMessage)) throw new EngineError('protocol', `${where}: no stream`);
  await readPull(stream, onProgress, signal);
}

/** `localhost:5000/image` has a port and no tag. Throws `invalid` for an empty name. */
export function pullQuery(reference: string): JsonObject {
  const [, name = '', separator, version] =
    /^(.*?)(?:(@|:(?!.*\/))([^@]*))?$/s.exec(withoutTag(reference.trim())) ?? [];
  if (name === '') throw new EngineError('invalid', 'an image needs a name');
  return { fromImage: name, tag: separator === undefined ? 'latest' : (filled(version) ?? 'latest') };
}

/** Beside a digest a tag decides nothing, and the engine takes one of them. */
function withoutTag(reference: string): string {
  const digest = reference.indexOf('@');
  if (digest < 0) return reference;
  return reference.slice(0, digest).replace(/:[^/:]*$/, '') + reference.slice(digest);
}

/** Lines of JSON until the stream ends. An engine that fails after its headers says so in a line. */
function readPull(
  stream: IncomingMessage,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = new LineSplitter(maxLineLength);
    const finish = (error?: EngineError): void => {
      signal.removeEventListener('abort', cancel);
      // The engine stops the pull where nobody listens.
      stream.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    const cancel = (): void => finish(new EngineError('cancelled', `${where}: cancelled`));
    const cut = (cause?: unknown): void =>
      finish(new EngineError('unreachable', `${where}: the connection was lost in the middle of the pull`, { cause }));
    stream.on('data', (chunk: Buffer) => {
      if (signal.aborted) return;
      try {
        for (const line of split(lines, chunk)) {
          const progress = readLine(line);
          if (progress !== undefined) onProgress(progress);
        }
      } catch (error) {
        finish(toEngineError(error));
      }
    });
    stream.on('end', () => (lines.pending ? cut() : finish()));
    stream.on('error', cut);
    stream.on('close', () => cut());
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    // It broke between its headers and this line.
    else if (stream.destroyed) cut(stream.errored);
  });
}

function split(lines: LineSplitter, chunk: Buffer): readonly string[] {
  try {
    return lines.push(chunk);
  } catch (cause) {
    throw new EngineError('protocol', `${where}: a line is longer than ${maxLineLength} characters`, { cause });
  }
}

function readLine(line: string): PullProgress | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (cause) {
    throw new EngineError('protocol', `${where}: a line is no JSON: ${snippet(line)}`, { cause });
  }
  if (!isObject(raw)) return undefined;
  const failure = filled(object(raw['errorDetail'])['message']) ?? filled(raw['error']);
  if (failure !== undefined) throw new EngineError('engine', `${where}: ${failure}`);
  const status = text(raw['status']);
  if (status === '') return undefined;
  const detail = object(raw['progressDetail']);
  const total = natural(detail['total']);
  const id = text(raw['id']);
  return {
    // Lines about the whole image carry its tag there.
    layer: /^[0-9a-f]{12}$/.test(id) ? id : '',
    status,
    ...defined({
      current: 'current' in detail ? natural(detail['current']) : undefined,
      total: total === 0 ? undefined : total,
    }),
  };
}

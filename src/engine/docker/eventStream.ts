import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { EngineError, type EngineEvent, type EngineEventListener, type EventSubscription } from '../engine.ts';
import { networkError, snippet } from './errors.ts';
import { filled, type JsonObject, isObject, object, text } from './json.ts';

/**
 * Container actions that move no wire, port or name; health checks and execs would be most of the stream.
 * `kill` and `oom` are followed by `die`.
 */
const noise =
  /^(exec_\w+|health_status|top|attach|detach|resize|copy|export|archive-path|extract-to-dir|commit|kill|oom|prune)(:|$)/;

/** Reads `GET /events` until it ends or the subscription is disposed. */
export function followEvents(
  stream: IncomingMessage,
  listener: EngineEventListener,
  maxLineLength: number,
): EventSubscription {
  const lines = new LineSplitter(maxLineLength);
  let over = false;
  const end = (error: EngineError | undefined): void => {
    if (over) return;
    over = true;
    stream.destroy();
    if (error !== undefined) listener.closed(error);
  };
  // The engine shut down in good order, or a connection broke: in both cases it is gone for now.
  const ended = (reason: unknown): void => {
    if (lines.pending)
      end(new EngineError('protocol', 'GET /events: the stream was cut in the middle of an event', { cause: reason }));
    else end(networkError(reason ?? new Error('the stream ended'), 'GET /events'));
  };
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const line of lines.push(chunk)) {
        const event = parseEvent(line);
        if (event !== undefined) listener.event(event);
        if (over) return;
      }
    } catch (error) {
      end(networkError(error, 'GET /events'));
    }
  });
  stream.on('end', () => ended(undefined));
  stream.on('error', ended);
  stream.on('close', () => ended(undefined));
  // It broke between its headers and this line.
  if (stream.destroyed) queueMicrotask(() => ended(stream.errored));
  return { dispose: () => end(undefined) };
}

/** Bytes → lines. A character or a line may be spread over any number of chunks. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #maxLength: number;
  #rest = '';

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** True where the last line has no end yet. */
  get pending(): boolean {
    return this.#rest.trim() !== '' || this.#decoder.end() !== '';
  }

  /** The lines that are complete now, without empty ones. Throws `protocol` where one grows past all measure. */
  push(chunk: Buffer): string[] {
    // Only the new text is searched, so that a long line in many chunks costs its length and not its square.
    const parts = this.#decoder.write(chunk).split('\n');
    parts[0] = this.#rest + (parts[0] ?? '');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > this.#maxLength) {
      throw new EngineError('protocol', `GET /events: an event is longer than ${this.#maxLength} characters`);
    }
    return parts.map((line) => line.trim()).filter((line) => line !== '');
  }
}

/** Undefined for noise, and for events of what this client does not show. Throws `protocol` for what is no JSON. */
export function parseEvent(line: string): EngineEvent | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (cause) {
    throw new EngineError('protocol', `GET /events: a line is no JSON: ${snippet(line)}`, { cause });
  }
  if (!isObject(raw)) return undefined;
  const actor = object(raw['Actor']);
  // `status` and `id` are the shape before API 1.22, which engines kept sending until API 1.52.
  const action = filled(raw['Action']) ?? filled(raw['status']);
  const id = filled(actor['ID']) ?? filled(raw['id']);
  if (action === undefined || id === undefined || noise.test(action)) return undefined;
  const time = timeOf(raw);
  switch (filled(raw['Type']) ?? 'container') {
    case 'container':
      return { kind: 'container', action, containerId: id, time };
    case 'network': {
      const containerId = text(object(actor['Attributes'])['container']);
      return { kind: 'network', action, networkId: id, time, ...(containerId === '' ? {} : { containerId }) };
    }
    default:
      return undefined;
  }
}

/** Seconds; a double holds them to a quarter of a microsecond. */
function timeOf(raw: JsonObject): number {
  const nano = raw['timeNano'];
  if (typeof nano === 'number' && nano > 0) return nano / 1e9;
  const whole = raw['time'];
  return typeof whole === 'number' ? whole : 0;
}

/**
 * The `since` of a subscription. Rounded down by a microsecond, because a double may lie above the time that
 * it stands for: an event that comes twice costs a read, one that is lost shows a wrong picture.
 */
export function sinceParameter(seconds: number): string {
  return (Math.max(0, Math.floor(seconds * 1e6) - 1) / 1e6).toFixed(6);
}

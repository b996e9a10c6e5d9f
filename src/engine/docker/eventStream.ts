import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { EngineError, type EngineEvent, type EngineEventListener, type EventSubscription } from '../engine.ts';
import { networkError, snippet } from './errors.ts';
import { isHelper } from './helperOwner.ts';
import { filled, type JsonObject, isObject, object, text } from './json.ts';

/**
 * Container actions that move no wire, port or name; health checks and execs would be most of the stream.
 * `kill` and `oom` are followed by `die`. The last line is Podman's.
 */
const noise = new RegExp(
  '^(exec_\\w+|health_status|top|attach|detach|resize|copy|export|archive-path|extract-to-dir|commit|kill|oom|prune' +
    '|exec|mount|unmount|sync)(:|$)',
);

/** The id of the network of that name, as far as it is known. */
export type NetworkIdOf = (name: string) => string | undefined;

/** Helper containers that are remembered: of the newest there may be more events to come. */
const mostHelpers = 64;

/** Reads `GET /events` until it ends or the subscription is disposed. */
export function followEvents(
  stream: IncomingMessage,
  listener: EngineEventListener,
  maxLineLength: number,
  networkIdOf?: NetworkIdOf,
): EventSubscription {
  const lines = new LineSplitter(maxLineLength);
  const helpers = new Set<string>();
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
        const event = parseEvent(line, helpers, networkIdOf);
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

/**
 * Undefined for noise, and for events of what this client does not show. Throws `protocol` for what is no JSON.
 * `helpers` remembers the helper containers that there are: an event of a network names the container and not its
 * labels. A read that was caused by the events of the read before would never end.
 * `networkIdOf` is for Podman, whose events of seats name the network. Where it is not known, the name stands in: no id can
 * equal it.
 */
export function parseEvent(
  line: string,
  helpers = new Set<string>(),
  networkIdOf: NetworkIdOf = () => undefined,
): EngineEvent | undefined {
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
      if (isHelper(actor['Attributes'])) {
        helpers.add(id);
        forgetOldest(helpers);
        return undefined;
      }
      return { kind: 'container', action, containerId: id, time };
    case 'network': {
      const attributes = object(actor['Attributes']);
      // Podman: the actor of a seat's event is the container.
      const seatOn =
        filled(attributes['container']) === undefined && isSeat(action) ? filled(attributes['network']) : undefined;
      const containerId = seatOn === undefined ? text(attributes['container']) : id;
      if (helpers.has(containerId)) return undefined;
      const networkId = seatOn === undefined ? id : (networkIdOf(seatOn) ?? seatOn);
      return { kind: 'network', action, networkId, time, ...(containerId === '' ? {} : { containerId }) };
    }
    default:
      return undefined;
  }
}

function isSeat(action: string): boolean {
  return action === 'connect' || action === 'disconnect';
}

/** A set keeps the order in which its values came. */
function forgetOldest(helpers: Set<string>): void {
  const [oldest] = helpers;
  if (oldest !== undefined && helpers.size > mostHelpers) helpers.delete(oldest);
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

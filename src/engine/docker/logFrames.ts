import { EngineError } from '../engine.ts';
import type { LogLine } from '../streams.ts';
import { snippet } from './errors.ts';

/**
 * The bytes of `GET /containers/ID/logs?timestamps=1` → lines. Architecture invariant: total on any bytes, in memory
 * that has a bound, and the lines do not depend on where the bytes were cut into chunks.
 *
 * An engine writes one message per line, and one per 16 KiB of a longer line; each begins with its time (moby,
 * api/server/httputils/write_log_stream.go and daemon/logger/copier.go). Without a TTY each message is a frame: the
 * stream's number, three zeros, the length as 32 bits big-endian, then the bytes (moby, pkg/stdcopy). With a TTY the
 * messages follow each other bare.
 */

/** Bytes of a message, with its time. What is longer comes in parts. */
export const maxLineLength = 65_536;

/** Bytes of a message that goes on in another one. */
const engineMessageLength = 16_384;

const headerLength = 8;
const maxErrorLength = 4096;
const newline = 0x0a;
const carriageReturn = 0x0d;

type FrameKind = LogLine['stream'] | 'error';

/** Stdin is never sent; `stdcopy` writes it to stdout, too. */
const kindOfFrame: readonly FrameKind[] = ['stdout', 'stdout', 'stderr', 'error'];

export class LogDecoder {
  readonly #tty: boolean;
  readonly #lines: LogLine[] = [];
  readonly #messages: Readonly<Record<LogLine['stream'], MessageReader>>;
  readonly #header = Buffer.alloc(headerLength);
  #headerFilled = 0;
  /** Of the frame that is read now. */
  #kind: FrameKind = 'stdout';
  #left = 0;
  readonly #error = new ByteStore();
  #fault: EngineError | undefined;

  constructor(tty: boolean) {
    this.#tty = tty;
    const reader = (stream: LogLine['stream']): MessageReader => new MessageReader(stream, tty, this.#lines);
    this.#messages = { stdout: reader('stdout'), stderr: reader('stderr') };
  }

  /** Why nothing more can be read: `protocol`, or `engine` where the engine said in the stream that it failed. */
  get fault(): EngineError | undefined {
    return this.#fault;
  }

  /** The lines that these bytes complete. */
  push(chunk: Buffer): readonly LogLine[] {
    if (this.#tty) this.#messages.stdout.write(chunk);
    else this.#readFrames(chunk);
    return this.#lines.splice(0);
  }

  /** The stream is over: what has no line end. */
  end(): readonly LogLine[] {
    const cut = this.#left > 0 || this.#headerFilled > 0;
    for (const reader of Object.values(this.#messages)) reader.end();
    if (cut) this.#fail(new EngineError('protocol', 'the log was cut in the middle of a message'));
    return this.#lines.splice(0);
  }

  #fail(error: EngineError): void {
    this.#fault ??= error;
  }

  #readFrames(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#fault === undefined) {
      if (this.#left === 0) {
        const end = Math.min(chunk.length, at + headerLength - this.#headerFilled);
        this.#headerFilled += chunk.copy(this.#header, this.#headerFilled, at, end);
        at = end;
        if (this.#headerFilled === headerLength) this.#beginFrame();
        continue;
      }
      const part = chunk.subarray(at, at + this.#left);
      at += part.length;
      this.#left -= part.length;
      if (this.#kind === 'error') this.#error.append(part.subarray(0, maxErrorLength - this.#error.length));
      else this.#messages[this.#kind].write(part);
      if (this.#left === 0) this.#endFrame();
    }
  }

  #beginFrame(): void {
    this.#headerFilled = 0;
    const kind = kindOfFrame[this.#header.readUInt8(0)];
    if (kind === undefined || this.#header.readUIntBE(1, 3) !== 0) {
      this.#fail(
        new EngineError('protocol', `the log is not made of frames: ${snippet(this.#header.toString('latin1'))}`),
      );
      return;
    }
    this.#kind = kind;
    this.#left = this.#header.readUInt32BE(4);
  }

  #endFrame(): void {
    if (this.#kind !== 'error') this.#messages[this.#kind].endMessage();
    else this.#fail(new EngineError('engine', `the engine stopped reading the log: ${snippet(this.#error.text())}`));
  }
}

/** The messages of one stream → lines. */
class MessageReader {
  readonly #stream: LogLine['stream'];
  /** Nothing says where a message ends but its line end, or the time of the next one in the middle of a long line. */
  readonly #bare: boolean;
  readonly #out: LogLine[];
  /** What came since the last line or part. */
  readonly #held = new ByteStore();
  #time = '';
  /** A time is expected. */
  #atStart = true;
  /** Bytes of this message that are in `out` already. */
  #sent = 0;
  /** Bytes of a character that goes on in the next message. */
  #halfCharacter = Buffer.alloc(0);

  constructor(stream: LogLine['stream'], bare: boolean, out: LogLine[]) {
    this.#stream = stream;
    this.#bare = bare;
    this.#out = out;
  }

  write(bytes: Buffer): void {
    let at = 0;
    let lineEnd = bytes.indexOf(newline);
    while (at < bytes.length) {
      const end = lineEnd < 0 ? bytes.length : lineEnd;
      const room = maxLineLength - this.#held.length;
      if (end - at > room) {
        this.#held.append(bytes.subarray(at, at + room));
        this.#sendOverlong();
        at += room;
      } else if (lineEnd < 0) {
        this.#held.append(bytes.subarray(at));
        return;
      } else {
        this.#sendHeldAnd(bytes.subarray(at, end), false);
        at = lineEnd + 1;
        lineEnd = bytes.indexOf(newline, at);
      }
    }
  }

  /** A message without a line end: the line goes on in the next one of this stream. */
  endMessage(): void {
    if (this.#held.length > 0) this.#sendHeldAnd(Buffer.alloc(0), true);
    this.#beginMessage();
  }

  end(): void {
    if (this.#held.length > 0 || this.#halfCharacter.length > 0) this.#sendHeldAnd(Buffer.alloc(0), false);
  }

  #sendHeldAnd(last: Buffer, partial: boolean): void {
    if (this.#held.length === 0) {
      this.#send(this.#splitMessages(last), partial);
    } else {
      this.#held.append(last);
      this.#send(this.#splitMessages(this.#held.bytes()), partial);
      this.#held.clear();
    }
    if (!partial) this.#beginMessage();
  }

  #sendOverlong(): void {
    const bytes = this.#held.bytes();
    const rest = this.#splitMessages(bytes);
    let kept = rest;
    if (rest.length === bytes.length) {
      // The time of the next message, or a line end's first half, may be cut here.
      kept = rest.subarray(rest.length - (this.#bare ? bareTimeLength - 1 : 0));
      this.#send(rest.subarray(0, rest.length - kept.length), true);
    }
    this.#held.replace(kept);
  }

  #beginMessage(): void {
    this.#atStart = true;
    this.#sent = 0;
  }

  /** Sends what belongs to earlier messages than the last one in the bytes, and answers with that. */
  #splitMessages(bytes: Buffer): Buffer {
    if (!this.#bare || this.#sent + bytes.length <= engineMessageLength) return bytes;
    let rest = bytes;
    for (;;) {
      const begin = this.#atStart ? (timeIn(rest)?.length ?? 0) : 0;
      const from = begin + Math.max(0, engineMessageLength - this.#sent);
      // Later than that where the engine replaced bytes that are no UTF-8 by three each.
      const next = from < rest.length ? rest.toString('latin1', from).search(bareTime) : -1;
      if (next < 0) return rest;
      this.#send(rest.subarray(0, from + next), true);
      this.#beginMessage();
      rest = rest.subarray(from + next);
    }
  }

  #send(message: Buffer, partial: boolean): void {
    const time = this.#atStart ? timeIn(message) : undefined;
    if (time !== undefined) this.#time = time.slice(0, -1);
    this.#atStart = false;
    const own = message.subarray(time?.length ?? 0);
    this.#sent += own.length;
    let bytes = this.#halfCharacter.length === 0 ? own : Buffer.concat([this.#halfCharacter, own]);
    const half = partial ? halfCharacter(bytes) : 0;
    this.#halfCharacter = Buffer.from(bytes.subarray(bytes.length - half));
    bytes = bytes.subarray(0, bytes.length - half);
    if (this.#bare && !partial && bytes.at(-1) === carriageReturn) bytes = bytes.subarray(0, -1);
    if (partial && bytes.length === 0) return;
    this.#out.push({ stream: this.#stream, time: this.#time, text: bytes.toString(), partial });
  }
}

const anyTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) /;
const longestTime = 36;
/** As Docker Engines write it. */
const bareTime = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;
const bareTimeLength = 31;

/** The time at the beginning of a message, with the space after it. */
function timeIn(message: Buffer): string | undefined {
  return anyTime.exec(message.toString('latin1', 0, longestTime))?.[0];
}

/** How many bytes at the end begin a character of UTF-8 that needs more of them. */
function halfCharacter(bytes: Buffer): number {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes.at(-back);
    if (byte === undefined) return 0;
    if (byte >= 0x80 && byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** Bytes of its own: a part of a chunk would keep the whole chunk. */
class ByteStore {
  #bytes = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#bytes.length, 256));
      this.bytes().copy(larger);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** Good until the next change. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  text(): string {
    return this.bytes().toString();
  }

  /** By bytes that may be its own. */
  replace(bytes: Buffer): void {
    this.#length = bytes.copy(this.#bytes);
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > maxLineLength / 4) this.#bytes = Buffer.alloc(0);
  }
}

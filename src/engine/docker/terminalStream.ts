import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { TerminalStream } from '../streams.ts';

/** What a terminal asks of the engine beside its connection. None of them may reject. */
export interface TerminalProcess {
  resize(columns: number, rows: number): Promise<void>;
  /** Asked for when the connection is over. */
  exitCode(): Promise<number | undefined>;
  /** Whoever looked at it left while it ran: it has to end. */
  abandon(): void;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Lets the keys Ctrl-P and Ctrl-Q through, which an engine keeps for itself: nobody types these four. */
export const detachKeys = 'ctrl-^,ctrl-@,ctrl-^,ctrl-@';

/** A process's terminal over a connection of raw bytes. It is read from the first listener of its data on. */
export class HijackedTerminal implements TerminalStream {
  readonly #socket: Duplex;
  readonly #process: TerminalProcess;
  readonly #decoder = new StringDecoder('utf8');
  readonly #dataListeners: ((text: string) => void)[] = [];
  readonly #endListeners: ((exitCode: number | undefined) => void)[] = [];
  #state: 'open' | 'closing' | 'ended' | 'disposed' = 'open';
  #exitCode: number | undefined;
  readonly #overListeners: (() => void)[] = [];
  /** The newest size that the engine has not heard of. */
  #size: Size | undefined;
  #resizing = false;

  constructor(socket: Duplex, process: TerminalProcess) {
    this.#socket = socket;
    this.#process = process;
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => void this.#close());
    if (socket.destroyed) void this.#close();
  }

  onData(listener: (text: string) => void): void {
    this.#dataListeners.push(listener);
    if (this.#dataListeners.length === 1)
      this.#socket.on('data', (chunk: Buffer) => this.#hand(this.#decoder.write(chunk)));
  }

  onEnd(listener: (exitCode: number | undefined) => void): void {
    this.#endListeners.push(listener);
    if (this.#state !== 'ended') return;
    queueMicrotask(() => {
      if (this.#state === 'ended') listener(this.#exitCode);
    });
  }

  /** Once: it ended or was disposed of. */
  onOver(listener: () => void): void {
    this.#overListeners.push(listener);
  }

  write(text: string): void {
    if (this.#state === 'open' && this.#socket.writable) this.#socket.write(text);
  }

  resize(columns: number, rows: number): void {
    if (!isLength(columns) || !isLength(rows)) return;
    this.#size = { columns, rows };
    if (!this.#resizing) void this.#resizeToNewest();
  }

  dispose(): void {
    if (this.#state === 'disposed') return;
    const runs = this.#state === 'open';
    this.#state = 'disposed';
    this.#socket.destroy();
    if (runs) this.#process.abandon();
    this.#tellOver();
  }

  #hand(text: string): void {
    if (text === '') return;
    for (const listener of this.#dataListeners) if (this.#state !== 'disposed') listener(text);
  }

  async #close(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#hand(this.#decoder.end());
    this.#exitCode = await this.#process.exitCode();
    if (this.#isDisposed()) return;
    this.#state = 'ended';
    this.#tellOver();
    for (const listener of this.#endListeners) if (!this.#isDisposed()) listener(this.#exitCode);
  }

  #tellOver(): void {
    for (const listener of this.#overListeners.splice(0)) listener();
  }

  #isDisposed(): boolean {
    return this.#state === 'disposed';
  }

  /** One after the other, so that the newest size is the last that the engine hears of; those in between are left out. */
  async #resizeToNewest(): Promise<void> {
    this.#resizing = true;
    while (this.#size !== undefined && this.#state === 'open') {
      const { columns, rows } = this.#size;
      this.#size = undefined;
      await this.#process.resize(columns, rows);
    }
    this.#resizing = false;
  }
}

/** The kernel's `winsize` has 16 bits. */
function isLength(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 0x1_0000;
}

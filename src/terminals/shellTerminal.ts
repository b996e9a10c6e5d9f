import { EventEmitter, ThemeIcon, l10n, window, type Pseudoterminal, type TerminalDimensions } from 'vscode';
import { errorText } from '../editor/errorText.ts';
import { visible } from '../editor/untrusted.ts';
import { EngineError } from '../engine/engine.ts';
import type { TerminalStream } from '../engine/streams.ts';

/** Columns and rows where the editor does not know them yet. */
const usual = { columns: 80, rows: 24 };

/** Opens the process for a terminal of that size. */
export type OpenShell = (size: { readonly columns: number; readonly rows: number }) => Promise<TerminalStream>;

/** A process in a container in a terminal, over the engine's own streams: no docker command and no node-pty. */
class ShellTerminal implements Pseudoterminal {
  readonly #write = new EventEmitter<string>();
  readonly #close = new EventEmitter<number>();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly #open: OpenShell;
  #stream: TerminalStream | undefined;
  /** Asked for before the stream was there. */
  #size: TerminalDimensions | undefined;
  #closed = false;

  constructor(open: OpenShell) {
    this.#open = open;
  }

  open(dimensions: TerminalDimensions | undefined): void {
    this.#open(dimensions ?? usual).then(
      (stream) => this.#attach(stream),
      (error: unknown) => this.#fail(error),
    );
  }

  close(): void {
    this.#closed = true;
    this.#stream?.dispose();
    this.#write.dispose();
    this.#close.dispose();
  }

  handleInput(data: string): void {
    this.#stream?.write(data);
  }

  setDimensions({ columns, rows }: TerminalDimensions): void {
    if (this.#stream === undefined) this.#size = { columns, rows };
    else this.#stream.resize(columns, rows);
  }

  #attach(stream: TerminalStream): void {
    if (this.#closed) {
      stream.dispose();
      return;
    }
    this.#stream = stream;
    if (this.#size !== undefined) stream.resize(this.#size.columns, this.#size.rows);
    stream.onData((text) => {
      if (!this.#closed) this.#write.fire(text);
    });
    stream.onEnd((exitCode) => {
      // The engine may not know the code any more; then it ended as any other.
      if (!this.#closed) this.#close.fire(exitCode ?? 0);
    });
  }

  /** The reason stays in sight: a terminal that closes at once says nothing. */
  #fail(error: unknown): void {
    if (this.#closed) return;
    const sentence = error instanceof EngineError ? errorText(error).sentence : String(error);
    this.#write.fire(`\u001B[31m${visible(sentence, 1000)}\u001B[0m\r\n`);
    this.#write.fire(`\u001B[2m${l10n.t('Close this terminal with any key.')}\u001B[0m\r\n`);
    this.#stream = {
      onData: () => undefined,
      onEnd: () => undefined,
      write: () => this.#close.fire(0),
      resize: () => undefined,
      dispose: () => undefined,
    };
  }
}

export function openShellTerminal(name: string, icon: string, open: OpenShell): void {
  const terminal = window.createTerminal({
    name: visible(name, 160),
    pty: new ShellTerminal(open),
    iconPath: new ThemeIcon(icon),
  });
  terminal.show();
}

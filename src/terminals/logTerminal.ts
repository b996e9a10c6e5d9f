import { EventEmitter, l10n, type Pseudoterminal } from 'vscode';
import { comma } from '../editor/listText.ts';
import { errorText } from '../editor/errorText.ts';
import { EngineError } from '../engine/engine.ts';
import type { EngineStreams, LogLine, LogOptions } from '../engine/streams.ts';
import { LogBuffer } from './logBuffer.ts';
import { parseLogFilter, type LogFilter } from './logFilter.ts';
import { LogFollower } from './logFollower.ts';
import { LogMerger, type SourcedLine } from './logMerger.ts';
import { colouredName, plainText, safeTerminalText, widestName } from './logText.ts';

/** Milliseconds between two writes: a person sees no finer steps, and a flood costs no more than these. */
const rhythm = 50;
/**
 * Lines of one write; more would only scroll by. They are in the buffer all the same. Two writes and the note about what
 * they leave out have to fit into the 1000 lines that a terminal keeps by default.
 */
const linesAtOnce = 490;
/** The same where all is written anew. */
const linesRedrawn = 1000;
/** Lines that wait for the next write before the engine is no longer read. */
const backlog = 20_000;

export interface LogSource {
  readonly containerId: string;
  readonly name: string;
}

export interface LogTerminalParts {
  readonly sources: readonly LogSource[];
  readonly streams: EngineStreams;
  readonly options: LogOptions;
  readonly timestamps: boolean;
  /** Whether a container runs now; undefined where it is gone. */
  readonly isRunning: (containerId: string) => boolean | undefined;
  /** A person pressed the key of a command: `filter` and `save` need the editor's dialogs. */
  readonly ask: (what: 'filter' | 'save') => void;
}

type Line = SourcedLine<LogSource>;

/** The container stopped, or the connection broke: it may go on. */
function isPassing(error: Error | undefined): boolean {
  return (
    error === undefined ||
    !(error instanceof EngineError) ||
    ['unreachable', 'timeout', 'protocol'].includes(error.kind)
  );
}

function reasonText(error: Error): string {
  return error instanceof EngineError ? errorText(error).sentence : error.message;
}

/**
 * The logs of one or several containers in a terminal. Several are merged by the engine's time, each line behind the
 * name of its container. What it shows is harmless: log text is the word of strangers.
 */
export class LogTerminal implements Pseudoterminal {
  readonly #write = new EventEmitter<string>();
  readonly #close = new EventEmitter<void>();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly #parts: LogTerminalParts;
  readonly #buffer = new LogBuffer<LogSource>();
  readonly #merger = new LogMerger<LogSource>({ now: () => performance.now() });
  readonly #followers = new Map<LogSource, LogFollower>();
  readonly #width: number;
  #timestamps: boolean;
  #filter: LogFilter | undefined;
  #filterText = '';
  #paused = false;
  #pending: Line[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #room: (() => void)[] = [];
  #closed = false;
  /** True where a line was shown without its end. */
  #unfinished = false;

  constructor(parts: LogTerminalParts) {
    this.#parts = parts;
    this.#timestamps = parts.timestamps;
    this.#width = widestName(parts.sources.map(({ name }) => name));
  }

  get filterText(): string {
    return this.#filterText;
  }

  open(): void {
    const keys = l10n.t('p pause · t times · f filter · c clear · s save · q end');
    this.#note(
      `${this.#parts.sources
        .map(({ name }) => name)
        .slice(0, 8)
        .join(comma())} — ${keys}`,
    );
    for (const source of this.#parts.sources) {
      this.#merger.add(source);
      const follower = new LogFollower(this.#parts.streams, source.containerId, this.#parts.options, {
        lines: (lines) => this.#take(source, lines),
        ended: (error) => this.#sourceEnded(source, error),
      });
      this.#followers.set(source, follower);
      follower.start();
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const follower of this.#followers.values()) follower.dispose();
    for (const go of this.#room.splice(0)) go();
    this.#write.dispose();
    this.#close.dispose();
  }

  /** Containers may have started: those that run are followed again. */
  resume(): void {
    if (this.#closed || !this.#parts.options.follow) return;
    for (const [source, follower] of this.#followers) {
      if (!follower.idle || this.#parts.isRunning(source.containerId) !== true) continue;
      this.#note(l10n.t('{0} runs: going on', source.name));
      this.#merger.add(source);
      follower.start();
    }
  }

  /** The engine that it came from is no longer the one that is shown. */
  end(): void {
    if (this.#closed) return;
    for (const follower of this.#followers.values()) follower.dispose();
    this.#followers.clear();
    this.#flush('all');
    this.#note(l10n.t('the log ends here'));
  }

  handleInput(data: string): void {
    switch (data) {
      case 'p':
      case ' ':
        return this.togglePause();
      case 't':
        this.#timestamps = !this.#timestamps;
        return this.#redraw();
      case 'f':
      case '/':
        return this.#parts.ask('filter');
      case 's':
        return this.#parts.ask('save');
      case 'c':
        return this.clear();
      case 'q':
        return this.#close.fire();
      case '\u0003':
        return this.end();
      case '\r':
        return this.#write.fire('\r\n');
    }
  }

  togglePause(): void {
    this.#paused = !this.#paused;
    if (this.#paused) return this.#note(l10n.t('paused; p goes on'));
    this.#flush();
    // With what came meanwhile.
    this.#redraw();
  }

  clear(): void {
    this.#buffer.clear();
    this.#write.fire('\u001B[2J\u001B[3J\u001B[H');
  }

  /** Empty text shows all again. The text has been found good by `parseLogFilter`. */
  setFilter(text: string): void {
    const parsed = parseLogFilter(text);
    if (parsed.kind === 'problem') return;
    this.#filterText = text;
    this.#filter = parsed.kind === 'filter' ? parsed.filter : undefined;
    this.#redraw();
  }

  /** All lines that are kept, as a file has them. */
  text(): string {
    let goesOn = false;
    const parts = this.#buffer.lines().map(({ source, line }) => {
      const begin = goesOn ? '' : `${this.#several ? `${source.name} ` : ''}${line.time} `;
      goesOn = line.partial;
      return `${begin}${plainText(line.text)}${goesOn ? '' : '\n'}`;
    });
    return parts.join('');
  }

  get #several(): boolean {
    return this.#parts.sources.length > 1;
  }

  #take(source: LogSource, lines: readonly LogLine[]): void | Promise<void> {
    if (this.#several) this.#merger.push(source, lines);
    else for (const line of lines) this.#pending.push({ source, line });
    this.#schedule();
    if (this.#pending.length + this.#merger.held < backlog) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  #sourceEnded(source: LogSource, error: Error | undefined): void {
    this.#merger.end(source);
    this.#flush('all');
    if (error !== undefined) this.#note(`${source.name}: ${reasonText(error)}`);
    else if (this.#parts.options.follow)
      this.#note(l10n.t('{0} stopped; the log goes on when it runs again', source.name));
    if (!isPassing(error)) {
      // It would be refused again: a log driver that cannot be read, for example.
      this.#followers.get(source)?.dispose();
      this.#followers.delete(source);
    } else if (this.#parts.options.follow) {
      // A restart is sooner over than it is heard of.
      setTimeout(() => this.resume(), 1000);
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
      if (this.#merger.held > 0) this.#schedule();
    }, rhythm);
  }

  /** `all`: also those that wait for earlier ones of other containers. */
  #flush(which: 'due' | 'all' = 'due'): void {
    if (this.#closed) return;
    const merged = which === 'all' ? this.#merger.flush() : this.#merger.take();
    const lines = this.#several ? merged : this.#pending;
    this.#pending = [];
    this.#buffer.push(lines);
    for (const go of this.#room.splice(0)) go();
    // A paused terminal shows what came meanwhile when it goes on.
    if (this.#paused || lines.length === 0) return;
    this.#show(lines);
  }

  #redraw(): void {
    this.#write.fire('\u001B[2J\u001B[3J\u001B[H');
    this.#unfinished = false;
    if (this.#filterText !== '') this.#note(l10n.t('only lines with {0}', this.#filterText));
    if (this.#buffer.dropped > 0) this.#note(l10n.t('{0} older lines are no longer kept', this.#buffer.dropped));
    this.#show(this.#buffer.lines(), linesRedrawn);
  }

  #show(lines: readonly Line[], most = linesAtOnce): void {
    const seen = this.#filter?.matches(lines.map(({ line }) => line.text));
    if (this.#filter?.tooSlow === true) {
      this.#filter = undefined;
      this.#filterText = '';
      this.#note(l10n.t('that expression takes too long on these lines: all are shown again'));
    }
    const wanted = seen === undefined ? lines : lines.filter((_line, place) => seen[place] === true);
    const left = Math.max(0, wanted.length - most);
    if (left > 0) this.#note(l10n.t('{0} lines went by too fast to be shown; saving keeps them', left));
    this.#write.fire(
      wanted
        .slice(left)
        .map((line) => this.#drawn(line))
        .join(''),
    );
  }

  #drawn({ source, line }: Line): string {
    const begin = this.#unfinished ? '' : this.#begin(source, line);
    this.#unfinished = line.partial && !this.#several;
    const text = safeTerminalText(line.text);
    const shown = line.stream === 'stderr' && !text.includes('\u001B') ? `\u001B[31m${text}\u001B[0m` : text;
    return `${begin}${shown}${this.#unfinished ? '' : '\r\n'}`;
  }

  #begin(source: LogSource, line: LogLine): string {
    const name = this.#several ? colouredName(source.name, this.#parts.sources.indexOf(source), this.#width) : '';
    return this.#timestamps ? `${name}\u001B[2m${line.time}\u001B[0m ` : name;
  }

  /** A line of our own, told from the log by its look. */
  #note(text: string): void {
    if (this.#closed) return;
    this.#write.fire(`${this.#unfinished ? '\r\n' : ''}\u001B[2m— ${safeTerminalText(text)}\u001B[0m\r\n`);
    this.#unfinished = false;
  }
}

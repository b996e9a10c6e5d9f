/**
 * The part of the port that streams bytes: logs, and terminals in containers.
 *
 * Architecture invariant: whoever opens a stream disposes of it; after `dispose` nothing is called any more.
 */
export interface EngineStreams {
  /** Rejects with an `EngineError` where the engine refuses; resolves when it begins to send. */
  logs(containerId: string, options: LogOptions, sink: LogSink): Promise<LogSubscription>;
  /** A process in a running container with a terminal of its own (`docker exec -it`). */
  exec(containerId: string, spec: ExecSpec): Promise<TerminalStream>;
  /**
   * A container of `image` in the network namespace of another one (`docker run -it --rm --network container:ID`), for
   * containers without a shell. It is removed when its terminal closes.
   */
  openInNamespace(containerId: string, image: string, spec: ExecSpec): Promise<TerminalStream>;
}

export interface LogOptions {
  readonly follow: boolean;
  /** Lines from the end; `all` of them. */
  readonly tail: number | 'all';
  /** Seconds since 1970, with fraction. */
  readonly since?: number;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** One line of a log, without its line end. A TTY's output has no streams: all of it is `stdout`. */
export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339 with nanoseconds, as the engine wrote it. Sorts as text. */
  readonly time: string;
  /** UTF-8; bytes that are none read as U+FFFD. Longer than `maxLineLength` comes in parts. */
  readonly text: string;
  /** True where the next line of this stream goes on with this one. */
  readonly partial: boolean;
}

export interface LogSink {
  /** Lines in the order in which they came. While the promise is pending the engine is not read: back-pressure. */
  lines(lines: readonly LogLine[]): void | Promise<void>;
  /** Once, when the log ends: the container stopped (`undefined`) or the connection broke. Not after `dispose`. */
  ended(error: Error | undefined): void;
}

export interface LogSubscription {
  dispose(): void;
}

export interface ExecSpec {
  readonly command: readonly string[];
  readonly columns: number;
  readonly rows: number;
  readonly user?: string;
}

export interface TerminalStream {
  /** Bytes of the terminal, as text; multi-byte characters are whole. */
  onData(listener: (text: string) => void): void;
  /** Exit code where the engine knows it. Once. */
  onEnd(listener: (exitCode: number | undefined) => void): void;
  write(text: string): void;
  resize(columns: number, rows: number): void;
  dispose(): void;
}

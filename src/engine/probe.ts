/**
 * The part of the port that runs something small where the engine is, and takes what it prints: the way to a kernel
 * whose files cannot be read from here.
 *
 * Architecture invariant: what is made for it is removed, whatever happens; what a window left that died is removed by
 * the next one that looks.
 */
export interface EngineProbe {
  /** What `onMachine` may be given: the images that are on the engine and have a name. One request, whatever their number. */
  images(signal?: AbortSignal): Promise<readonly ProbeImage[]>;
  /**
   * Runs a command in a container of its own that sees the processes and the network of the engine's machine, may look
   * into processes and may nothing else: no capability but SYS_PTRACE, nothing to write to, no port, no volume. Of it the
   * lists and events of this port say nothing. Rejects with `notFound` where there is no such image, `timeout` where
   * it takes too long, `protocol` where it prints too much.
   */
  onMachine(image: string, command: readonly string[], limits: ProbeLimits, signal?: AbortSignal): Promise<Uint8Array>;
  /** The same in a container that runs: with its user and its rights. `notFound` where the command does not exist. */
  inContainer(
    containerId: string,
    command: readonly string[],
    limits: ProbeLimits,
    signal?: AbortSignal,
  ): Promise<Uint8Array>;
}

export interface ProbeLimits {
  readonly timeoutMs: number;
  /** Of what it prints. */
  readonly maxBytes: number;
}

export interface ProbeImage {
  /** As `docker image ls` shows them, for example `busybox:1.36`. */
  readonly tags: readonly string[];
  /** Bytes. */
  readonly size: number;
}

/** What the sources from afar need of an engine; the engine's port has it (`EngineProbe`). */
export interface ScriptRunner {
  /**
   * Runs a command in a container of its own, in the PID and network namespaces of the engine's machine, and resolves with
   * what it printed. Rejects where it cannot be run or takes too long, and with whatever reason after an abort.
   */
  onMachine(image: string, command: readonly string[], limits: ScriptLimits, signal?: AbortSignal): Promise<Uint8Array>;
  /** The same in a container that runs. */
  inContainer(
    containerId: string,
    command: readonly string[],
    limits: ScriptLimits,
    signal?: AbortSignal,
  ): Promise<Uint8Array>;
}

export interface ScriptLimits {
  readonly timeoutMs: number;
  /** Of what it prints. */
  readonly maxBytes: number;
}

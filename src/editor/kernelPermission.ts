/** How an engine's kernel may be read that is not this machine's. */
export type KernelAccess = 'helper' | 'exec' | 'none';

/** `Memento` of VS Code, as far as it is used here. */
interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const memoryKey = 'dockerNetworks.kernelAccess';
/** The one that was answered the longest time ago is asked about again. */
const mostEngines = 100;

/** What the person allowed, engine by engine (`EngineConnection.key`), from one window to the next. */
export class KernelPermission {
  readonly #memory: Memory;
  #answers: ReadonlyMap<string, KernelAccess>;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#answers = readAnswers(memory.get(memoryKey));
  }

  /** Undefined where the person was not asked yet. */
  of(engineKey: string): KernelAccess | undefined {
    return this.#answers.get(engineKey);
  }

  async set(engineKey: string, access: KernelAccess): Promise<void> {
    const others = [...this.#answers].filter(([key]) => key !== engineKey);
    this.#answers = new Map([...others, [engineKey, access] as const].slice(-mostEngines));
    await this.#memory.update(memoryKey, [...this.#answers]);
  }
}

/** What another version wrote, or nothing. */
function readAnswers(value: unknown): ReadonlyMap<string, KernelAccess> {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  return new Map(
    entries.flatMap((entry): [string, KernelAccess][] => {
      if (!Array.isArray(entry)) return [];
      const [key, access] = entry as readonly unknown[];
      return typeof key === 'string' && isAccess(access) ? [[key, access]] : [];
    }),
  );
}

function isAccess(value: unknown): value is KernelAccess {
  return value === 'helper' || value === 'exec' || value === 'none';
}

import type { Positions } from '../protocol/messages.ts';
import { parsePositions } from './incoming.ts';

/** `Memento` of VS Code, as far as it is used here. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

interface Remembered {
  readonly key: string;
  readonly positions: Positions;
}

const memoryKey = 'dockerNetworks.diagramPositions';
/** Engines whose diagrams keep their places; the one that was not arranged for the longest time is forgotten first. */
const mostEngines = 20;

/** Where the nodes of each engine's diagram are, from one window to the next. */
export class PositionMemory {
  readonly #memory: Memory;
  readonly #delay: number;
  /** Newest last. */
  #engines: readonly Remembered[];
  #writing: ReturnType<typeof setTimeout> | undefined;

  /** @param delay milliseconds for which several changes are written as one */
  constructor(memory: Memory, delay = 500) {
    this.#memory = memory;
    this.#delay = delay;
    this.#engines = readAll(memory.get(memoryKey));
  }

  of(engineKey: string): Positions {
    return this.#engines.find(({ key }) => key === engineKey)?.positions ?? {};
  }

  set(engineKey: string, positions: Positions): void {
    const others = this.#engines.filter(({ key }) => key !== engineKey);
    this.#engines = [...others, { key: engineKey, positions }].slice(-mostEngines);
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.#write(), this.#delay);
  }

  dispose(): void {
    if (this.#writing !== undefined) this.#write();
  }

  #write(): void {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    void this.#memory.update(memoryKey, this.#engines);
  }
}

/** What an older version wrote, or nothing. */
function readAll(value: unknown): readonly Remembered[] {
  if (!Array.isArray(value)) return [];
  const entries: unknown[] = value;
  return entries.slice(-mostEngines).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || !('key' in entry) || !('positions' in entry)) return [];
    const positions = parsePositions(entry.positions);
    return typeof entry.key === 'string' && positions !== undefined ? [{ key: entry.key, positions }] : [];
  });
}

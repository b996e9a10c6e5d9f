import { vi } from 'vitest';
import { createSession } from '../../../src/live/liveSession.ts';
import type { EngineSession, SessionChange, SessionState } from '../../../src/live/session.ts';
import { machine } from '../support/machine.ts';
import { ScriptedEngine, ScriptedKernel } from './scriptedEngine.ts';

/** A session on a scripted engine and kernel, in fake time, with what it told its listeners. */
export class Stage {
  readonly engine = new ScriptedEngine();
  readonly kernel = new ScriptedKernel();
  readonly states: SessionState['kind'][] = [];
  readonly changes: SessionChange[] = [];
  readonly warnings: string[] = [];
  readonly session: EngineSession;

  constructor() {
    vi.useFakeTimers();
    this.session = createSession({
      engine: this.engine,
      kernel: this.kernel,
      log: { info: () => undefined, warn: (line) => void this.warnings.push(line) },
    });
    this.session.onDidChangeState(({ kind }) => this.states.push(kind));
    this.session.onDidChangeSnapshot((change) => this.changes.push(change));
  }

  /** Somebody looks, and the first read is done. */
  async activate(): Promise<void> {
    this.session.setActive(true);
    await vi.advanceTimersByTimeAsync(10);
  }

  /** What was asked of the engine in that time. */
  async askedWithin(milliseconds: number): Promise<readonly string[]> {
    this.engine.asked.length = 0;
    await vi.advanceTimersByTimeAsync(milliseconds);
    return [...this.engine.asked];
  }

  dispose(): void {
    this.session.dispose();
    vi.useRealTimers();
  }
}

/** Two containers on one network of three, whose wires root knows. */
export function wiredMachine(): ReturnType<typeof machine> {
  return machine({
    exact: true,
    bornInside: true,
    orphans: 0,
    moved: false,
    learned: false,
    netnsIds: false,
    seats: [[0], [0]],
    traffic: new Array<number>(21).fill(0),
  });
}

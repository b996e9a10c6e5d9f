import { homedir } from 'node:os';
import { createDockerEngine } from '../src/engine/docker/dockerodeEngine.ts';
import { resolveConnection } from '../src/engine/docker/connections.ts';
import { EngineError } from '../src/engine/engine.ts';

export interface FoundEngine {
  /** False where there is nothing that the extension could show or explain. */
  readonly answers: boolean;
  /** For the terminal. */
  readonly sentence: string;
}

/** The engine that the extension will choose, asked as the extension asks, for 2 s at most. */
export async function answeringEngine(): Promise<FoundEngine> {
  let label = 'The Docker connection';
  try {
    const target = await resolveConnection({
      setting: '',
      env: process.env,
      platform: process.platform,
      home: homedir(),
    });
    label = target.connection.label;
    const engine = createDockerEngine(target);
    try {
      const { name, version } = await engine.info(AbortSignal.timeout(2000));
      return { answers: true, sentence: `The engine at ${label}: ${name}, Docker ${version}.` };
    } finally {
      engine.close();
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // What is there and refuses is for the window to explain.
    const answers = !['unreachable', 'timeout', 'cancelled'].includes(error.kind);
    return { answers, sentence: answers ? `${label}: ${error.message}` : `No engine answers at ${label}.` };
  }
}

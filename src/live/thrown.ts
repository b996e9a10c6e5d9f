import { EngineError } from '../engine/engine.ts';

/** Asked through a call, because the compiler believes that a property stays as it was over an `await`. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

export function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  return new EngineError('protocol', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

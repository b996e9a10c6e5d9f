import { removeEngine, type EngineRecord } from './record.ts';

const alive = new Set<EngineRecord>();
let atExit = false;
let atSignals = false;

export function removeNow(record: EngineRecord): void {
  removeEngine(record);
  alive.delete(record);
}

/**
 * Removes the engine in whatever way this process ends, an uncaught exception too; SIGKILL alone is left to `sweep`.
 * Without `onSignals` the caller sees to it that a signal ends the process in an orderly way.
 */
export function removeAtExit(record: EngineRecord, onSignals: boolean): void {
  alive.add(record);
  if (!atExit) process.on('exit', removeAll);
  atExit = true;
  if (onSignals && !atSignals) {
    for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
      process.once(signal, () => process.exit(128 + number));
    }
    atSignals = true;
  }
}

function removeAll(): void {
  for (const record of alive) {
    try {
      removeNow(record);
    } catch (error) {
      process.stderr.write(`lab: ${record.directory} stays: ${String(error)}\n`);
    }
  }
}

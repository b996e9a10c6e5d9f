import { setTimeout as sleep } from 'node:timers/promises';
import type { RecreateStep } from '../control.ts';
import { EngineError } from '../engine.ts';
import { type EngineCalls, isUncertain, stopTimeoutOf } from './calls.ts';
import { toEngineError } from './errors.ts';
import { filled, type JsonObject, object, text } from './json.ts';
import { isRunningState } from './recreatePreview.ts';

/** How far a recreation came. */
export interface Transaction {
  readonly oldId: string;
  readonly name: string;
  /** Of the old one, while its replacement has its name. */
  readonly temporaryName: string;
  /** Of the old one, before anything was changed. */
  readonly inspect: JsonObject;
  /** The last step that was begun. */
  step: RecreateStep;
  replacementId: string | undefined;
  /** The engine may have made one; no answer came. */
  replacementUnknown?: boolean;
}

/** Milliseconds before each attempt: a change whose answer was lost may still be at work. */
const attempts = [0, 250, 750, 1500, 3000] as const;

/**
 * Brings the old container back to how it was. Every attempt reads what is there before it changes anything, so that
 * it goes on where the last one broke. Returns where all is as before; throws otherwise, `rollback` where it failed.
 */
export async function rollBack(calls: EngineCalls, transaction: Transaction, reason: EngineError): Promise<void> {
  let failure: EngineError | undefined;
  for (const delay of attempts) {
    await sleep(delay);
    try {
      if (transaction.step === 'stop' && isUncertain(reason)) await waitForStop(calls, transaction);
      await restore(calls, transaction);
      const moved = await movedAddresses(calls, transaction);
      if (moved.length === 0) return;
      throw new MovedError(reason, transaction.name, moved);
    } catch (error) {
      if (error instanceof MovedError) throw error;
      failure = toEngineError(error);
      if (calls.ended || error instanceof HopelessError) break;
    }
  }
  const left = await whatIsLeft(calls, transaction);
  const why = failure?.message ?? 'unknown';
  throw new EngineError('rollback', `${reason.message}; going back failed, too: ${why}. ${left}`, { cause: reason });
}

/** Everything is back but for addresses that the engine chose. */
class MovedError extends EngineError {
  constructor(reason: EngineError, name: string, moved: readonly string[]) {
    const status = reason.status === undefined ? {} : { status: reason.status };
    super(reason.kind, `${reason.message}; ${name} is back as it was, but for its addresses: ${moved.join(', ')}`, {
      cause: reason,
      ...status,
    });
  }
}

/** Trying again changes nothing. */
class HopelessError extends EngineError {}

/** True where the removal of the old container came to its end, whatever its answer was. */
export async function settleRemoval(calls: EngineCalls, { oldId }: Transaction): Promise<boolean> {
  for (const delay of attempts) {
    await sleep(delay);
    try {
      const old = await calls.inspectIfThere(oldId);
      if (old === undefined) return true;
      if (object(old['State'])['Status'] !== 'removing') return false;
    } catch (error) {
      if (calls.ended) throw error;
    }
  }
  return false;
}

async function restore(calls: EngineCalls, transaction: Transaction): Promise<void> {
  const { oldId, name, inspect } = transaction;
  const now = await calls.inspectIfThere(oldId);
  // Before the replacement goes: it may be all that is left.
  if (now === undefined) throw new HopelessError('notFound', `the container ${oldId.slice(0, 12)} is gone`);
  const state = object(now['State']);
  if (state['Dead'] === true) throw new HopelessError('engine', 'the engine removed it half and cannot start it again');
  await removeReplacement(calls, transaction);
  if (nameOf(now) !== name) await calls.rename(oldId, name);
  if (!isRunningState(inspect)) return;
  if (state['Running'] !== true) await calls.start(oldId);
  if (object(inspect['State'])['Paused'] === true && state['Paused'] !== true) await calls.pause(oldId);
}

async function removeReplacement(calls: EngineCalls, transaction: Transaction): Promise<void> {
  if (transaction.replacementId === undefined && transaction.replacementUnknown === true) {
    const found = await calls.findByName(transaction.name);
    // Ours was never started; one that was started belongs to somebody who took the name meanwhile.
    if (found !== undefined && found['Id'] !== transaction.oldId && object(found['State'])['Status'] === 'created') {
      transaction.replacementId = text(found['Id']);
    }
  }
  const { replacementId } = transaction;
  if (replacementId === undefined || (await calls.inspectIfThere(replacementId)) === undefined) return;
  // Its volumes are the old one's.
  await calls.remove(replacementId, { force: true, volumes: false });
}

/** The engine may be about to stop it although no answer came; to start it before that would be in vain. */
async function waitForStop(calls: EngineCalls, { oldId, inspect }: Transaction): Promise<void> {
  const end = Date.now() + (stopTimeoutOf(inspect) + 2) * 1000;
  while (Date.now() < end) {
    const now = await calls.inspectIfThere(oldId);
    if (now === undefined || !isRunningState(now)) return;
    await sleep(200);
  }
}

/** `my-net: 10.0.0.3 instead of 10.0.0.2`. Those that a person fixed cannot move: the engine would not have started it. */
async function movedAddresses(calls: EngineCalls, { oldId, inspect }: Transaction): Promise<readonly string[]> {
  if (!isRunningState(inspect)) return [];
  const networksOf = (record: JsonObject): JsonObject => object(object(record['NetworkSettings'])['Networks']);
  const after = networksOf(await calls.inspect(oldId));
  return Object.entries(networksOf(inspect)).flatMap(([network, raw]) =>
    ['IPAddress', 'GlobalIPv6Address'].flatMap((field) => {
      const [old, now] = [filled(object(raw)[field]), filled(object(after[network])[field])];
      return old === now ? [] : [`${network}: ${now ?? 'none'} instead of ${old ?? 'none'}`];
    }),
  );
}

/** For people who have to go on by hand. */
async function whatIsLeft(calls: EngineCalls, transaction: Transaction): Promise<string> {
  const { oldId, name, temporaryName, replacementId } = transaction;
  const describe = async (what: string, id: string): Promise<string | undefined> => {
    const record = await calls.inspectIfThere(id);
    if (record === undefined) return undefined;
    return `the ${what} container ${id.slice(0, 12)} is "${nameOf(record)}" (${text(object(record['State'])['Status'])})`;
  };
  try {
    const parts = [
      await describe('old', oldId),
      replacementId === undefined ? undefined : await describe('new', replacementId),
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? 'Neither the old nor a new container is left' : `Left: ${parts.join(', ')}`;
  } catch {
    return `The engine does not say what is left: look for "${name}" and "${temporaryName}"`;
  }
}

function nameOf(record: JsonObject): string {
  return text(record['Name']).replace(/^\//, '');
}

import { randomBytes } from 'node:crypto';
import type { PublishSpec } from '../../actions/specs.ts';
import type { RecreateStep } from '../control.ts';
import { EngineError } from '../engine.ts';
import { type EngineCalls, isUncertain, stopTimeoutOf } from './calls.ts';
import { toEngineError } from './errors.ts';
import { filled, type JsonObject, object, text } from './json.ts';
import { isRunningState, obstacleOf } from './recreatePreview.ts';
import { isOfMode, planRecreate, seatsOf } from './recreatePlan.ts';
import { networkReference } from './networkReference.ts';
import { rollBack, settleRemoval, type Transaction } from './rollBack.ts';

const refusals = {
  removedWhenStopped: 'stopping it would delete it (--rm), so there would be no way back',
  swarmTask: 'it is a task of a swarm service, which would start another one in its place',
  noPortsInThisMode: 'it has no network on which ports can be published',
} as const;

/**
 * Replaces a container by one that publishes other ports. Measured on Docker 20.10 and 28.5: a stopped container holds
 * none of its addresses, so the old one keeps its seats, which makes the way back short.
 */
export async function republish(
  calls: EngineCalls,
  id: string,
  ports: readonly PublishSpec[],
  onStep: (step: RecreateStep) => void,
): Promise<{ readonly id: string }> {
  onStep('inspect');
  const inspect = await calls.inspect(id);
  const name = text(inspect['Name']).replace(/^\//, '');
  const obstacle = obstacleOf(inspect);
  if (obstacle !== undefined) throw new EngineError('invalid', `${name} cannot be recreated: ${refusals[obstacle]}`);
  const transaction: Transaction = {
    oldId: text(inspect['Id']),
    name,
    temporaryName: `${name}-dne-old-${randomBytes(3).toString('hex')}`,
    inspect,
    step: 'inspect',
    replacementId: undefined,
  };
  const enter = (step: RecreateStep): void => {
    transaction.step = step;
    if (step !== 'inspect') onStep(step);
  };
  try {
    return await replace(calls, transaction, ports, enter);
  } catch (error) {
    const reason = toEngineError(error);
    // Nothing was changed yet.
    if (transaction.step === 'inspect') throw reason;
    if (transaction.step === 'remove' && (await settleRemoval(calls, transaction))) {
      return { id: transaction.replacementId ?? '' };
    }
    calls.warn(`${name}: recreating it failed at the step "${transaction.step}", going back: ${reason.message}`);
    await rollBack(calls, transaction, reason);
    throw reason;
  }
}

async function replace(
  calls: EngineCalls,
  transaction: Transaction,
  ports: readonly PublishSpec[],
  enter: (step: RecreateStep) => void,
): Promise<{ readonly id: string }> {
  const { oldId, name, temporaryName, inspect } = transaction;
  const running = isRunningState(inspect);
  const image = await imageReference(calls, inspect);
  const networkMode = await modeReference(calls, inspect);
  const references = await otherReferences(calls, inspect);
  if (running) {
    enter('stop');
    await calls.stop(oldId, stopTimeoutOf(inspect));
  }
  enter('rename');
  await calls.rename(oldId, temporaryName);
  enter('create');
  const resting = running ? await calls.inspect(oldId) : inspect;
  const plan = planRecreate({ inspect, resting, ports, apiVersion: calls.apiVersion, image, networkMode, references });
  const { id: replacementId, warnings } = await createReplacement(calls, transaction, plan.body, plan.platform);
  for (const warning of warnings) calls.warn(`${name}: ${warning}`);
  for (const { network, endpoint } of plan.connects) {
    enter('connect');
    await calls.connect(network, replacementId, endpoint);
  }
  if (running) {
    enter('start');
    await calls.start(replacementId);
    if (object(inspect['State'])['Paused'] === true) await calls.pause(replacementId);
  }
  enter('remove');
  // Without its volumes: the replacement has them.
  await calls.remove(oldId, { force: false, volumes: false });
  return { id: replacementId };
}

/** Finds out, where no answer came, whether the engine made one all the same: else it could not be undone. */
async function createReplacement(
  calls: EngineCalls,
  transaction: Transaction,
  body: JsonObject,
  platform: string | undefined,
): Promise<{ readonly id: string; readonly warnings: readonly string[] }> {
  try {
    const created = await calls.createContainer(transaction.name, body, platform);
    transaction.replacementId = created.id;
    return created;
  } catch (error) {
    transaction.replacementUnknown = isUncertain(toEngineError(error));
    throw error;
  }
}

/** The name that the container was made of, unless it names another image by now: then its id. */
async function imageReference(calls: EngineCalls, inspect: JsonObject): Promise<string> {
  const id = text(inspect['Image']);
  const reference = filled(object(inspect['Config'])['Image']);
  if (reference === undefined) return id;
  const named = await calls.inspectImage(reference);
  return id === '' || named?.['Id'] === id ? reference : id;
}

/** `HostConfig.NetworkMode` as it is, where the container still has a seat there and the name is not ambiguous. */
async function modeReference(calls: EngineCalls, inspect: JsonObject): Promise<string> {
  const mode = text(object(inspect['HostConfig'])['NetworkMode']);
  const { primary } = seatsOf(inspect);
  if (primary === undefined) return mode;
  const stays = isOfMode(primary, mode);
  if (stays && (mode === '' || mode === 'default' || mode === 'bridge')) return mode;
  const networkId = filled(primary.record['NetworkID']);
  const name = stays ? mode : primary.networkName;
  return networkId === undefined ? name : networkReference(calls, networkId, name);
}

async function otherReferences(calls: EngineCalls, inspect: JsonObject): Promise<Readonly<Record<string, string>>> {
  const pairs = seatsOf(inspect).others.map(async ({ networkName, record }) => {
    const id = filled(record['NetworkID']);
    return [networkName, id === undefined ? networkName : await networkReference(calls, id, networkName)] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

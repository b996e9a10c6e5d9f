import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointSpec } from '../../actions/specs.ts';
import { EngineError } from '../engine.ts';
import { type EngineCalls, isUncertain } from './calls.ts';
import { atLeast, endpointBody } from './createBodies.ts';
import { toEngineError } from './errors.ts';
import { filled, type JsonObject, text } from './json.ts';
import { endpointConfig, fixedAddresses, type Seat, seatsOf } from './recreatePlan.ts';

/** Milliseconds before each attempt to take the old seat again. */
const attempts = [0, 250, 1000] as const;

/** Docker Engine 29.3: below this API version `connect` drops a MAC and says nothing (moby#48192). */
const heedsMac = '1.54';

/** Body of a connection. Throws `invalid` for what this engine would ignore. */
export function connectBody(calls: EngineCalls, spec: EndpointSpec): JsonObject {
  const body = endpointBody(spec, calls.apiVersion);
  if (body['MacAddress'] !== undefined && !atLeast(calls.apiVersion, heedsMac)) {
    throw new EngineError(
      'invalid',
      'before Docker Engine 29.3 a MAC address is ignored when a container is connected; it can only be fixed when the container is created',
    );
  }
  return body;
}

/** Takes a container's seat on a network anew. Where that fails the old seat is taken again, with its fixed addresses. */
export async function replaceEndpoint(
  calls: EngineCalls,
  networkId: string,
  containerId: string,
  spec: EndpointSpec,
): Promise<void> {
  const wanted = connectBody(calls, spec);
  const inspect = await calls.inspect(containerId);
  const { seat, primary } = seatOn(inspect, networkId);
  if (seat === undefined) {
    throw new EngineError('conflict', `the container is not connected to the network ${networkId.slice(0, 12)}`);
  }
  const before: Before = {
    seat,
    config: endpointConfig(seat.record, { inspect, apiVersion: calls.apiVersion, primary }),
  };
  try {
    await calls.disconnect(networkId, containerId, false);
  } catch (error) {
    const reason = toEngineError(error);
    if (isUncertain(reason)) await takeAgain(calls, networkId, containerId, before, reason);
    throw reason;
  }
  try {
    await calls.connect(networkId, containerId, wanted);
  } catch (error) {
    const reason = toEngineError(error);
    await takeAgain(calls, networkId, containerId, before, reason);
    throw reason;
  }
}

interface Before {
  readonly seat: Seat;
  /** `EndpointConfig` that takes it again. */
  readonly config: JsonObject;
}

function seatOn(inspect: JsonObject, networkId: string): { seat: Seat | undefined; primary: boolean } {
  const { primary, others } = seatsOf(inspect);
  const isThere = (seat: Seat | undefined): boolean =>
    // A container that was never started has names only.
    seat?.record['NetworkID'] === networkId || seat?.networkName === networkId;
  return isThere(primary) ? { seat: primary, primary: true } : { seat: others.find(isThere), primary: false };
}

/** Reads before each attempt what is there: a request whose answer was lost may have done its work. */
async function takeAgain(
  calls: EngineCalls,
  networkId: string,
  containerId: string,
  before: Before,
  reason: EngineError,
): Promise<void> {
  let failure: EngineError | undefined;
  for (const delay of attempts) {
    await sleep(delay);
    try {
      const { seat } = seatOn(await calls.inspect(containerId), networkId);
      const untouched = seat !== undefined && isSame(seat, before.seat);
      if (!untouched) {
        if (seat !== undefined) await calls.disconnect(networkId, containerId, true);
        await calls.connect(networkId, containerId, before.config);
      }
      const lost = untouched ? [] : lostOf(seatOn(await calls.inspect(containerId), networkId).seat, before);
      if (lost.length === 0) return;
      throw new ChangedError(reason, before.seat.networkName, lost);
    } catch (error) {
      if (error instanceof ChangedError) throw error;
      failure = toEngineError(error);
      if (calls.ended) break;
    }
  }
  const name = before.seat.networkName;
  const address = Object.values(fixedAddresses(before.seat.record)).join(', ');
  throw new EngineError(
    'rollback',
    `${reason.message}; connecting the container to ${name} as before failed, too: ${failure?.message ?? 'unknown'}. ` +
      `The container may be disconnected from ${name}${address === '' ? '' : ` (it had ${address} there)`}`,
    { cause: reason },
  );
}

/** The seat is taken again, but not as it was. */
class ChangedError extends EngineError {
  constructor(reason: EngineError, network: string, lost: readonly string[]) {
    const status = reason.status === undefined ? {} : { status: reason.status };
    super(reason.kind, `${reason.message}; the container is on ${network} again, but without ${lost.join(', ')}`, {
      cause: reason,
      ...status,
    });
  }
}

/** Addresses that it had and did not get again; a MAC only where a person fixed it. */
function lostOf(now: Seat | undefined, { seat, config }: Before): readonly string[] {
  return ['IPAddress', 'GlobalIPv6Address', 'MacAddress'].flatMap((field) => {
    const old = filled(field === 'MacAddress' ? config[field] : seat.record[field]);
    const mine = text(now?.record[field]);
    // A container that does not run has no address, and lists no MAC.
    const known = field !== 'MacAddress' || mine !== '';
    return old === undefined || !known || old.toLowerCase() === mine.toLowerCase() ? [] : [old];
  });
}

/**
 * A stopped container's endpoints have no ids: there the seat is taken anew, which changes nothing. Podman's never have:
 * there the MAC, which is made up anew with each seat, tells of a running one.
 */
function isSame(seat: Seat, before: Seat): boolean {
  const id = filled(seat.record['EndpointID']);
  if (id !== undefined) return id === text(before.record['EndpointID']);
  return ['IPAddress', 'MacAddress'].every(
    (field) => filled(seat.record[field]) !== undefined && seat.record[field] === before.record[field],
  );
}

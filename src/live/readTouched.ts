import type { Engine } from '../engine/engine.ts';
import { inLanes } from './inLanes.ts';
import { replace, type Records } from './records.ts';
import type { Touched } from './touched.ts';

/** Asks the engine for each touched container and network. What is gone is dropped; all other records stay the same objects. */
export async function readTouched(
  engine: Engine,
  known: Records,
  touched: Touched,
  signal: AbortSignal,
): Promise<Records> {
  const records: Records = {
    info: known.info,
    networks: new Map(known.networks),
    containers: new Map(known.containers),
  };
  await inLanes([
    ...[...networksToRead(touched, known)].map((id) => async (): Promise<void> => {
      replace(records.networks, id, await engine.network(id, signal));
    }),
    ...[...touched.containers].map((id) => async (): Promise<void> => {
      replace(records.containers, id, await engine.container(id, signal));
    }),
  ]);
  return records;
}

/** A swarm's node tells of an overlay network, and a worker has it at all, only while something on it uses the network. */
function networksToRead(touched: Touched, { networks }: Records): ReadonlySet<string> {
  const news = [...touched.joined].filter((id) => {
    const known = networks.get(id)?.model;
    return known === undefined || known.overlay !== undefined;
  });
  return new Set([...touched.networks, ...news]);
}

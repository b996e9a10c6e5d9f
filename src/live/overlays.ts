import type { Engine } from '../engine/engine.ts';
import { isSame } from '../topology/same.ts';
import { inLanes } from './inLanes.ts';
import { replace, type Records } from './records.ts';

/**
 * Networks of which another host may tell something new, which is no event here. A node of a swarm is among the peers of
 * those that it uses itself, and knows nothing of the others; with a cluster store there are other hosts by its nature.
 */
export function sharedNetworks({ networks }: Records): readonly string[] {
  return [...networks.values()].flatMap(({ model: { id, overlay, scope } }) =>
    overlay !== undefined && (overlay.peers.length > 0 || scope === 'global') ? [id] : [],
  );
}

/** Reads these networks again. Undefined where that is no news. What did not change stays the same object. */
export async function readAgain(
  engine: Engine,
  known: Records,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Records | undefined> {
  const networks = new Map(known.networks);
  await inLanes(
    ids.map((id) => async (): Promise<void> => {
      const now = await engine.network(id, signal);
      if (!isSame(networks.get(id)?.model, now?.model)) replace(networks, id, now);
    }),
  );
  return ids.every((id) => networks.get(id) === known.networks.get(id)) ? undefined : { ...known, networks };
}

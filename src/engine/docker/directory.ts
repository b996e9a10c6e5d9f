import type { Network } from '../../topology/model.ts';
import type { Read } from '../engine.ts';
import { object, text, texts } from './json.ts';
import { needsNetworkLookup, type References } from './normalizeEndpoint.ts';

export const noReferences: References = { containerId: () => undefined, networkId: () => undefined };

/** Looks names and short ids up in the rows of `GET /containers/json` and in the networks. */
export function directoryOf(rows: readonly unknown[], networks: readonly Read<Network>[]): References {
  const byName = new Map<string, string>();
  const ids: string[] = [];
  for (const row of rows) {
    const id = text(object(row)['Id']);
    ids.push(id);
    for (const name of texts(object(row)['Names'])) byName.set(name.replace(/^\//, ''), id);
  }
  const known = new Set(ids);
  return {
    containerId(reference) {
      if (known.has(reference)) return reference;
      const named = byName.get(reference);
      if (named !== undefined) return named;
      const matches = /^[0-9a-f]+$/.test(reference) ? ids.filter((id) => id.startsWith(reference)) : [];
      return matches.length === 1 ? matches[0] : undefined;
    },
    networkId(name) {
      // `docker create --network ID` leaves the id in the place of the name.
      const byId = networks.find(({ model }) => model.id === name);
      const named = networks.filter(({ model }) => model.name === name);
      return byId?.model.id ?? (named.length === 1 ? named[0]?.model.id : undefined);
    },
  };
}

/** True where a container's record names a network without its id. */
export function unresolvedNetworks(record: unknown): boolean {
  const networks = object(object(object(record)['NetworkSettings'])['Networks']);
  return Object.entries(networks).some(([name, seat]) => needsNetworkLookup(name, object(seat)['NetworkID']));
}

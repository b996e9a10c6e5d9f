import fc from 'fast-check';
import type { EnginePart } from '../../../src/topology/graphHosts.ts';
import type { Endpoint, RemoteEndpoint, Snapshot } from '../../../src/topology/model.ts';
import { anyPlan, planned } from './anySnapshot.ts';
import { nodeSnapshot, type Node } from './overlays.ts';
import { container, endpoint, engineInfo, idOf, network, networks, snapshot } from './snapshots.ts';

export function enginePart(key: string, from: Snapshot): EnginePart {
  return { key, label: key, snapshot: from };
}

/** Two real nodes of one swarm or cluster, as far as their engines tell. */
export function twoNodes(one: Node, other: Node): [EnginePart, EnginePart] {
  return [enginePart('one', nodeSnapshot(one)), enginePart('two', nodeSnapshot(other))];
}

const keys = ['unix:///var/run/docker.sock', 'ssh://root@lab:2222', 'tcp://[2001:db8::1]:2376'] as const;

/** Engines that have containers, networks and links of the same names and ids, as nodes of one swarm. */
export const anyHosts: fc.Arbitrary<readonly EnginePart[]> = fc
  .array(anyPlan, { minLength: 2, maxLength: 3 })
  .map((plans) =>
    plans.map((plan, n) => {
      const { engine, ...rest } = planned(plan);
      const { swarmNode } = engine;
      const own = swarmNode && { swarmNode: { ...swarmNode, id: `node${n}`, address: `192.0.2.${10 + n}` } };
      return enginePart(keys[n] ?? String(n), { ...rest, engine: { ...engine, ...own } });
    }),
  );

/** What an engine of a cluster store forgets to tell of a seat that is elsewhere. */
interface Gaps {
  readonly endpointId: boolean;
  readonly ipv4: boolean;
  readonly name: boolean;
  readonly host: boolean;
}

/** Who has a container on the overlay network, and what the others are told of it. */
interface Place extends Gaps {
  readonly engine: number;
}

export const clusterNetwork = network('far', { driver: 'overlay', scope: 'global' });

export function cluster(engines: number, places: readonly Place[]): EnginePart[] {
  const address = (engine: number): string => `192.0.2.${10 + engine}`;
  return Array.from({ length: engines }, (_, n): EnginePart => {
    const remote = places.flatMap((place, at): RemoteEndpoint[] => {
      if (place.engine === n) return [];
      const { endpointId, ipv4 } = seat(at);
      return [
        {
          // Of another seat that nobody has.
          endpointId: place.endpointId ? endpointId : idOf(`gone ${at}`),
          name: place.name ? `c${at}` : `ep-${endpointId}`,
          ...(place.ipv4 && ipv4 !== undefined ? { ipv4 } : {}),
          ...(place.host ? { host: address(place.engine) } : {}),
        },
      ];
    });
    const overlay = { vnis: [], encrypted: false, peers: [], services: [], remote };
    return enginePart(
      keys[n] ?? String(n),
      snapshot({
        engine: { ...engineInfo, clusterStore: 'etcd://192.0.2.1:2379', clusterAdvertise: `${address(n)}:2375` },
        networks: [networks.bridge, { ...clusterNetwork, overlay }],
        containers: places.flatMap(({ engine }, at) =>
          engine === n ? [container(`c${at}`, { endpoints: [seat(at)] })] : [],
        ),
      }),
    );
  });
}

function seat(at: number): Endpoint {
  return endpoint(`c${at}`, clusterNetwork, { ipv4: `10.77.0.${at + 2}`, mac: `02:42:0a:4d:00:0${at}` });
}

export const anyCluster: fc.Arbitrary<EnginePart[]> = fc
  .array(
    fc.record({
      engine: fc.nat(2),
      endpointId: fc.boolean(),
      ipv4: fc.boolean(),
      name: fc.boolean(),
      host: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((places) => cluster(3, places));

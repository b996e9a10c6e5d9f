import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinOverlays, type JoinedHost } from '../../../src/topology/joinHosts.ts';
import type { Network, RemoteEndpoint, Snapshot } from '../../../src/topology/model.ts';
import { remoteEndpoints } from '../../../src/topology/overlay.ts';
import { cpuTime } from '../support/cpuTime.ts';
import { anyCluster, cluster, clusterNetwork, enginePart, twoNodes } from '../support/hosts.ts';
import { networkOf, nodeSnapshot } from '../support/overlays.ts';
import { endpoint, idOf, tutorial, withContainer } from '../support/snapshots.ts';

const told = { endpointId: true, ipv4: true, name: true, host: false };
const nodes = ['swarm-28.5', 'swarm-20.10'] as const;

function remoteOf({ snapshot }: Pick<JoinedHost, 'snapshot'>, name: string): readonly RemoteEndpoint[] {
  return networkOf(snapshot, name).overlay?.remote ?? [];
}

function change(from: Snapshot, name: string, remote: (seat: RemoteEndpoint) => RemoteEndpoint): Snapshot {
  const other = ({ overlay, ...rest }: Network): Network =>
    overlay === undefined ? rest : { ...rest, overlay: { ...overlay, remote: overlay.remote.map(remote) } };
  return { ...from, networks: from.networks.map((one) => (one.name === name ? other(one) : one)) };
}

describe.each(nodes)('two nodes of a swarm, %s', (version) => {
  const parts = twoNodes(`${version}/manager`, `${version}/worker`);
  const [manager, worker] = joinOverlays(parts);

  it('know each other’s containers', () => {
    const { id } = networkOf(parts[0].snapshot, 'demo');
    const names = remoteOf(parts[0], 'demo').map(({ name, endpointId }) => {
      const seat = manager?.remoteSeats.get(endpointId);
      const there = parts[1].snapshot.containers.find((one) => one.id === seat?.containerId);
      expect(seat).toMatchObject({ engine: 'two', networkId: id });
      expect(there?.name).toBe(name);
      return name;
    });
    expect(names).toContain('demo2');
    for (const { endpointId } of remoteOf(parts[1], 'demo'))
      expect(worker?.remoteSeats.get(endpointId)).toMatchObject({ engine: 'one' });
  });

  it('tell of themselves what is to be told, so the snapshots stay what they are', () => {
    expect(manager?.snapshot).toBe(parts[0].snapshot);
    expect(worker?.snapshot).toBe(parts[1].snapshot);
  });
});

describe('two nodes of a cluster store', () => {
  const parts = twoNodes('etcd-20.10/first', 'etcd-20.10/second');
  const [first, second] = joinOverlays(parts);

  it('tell each other the host, which neither engine says', () => {
    if (first === undefined || second === undefined) throw new Error('not two');
    expect(remoteOf(parts[0], 'demo')).toMatchObject([{ name: 'demo2' }]);
    expect(remoteOf(parts[0], 'demo')[0]).not.toHaveProperty('host');
    expect(remoteOf(first, 'demo')).toEqual([{ ...remoteOf(parts[0], 'demo')[0], host: '198.18.0.2' }]);
    expect(remoteOf(second, 'demo')).toMatchObject([{ name: 'demo1', host: '198.18.0.1' }]);
    const [seat] = remoteEndpoints(networkOf(first.snapshot, 'demo'), first.snapshot);
    const { containerId } = first.remoteSeats.get(seat?.endpointId ?? '') ?? {};
    expect(parts[1].snapshot.containers.find(({ id }) => id === containerId)?.name).toBe('demo2');
  });

  it('are the same snapshots again as long as nobody tells anything else', () => {
    const later: typeof parts = [parts[0], { ...parts[1], snapshot: { ...parts[1].snapshot, takenAt: 'later' } }];
    expect(joinOverlays(later)[0]?.snapshot).toBe(first?.snapshot);
    const gone: typeof parts = [parts[0], { ...parts[1], snapshot: { ...parts[1].snapshot, containers: [] } }];
    expect(joinOverlays(gone)[0]?.snapshot).toBe(parts[0].snapshot);
  });
});

describe('a remote seat', () => {
  const joined = (...change: Parameters<typeof cluster>): RemoteEndpoint | undefined => {
    const [first] = joinOverlays(cluster(...change));
    return first && remoteOf(first, 'far')[0];
  };

  it('is found by its endpoint, or by its address', () => {
    for (const seat of [told, { ...told, endpointId: false }, { ...told, ipv4: false }])
      expect(joined(2, [{ ...seat, engine: 1 }])).toMatchObject({ name: 'c0', host: '192.0.2.11' });
    expect(joined(2, [{ ...told, endpointId: false, ipv4: false, engine: 1 }])).not.toHaveProperty('host');
  });

  it('gets its container’s name where it has none, and keeps the one that it has', () => {
    expect(joined(2, [{ ...told, name: false, engine: 1 }])?.name).toBe('c0');
    const [first, second] = cluster(2, [{ ...told, engine: 1 }]);
    if (first === undefined || second === undefined) throw new Error('not two');
    const renamed = enginePart(second.key, withContainer(second.snapshot, 'c0', { name: 'new' }));
    const [one] = joinOverlays([first, renamed]);
    expect(one && remoteOf(one, 'far')[0]?.name).toBe('c0');
  });

  it('is none of a container that left the network, or is on another one', () => {
    const [first, second] = cluster(2, [{ ...told, engine: 1 }]);
    if (first === undefined || second === undefined) throw new Error('not two');
    const { ipv4 = '' } = second.snapshot.containers[0]?.endpoints[0] ?? {};
    const others = [[endpoint('c0', clusterNetwork, { endpointId: '' })], [endpoint('c0', networkElsewhere, { ipv4 })]];
    for (const endpoints of others) {
      const [one] = joinOverlays([first, enginePart('b', withContainer(second.snapshot, 'c0', { endpoints }))]);
      expect(one?.snapshot).toBe(first.snapshot);
      expect(one?.remoteSeats.size).toBe(0);
    }
  });

  it('is not found by an address that was given again on another host', () => {
    const seat = { ...told, endpointId: false, engine: 1 };
    const [first, second] = cluster(2, [seat]);
    if (first === undefined || second === undefined) throw new Error('not two');
    const elsewhere = change(first.snapshot, 'far', (one) => ({ ...one, host: '192.0.2.99' }));
    expect(joinOverlays([enginePart('a', elsewhere), second])[0]?.remoteSeats.size).toBe(0);
  });

  it('is nobody’s where two engines claim it', () => {
    const [first, second, third] = cluster(3, [{ ...told, engine: 1 }]);
    if (first === undefined || second === undefined || third === undefined) throw new Error('not three');
    const moved = { ...third, snapshot: { ...third.snapshot, containers: second.snapshot.containers } };
    expect(joinOverlays([first, second, moved])[0]?.remoteSeats.size).toBe(0);
  });
});

describe('two ways to one engine', () => {
  it('are not each other’s hosts', () => {
    const { snapshot } = twoNodes('swarm-28.5/manager', 'swarm-28.5/worker')[0];
    // Older: it does not know yet that this container is its own.
    const [demo1] = snapshot.containers.filter(({ name }) => name === 'demo1');
    const { id } = networkOf(snapshot, 'demo');
    const own = demo1?.endpoints.find(({ networkId }) => networkId === id)?.endpointId ?? '';
    const before = change(snapshot, 'demo', (seat) => ({ ...seat, endpointId: own }));
    const older = { ...before, containers: before.containers.filter((one) => one !== demo1) };
    for (const { remoteSeats } of joinOverlays([enginePart('socket', snapshot), enginePart('ssh', older)]))
      expect([...remoteSeats.values()].filter(({ containerId }) => containerId === demo1?.id)).toEqual([]);
  });

  it('are told from clones of a machine, which share the engine’s id', () => {
    const parts = twoNodes('swarm-28.5/manager', 'swarm-28.5/worker').map(({ key, snapshot }) =>
      enginePart(key, { ...snapshot, engine: { ...snapshot.engine, id: 'clone' } }),
    );
    for (const { remoteSeats } of joinOverlays(parts)) expect(remoteSeats.size).toBeGreaterThan(0);
    const stored = cluster(2, [{ ...told, engine: 1 }]);
    expect(new Set(stored.map(({ snapshot }) => snapshot.engine.id)).size).toBe(1);
    expect(joinOverlays(stored)[0]?.remoteSeats.size).toBe(1);
  });

  it('are found in the order in which they are shown', () => {
    const [first, second] = cluster(2, [{ ...told, engine: 1 }]);
    if (first === undefined || second === undefined) throw new Error('not two');
    const [one] = joinOverlays([first, second, { ...second, key: 'again' }]);
    expect([...(one?.remoteSeats.values() ?? [])].map(({ engine }) => engine)).toEqual([second.key]);
  });
});

const networkElsewhere = { ...clusterNetwork, id: idOf('net elsewhere') };

describe('any cluster', () => {
  it('is joined once and for all', () => {
    fc.assert(
      fc.property(anyCluster, (parts) => {
        const once = joinOverlays(parts);
        const twice = joinOverlays(once);
        for (const [at, { snapshot, remoteSeats }] of twice.entries()) {
          expect(snapshot).toBe(once[at]?.snapshot);
          expect(remoteSeats).toEqual(once[at]?.remoteSeats);
        }
        for (const [at, { snapshot }] of joinOverlays(parts).entries()) expect(snapshot).toBe(once[at]?.snapshot);
      }),
    );
  });

  it('is the same whatever order the engines are in', () => {
    fc.assert(
      fc.property(anyCluster, (parts) => {
        expect(joinOverlays(parts.toReversed()).toReversed()).toEqual(joinOverlays(parts));
      }),
    );
  });

  it('finds no seat but those that are there, on the host that has them', () => {
    fc.assert(
      fc.property(anyCluster, (parts) => {
        for (const { key, snapshot, remoteSeats } of joinOverlays(parts)) {
          const remote = networkOf(snapshot, 'far').overlay?.remote ?? [];
          for (const { endpointId, name, host } of remote) {
            const seat = remoteSeats.get(endpointId);
            if (seat === undefined) continue;
            expect(seat.engine).not.toBe(key);
            const there = parts.find((one) => one.key === seat.engine)?.snapshot;
            expect(there?.containers.find(({ id }) => id === seat.containerId)?.name).toBe(name);
            expect(there?.engine.clusterAdvertise).toBe(`${host ?? ''}:2375`);
          }
        }
      }),
    );
  });

  it('leaves alone what has nothing to do with another', () => {
    const alone = [enginePart('a', tutorial()), enginePart('b', nodeSnapshot('etcd-20.10/first'))];
    for (const [at, { snapshot }] of joinOverlays(alone).entries()) expect(snapshot).toBe(alone[at]?.snapshot);
    expect(joinOverlays(alone.slice(0, 1))[0]?.snapshot).toBe(alone[0]?.snapshot);
    expect(joinOverlays([])).toEqual([]);
  });
});

it('a crowd is joined in time that grows with it, not with its square', () => {
  const time = (count: number): number => {
    const parts = cluster(
      2,
      Array.from({ length: count }, (_, at) => ({ ...told, engine: at % 2 })),
    );
    return Math.min(...[1, 2, 3].map(() => cpuTime(() => joinOverlays(parts))));
  };
  time(50);
  expect(time(2_000)).toBeLessThan(Math.max(20, time(500) * 12));
});

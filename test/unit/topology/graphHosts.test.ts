import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../src/topology/graph.ts';
import {
  chipId,
  elementOf,
  elementsOf,
  scopedId,
  subjectOfElement,
  unscopedId,
} from '../../../src/topology/graphElements.ts';
import { graphOfHosts, type EnginePart } from '../../../src/topology/graphHosts.ts';
import type { Graph, GraphEdge, GraphNode, HostLinkNode, TunnelEdge } from '../../../src/topology/graphModel.ts';
import { hostOfPeer } from '../../../src/topology/graphOverlay.ts';
import { applyPatch, diffGraph } from '../../../src/topology/graphPatch.ts';
import { search } from '../../../src/topology/graphSearch.ts';
import { joinOverlays } from '../../../src/topology/joinHosts.ts';
import type { EngineInfo, Network, Overlay, Snapshot } from '../../../src/topology/model.ts';
import { anySnapshot, town } from '../support/anySnapshot.ts';
import { cpuTime } from '../support/cpuTime.ts';
import { anyCluster, anyHosts, enginePart, twoNodes } from '../support/hosts.ts';
import { networkOf, sandboxSnapshot } from '../support/overlays.ts';
import { hostile, idOf, networks, tutorial } from '../support/snapshots.ts';

function joined(parts: readonly EnginePart[]): EnginePart[] {
  return joinOverlays(parts).map(({ key, snapshot }) => ({ key, label: key, snapshot }));
}

const tunnelsIn = ({ edges }: Graph): TunnelEdge[] => edges.filter((edge) => edge.kind === 'tunnel');
const peersIn = ({ nodes }: Graph): HostLinkNode[] =>
  nodes.filter((node): node is HostLinkNode => node.kind === 'link' && node.remote !== undefined);

/** The part of a graph that is one host's, as if it were alone. */
function alone({ nodes, edges }: Graph, key: string): Pick<Graph, 'nodes' | 'edges'> {
  const own = <T extends { readonly id: string }>(one: T): T => ({ ...one, id: unscopedId(one.id, key) });
  return {
    nodes: nodes.flatMap((node): GraphNode[] => {
      if (node.host !== key) return [];
      const { host: _host, ...rest } = own(node);
      if (rest.kind === 'link') {
        const { peer: _peer, ...link } = rest;
        return [link];
      }
      if (rest.kind !== 'namespace') return [rest];
      return [{ ...rest, containers: rest.containers.map(own), interfaces: rest.interfaces.map(own) }];
    }),
    edges: edges.flatMap((edge): GraphEdge[] => {
      if (edge.host !== key) return [];
      const { host: _host, ...rest } = own(edge);
      const { from, to, fromItem, toItem } = rest;
      return [
        {
          ...rest,
          from: unscopedId(from, key),
          to: unscopedId(to, key),
          ...(fromItem === undefined ? {} : { fromItem: unscopedId(fromItem, key) }),
          ...(toItem === undefined ? {} : { toItem: unscopedId(toItem, key) }),
        },
      ];
    }),
  };
}

describe('one engine', () => {
  it('is drawn as before', () => {
    for (const from of [tutorial(), hostile(), sandboxSnapshot('swarm-28.5/manager')]) {
      const graph = graphOfHosts([enginePart('lab', from)]);
      expect(graph).toEqual(graphOf(from));
      expect(graph).not.toHaveProperty('hosts');
    }
  });

  it('is found whatever engine a subject names', () => {
    const graph = graphOf(tutorial());
    const subject = { kind: 'network', networkId: networks.myBridge.id } as const;
    expect(elementOf(graph, { ...subject, engine: 'lab' })).toBe(elementOf(graph, subject));
  });

  it('is an empty picture where there is none', () => {
    expect(graphOfHosts([])).toMatchObject({ nodes: [], edges: [] });
  });
});

describe('two nodes of a swarm', () => {
  const parts = twoNodes('swarm-28.5/manager', 'swarm-28.5/worker');
  const graph = graphOfHosts(joined(parts));

  it('are two hosts, the first of which is the head', () => {
    expect(graph.hosts).toMatchObject([
      { id: 'one', label: 'one', name: parts[0].snapshot.engine.name, kernelRead: false },
      { id: 'two', label: 'two', name: parts[1].snapshot.engine.name },
    ]);
    expect(graph.engine.name).toBe(parts[0].snapshot.engine.name);
  });

  it('stand for each other, each at its address', () => {
    expect(peersIn(graph).map((node) => [node.id, node.host, hostOfPeer(node), node.peer])).toEqual([
      ['vtep:198.18.0.2@one', 'one', '198.18.0.2', 'two'],
      ['vtep:198.18.0.1@two', 'two', '198.18.0.1', 'one'],
    ]);
  });

  it('have one tunnel between them, with what goes through it', () => {
    const names = ['demo', 'ingress'];
    expect(tunnelsIn(graph)).toEqual([
      {
        kind: 'tunnel',
        id: 'tunnel:one@two',
        from: 'vtep:198.18.0.2@one',
        to: 'vtep:198.18.0.1@two',
        vnis: names.flatMap((name) => networkOf(parts[0].snapshot, name).overlay?.vnis ?? []).sort((a, b) => a - b),
        networks: names,
        encrypted: false,
      },
    ]);
    expect(subjectOfElement(graph, 'tunnel:one@two')).toBeUndefined();
    // The same tunnel, whoever comes first.
    expect(tunnelsIn(graphOfHosts(joined(parts.toReversed()))).map(({ id }) => id)).toEqual(['tunnel:one@two']);
  });

  it('share networks, so a subject says of which engine it is, or means the first', () => {
    const { id } = networkOf(parts[0].snapshot, 'demo');
    const subject = { kind: 'network', networkId: id } as const;
    expect(elementOf(graph, { ...subject, engine: 'two' })).toBe(`network:${id}@two`);
    expect(elementOf(graph, subject)).toBe(`network:${id}@one`);
    expect(elementOf(graph, { ...subject, engine: 'three' })).toBeUndefined();
    expect(subjectOfElement(graph, `network:${id}@two`)).toEqual({ ...subject, engine: 'two' });
    const demo2 = parts[1].snapshot.containers.find(({ name }) => name === 'demo2');
    const there = { kind: 'container', containerId: demo2?.id ?? '' } as const;
    expect(elementOf(graph, there)).toBe(`container:${there.containerId}@two`);
  });

  it('have each its own in what is found', () => {
    expect(search(graph, 'docker_gwbridge').slice(0, 2)).toEqual(
      parts.map(({ key, snapshot }) => `network:${networkOf(snapshot, 'docker_gwbridge').id}@${key}`),
    );
    expect(search(graph, '4097')).toContain('tunnel:one@two');
    expect(search(graph, 'two')).toContain('vtep:198.18.0.2@one');
  });
});

describe('two nodes of a cluster store', () => {
  it('stand for each other as soon as they tell each other where they are', () => {
    const parts = twoNodes('etcd-20.10/first', 'etcd-20.10/second');
    expect(peersIn(graphOfHosts(parts)).map(({ id, peer }) => [id, peer])).toEqual([
      ['vtep:@one', undefined],
      ['vtep:@two', undefined],
    ]);
    const graph = graphOfHosts(joined(parts));
    expect(peersIn(graph).map(({ id, peer, remote }) => [id, peer, remote])).toEqual([
      ['vtep:198.18.0.2@one', 'two', 1],
      ['vtep:198.18.0.1@two', 'one', 1],
    ]);
    expect(tunnelsIn(graph)).toMatchObject([{ vnis: [], networks: ['demo'], encrypted: false }]);
  });

  it('have the VNI that one of their kernels tells', () => {
    const [, second] = twoNodes('etcd-20.10/first', 'etcd-20.10/second');
    const graph = graphOfHosts(joined([enginePart('one', sandboxSnapshot('etcd-20.10/first')), second]));
    expect(tunnelsIn(graph)).toMatchObject([{ vnis: [4097] }]);
  });
});

describe('a tunnel', () => {
  const parts = twoNodes('swarm-28.5/manager', 'swarm-28.5/worker');
  const changed = (
    from: Snapshot,
    change: (overlay: Overlay, network: Network) => Partial<Overlay>,
    engine: Partial<EngineInfo> = {},
  ): Snapshot => ({
    ...from,
    engine: { ...from.engine, ...engine },
    networks: from.networks.map((network) =>
      network.overlay === undefined
        ? network
        : { ...network, overlay: { ...network.overlay, ...change(network.overlay, network) } },
    ),
  });
  const deaf = (from: Snapshot): Snapshot => changed(from, () => ({ remote: [], peers: [], services: [] }));

  it('is not drawn where one of the two does not know of the other', () => {
    const graph = graphOfHosts([parts[0], { ...parts[1], snapshot: deaf(parts[1].snapshot) }]);
    expect(peersIn(graph).map(({ host, peer }) => [host, peer])).toEqual([['one', 'two']]);
    expect(tunnelsIn(graph)).toEqual([]);
  });

  it('has no network that one of the two alone is on', () => {
    const worker = changed(parts[1].snapshot, (_, { name }) => (name === 'ingress' ? { remote: [], peers: [] } : {}));
    const graph = graphOfHosts([parts[0], { ...parts[1], snapshot: worker }]);
    expect(tunnelsIn(graph)).toMatchObject([{ networks: ['demo'], vnis: [4097] }]);
  });

  it('is encrypted where all that goes through it is', () => {
    const some = (names: readonly string[]): boolean | undefined => {
      const both = parts.map((part) => ({
        ...part,
        snapshot: changed(part.snapshot, (_, { name }) => ({ encrypted: names.includes(name) })),
      }));
      return tunnelsIn(graphOfHosts(both))[0]?.encrypted;
    };
    expect(some(['demo'])).toBe(false);
    expect(some(['demo', 'ingress'])).toBe(true);
  });

  it('is none to a machine of another swarm that has the same address', () => {
    const foreign: Snapshot = {
      ...parts[1].snapshot,
      networks: parts[1].snapshot.networks.map((network) => ({ ...network, id: idOf(`other ${network.name}`) })),
    };
    const graph = graphOfHosts([parts[0], { ...parts[1], snapshot: foreign }]);
    expect(peersIn(graph).flatMap(({ peer }) => peer ?? [])).toEqual([]);
    expect(tunnelsIn(graph)).toEqual([]);
  });

  it('leads to one of two connections of an engine', () => {
    const again = { ...parts[1], key: 'again' };
    const graph = graphOfHosts([parts[0], parts[1], again]);
    expect(peersIn(graph).map(({ host, peer }) => [host, peer])).toEqual([
      ['one', 'two'],
      ['two', 'one'],
      ['again', 'one'],
    ]);
    expect(tunnelsIn(graph).map(({ id }) => id)).toEqual(['tunnel:one@two']);
  });
});

describe('any engines', () => {
  it('have no edge that ends nowhere and no id twice', () => {
    fc.assert(
      fc.property(fc.oneof(anyHosts, anyCluster), (parts) => {
        const graph = graphOfHosts(joined(parts));
        const items = graph.nodes.flatMap((node) =>
          node.kind === 'namespace' ? [...node.containers, ...node.interfaces] : [],
        );
        const ids = [...graph.nodes, ...items, ...graph.edges].map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const hosts = new Map(graph.nodes.map(({ id, host }) => [id, host]));
        const inside = new Set(items.map(({ id }) => id));
        for (const { kind, host, from, to, fromItem, toItem } of graph.edges) {
          expect([hosts.has(from), hosts.has(to)]).toEqual([true, true]);
          for (const item of [fromItem, toItem]) expect(item === undefined || inside.has(item)).toBe(true);
          if (kind === 'tunnel') expect(host ?? hosts.get(from)).not.toBe(hosts.get(to));
          else expect([hosts.get(from), hosts.get(to)]).toEqual([host, host]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('look each as they do alone', () => {
    fc.assert(
      fc.property(anyHosts, (parts) => {
        const graph = graphOfHosts(parts);
        for (const { key, snapshot } of parts) {
          const { nodes, edges } = graphOf(snapshot);
          expect(alone(graph, key)).toEqual({ nodes, edges });
          for (const [id, subject] of elementsOf(graphOf(snapshot)).subjects)
            expect(subjectOfElement(graph, scopedId(id, key))).toEqual(subject && { ...subject, engine: key });
        }
        expect(new Set(graph.nodes.map(({ host }) => host)).size).toBe(parts.length);
        const ends = tunnelsIn(graph).map(({ from, to }) => [from, to].sort().join(' '));
        expect(new Set(ends).size).toBe(ends.length);
      }),
      { numRuns: 20 },
    );
    fc.assert(
      fc.property(anySnapshot, (from) => {
        expect(graphOfHosts([enginePart('a', from)])).toEqual(graphOf(from));
      }),
      { numRuns: 10 },
    );
  });

  it('know what every element stands for, and lead back to one that shows it', () => {
    fc.assert(
      fc.property(anyHosts, (parts) => {
        const graph = graphOfHosts(parts);
        const { nodes, edges, subjects, wholes } = elementsOf(graph);
        for (const [id, subject] of subjects) {
          if (subject === undefined) continue;
          const whole = wholes.get(id) ?? id;
          const host = nodes.get(whole)?.host ?? edges.get(whole)?.host;
          expect(subject.engine, id).toBe(host);
          const shown = elementOf(graph, subject);
          expect(shown, id).toBeDefined();
          if (/^(network|bridge|link|container|endpoint|veth):/.test(id)) expect(shown).toBe(id);
          const { engine: _engine, ...anywhere } = subject;
          expect(elementOf(graph, anywhere)).toBeDefined();
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are the same picture whatever order an engine lists things in, and whichever comes first', () => {
    fc.assert(
      fc.property(anyHosts, (parts) => {
        const graph = graphOfHosts(parts);
        const other = parts.map(({ key, label, snapshot }) => ({
          key,
          label,
          snapshot: {
            ...snapshot,
            networks: snapshot.networks.toReversed(),
            containers: snapshot.containers.toReversed(),
          },
        }));
        expect(graphOfHosts(other)).toEqual(graph);
        const ids = (one: Graph): string[] => [...one.nodes, ...one.edges].map(({ id }) => id).sort();
        expect(ids(graphOfHosts(parts.toReversed()))).toEqual(ids(graph));
      }),
      { numRuns: 15 },
    );
  });

  it('are turned into others by a patch', () => {
    fc.assert(
      fc.property(anyHosts, anyHosts, (one, other) => {
        const [before, after] = [graphOfHosts(one), graphOfHosts(other)];
        const patch = diffGraph(before, after);
        expect(patch === undefined ? before : applyPatch(before, patch)).toEqual(after);
        const [first] = one;
        if (first === undefined) return;
        const single = graphOfHosts([first]);
        const narrowed = diffGraph(before, single);
        expect(narrowed && applyPatch(before, narrowed)).toEqual(single);
      }),
      { numRuns: 15 },
    );
  });

  it('keep what did not change as the same objects', () => {
    const parts = twoNodes('swarm-28.5/manager', 'swarm-28.5/worker');
    const before = graphOfHosts(parts);
    const after = graphOfHosts([parts[0], { ...parts[1], snapshot: { ...parts[1].snapshot, takenAt: 'later' } }]);
    const own = ({ edges }: Graph): GraphEdge[] => edges.filter(({ host }) => host === 'one');
    expect(own(after).every((edge, at) => edge === own(before)[at])).toBe(true);
  });
});

it('a chip and a veth of one name on two hosts are two', () => {
  const graph = graphOfHosts([enginePart('a', tutorial()), enginePart('b', tutorial())]);
  for (const host of ['a', 'b']) {
    const chip = chipId('veth0000013', host);
    expect(chip).toBe(scopedId('veth:veth0000013', host));
    const subject = subjectOfElement(graph, chip);
    expect(subject).toMatchObject({ kind: 'link', name: 'veth0000013', engine: host });
    expect(subject && elementOf(graph, subject)).toBe(chip);
    expect(search(graph, 'veth0000013')).toContain(chip);
  }
});

it('towns are drawn in time that grows with them, not with their square', () => {
  const time = (count: number): number => {
    const from = [town(count), town(count)];
    return Math.min(
      ...[1, 2, 3].map(() => {
        const parts = from.map((one, n) => enginePart(String(n), { ...one }));
        return cpuTime(() => graphOfHosts(parts));
      }),
    );
  };
  time(50);
  expect(time(1_000)).toBeLessThan(Math.max(40, time(250) * 12));
});

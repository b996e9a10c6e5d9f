import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../src/topology/graph.ts';
import { chipId, elementsOf } from '../../../src/topology/graphElements.ts';
import { graphOfHosts } from '../../../src/topology/graphHosts.ts';
import type { Graph } from '../../../src/topology/graphModel.ts';
import { search } from '../../../src/topology/graphSearch.ts';
import { filterGraph, neighbourhood } from '../../../src/topology/graphView.ts';
import { anySnapshot, town } from '../support/anySnapshot.ts';
import { anyHosts, enginePart, twoNodes } from '../support/hosts.ts';
import { networkOf } from '../support/overlays.ts';
import { idOf, networks, tutorial } from '../support/snapshots.ts';

const graph = graphOf(tutorial());
const box = (name: string): string => `container:${idOf(`ctr ${name}`)}`;
const seat = (name: string, on: { readonly id: string }): string => `endpoint:${idOf(`ctr ${name}`)}/${on.id}`;
const bar = (on: { readonly id: string }): string => `network:${on.id}`;
const containersIn = ({ nodes }: Graph): string[] =>
  nodes.flatMap((node) => (node.kind === 'namespace' ? node.containers.map(({ name }) => name) : []));
const networksIn = ({ nodes }: Graph): string[] => nodes.flatMap((node) => (node.kind === 'network' ? node.name : []));

function expectWhole({ nodes, edges }: Graph): void {
  const ids = new Set(nodes.map(({ id }) => id));
  expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
}

describe('a filter', () => {
  it('is none where it is empty', () => {
    expect(filterGraph(graph, {})).toBe(graph);
    expect(filterGraph(graph, { networks: [], states: [] })).toBe(graph);
  });

  it('shows a network with its containers and its way out', () => {
    const part = filterGraph(graph, { networks: [networks.shop.id] });
    expect(networksIn(part)).toEqual(['shop_default']);
    expect(containersIn(part)).toEqual(['shop-api-1', 'shop-web-1']);
    expect(part.nodes.filter(({ kind }) => kind === 'link' || kind === 'port')).toHaveLength(2);
  });

  it('goes by project, state and driver, and by several of them', () => {
    expect(containersIn(filterGraph(graph, { projects: ['shop'] }))).toEqual(['shop-api-1', 'shop-web-1']);
    expect(networksIn(filterGraph(graph, { projects: ['shop'] }))).toEqual(['shop_default']);
    expect(containersIn(filterGraph(graph, { states: ['stopped'] }))).toEqual(['stopped1']);
    expect(networksIn(filterGraph(graph, { states: ['stopped'] }))).toHaveLength(5);
    expect(containersIn(filterGraph(graph, { drivers: ['host', 'null'] }))).toEqual(['host1', 'none1']);
    expect(containersIn(filterGraph(graph, { networks: [networks.myBridge.id], states: ['running'] }))).toEqual([
      'redis',
      'test2',
      'test3',
    ]);
  });
});

describe('a neighbourhood', () => {
  it('of a container is its networks, then their containers', () => {
    expect(networksIn(neighbourhood(graph, box('redis'), 1))).toEqual(['my-bridge']);
    expect(containersIn(neighbourhood(graph, box('redis'), 1))).toEqual(['redis']);
    expect(neighbourhood(graph, box('redis'), 1).nodes.some(({ kind }) => kind === 'port')).toBe(true);
    expect(containersIn(neighbourhood(graph, box('redis'), 2))).toEqual(['redis', 'stopped1', 'test2', 'test3']);
  });

  it('of a wire, an interface and a chip is that of their ends', () => {
    const id = `wire:${idOf('ctr redis')}/${networks.myBridge.id}`;
    const around = neighbourhood(graph, id, 0);
    expect([networksIn(around), containersIn(around)]).toEqual([['my-bridge'], ['redis']]);
    expect(neighbourhood(graph, chipId('veth0000013'), 0)).toEqual(around);
    expect(containersIn(neighbourhood(graph, seat('redis', networks.myBridge), 0))).toEqual(['redis']);
  });

  it('of all hops stops where nothing is joined, and of nothing is empty', () => {
    expect(networksIn(neighbourhood(graph, box('test1'), 'all'))).toEqual(['my-bridge', 'shop_default', 'bridge']);
    expect(neighbourhood(graph, 'gone', 1).nodes).toEqual([]);
  });
});

describe('of several hosts', () => {
  const parts = [...twoNodes('swarm-28.5/manager', 'swarm-28.5/worker'), enginePart('third', tutorial())];
  const all = graphOfHosts(parts);
  const hostsIn = ({ nodes }: Graph): string[] => [...new Set(nodes.flatMap(({ host }) => host ?? []))];
  const idsOf = ({ hosts }: Graph): string[] | undefined => hosts?.map(({ id }) => id);
  const tunnelsIn = ({ edges }: Graph): string[] => edges.flatMap(({ id, kind }) => (kind === 'tunnel' ? id : []));
  const demo = networkOf(parts[0]?.snapshot ?? tutorial(), 'demo');

  it('a filter keeps some, and the tunnels between them', () => {
    expect(tunnelsIn(all)).toEqual(['tunnel:one@two']);
    const both = filterGraph(all, { hosts: ['one', 'two'] });
    expect([hostsIn(both), idsOf(both), tunnelsIn(both)]).toEqual([['one', 'two'], ['one', 'two'], tunnelsIn(all)]);
    const some = filterGraph(all, { hosts: ['two', 'third'] });
    expect([hostsIn(some), idsOf(some), tunnelsIn(some)]).toEqual([['two', 'third'], ['two', 'third'], []]);
    expect(some.engine.name).toBe(parts[1]?.snapshot.engine.name);
    const one = filterGraph(all, { hosts: ['third'] });
    expect([hostsIn(one), idsOf(one)]).toEqual([['third'], ['third']]);
    expect(one.kernelRead).toBe(true);
    expect(containersIn(one)).toEqual(containersIn(graph));
    expect(filterGraph(graph, { hosts: ['third'] })).toBe(graph);
  });

  it('a filter goes by the network that they share, and leaves out hosts without it', () => {
    const part = filterGraph(all, { networks: [demo.id] });
    expect([hostsIn(part), idsOf(part), tunnelsIn(part)]).toEqual([['one', 'two'], ['one', 'two'], tunnelsIn(all)]);
    expect(networksIn(part)).toEqual(['demo', 'demo']);
    const here = filterGraph(all, { networks: [demo.id], hosts: ['two'] });
    expect([networksIn(here), tunnelsIn(here)]).toEqual([['demo'], []]);
  });

  it('a filter follows no tunnel', () => {
    const [one, two] = twoNodes('swarm-28.5/manager', 'swarm-28.5/worker');
    const left = { ...two.snapshot, networks: two.snapshot.networks.filter(({ name }) => name !== 'demo') };
    const apart = graphOfHosts([one, { ...two, snapshot: left }]);
    expect(tunnelsIn(apart)).toHaveLength(1);
    expect(hostsIn(filterGraph(apart, { networks: [demo.id] }))).toEqual(['one']);
  });

  it('a filter that nothing passes leaves frames without anything', () => {
    const empty = filterGraph(all, { networks: ['gone'], states: ['stopped'], hosts: ['one', 'third'] });
    expect([empty.nodes, idsOf(empty)]).toEqual([[], ['one', 'third']]);
  });

  it('a port stays with its container', () => {
    const ports = filterGraph(all, { projects: ['shop'] }).nodes.filter(({ kind }) => kind === 'port');
    expect(ports.map(({ host }) => host)).toEqual(['third']);
  });

  it('a neighbourhood goes through the tunnel to the other host', () => {
    const id = `network:${demo.id}@one`;
    expect(hostsIn(neighbourhood(all, id, 1))).toEqual(['one']);
    expect(idsOf(neighbourhood(all, id, 1))).toEqual(['one']);
    const wide = neighbourhood(all, id, 3);
    expect([hostsIn(wide), tunnelsIn(wide)]).toEqual([['one', 'two'], tunnelsIn(all)]);
    expect(hostsIn(neighbourhood(all, 'tunnel:one@two', 0))).toEqual(['one', 'two']);
    expect(hostsIn(neighbourhood(all, id, 'all'))).not.toContain('third');
  });
});

describe('search', () => {
  it.each([
    ['REDIS', box('redis')],
    [idOf('ctr test3').slice(0, 20), box('test3')],
    ['172.18.0.3', seat('test2', networks.myBridge)],
    ['02:42:ac:11:00:02', seat('test1', networks.bridge)],
    ['veth000000b', chipId('veth000000b')],
    ['172.19.0.0/16', bar(networks.shop)],
    ['8080', `port:${idOf('ctr shop-web-1')}/8080/80/tcp/127.0.0.1`],
    ['docker0', bar(networks.bridge)],
    ['redis:latest', box('redis')],
    ['192.0.2.10', 'link:eth0'],
  ])('%s', (text, id) => {
    expect(search(graph, text)[0]).toBe(id);
  });

  it('puts the name itself before names that begin with it, and these before all else', () => {
    const found = search(graph, 'test1');
    expect(found[0]).toBe(box('test1'));
    expect(search(graph, 'eth0')[0]).toBe('link:eth0');
    expect(search(graph, '')).toEqual([]);
    expect(search(graph, 'no such thing')).toEqual([]);
  });
});

describe('any topology', () => {
  it('is cut nowhere through a wire', () => {
    fc.assert(
      fc.property(anySnapshot, fc.nat(), (from, pick) => {
        const all = graphOf(from);
        const ids = [...elementsOf(all).subjects.keys()];
        const id = ids[pick % ids.length] ?? '';
        expectWhole(neighbourhood(all, id, 1));
        expectWhole(filterGraph(all, { projects: ['shop'], states: ['running'] }));
        expectWhole(filterGraph(all, { drivers: ['bridge'] }));
      }),
      { numRuns: 60 },
    );
    expectWhole(filterGraph(graphOf(town(300)), { drivers: ['macvlan'] }));
  });

  it('of several hosts is cut nowhere, and has a frame for all that is left', () => {
    fc.assert(
      fc.property(anyHosts, fc.nat(), (parts, pick) => {
        const all = graphOfHosts(parts);
        const ids = [...elementsOf(all).subjects.keys()];
        const cuts = [
          neighbourhood(all, ids[pick % ids.length] ?? '', 2),
          filterGraph(all, { hosts: [parts[0]?.key ?? ''], drivers: ['overlay', 'bridge'] }),
          filterGraph(all, { drivers: ['overlay'] }),
          filterGraph(all, { projects: ['shop'], states: ['running'] }),
        ];
        for (const cut of cuts) {
          expectWhole(cut);
          const framed = new Set(cut.hosts?.map(({ id }) => id));
          expect(cut.nodes.filter(({ host = '' }) => !framed.has(host))).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

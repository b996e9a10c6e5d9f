import { instance, type Viz } from '@viz-js/viz';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { graphOf } from '../../../../src/topology/graph.ts';
import { graphOfHosts } from '../../../../src/topology/graphHosts.ts';
import { dotOf } from '../../../../src/topology/formats/dot.ts';
import { anyName, anySnapshot, town } from '../../support/anySnapshot.ts';
import { anyHosts, twoNodes } from '../../support/hosts.ts';
import { container, hostile, snapshot, tutorial } from '../../support/snapshots.ts';

let viz: Viz;
beforeAll(async () => {
  viz = await instance();
});

interface Parsed {
  readonly objects: readonly { readonly name: string; readonly label: string }[];
  readonly edges?: readonly { readonly label?: string }[];
}

/** What Graphviz understands, in the engine that only copies; throws where it does not parse. */
function parsed(dot: string): Parsed {
  const { status, output, errors } = viz.render(dot, { format: 'json0', engine: 'nop2' });
  if (status === 'failure') throw new Error(errors.map(({ message }) => message).join('\n'));
  return JSON.parse(output) as Parsed;
}

const named = (name: string): string => dotOf(graphOf(snapshot({ containers: [container(name)] })));

describe('a DOT graph', () => {
  it('has the host and each namespace as a cluster, and both ends of a wire on its edge', () => {
    const { objects, edges } = parsed(dotOf(graphOf(tutorial())));
    const labels = new Map(objects.map(({ name, label }) => [label, name]));
    expect(labels.get('lab, Docker 20.10.24')).toBe('cluster_host');
    expect(labels.get('namespace of test1')).toMatch(/^cluster_n\d+$/);
    expect(edges?.map(({ label }) => label)).toContain('eth0@if11 ⇄ veth000000b@if10');
  });

  it('has each of several hosts as a cluster, and the tunnel between them', () => {
    const { objects, edges } = parsed(dotOf(graphOfHosts(twoNodes('swarm-28.5/manager', 'swarm-28.5/worker'))));
    const clusters = objects.filter(({ name }) => name.startsWith('cluster_host'));
    expect(clusters.map(({ name, label }) => [name, label.split(':')[0]])).toEqual([
      ['cluster_host1', 'one'],
      ['cluster_host2', 'two'],
    ]);
    expect(edges?.filter(({ label }) => label?.startsWith('VXLAN'))).toHaveLength(1);
  });

  it('keeps names as they are', () => {
    for (const name of ['a "b" c', 'back\\slash \\N \\G', 'ends in \\', '<b>html</b>', '&amp; &lt;', 'a{b|c}', 'über'])
      expect(
        parsed(named(name)).objects.map(({ label }) => label),
        name,
      ).toContain(`${name.replaceAll('\\', '\\\\').replaceAll('&', '&amp;')}\\nbusybox:latest`);
  });

  it('is taken by Graphviz whatever the topology and the names are', () => {
    fc.assert(
      fc.property(anySnapshot, (from) => void parsed(dotOf(graphOf(from)))),
      { numRuns: 25 },
    );
    fc.assert(
      fc.property(anyName, (name) => void parsed(named(name))),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(anyHosts, (parts) => void parsed(dotOf(graphOfHosts(parts)))),
      { numRuns: 10 },
    );
    parsed(dotOf(graphOf(hostile())));
    expect(parsed(dotOf(graphOf(town(100)))).edges?.length).toBeGreaterThan(100);
  });
});

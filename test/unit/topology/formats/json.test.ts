import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../../src/topology/graph.ts';
import { graphOfHosts } from '../../../../src/topology/graphHosts.ts';
import { jsonOf } from '../../../../src/topology/formats/json.ts';
import { twoNodes } from '../../support/hosts.ts';
import { hostile, tutorial } from '../../support/snapshots.ts';

describe('the graph as JSON', () => {
  it('says what it is, and has all of the graph', () => {
    const several = graphOfHosts(twoNodes('swarm-28.5/manager', 'swarm-28.5/worker'));
    for (const graph of [graphOf(tutorial()), graphOf(hostile()), several]) {
      expect(JSON.parse(jsonOf(graph))).toEqual({ format: 'docker-network-explorer/graph', version: 1, ...graph });
    }
  });

  it('begins with its format, and is the same text for the same graph', () => {
    expect(jsonOf(graphOf(tutorial()))).toMatch(
      /^\{\n {2}"format": "docker-network-explorer\/graph",\n {2}"version": 1,/,
    );
    expect(jsonOf(graphOf(tutorial()))).toBe(jsonOf(graphOf(tutorial())));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../src/topology/graph.ts';
import { applyPatch, diffGraph, summaryOf } from '../../../src/topology/graphPatch.ts';
import { anySnapshot } from '../support/anySnapshot.ts';
import { container, idOf, tutorial, withContainer } from '../support/snapshots.ts';

describe('a patch', () => {
  it('turns any graph into any other', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, (one, other) => {
        const [before, after] = [graphOf(one), graphOf(other)];
        const patch = diffGraph(before, after);
        expect(patch === undefined ? before : applyPatch(before, patch)).toEqual(after);
      }),
      { numRuns: 60 },
    );
  });

  it('is none where nothing changed', () => {
    expect(diffGraph(graphOf(tutorial()), graphOf(tutorial()))).toBeUndefined();
    expect(diffGraph(graphOf(tutorial()), graphOf(tutorial({ takenAt: '2027-01-01T00:00:00Z' })))).toBeUndefined();
  });

  it('leaves all that did not change the same object', () => {
    const before = graphOf(tutorial());
    const after = graphOf(withContainer(tutorial(), 'redis', { state: 'paused' }));
    const patch = diffGraph(before, after);
    expect(patch?.nodes.map(({ id }) => id)).toEqual([`namespace:${idOf('ctr redis')}`]);
    expect(patch).toMatchObject({ edges: [], removed: [] });
    const next = patch && applyPatch(before, patch);
    expect(next).toEqual(after);
    const old = new Map(before.nodes.map((node) => [node.id, node]));
    expect(next?.nodes.filter((node) => old.get(node.id) !== node)).toHaveLength(1);
    expect(next?.edges).toBe(before.edges);
  });

  it('says what is new, changed and gone, containers and interfaces too', () => {
    const before = graphOf(tutorial());
    const from = tutorial();
    const more = graphOf({ ...from, containers: [...from.containers, container('new1')] });
    const patch = diffGraph(before, more);
    expect(patch && summaryOf(before, patch)).toEqual({
      added: [`namespace:${idOf('ctr new1')}`, `container:${idOf('ctr new1')}`],
      changed: [],
      removed: [],
    });
    const back = diffGraph(more, before);
    expect(back && summaryOf(more, back)).toMatchObject({
      added: [],
      removed: [`namespace:${idOf('ctr new1')}`, `container:${idOf('ctr new1')}`],
    });
    const apart = graphOf(withContainer(from, 'shared1', { mode: { kind: 'bridge' } }));
    const moved = diffGraph(before, apart);
    const summary = moved && summaryOf(before, moved);
    expect(summary?.changed).toContain(`container:${idOf('ctr shared1')}`);
    expect(summary?.removed).toEqual([]);
  });
});

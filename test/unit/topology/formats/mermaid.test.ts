import fc from 'fast-check';
import mermaid from 'mermaid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphOf } from '../../../../src/topology/graph.ts';
import { graphOfHosts } from '../../../../src/topology/graphHosts.ts';
import { mermaidOf } from '../../../../src/topology/formats/mermaid.ts';
import { anyName, anySnapshot, town } from '../../support/anySnapshot.ts';
import { anyHosts, enginePart, twoNodes } from '../../support/hosts.ts';
import { container, endpoint, hostile, networks, snapshot, tutorial } from '../../support/snapshots.ts';

interface Purifier {
  sanitize?: (text: string) => string;
  addHook?: () => void;
}
/** Mermaid's own dependency, which needs a DOM even to parse. What it cleans are labels: the grammar never sees it. */
const purifierName = 'dompurify';
let purifier: Purifier;

beforeAll(async () => {
  ({ default: purifier } = (await import(purifierName)) as { default: Purifier });
  purifier.sanitize = (text) => text;
  purifier.addHook = () => undefined;
});
afterAll(() => {
  delete purifier.sanitize;
  delete purifier.addHook;
});

/** What its grammar made of a text; `parse` itself says no more than whether it could. */
interface Grammar {
  readonly mermaidAPI: {
    getDiagramFromText(text: string): Promise<{
      readonly db: { getVertices(): ReadonlyMap<string, { readonly text: string }> };
    }>;
  };
}

/** What Mermaid understands: throws where it does not parse. */
async function labelsOf(text: string): Promise<string[]> {
  await mermaid.parse(text);
  const { db } = await (mermaid as unknown as Grammar).mermaidAPI.getDiagramFromText(text);
  return [...db.getVertices().values()].map((vertex) => decoded(vertex.text));
}

/** Mermaid writes `#35;` down as this while it parses, and undoes it when it draws. */
function decoded(text: string): string {
  return text.replace(/ﬂ°°(\d+)¶ß/g, (_, point: string) => String.fromCodePoint(Number(point)));
}

/** A diagram of containers of these names, with links to one another of the same names. */
function named(...names: readonly string[]): string {
  const target = container('target', { id: 'f'.repeat(64) });
  const containers = names.map((name, n) => {
    const seat = endpoint(name, networks.bridge, { links: [{ target: 'target', alias: name }] });
    return container(name, { id: `${n}`.padStart(64, '0'), endpoints: [seat] });
  });
  return mermaidOf(graphOf(snapshot({ containers: [target, ...containers] })));
}

describe('a Mermaid diagram', () => {
  it('says of a wire what both its ends show', () => {
    const text = mermaidOf(graphOf(tutorial()));
    expect(text).toContain('|"eth0@if11 ⇄ veth000000b@if10"|');
    expect(text).toContain('subgraph n8["host namespace"]');
    expect(text.split('\n').filter((line) => line.includes('test1'))).toEqual([
      '    subgraph n24["namespace of test1"]',
      '      n25("test1<br/>busybox:latest")',
      '  n29 -.->|"link test1"| n25',
    ]);
  });

  it('puts each of several hosts into a frame, with all that is its own', () => {
    const [one, other] = twoNodes('swarm-28.5/manager', 'swarm-28.5/worker');
    const text = mermaidOf(graphOfHosts([one, other, enginePart('lab', tutorial())]));
    const frames = text.split('\n').filter((line) => line.startsWith('  subgraph'));
    expect(frames.map((line) => line.replace(/: .*/, ''))).toEqual([
      '  subgraph host1["one',
      '  subgraph host2["two',
      // The engine has the name that the person calls it.
      '  subgraph host3["lab, Docker 20.10.24"]',
    ]);
    expect(text).toContain('|"VXLAN 4096 4097"|');
    // Two of eth0, and nothing outside of the frames but lines.
    const outside = text.split(/^ {2}end$/m).slice(-1)[0] ?? '';
    expect(outside.split('\n').filter((line) => line.trim() !== '' && !/ (---|-\.-|-->|-\.->)/.test(line))).toEqual([]);
  });

  it('is taken by Mermaid, with every name as it is', async () => {
    const labels = await labelsOf(mermaidOf(graphOf(tutorial())));
    expect(labels).toEqual(expect.arrayContaining(['my-bridge<br/>bridge, br-6e6574206d79<br/>172.18.0.0/16']));
    const names = [
      '"quoted"',
      '[x] {y} (z)',
      'a`b`',
      '`md`',
      '#35; #quot;',
      'a style b: c#d;',
      '%%{init: {}}%%',
      '1. one',
      '- two',
      '_x_',
      '<img src=x>',
      'a|b',
      'end',
      '\\"',
      'click n1 "javascript:x"',
    ];
    const shown = await labelsOf(named(...names));
    expect(names.filter((name) => !shown.includes(`${name}<br/>busybox:latest`))).toEqual([]);
  });

  it('makes one line of hostile names', async () => {
    const texts = [
      mermaidOf(graphOf(hostile())),
      named('a\nend\nclick n1 href "x"'),
      named('x'.repeat(10_000)),
      named(''),
    ];
    for (const text of texts) {
      await labelsOf(text);
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(2_000);
      expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u2028\u2029\0\r]/);
    }
  });

  it('is taken by Mermaid whatever the topology and the names are', async () => {
    await fc.assert(
      fc.asyncProperty(anySnapshot, fc.array(anyName, { minLength: 8, maxLength: 8 }), async (from, names) => {
        await mermaid.parse(mermaidOf(graphOf(from)));
        await mermaid.parse(named(...names));
      }),
      { numRuns: 5, endOnFailure: true },
    );
    await fc.assert(
      fc.asyncProperty(anyHosts, async (parts) => {
        await mermaid.parse(mermaidOf(graphOfHosts(parts)));
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it('folds a crowd until Mermaid takes it', async () => {
    for (const count of [40, 400]) {
      const text = mermaidOf(graphOf(town(count)));
      expect(text.length).toBeLessThan(50_000);
      if (count > 40) expect(text).toMatch(/net1<br\/>.*\d+ containers/);
      await mermaid.parse(text);
    }
  });
});

// test.ts [LAYER …] [arguments for vitest]: the layers named, or all of them. The last line is the sum.
import { check } from './check.ts';
import { closingLine, sum, type Counts } from './counts.ts';
import { runTool, ToolError, type Lifetime } from './lifetime.ts';
import { ensureSystemPackages, type SystemPackage } from './systemPackages.ts';
import { runVitest } from './vitestLayer.ts';

interface Layer {
  readonly title: string;
  /** What the machine must have. */
  readonly needs: () => Promise<readonly SystemPackage[]>;
  readonly run: (args: readonly string[], life: Lifetime) => Promise<Counts>;
}

const window: readonly SystemPackage[] = [{ name: 'chromium' }, { name: 'fonts-dejavu-core' }];

async function labNeeds(): Promise<readonly SystemPackage[]> {
  const { labPackages, labPrograms } = await import('../test/lab/requirements.ts');
  return labPackages.map((name) => ({ name, program: labPrograms[name] }));
}

const layers: Readonly<Record<string, Layer>> = {
  check: { title: 'Types, lint, walls, dead code, format', needs: () => Promise.resolve([]), run: () => check(say) },
  unit: {
    title: 'Unit tests',
    needs: () => Promise.resolve([]),
    run: (args, life) => runVitest('unit', args, life, say),
  },
  engine: {
    title: 'Tests against real Docker engines',
    needs: labNeeds,
    run: async (args, life) => {
      const { judgeEngines } = await import('./engineTable.ts');
      return runVitest('engine', args, life, say, judgeEngines);
    },
  },
  editor: {
    title: 'Tests inside a real extension host',
    needs: () => Promise.resolve(window),
    run: async (_args, life) => (await import('../test/editor/run.ts')).runEditorSuite(life, say),
  },
  e2e: {
    title: 'Tests of a real window on a real engine',
    needs: async () => [...window, ...(await labNeeds())],
    run: (args, life) => runVitest('e2e', args, life, say),
  },
};

function say(message: string): void {
  console.log(message);
}

/** A layer that cannot run is a failed one, and the others run all the same. */
async function runLayer(name: string, layer: Layer, args: readonly string[], life: Lifetime): Promise<Counts> {
  say(`\n── ${name}: ${layer.title}`);
  const began = Date.now();
  let counts: Counts;
  try {
    await ensureSystemPackages(await layer.needs(), say);
    counts = await layer.run(args, life);
  } catch (error) {
    console.error(error instanceof ToolError ? error.message : error);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  say(`── ${name}: ${closingLine(counts)} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return counts;
}

await runTool(async (life) => {
  const given = process.argv.slice(2);
  const named = given.filter((word, place) => given.slice(0, place + 1).every((each) => each in layers));
  const args = given.slice(named.length);
  if (named.length === 0 && args.length > 0)
    throw new ToolError(`No such layer: ${args[0] ?? ''}. There are: ${Object.keys(layers).join(', ')}.`);
  const results: Counts[] = [];
  for (const [name, layer] of Object.entries(layers)) {
    if (life.signal.aborted) break;
    if (named.length === 0 || named.includes(name)) results.push(await runLayer(name, layer, args, life));
  }
  const total = sum(results);
  say(`\n${closingLine(total)}`);
  return total.failed === 0 ? 0 : 1;
});

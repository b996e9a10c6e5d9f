// npm run bench [-- [PART …] [--containers N] [--quick]]: the speed, size and memory of the extension against yardsticks of the same run.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { runTool, ToolError } from '../../scripts/lifetime.ts';
import { ensureSystemPackages } from '../../scripts/systemPackages.ts';
import { labPackages, labPrograms } from '../lab/requirements.ts';
import { startBenchEngine } from './benchEngine.ts';
import { buildPackage, buildPrograms } from './bundles.ts';
import { measureDiagram, type DiagramPlan } from './measureDiagram.ts';
import { measureEvents, measureRefresh, type Subject } from './measureEngines.ts';
import { measureMemory } from './measureMemory.ts';
import { measureActivation, measureSizes } from './measurePackage.ts';
import { table, type Row } from './rows.ts';

const parts = ['engines', 'package', 'memory', 'diagram'] as const;
type Part = (typeof parts)[number];

const usage = `npm run bench [-- [PART …] [--containers N] [--quick]]
Measures the extension on disposable Docker engines (root on Linux) and prints a table. About six minutes.
A missed target is printed and no failure; what cannot be measured is one.
  PART            ${parts.join(', ')}: only these; all but engines run without root
  --containers N  10 and N containers instead of 10, 100 and 300
  --quick         3 and 10 containers and few rounds: whether the benchmark works, not what it says`;

interface Plan {
  readonly sizes: readonly number[];
  readonly activations: number;
  readonly refreshes: number;
  readonly events: number;
  readonly memoryEvents: number;
  readonly diagram: DiagramPlan;
}

function say(message: string): void {
  console.log(message);
}

function isPart(word: string): word is Part {
  return parts.some((part) => part === word);
}

function readArguments(): { readonly help: boolean; readonly chosen: ReadonlySet<Part>; readonly plan: Plan } {
  const options = {
    containers: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  let values: { containers?: string; quick: boolean; help: boolean };
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({ options, allowPositionals: true }));
  } catch (error) {
    throw new ToolError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  const { quick, help } = values;
  const chosen = positionals.filter(isPart);
  if (chosen.length < positionals.length) throw new ToolError(`The parts are: ${parts.join(', ')}.\n${usage}`);
  const small = quick ? 3 : 10;
  const larger = values.containers === undefined ? (quick ? [10] : [100, 300]) : [Number(values.containers)];
  if (!larger.every((size) => Number.isInteger(size) && size > small))
    throw new ToolError(`The larger engine has more than ${small} containers.\n${usage}`);
  const sizes = [small, ...larger];
  return {
    help,
    chosen: new Set(chosen.length === 0 ? parts : chosen),
    plan: quick
      ? {
          ...{ sizes, activations: 3, refreshes: 5, events: 3, memoryEvents: 20_000 },
          diagram: { mounts: 1, panning: 500 },
        }
      : {
          ...{ sizes, activations: 15, refreshes: 40, events: 30, memoryEvents: 100_000 },
          diagram: { mounts: 5, panning: 2_000 },
        },
  };
}

await runTool(async (life) => {
  const { help, chosen, plan } = readArguments();
  if (help) {
    say(usage);
    return 0;
  }
  await ensureSystemPackages(
    [
      ...(chosen.has('engines') ? labPackages.map((name) => ({ name, program: labPrograms[name] })) : []),
      ...(chosen.has('diagram') ? [{ name: 'chromium' }, { name: 'fonts-dejavu-core' }] : []),
    ],
    say,
  );
  // What else runs slows all of it: ratios bear that, limits in milliseconds do not.
  say(`Load of the machine before the run: ${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} processors.`);
  const directory = await life.directory('bench');
  const dist = await buildPackage(directory);
  const program = await buildPrograms(
    ['activationProgram', 'diagramProgram', 'eventProgram', 'memoryProgram', 'refreshProgram'],
    directory,
  );
  const subjects: Subject[] = [];
  const rows: Row[] = [];
  for (const containers of chosen.has('engines') ? plan.sizes : []) {
    if (life.signal.aborted) return 1;
    const subject = { containers, engine: await startBenchEngine(containers, directory, life, say) };
    subjects.push(subject);
    // Before there are more: containers of other engines are processes of this machine too.
    rows.push(...(await measureRefresh(subject, program('refreshProgram'), plan.refreshes)));
  }
  if (chosen.has('engines')) {
    say('Measuring events …');
    rows.push(...(await measureEvents(subjects, program('eventProgram'), plan.events)));
  }
  for (const { engine } of subjects) engine.dispose();
  if (chosen.has('package')) {
    say('Measuring activation and size …');
    rows.push(
      ...(await measureActivation(dist, program('activationProgram'), directory, plan.activations, life)),
      ...(await measureSizes(dist, 'host')),
    );
  }
  if (chosen.has('memory')) {
    say('Measuring memory …');
    rows.push(...(await measureMemory(program('memoryProgram'), directory, plan.memoryEvents, life)));
  }
  if (chosen.has('diagram')) {
    say('Measuring the diagram …');
    rows.push(
      ...(await measureDiagram(dist, program('diagramProgram'), directory, plan.diagram, life)),
      ...(await measureSizes(dist, 'webview')),
    );
  }
  say(`\n${table(rows)}`);
  return 0;
});

import type { Counts } from './counts.ts';
import { run } from './processes.ts';
import { inModules, root } from './repository.ts';

/** Each step counts as one test. The walls between the rooms of src/ are rules of eslint.config.mjs. */
const steps: readonly { name: string; program: string; args: readonly string[] }[] = [
  { name: 'types', program: inModules('typescript', 'bin', 'tsc'), args: ['--noEmit', '-p', '.'] },
  { name: 'types of the webview', program: inModules('typescript', 'bin', 'tsc'), args: ['-p', 'src/webview'] },
  {
    name: "types of the bench's pages",
    program: inModules('typescript', 'bin', 'tsc'),
    args: ['-p', 'test/bench/page'],
  },
  { name: 'lint and walls', program: inModules('eslint', 'bin', 'eslint.js'), args: ['--max-warnings', '0', '.'] },
  { name: 'dead code', program: inModules('knip', 'bin', 'knip.js'), args: ['--no-progress'] },
  {
    name: 'format',
    program: inModules('prettier', 'bin', 'prettier.cjs'),
    args: ['--check', '--log-level', 'warn', '.'],
  },
];

/** Types, lint, walls, dead code, format: all of them, also where one fails. */
export async function check(say: (message: string) => void): Promise<Counts> {
  let failed = 0;
  for (const { name, program, args } of steps) {
    const began = Date.now();
    const { code } = await run(process.execPath, [program, ...args], { cwd: root });
    if (code !== 0) failed++;
    say(`${code === 0 ? '✓' : '✗'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }
  return { passed: steps.length - failed, failed, skipped: 0 };
}

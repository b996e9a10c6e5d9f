import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orFailed, type Counts } from './counts.ts';
import type { Lifetime } from './lifetime.ts';
import { run } from './processes.ts';
import { inModules, root } from './repository.ts';

/** What vitest's JSON reporter writes, as far as counting needs it. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A file that broke before or beside its tests (a failed import, a failed hook) counts as one failure. */
function brokenFiles({ testResults }: VitestReport): number {
  return testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  ).length;
}

async function readReport(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(text) as VitestReport;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles(report),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Runs one project of vitest.config.ts; `args` go to vitest (a file's name, `-t NAME`). */
export async function runVitest(
  project: string,
  args: readonly string[],
  life: Lifetime,
  say: (message: string) => void,
): Promise<Counts> {
  const file = join(await life.directory('report'), 'report.json');
  const { code } = await run(
    process.execPath,
    [
      ...[inModules('vitest', 'vitest.mjs'), 'run', '--project', project],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args],
    ],
    { cwd: root },
  );
  return orFailed(await readReport(file), code !== 0, say);
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orFailed, type Counts } from './counts.ts';
import type { Lifetime } from './lifetime.ts';
import { run } from './processes.ts';
import { inModules, root } from './repository.ts';

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** Looks at what a whole project came to, without failures. False: something is wrong, and was said. */
export type Judge = (report: VitestReport, say: (message: string) => void) => Promise<boolean>;

/** A file that broke before or beside its tests (a failed import, a failed hook) counts as one failure. */
function brokenFiles({ testResults }: VitestReport): number {
  return testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  ).length;
}

async function readReport(file: string): Promise<VitestReport | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as VitestReport);
}

function countsOf(report: VitestReport | undefined): Counts {
  if (report === undefined) return { passed: 0, failed: 0, skipped: 0 };
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles(report),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Runs one project of vitest.config.ts; `args` go to vitest (a file's name, `-t NAME`). With any of them it is not the
 * whole project that ran, and `judge` is not asked.
 */
export async function runVitest(
  project: string,
  args: readonly string[],
  life: Lifetime,
  say: (message: string) => void,
  judge?: Judge,
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
  const report = await readReport(file);
  const counts = orFailed(countsOf(report), code !== 0, say);
  if (judge === undefined || report === undefined || args.length > 0 || counts.failed > 0) return counts;
  return (await judge(report, say)) ? counts : { ...counts, failed: 1 };
}

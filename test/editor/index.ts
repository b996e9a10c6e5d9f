import Mocha from 'mocha';
import { reportVariable, writeLine } from './report.ts';
import { activationSuite } from './suite/activation.test.ts';
import { diagramSuite } from './suite/diagram.test.ts';

/** Every suite of test/editor/suite. They are bundled, so they are named, and knip finds one that is not. */
const suites: readonly (() => void)[] = [activationSuite, diagramSuite];

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function define(): Mocha {
  const mocha = new Mocha({ ui: 'tdd', timeout: 20_000, reporter: Mocha.reporters.Base });
  // What loading a test file would do: from here on mocha's `suite` and `test` belong to this instance.
  mocha.suite.emit('pre-require', {}, '', mocha);
  for (const suite of suites) suite();
  return mocha;
}

function runAll(mocha: Mocha, file: string): Promise<number> {
  return new Promise((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) =>
      writeLine(file, { kind: 'passed', title: test.fullTitle(), milliseconds: test.duration ?? 0 }),
    );
    runner.on('fail', (test, error: unknown) =>
      writeLine(file, { kind: 'failed', title: test.fullTitle(), message: messageOf(error) }),
    );
    runner.on('pending', (test) => writeLine(file, { kind: 'skipped', title: test.fullTitle() }));
  });
}

/** Called by the extension host. Rejects where a test failed, which is what @vscode/test-electron's exit code tells. */
export async function run(): Promise<void> {
  const file = process.env[reportVariable];
  if (file === undefined) throw new Error(`${reportVariable} names no file: start the suite with npm run test:editor`);
  writeLine(file, { kind: 'start', pid: process.pid });
  let failures: number;
  try {
    failures = await runAll(define(), file);
  } catch (error) {
    writeLine(file, { kind: 'end', error: messageOf(error) });
    throw error;
  }
  writeLine(file, { kind: 'end' });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

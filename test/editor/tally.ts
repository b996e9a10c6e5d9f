import type { Counts } from '../../scripts/counts.ts';
import type { Line } from './report.ts';

/** Prints results as they come and counts them. */
export class Tally {
  readonly #say: (message: string) => void;
  #counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  /** Of the extension host, once it wrote its first line. */
  pid: number | undefined;
  ended = false;

  constructor(say: (message: string) => void) {
    this.#say = say;
  }

  get counts(): Counts {
    return this.#counts;
  }

  add(line: Line): void {
    const { passed, failed, skipped } = this.#counts;
    switch (line.kind) {
      case 'start':
        this.pid = line.pid;
        break;
      case 'passed':
        this.#say(`  ✓ ${line.title} (${line.milliseconds} ms)`);
        this.#counts = { passed: passed + 1, failed, skipped };
        break;
      case 'failed':
        this.fail(line.title, line.message);
        break;
      case 'skipped':
        this.#say(`  - ${line.title}`);
        this.#counts = { passed, failed, skipped: skipped + 1 };
        break;
      case 'end':
        this.ended = true;
        if (line.error !== undefined) this.fail('the suite', line.error);
        break;
    }
  }

  fail(title: string, message: string): void {
    this.#say(`  ✗ ${title}\n${message.replaceAll(/^/gm, '      ')}`);
    this.#counts = { ...this.#counts, failed: this.#counts.failed + 1 };
  }
}

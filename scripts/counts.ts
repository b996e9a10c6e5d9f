/** What a layer of tests came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function sum(parts: readonly Counts[]): Counts {
  return parts.reduce(
    (total, part) => ({
      passed: total.passed + part.passed,
      failed: total.failed + part.failed,
      skipped: total.skipped + part.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The closing line that people and CI read: `3 passed, 0 failed, 1 skipped`. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The tests themselves went well, and yet something did not: no test ran, or the runner reports a failure of its own. */
export function orFailed(counts: Counts, runnerFailed: boolean, say: (message: string) => void): Counts {
  if (counts.failed > 0) return counts;
  if (counts.passed === 0) say('No test ran: that counts as a failure.');
  else if (runnerFailed) say('The test runner failed although no test did: that counts as a failure.');
  else return counts;
  return { ...counts, failed: 1 };
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Layers that share one machine's engines and windows: one file after the other, one test after the other. */
const oneAtATime = { pool: 'forks', maxWorkers: 1, fileParallelism: false, isolate: true } as const;

export default defineConfig({
  test: {
    teardownTimeout: 60_000,
    projects: [
      {
        // Rows are words, and words go through vscode.l10n: in plain Node a stub has that and little more.
        resolve: { alias: { vscode: fileURLToPath(new URL('test/unit/stubs/vscode.ts', import.meta.url)) } },
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Threads start sooner than processes, and vitest leaves one of two cores idle by itself.
          pool: 'threads',
          maxWorkers: '100%',
          // The files of a thread share what they import: loading it for each took as long as the tests. So none may
          // leave anything behind; `vi.mock` does (test/unit/support/standIn.ts).
          isolate: false,
          // Machines that are made of files are made in memory, where there is such a place.
          env: existsSync('/dev/shm') ? { TMPDIR: '/dev/shm' } : {},
        },
      },
      {
        test: {
          name: 'engine',
          include: ['test/engine/**/*.engine.test.ts'],
          ...oneAtATime,
          testTimeout: 120_000,
          // The first run builds the root of the newer engine.
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.test.ts'],
          ...oneAtATime,
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});

import { dirname, join } from 'node:path';

/** The repository's own directory. */
export const root = dirname(import.meta.dirname);

/** The program of an installed package, to be run with `process.execPath`: no shell, no `.cmd` on Windows. */
export function inModules(...path: readonly string[]): string {
  return join(root, 'node_modules', ...path);
}

import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

/**
 * Puts a function in the place of one of Node's own until the test ends, also for modules that imported it by its name
 * long before. `module` is what `import fs from 'node:fs'` gives. Not `vi.mock`: what loaded under that keeps it, and
 * the test files of one thread share what is loaded.
 */
export function standIn<Module extends object, Name extends keyof Module>(
  module: Module,
  name: Name,
  make: (original: Module[Name]) => Module[Name],
): void {
  const original = module[name];
  const put = (value: Module[Name]): void => {
    module[name] = value;
    syncBuiltinESMExports();
  };
  put(make(original));
  onTestFinished(() => put(original));
}

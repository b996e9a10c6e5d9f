import { ToolError } from './lifetime.ts';
import { run } from './processes.ts';
import { root } from './repository.ts';

/** Bundles the extension, and the editor tests, for development. */
export async function build(): Promise<void> {
  const { code } = await run(process.execPath, ['esbuild.mjs'], { cwd: root });
  if (code !== 0) throw new ToolError('The build failed.');
}

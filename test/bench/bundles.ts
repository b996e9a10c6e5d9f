import { mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
import { ToolError } from '../../scripts/lifetime.ts';
import { run } from '../../scripts/processes.ts';
import { root } from '../../scripts/repository.ts';

/**
 * Builds what the VSIX holds, by the script that `vsce package` runs, without touching the checkout's dist/: it writes
 * relative to where it runs, which is a directory of links to the checkout. Returns the new dist/.
 */
export async function buildPackage(directory: string): Promise<string> {
  const mirror = join(directory, 'package');
  await mkdir(mirror);
  for (const name of await readdir(root)) {
    if (name !== 'dist' && !name.startsWith('.')) await symlink(join(root, name), join(mirror, name));
  }
  const { code, stdout, stderr } = await run(process.execPath, [join(root, 'esbuild.mjs'), '--production'], {
    cwd: mirror,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (code !== 0) throw new ToolError(`The production build failed.\n${stdout}${stderr}`);
  return join(mirror, 'dist');
}

export interface BuiltFile {
  readonly name: string;
  readonly bytes: number;
}

/** Files of a directory and below it, with their sizes. */
export async function filesOf(directory: string): Promise<BuiltFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({ name: file.slice(directory.length + 1), bytes: (await stat(file)).size })),
  );
}

/** As in the package: of dockerode only its own files run, and none of what it brings along (esbuild.mjs). */
const dockerodeAlone: Plugin = {
  name: 'dockerode-alone',
  setup(build) {
    build.onResolve({ filter: /^[^.]/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]dockerode[\\/]/.test(importer) && !isBuiltin(path)
        ? { path, namespace: 'left-out' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Bundles programs of this folder, `NAME.ts` to `NAME.cjs`, so that they run like the package and find the stand-in editor. */
export async function buildPrograms(names: readonly string[], directory: string): Promise<(name: string) => string> {
  await bundle({
    entryPoints: names.map((name) => join(import.meta.dirname, `${name}.ts`)),
    outdir: directory,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['vscode'],
    logLevel: 'warning',
    plugins: [dockerodeAlone],
  });
  return (name) => join(directory, `${name}.cjs`);
}

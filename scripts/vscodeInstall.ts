import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { removeDirectory, ToolError } from './lifetime.ts';
import { run, which } from './processes.ts';

/** npm's code-server, which carries a whole VS Code (4.139.1 → VS Code 1.139.1) and needs Node 24. */
const version = '4.139.1';
/** Of what is changed in it below: another number is another installation. */
const recipe = 2;

function cacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'docker-network-explorer');
}

/** `server-main.js` of VS Code's server inside an installed code-server. */
function serverMain(installation: string): string {
  return join(vscodeDirectory(installation), 'out', 'server-main.js');
}

function vscodeDirectory(installation: string): string {
  return join(installation, 'node_modules', 'code-server', 'lib', 'vscode');
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const own = process.env['npm_execpath'];
  const options = { cwd, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
  const { code, stdout, stderr } =
    own !== undefined && existsSync(own)
      ? await run(process.execPath, [own, ...args], options)
      : await run(which('npm') ?? 'npm', args, { ...options, shell: process.platform === 'win32' });
  if (code !== 0) throw new ToolError(`npm ${args.join(' ')} failed.\n${stdout}${stderr}`);
}

/** Half-made copies of runs that were killed: an hour is long past any installation. */
async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    if (name.startsWith('dne-') && Date.now() - (await stat(path)).mtimeMs > 3_600_000) await removeDirectory(path);
  }
}

/**
 * The path of VS Code's `server-main.js`, installed into the user's cache at the first use (600 MB, about 15 s).
 * Installed aside and renamed when whole, so that two runs at once, or a killed one, never leave a half copy.
 */
export async function installVscode(say: (message: string) => void): Promise<string> {
  const cache = cacheDirectory();
  const installation = join(cache, `vscode-${version}-${recipe}`);
  if (existsSync(serverMain(installation))) return serverMain(installation);
  say(`Installing VS Code (npm's code-server ${version}) into ${installation} …`);
  await mkdir(cache, { recursive: true });
  await removeLeftovers(cache);
  const aside = await mkdtemp(join(cache, 'dne-installing-'));
  try {
    await writeFile(join(aside, 'package.json'), '{ "private": true }\n');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await npm(['install', `code-server@${version}`, ...quiet], aside);
    await npm(['install', '--omit=dev', ...quiet], vscodeDirectory(aside));
    const spdlog = join(vscodeDirectory(aside), 'node_modules', '@vscode', 'spdlog', 'index.js');
    await copyFile(join(import.meta.dirname, 'spdlog.cjs'), spdlog);
    await rename(aside, installation).catch((error: unknown) => {
      // Another run was faster: its copy is as good.
      if (!existsSync(serverMain(installation))) throw error;
    });
  } finally {
    await removeDirectory(aside);
  }
  return serverMain(installation);
}

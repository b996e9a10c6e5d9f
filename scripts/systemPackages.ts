import { existsSync } from 'node:fs';
import { findBrowser } from './browser.ts';
import { ToolError } from './lifetime.ts';
import { isExecutable, run, which } from './processes.ts';

export interface SystemPackage {
  /** Debian's name. */
  readonly name: string;
  /** By which program its presence is known where it is not Debian's (docker-ce, another system). Default: `name`. */
  readonly program?: string;
}

function hasProgram(name: string): boolean {
  return which(name) !== undefined || ['/usr/sbin', '/sbin'].some((place) => isExecutable(`${place}/${name}`));
}

async function debianHas(name: string): Promise<boolean> {
  const { code, stdout } = await run('dpkg-query', ['-W', '-f=${db:Status-Abbrev}', name], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return code === 0 && stdout.startsWith('ii');
}

async function isThere({ name, program }: SystemPackage): Promise<boolean> {
  if (name === 'chromium') return findBrowser() !== undefined;
  if (existsSync('/usr/bin/dpkg-query') && (await debianHas(name))) return true;
  // Fonts are only asked for where we can install them: a desktop has some.
  if (name.startsWith('fonts-')) return !existsSync('/usr/bin/apt-get');
  return hasProgram(program ?? name);
}

/** What a person types to get them. */
function installCommand(missing: readonly string[]): string {
  const list = missing.join(' ');
  if (existsSync('/usr/bin/apt-get')) return `sudo apt-get install -y --no-install-recommends ${list}`;
  if (process.platform === 'darwin' && list === 'chromium') return 'brew install --cask google-chrome';
  if (process.platform === 'win32' && list === 'chromium') return 'winget install Google.Chrome';
  return process.platform === 'linux'
    ? `install with your system's package manager what Debian calls: ${list}`
    : `this layer needs Linux, with what Debian calls: ${list}`;
}

async function aptGet(args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { code, stdout, stderr } = await run('apt-get', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  if (code !== 0) throw new ToolError(`apt-get ${args.join(' ')} failed.\n${stdout}${stderr}`);
}

let listsAreFresh = false;

/**
 * Makes sure that these packages are there. As root on Debian it installs what is missing and says
 * so; elsewhere it rejects with a `ToolError` that names what is missing and the command that installs it.
 */
export async function ensureSystemPackages(
  wanted: readonly SystemPackage[],
  say: (message: string) => void,
): Promise<void> {
  const missing: string[] = [];
  for (const one of wanted) if (!(await isThere(one))) missing.push(one.name);
  if (missing.length === 0) return;
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    throw new ToolError(`Missing: ${missing.join(', ')}. To install: ${installCommand(missing)}`);
  }
  say(`Installing system packages: ${missing.join(' ')} …`);
  if (!listsAreFresh) await aptGet(['update', '-q']);
  listsAreFresh = true;
  await aptGet(['install', '-y', '-q', '--no-install-recommends', ...missing]);
}

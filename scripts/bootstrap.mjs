// Runs a TypeScript tool of this repository on a fresh clone, where there is only some Node >= 20 and npm:
// installs what package-lock.json says if that has not been done, then hands over to the Node that it pins.
// Plain JavaScript without dependencies, because nothing is installed yet when it starts.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.installed-from');

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

/** What the installation depends on: the lock, and the platform that binaries are for. */
const wantedStamp = () => {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
};

/** True where someone ran `npm ci` on their own: every package of the lock is there in the lock's version. */
const matchesLock = () => {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = present[path];
    return path === '' || (found ? found.version === version : optional === true);
  });
};

/** The Node that package.json pins; npm's package puts it in one of these places, by platform and by what ran. */
const pinnedNode = () => {
  const exe = process.platform === 'win32' ? 'node.exe' : 'node';
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const names = ['node', 'node-bin'].map((prefix) => `${prefix}-${platform}-${process.arch}`);
  const places = [
    join(modules, 'node', 'bin', exe),
    ...names.flatMap((name) => [
      join(modules, 'node', 'node_modules', name, 'bin', exe),
      join(modules, name, 'bin', exe),
    ]),
  ];
  return places.find((place) => existsSync(place) && spawnSync(place, ['--version']).status === 0);
};

const npm = (...args) => {
  const own = process.env.npm_execpath;
  const node = process.env.npm_node_execpath ?? process.execPath;
  const options = { cwd: root, stdio: 'inherit' };
  const { status } =
    own && existsSync(own)
      ? spawnSync(node, [own, ...args], options)
      : spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
          ...options,
          shell: process.platform === 'win32',
        });
  if (status !== 0) fail(`npm ${args.join(' ')} failed.`);
};

const install = () => {
  console.log('Installing the packages of package-lock.json …');
  // Windows cannot delete a program that runs, and `npm ci` begins by deleting node_modules.
  const runsFromHere = process.platform === 'win32' && process.execPath.startsWith(modules + sep);
  // Only two packages may run code of theirs: `node` fetches its binary, `esbuild` links its own (allowScripts in package.json).
  npm(runsFromHere ? 'install' : 'ci', '--ignore-scripts', '--no-audit', '--no-fund');
  npm('rebuild', 'node', 'esbuild', '--ignore-scripts=false');
};

/** Our parent, and its parent: between npm and us there is a shell, which outlives it. The second on Linux only. */
const parents = () => {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`;
  } catch {
    return String(process.ppid);
  }
};

const run = (node, args) => {
  const child = spawn(node, args, { cwd: root, stdio: 'inherit' });
  // A terminal's Ctrl-C reaches the child as well; a second copy does no harm there (scripts/lifetime.ts).
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // Whoever started us was killed without a word: end what it wanted done.
  const owners = parents();
  setInterval(() => {
    if (parents() !== owners) child.kill('SIGTERM');
  }, 1000).unref();
  child.on('error', (error) => fail(`${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]));
};

if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node 20 or later is needed, and this is ${process.version}.`);
const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail('Usage: node scripts/bootstrap.mjs <script.ts> [arguments]');

const stamp = wantedStamp();
const installed = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
if (!installed) {
  if (!matchesLock() || pinnedNode() === undefined) install();
  writeFileSync(stampFile, stamp);
}
const node = pinnedNode();
if (node === undefined) fail('The pinned Node is not there. Run: npm rebuild node --ignore-scripts=false');
run(node, [join(root, script), ...args]);

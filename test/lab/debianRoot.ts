import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

/** Change it when the recipe below changes: the cache is keyed by it. */
const recipe = 'forky-1';
const suite = 'forky';
/** debootstrap of older Debians has no script for newer suites; that of sid serves them all. */
const script = '/usr/share/debootstrap/scripts/sid';
const packages = ['docker.io', 'iptables', 'nftables', 'iproute2', 'ca-certificates'];

function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? '';
  return join(base === '' ? join(homedir(), '.cache') : base, 'docker-network-explorer');
}

/**
 * Root file system of the Debian release whose engine is 28 or newer, built by debootstrap on first use
 * (about a minute, 150 MB to load, 540 MB on disk) and never written to afterwards.
 * Several runs at once wait for one builder; a run that is ended leaves no half-made root behind.
 */
export async function debianRoot(log: (message: string) => void): Promise<string> {
  const target = join(cacheDirectory(), recipe);
  if (existsSync(target)) return target;
  log(`building Debian ${suite} with its Docker Engine in ${target} (once, about a minute)`);
  const build = join(import.meta.dirname, 'buildRoot.sh');
  // The parent's death ends setpriv's child, and with PID 1 of a PID namespace all of it.
  const cage = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ] as const;
  await run([...cage, 'sh', build, suite, script, packages.join(','), target]);
  return target;
}

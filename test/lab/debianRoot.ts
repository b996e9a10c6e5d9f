import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

interface Recipe {
  /** The cache is keyed by it: count up when the packages change. */
  readonly key: string;
  readonly packages: readonly string[];
  /** For the person who waits. */
  readonly title: string;
}

const ofEveryEngine = [
  ...['docker.io', 'iptables', 'nftables', 'iproute2', 'ca-certificates'],
  ...['rootlesskit', 'slirp4netns', 'uidmap'], // without root: rootless.ts
];

/**
 * Servers that stand beside an engine are in the root, not among the machine's packages (requirements.ts):
 * Debian starts sshd and etcd as soon as they are installed, which is not for a test to bring about.
 */
const recipes = {
  trixie: {
    key: 'trixie-2',
    packages: [
      ...ofEveryEngine,
      ...['docker-cli', 'podman', 'netavark', 'aardvark-dns', 'passt', 'etcd-server', 'openssh-server'],
    ],
    title: 'its Docker Engine (26.1), Podman, etcd and sshd',
  },
  forky: { key: 'forky-2', packages: ofEveryEngine, title: 'its Docker Engine (28.5)' },
} as const satisfies Readonly<Record<string, Recipe>>;

/** A Debian release of which the lab makes a root. */
export type Suite = keyof typeof recipes;

/** debootstrap of older Debians has no script for newer suites; that of sid serves them all. */
const script = '/usr/share/debootstrap/scripts/sid';

function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? '';
  return join(base === '' ? join(homedir(), '.cache') : base, 'docker-network-explorer');
}

/**
 * Root file system of a Debian release, built by debootstrap on first use (about a minute, 150 to 200 MB to load,
 * 540 to 800 MB on disk) and never written to afterwards.
 * Several runs at once wait for one builder; a run that is ended leaves no half-made root behind.
 */
export async function debianRoot(suite: Suite, log: (message: string) => void): Promise<string> {
  const { key, packages, title } = recipes[suite];
  const target = join(cacheDirectory(), key);
  if (existsSync(target)) return target;
  log(`building Debian ${suite} with ${title} in ${target} (once, about a minute)`);
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

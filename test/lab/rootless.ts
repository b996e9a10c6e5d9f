import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { answers, call } from './api.ts';
import { processesOf } from './cgroups.ts';
import type { LabKind } from './engineCommand.ts';
import { startEngine, type LabEngine } from './labEngine.ts';
import { run, waitFor } from './run.ts';

/** Whose engine it is. Made up, in the lab engine's own /etc/passwd alone. */
export const rootlessUser = { uid: 64_996, gid: 64_996 } as const;

/** What the lab asks of an engine without root. */
export interface RootlessEngine extends Pick<
  LabEngine,
  'api' | 'directory' | 'docker' | 'dockerHost' | 'ip' | 'netns' | 'runInside' | 'version'
> {
  /** The machine that it is on, with an engine of root's beside it. */
  readonly machine: LabEngine;
  readonly socketPath: string;
}

/** Where its files are. */
interface Place {
  /** The user's. */
  readonly home: string;
  readonly settings: string;
  readonly dockerHost: string;
}

/** As dockerd-rootless.sh has it: RootlessKit makes the namespaces, and in them /run is made ready for dockerd. */
function dockerdCommand({ home, settings, dockerHost }: Place): readonly string[] {
  writeFileSync(settings, '{}');
  const run = join(home, 'run');
  // prettier-ignore
  return [
    'rootlesskit', '--net=slirp4netns', '--mtu=65520', '--slirp4netns-sandbox=auto', '--slirp4netns-seccomp=auto',
    '--disable-host-loopback', '--port-driver=builtin', '--copy-up=/etc', '--copy-up=/run', '--propagation=rslave',
    'sh', '-c', 'rm -f /run/docker /run/containerd /run/xtables.lock && exec "$@"', 'sh',
    'dockerd', '--rootless', '--config-file', settings, '--data-root', join(home, 'data'), '--storage-driver', 'vfs',
    '--exec-root', join(run, 'docker'), '--pidfile', join(run, 'docker.pid'), '--host', dockerHost,
  ];
}

/** Podman makes its namespaces itself: one of users for all of it, and one of networks with the bridges, behind pasta. */
function podmanCommand({ home, settings, dockerHost }: Place): readonly string[] {
  const lines = ['[containers]', 'log_driver = "k8s-file"', '[engine]', 'cgroup_manager = "cgroupfs"'];
  writeFileSync(settings, [...lines, 'events_logger = "file"', ''].join('\n'));
  // prettier-ignore
  return [
    'env', `CONTAINERS_CONF=${settings}`, 'PODMAN_IGNORE_CGROUPSV1_WARNING=1',
    'podman', '--storage-driver', 'vfs', '--root', join(home, 'data'), '--runroot', join(home, 'run', 'containers'),
    'system', 'service', '--time', '0', dockerHost,
  ];
}

/**
 * An engine without root, in namespaces of its own, on a lab engine of the same kind that stands for the machine and has a
 * daemon of root's. It ends with that one: `machine.dispose()`.
 */
export async function startRootless(version: LabKind): Promise<RootlessEngine> {
  const machine = await startEngine({ version });
  try {
    return await startOn(machine);
  } catch (error) {
    machine.dispose();
    throw error;
  }
}

async function startOn(machine: LabEngine): Promise<RootlessEngine> {
  const { directory, version } = machine;
  const home = join(directory, 'rootless');
  const log = join(directory, 'rootless.log');
  const socketPath = join(home, 'run', 'docker.sock');
  const dockerHost = `unix://${socketPath}`;
  const place = { home, settings: join(directory, 'rootless.conf'), dockerHost };
  const command = version === 'podman' ? podmanCommand(place) : dockerdCommand(place);
  const script = join(import.meta.dirname, 'rootless.sh');
  const name = 'dne-rootless';
  let ended = false;
  machine
    .spawnInside(['sh', script, log, name, `${rootlessUser.uid}`, home, ...command])
    .once('exit', () => (ended = true));
  await waitFor('the API of the rootless engine', async () => {
    if (ended) throw new Error(`the rootless engine ended early:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
    return (await answers(socketPath)) ? true : undefined;
  });
  const insider = version === 'podman' ? 'aardvark-dns' : 'dockerd';
  const netns = (): string => `/proc/${processOf(machine, insider)}/ns/net`;
  return {
    version,
    directory,
    machine,
    socketPath,
    dockerHost,
    get netns() {
      return netns();
    },
    docker: (...args) =>
      run(['docker', '--host', dockerHost, ...args], {
        env: { PATH: '/usr/bin:/bin', HOME: directory, DOCKER_CONFIG: join(directory, 'cli') },
      }),
    api: async (path, sent) => {
      const { status, body } = await call(socketPath, path, sent);
      if (status < 200 || status > 299) throw new Error(`${path}: ${status} ${body}`);
      return JSON.parse(body) as unknown;
    },
    runInside: (args, options) =>
      machine.runInside(args, { ...options, env: { DOCKER_HOST: dockerHost, ...options?.env } }),
    ip: (...args) => run(['nsenter', `--net=${netns()}`, 'ip', ...args]),
  };
}

/**
 * A process of the rootless user that lives in the network namespace with the bridges: dockerd, or Podman's name server, which
 * is there from the first container on a network of a person's on.
 */
function processOf(machine: LabEngine, name: string): number {
  const found = processesOf(machine.name).find((pid) => {
    try {
      const isTheirs = statSync(`/proc/${pid}`).uid === rootlessUser.uid;
      return isTheirs && readFileSync(`/proc/${pid}/comm`, 'utf8') === `${name}\n`;
    } catch {
      return false; // it ended
    }
  });
  if (found === undefined) throw new Error(`${name} of the rootless user does not run`);
  return found;
}

/** Lets every user of the machine speak to it, as a person may who does not mind. */
export async function allowAll({ socketPath }: RootlessEngine): Promise<void> {
  await chmod(socketPath, 0o666);
}

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianRoot } from './debianRoot.ts';

/** `20.10` is the machine's own Debian package (20.10 on Debian 12); the others are those of newer releases, see debianRoot.ts. */
export type LabVersion = '20.10' | '26.1' | '28.5';

/** `podman` is the Docker API of trixie's Podman (5.4). */
export type LabKind = LabVersion | 'podman';

/** The root file system that has this engine in it. */
export function rootOf(kind: LabKind, log: (message: string) => void): Promise<string> {
  switch (kind) {
    case '20.10':
      return Promise.resolve('/');
    case '26.1':
    case 'podman':
      return debianRoot('trixie', log);
    case '28.5':
      return debianRoot('forky', log);
  }
}

export interface CommandOptions {
  readonly directory: string;
  readonly dockerHost: string;
  readonly group: number;
  readonly cgroup: string;
  /** More arguments. */
  readonly args: readonly string[];
}

/** What is run in the engine's namespaces, and the files that it reads. */
export function engineCommand(kind: LabKind, options: CommandOptions): readonly string[] {
  return kind === 'podman' ? podmanCommand(options) : dockerdCommand(options);
}

function dockerdCommand({ directory, dockerHost, group, cgroup, args }: CommandOptions): readonly string[] {
  const settings = join(directory, 'daemon.json');
  // The machine's own /etc/docker/daemon.json is not for this engine.
  if (!existsSync(settings)) writeFileSync(settings, '{}');
  // prettier-ignore
  return [
    'dockerd',
    '--config-file', settings,
    '--data-root', join(directory, 'data'),
    '--host', dockerHost, '--host', 'unix:///run/docker.sock',
    '--group', `${group}`,
    '--exec-opt', 'native.cgroupdriver=cgroupfs',
    '--cgroup-parent', `/${cgroup}/containers`,
    ...args,
  ];
}

/** What is on /run goes with the engine's mount namespace, as at a reboot; Podman then takes its containers for exited. */
function podmanCommand({ directory, dockerHost, args }: CommandOptions): readonly string[] {
  const settings = join(directory, 'containers.conf');
  const lines = [
    '[containers]',
    'log_driver = "k8s-file"',
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    '[network]',
    `network_config_dir = "${join(directory, 'networks')}"`,
  ];
  writeFileSync(settings, `${lines.join('\n')}\n`);
  // prettier-ignore
  return [
    'env', `CONTAINERS_CONF=${settings}`, 'PODMAN_IGNORE_CGROUPSV1_WARNING=1',
    'podman', '--root', join(directory, 'data'), ...args,
    'system', 'service', '--time', '0', dockerHost,
  ];
}

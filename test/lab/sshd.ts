import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianRoot } from './debianRoot.ts';
import type { LabEngine } from './labEngine.ts';
import { startRelay } from './relay.ts';
import { run, waitFor } from './run.ts';

/** The machine of a lab engine as one that is reached by ssh. */
export interface LabSshd {
  /** `ssh://root@127.0.0.1:PORT`, for a setting, DOCKER_HOST or a context. */
  readonly dockerHost: string;
  readonly port: number;
  /**
   * A directory with a program `ssh`, to be put before all others on the PATH: Debian's with the key and the known hosts
   * of this run. Nothing of the person's own ~/.ssh is read or written.
   */
  readonly binDirectory: string;
  /** sshd's own log. */
  readonly logFile: string;
  close(): void;
}

interface SshdOptions {
  /** A directory below the engine's: the only one on the PATH of the far side, whose shell is at hand all the same. */
  readonly farPath?: string;
}

/**
 * Starts Debian's sshd beside the engine, on 192.0.2.2 in its network namespace and on a port of this machine's
 * loopback. On the far side are the docker command and the engine at its usual place. Keys are made for the run.
 */
export async function startSshd(engine: LabEngine, { farPath }: SshdOptions = {}): Promise<LabSshd> {
  const root = await debianRoot('trixie', () => undefined);
  const place = join(engine.directory, 'ssh');
  const at = (name: string): string => join(place, name);
  mkdirSync(place, { mode: 0o700 });
  mkdirSync(at('bin'));
  for (const key of ['host', 'own']) {
    await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'dne', '-f', at(key)]);
  }
  writeFileSync(at('authorized_keys'), readFileSync(at('own.pub')), { mode: 0o600 });
  const settings = [
    'ListenAddress 192.0.2.2:22',
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('authorized_keys')}`,
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    // The temporary directory above it is everybody's.
    'StrictModes no',
    // Each connection of the product is a process, and there may be many at once.
    'MaxStartups 100:30:200',
    ...(farPath === undefined ? [] : [`SetEnv PATH=${farPath}`]),
  ];
  writeFileSync(at('sshd_config'), `${settings.join('\n')}\n`);
  engine.spawnBeside(root, 'sshd.log', ['/usr/sbin/sshd', '-D', '-e', '-f', at('sshd_config')]);
  const relay = await startRelay(engine, '192.0.2.2', 22);
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${relay.port} ${readFileSync(at('host.pub'), 'utf8')}`);
  const options = [`UserKnownHostsFile=${at('known_hosts')}`, `IdentityFile=${at('own')}`, 'IdentitiesOnly=yes'];
  const command = `exec /usr/bin/ssh -F none ${options.map((option) => `-o '${option}'`).join(' ')} "$@"`;
  writeFileSync(at('bin/ssh'), `#!/bin/sh\n${command}\n`);
  chmodSync(at('bin/ssh'), 0o755);
  await waitFor('sshd', () =>
    run([at('bin/ssh'), '-o', 'BatchMode=yes', '-p', `${relay.port}`, 'root@127.0.0.1', 'true']).then(
      () => true,
      () => undefined,
    ),
  );
  return {
    dockerHost: `ssh://root@127.0.0.1:${relay.port}`,
    port: relay.port,
    binDirectory: at('bin'),
    logFile: join(engine.directory, 'sshd.log'),
    close: () => relay.close(),
  };
}

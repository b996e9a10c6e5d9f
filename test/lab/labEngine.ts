import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { answers, call } from './api.ts';
import { killCgroup, makeCgroupRoots, makeEngineCgroup } from './cgroups.ts';
import { engineCommand, rootOf, type LabKind, type LabVersion } from './engineCommand.ts';
import { besideProcess, engineProcess, insideProcess, type InsideOptions } from './namespaceCommands.ts';
import { prefix, sweep, thisProcess, writeRecord, type EngineRecord } from './record.ts';
import { removeAtExit, removeNow } from './removal.ts';
import { outputOf, run, waitFor } from './run.ts';
import { makeNamespaces } from './uplink.ts';

export type { InsideOptions } from './namespaceCommands.ts';

export const labVersions: readonly LabVersion[] = ['20.10', '26.1', '28.5'];
/** The oldest and the newest: for what takes long and is nowhere in between different from both. */
export const outerVersions: readonly LabVersion[] = ['20.10', '28.5'];

export interface LabOptions {
  readonly version: LabKind;
  /** More arguments for dockerd, or for podman before its `system service`. */
  readonly dockerdArgs?: readonly string[];
  /** More environment for it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Paths of this machine that are seen, and can be written, inside at the same place. The checkout is there already, read-only. */
  readonly binds?: readonly string[];
  readonly log?: (message: string) => void;
  /** `caller`: who starts it disposes of it on SIGINT and the like. Else they end this process, and the engine with it. */
  readonly signals?: 'caller';
}

/** Made-up ids that own nothing. Members of the group may use the engine's socket, as those of `docker` may elsewhere. */
export const ordinaryUser = { uid: 64_997, gid: 64_998 } as const;

/** Where the checkout is seen inside, readable by any user whatever the modes of the directories above it are. */
const repoInside = '/run/dne/repo';

const repo = join(import.meta.dirname, '..', '..');
const pathInside = '/run/dne/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Debian's own before whatever else is on the PATH: newer clients refuse to fix a MAC on an engine as old as 20.10. */
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

/** One disposable dockerd in network, mount and UTS namespaces of its own: the machine gets no docker0 and no iptables rule. */
export class LabEngine {
  readonly version: LabKind;
  /** Id of everything that belongs to it: directory, network namespace, host name, cgroup. */
  readonly name: string;
  readonly directory: string;
  /** Reachable from every namespace of this machine. */
  readonly socketPath: string;
  readonly dockerHost: string;
  /** Name for `ip -n`. The uplink in it is `eth0`, 192.0.2.2, with a default route by 192.0.2.1 in `wanNetns`. */
  readonly netns: string;
  readonly wanNetns: string;
  readonly #record: EngineRecord;
  readonly #lower: string;
  readonly #options: LabOptions;
  readonly #cgroupProcs: string;
  readonly #inside = new Set<ChildProcess>();
  #dockerd: ChildProcess | undefined;

  /** `makeEngine` and `startEngine` are the ways to one. */
  constructor(record: EngineRecord, cgroupProcs: string, lower: string, options: LabOptions) {
    this.#record = record;
    this.#lower = lower;
    this.#options = options;
    this.version = options.version;
    this.directory = record.directory;
    this.name = basename(record.directory);
    this.socketPath = join(record.directory, 'docker.sock');
    this.dockerHost = `unix://${this.socketPath}`;
    this.netns = record.netns;
    this.wanNetns = record.wanNetns;
    this.#cgroupProcs = cgroupProcs;
  }

  /** Of dockerd, in the machine's PID namespace, which lab engines share. */
  get pid(): number {
    const pid = this.#dockerd?.pid;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    return pid;
  }

  get running(): boolean {
    return this.#dockerd !== undefined;
  }

  /** Where dockerd writes its log. */
  get logFile(): string {
    return join(this.directory, 'dockerd.log');
  }

  /** Starts dockerd and resolves when its API answers. After `stop` or `kill` on the same data. */
  async start(): Promise<void> {
    if (this.#dockerd !== undefined) throw new Error(`${this.name} runs already`);
    const log = openSync(this.logFile, 'a');
    const child = spawn('setpriv', this.#command(), {
      stdio: ['ignore', log, log],
      detached: true, // Ctrl-C in the terminal is for the owner, which then removes the engine
      env: {
        ...this.#options.env,
        PATH: process.env['PATH'],
        DNE_CGROUP_PROCS: this.#cgroupProcs,
        DNE_NAME: this.name.toLowerCase(),
        DNE_DIR: this.directory,
        DNE_LOWER: this.#lower,
        DNE_REPO: repo,
        DNE_NODE: process.execPath,
        DNE_BINDS: (this.#options.binds ?? []).join('\n'),
        DNE_OWN_CGROUPS: this.version === 'podman' ? 'yes' : '',
      },
    });
    closeSync(log);
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    child.once('exit', () => {
      failure ??= new Error(`dockerd ended early:\n${tail(this.logFile)}`);
      if (this.#dockerd === child) this.#dockerd = undefined;
    });
    this.#dockerd = child;
    await waitFor(
      `${this.name}'s API`,
      async () => {
        if (failure !== undefined) throw failure;
        return (await answers(this.socketPath)) ? true : undefined;
      },
      60_000,
    );
    // dockerd has --group; Podman's socket is root's alone.
    if (this.version === 'podman') {
      chownSync(this.socketPath, 0, ordinaryUser.gid);
      chmodSync(this.socketPath, 0o660);
    }
  }

  /**
   * Ends dockerd as an administrator would: containers are stopped, data and network namespace stay.
   * Podman's containers would outlive its service: with them it is what a reboot does.
   */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    if (this.version === 'podman') killCgroup(this.#record.cgroup);
  }

  /** Power cut: dockerd, containerd and every container die at once. Data and network namespace stay. */
  async kill(): Promise<void> {
    const dockerd = this.#dockerd;
    killCgroup(this.#record.cgroup);
    if (dockerd !== undefined) await ended(dockerd);
  }

  /** Ends everything and removes what the engine ever made. Blocks; may be called twice, and for a stopped engine. */
  dispose(): void {
    for (const child of this.#inside) child.kill('SIGKILL');
    removeNow(this.#record);
  }

  /** The docker client against this engine. Resolves with stdout; rejects with a `CommandError`. */
  docker(...args: readonly string[]): Promise<string> {
    return run([client, '--host', this.dockerHost, ...args], {
      env: { PATH: process.env['PATH'], HOME: this.directory, DOCKER_CONFIG: join(this.directory, 'cli') },
    });
  }

  /**
   * GET of the engine's API, for example `/containers/json?all=1`, or POST of `sent`.
   * No version in the path: the newest shape that it has. Rejects where the answer is no success.
   */
  async api(path: string, sent?: unknown): Promise<unknown> {
    const { status, body } = await call(this.socketPath, path, sent);
    if (status < 200 || status > 299) throw new Error(`${path}: ${status} ${body}`);
    return JSON.parse(body);
  }

  /** The `ip` command in the engine's network namespace. */
  ip(...args: readonly string[]): Promise<string> {
    return run(['ip', '-n', this.netns, ...args]);
  }

  /** Starts a program in the engine's namespaces. `node` is the one that runs now; stdio as asked. It ends with the engine. */
  spawnInside(
    args: readonly string[],
    options: InsideOptions = {},
    stdio: 'inherit' | ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'],
  ): ChildProcess {
    const env = { PATH: pathInside, HOME: '/tmp', LANG: 'C.UTF-8', DOCKER_HOST: this.dockerHost, ...options.env };
    const command = insideProcess(
      { pid: this.pid, netns: this.netns, cgroupProcs: this.#cgroupProcs },
      { ...options, env, cwd: options.cwd ?? repoInside },
      args,
    );
    return this.#keep(spawn('sh', command, { stdio }));
  }

  /**
   * Starts a server beside the engine: a program of the Debian root at `root` with the engine's network, before dockerd runs
   * too. It sees the engine's directory at its own place. What it writes goes to `log` in that directory; it ends with the engine.
   */
  spawnBeside(root: string, log: string, args: readonly string[]): ChildProcess {
    const output = openSync(join(this.directory, log), 'a');
    const target = { netns: this.netns, cgroupProcs: this.#cgroupProcs };
    const child = spawn('sh', besideProcess(target, root, this.directory, args), {
      stdio: ['ignore', output, output],
      detached: true,
      env: { PATH: pathInside, LANG: 'C.UTF-8' },
    });
    closeSync(output);
    return this.#keep(child);
  }

  /** A TCP connection to a port in the engine's network namespace, as the standard streams of a process. */
  connectInside(host: string, port: number): ChildProcess {
    const command = ['--pdeathsig', 'KILL', 'nsenter', `--net=/run/netns/${this.netns}`];
    const pipe = [...command, 'busybox', 'nc', host, `${port}`];
    return this.#keep(spawn('setpriv', pipe, { stdio: ['pipe', 'pipe', 'ignore'] }));
  }

  /** Runs a program in the engine's namespaces and resolves with its stdout; rejects with a `CommandError`. */
  runInside(args: readonly string[], options: InsideOptions = {}): Promise<string> {
    return outputOf(this.spawnInside(args, options), args);
  }

  /** Ended with the engine. */
  #keep(child: ChildProcess): ChildProcess {
    this.#inside.add(child);
    child.once('close', () => this.#inside.delete(child));
    return child;
  }

  #command(): readonly string[] {
    const { cgroup } = this.#record;
    // Podman puts containers at the top of the hierarchy: a cgroup namespace makes the engine's own group that.
    const cgroupRoots = this.version === 'podman' ? makeCgroupRoots(cgroup) : [];
    const command = engineCommand(this.version, {
      directory: this.directory,
      dockerHost: this.dockerHost,
      group: ordinaryUser.gid,
      cgroup,
      args: this.#options.dockerdArgs ?? [],
    });
    return engineProcess(this.netns, cgroupRoots, command);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const dockerd = this.#dockerd;
    if (dockerd === undefined) return;
    dockerd.kill(signal);
    await ended(dockerd);
  }
}

/** Of a log that may be removed by now. */
function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-2_000);
  } catch {
    return '';
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Makes and starts an engine. Root on Linux; the packages are in requirements.ts. Leftovers of dead runs go first. */
export async function startEngine(options: LabOptions): Promise<LabEngine> {
  const engine = await makeEngine(options);
  try {
    await engine.start();
    return engine;
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/** An engine with its namespaces, which is still to be started. It is removed at the exit of this process at the latest. */
export async function makeEngine(options: LabOptions): Promise<LabEngine> {
  const log = options.log ?? (() => undefined);
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error('the lab makes network namespaces: it needs Linux and root');
  }
  sweep(log);
  const lower = await rootOf(options.version, log);
  const directory = mkdtempSync(join(tmpdir(), prefix));
  const name = basename(directory);
  const record: EngineRecord = {
    lab: 'docker-network-explorer',
    directory,
    owner: thisProcess(),
    netns: name,
    wanNetns: `${name}-wan`,
    cgroup: name,
  };
  writeRecord(record);
  removeAtExit(record, options.signals !== 'caller');
  try {
    chmodSync(directory, 0o711); // an ordinary user has to reach the socket
    for (const part of ['data', 'cli', 'networks']) mkdirSync(join(directory, part));
    makeNamespaces(record);
    return new LabEngine(record, makeEngineCgroup(record.cgroup), lower, options);
  } catch (error) {
    removeNow(record);
    throw error;
  }
}

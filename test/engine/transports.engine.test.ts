import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resolveConnection } from '../../src/engine/docker/connections.ts';
import { createDockerEngine } from '../../src/engine/docker/dockerodeEngine.ts';
import { EngineError, type Engine, type EngineEvent } from '../../src/engine/engine.ts';
import type { LogOptions } from '../../src/engine/streams.ts';
import { images, importImages } from '../lab/images.ts';
import { labVersions, type LabEngine } from '../lab/labEngine.ts';
import { run, waitFor } from '../lab/run.ts';
import { startSshd, type LabSshd } from '../lab/sshd.ts';
import { startTlsEngine, type TlsEngine } from '../lab/tls.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';

const followed: LogOptions = { follow: true, tail: 'all', stdout: true, stderr: true };

describe.each(labVersions)('Docker %s from afar', (version) => {
  let tls: TlsEngine;
  let lab: LabEngine;
  let idle: string;
  const opened: Engine[] = [];

  beforeAll(async () => {
    tls = await startTlsEngine({ version });
    lab = tls.engine;
    await importImages(lab);
    idle = await runIdle(lab, 'idle');
  });

  afterEach(() => {
    for (const engine of opened.splice(0)) engine.close();
  });

  afterAll(() => tls.dispose());

  /** As a window opens it that has this setting; the docker command's own files are those that the lab's command wrote. */
  async function open(setting: string, more: Record<string, string> = {}): Promise<Engine> {
    const env = { DOCKER_CONFIG: join(lab.directory, 'cli'), ...more };
    const around = { env, platform: process.platform, home: homedir(), setting };
    const engine = createDockerEngine(await resolveConnection(around));
    opened.push(engine);
    return engine;
  }

  /** Why there is no such engine, in words that a person can read. */
  async function failure(opening: Promise<Engine>): Promise<EngineError> {
    const engine = await opening;
    const error: unknown = await engine.info().catch((reason: unknown) => reason);
    if (!(error instanceof EngineError)) throw new Error('an engine answered');
    expect(error.message).not.toMatch(/openssl|routines|system-ca|\.c:\d|@@/i);
    return error;
  }

  /** Each kind of connection that the port makes: an answer, a stream, raw bytes in both directions. */
  async function expectAllOf(engine: Engine): Promise<void> {
    expect((await engine.info()).name).toBe(lab.name.toLowerCase());
    expect((await engine.networks()).map(({ model }) => model.name)).toContain('bridge');
    await expectEvents(engine);
    await expectLog(engine);
    await expectTerminal(engine);
  }

  async function expectEvents(engine: Engine): Promise<void> {
    const events: EngineEvent[] = [];
    const subscription = await engine.events({ event: (event) => events.push(event), closed: () => undefined });
    const id = await createNetwork(lab, 'afar');
    await waitFor('the network among the events', () =>
      events.some((event) => event.kind === 'network' && event.networkId === id) ? true : undefined,
    );
    subscription.dispose();
    await lab.docker('network', 'rm', 'afar');
  }

  async function expectLog(engine: Engine): Promise<void> {
    const id = (await lab.docker('run', '--detach', images.busybox, 'sh', '-c', 'echo grüße; sleep 1; echo 2')).trim();
    const lines: string[] = [];
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    await engine.streams.logs(id, followed, {
      lines: (some) => void lines.push(...some.map(({ text }) => text)),
      ended: resolve,
    });
    expect(await promise).toBeUndefined();
    expect(lines).toEqual(['grüße', '2']);
    await lab.docker('rm', id);
  }

  async function expectTerminal(engine: Engine): Promise<void> {
    const terminal = await engine.streams.exec(idle, { command: ['sh'], columns: 91, rows: 17 });
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    let screen = '';
    terminal.onEnd(resolve);
    terminal.onData((text) => {
      screen += text;
    });
    terminal.write('stty size; exit 3\n');
    expect(await promise).toBe(3);
    expect(screen).toContain('17 91');
  }

  describe('over TLS', () => {
    /** Made by the docker command, of files in these folders. */
    async function context(name: string, folders: Readonly<Record<string, string>>): Promise<string> {
      const files = Object.entries(folders).map(([file, folder]) => `,${file}=${join(folder, `${file}.pem`)}`);
      await lab.docker('context', 'create', name, '--docker', `host=${tls.tcpHost}${files.join('')}`);
      return `context:${name}`;
    }

    it('is read, heard and typed to by a context with client certificates', async () => {
      const { certificates } = tls;
      const known = await context('known', { ca: certificates, cert: certificates, key: certificates });
      await expectAllOf(await open(known));
    });

    it('is found by the environment that the docker command takes', async () => {
      const env = { DOCKER_HOST: tls.tcpHost, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: tls.certificates };
      expect((await (await open('', env)).info()).name).toBe(lab.name.toLowerCase());
    });

    it('is not trusted with a certificate of another authority', async () => {
      const { certificates, strangerCertificates } = tls;
      const setting = await context('distrusted', { ca: strangerCertificates, cert: certificates, key: certificates });
      const error = await failure(open(setting));
      expect(error.kind).toBe('configuration');
      expect(error.message).toMatch(/does not trust the engine's certificate.*\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/);
    });

    it('refuses whoever has no client certificate', async () => {
      const error = await failure(open(await context('bare', { ca: tls.certificates })));
      expect(error.kind).toBe('denied');
      expect(error.message).toMatch(/client certificate.*\(ERR_SSL_.*ALERT.*\)$/);
    });

    it('refuses a client certificate of another authority', async () => {
      const { certificates: ca, strangerCertificates } = tls;
      const setting = await context('stranger', { ca, cert: strangerCertificates, key: strangerCertificates });
      const error = await failure(open(setting));
      expect(error.kind).toBe('denied');
      expect(error.message).toMatch(/refuses the client certificate.*\(ERR_SSL_.*ALERT.*\)$/);
    });

    it('is no engine without TLS', async () => {
      expect((await failure(open(tls.tcpHost))).kind).toBe('protocol');
    });
  });

  describe('over ssh', () => {
    let sshd: LabSshd;
    let stranger: string;
    const path = process.env['PATH'] ?? '';

    beforeAll(async () => {
      sshd = await startSshd(lab);
      stranger = join(lab.directory, 'stranger');
      await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
    });

    afterEach(() => {
      process.env['PATH'] = path;
    });

    afterAll(() => sshd.close());

    const ofLab = (file: string): string => join(lab.directory, 'ssh', file);

    /**
     * Puts an `ssh` first on the PATH that reads this configuration in place of the person's. Returns the ids of the
     * processes that it became.
     */
    function useSsh(name: string, key: string, knownHosts: string): () => readonly number[] {
      const place = join(lab.directory, `ssh-${name}`);
      mkdirSync(place);
      const at = (file: string): string => join(place, file);
      const settings = [`IdentityFile ${key}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${knownHosts}`];
      writeFileSync(at('config'), `${settings.join('\n')}\n`);
      writeFileSync(at('pids'), '');
      writeFileSync(at('ssh'), `#!/bin/sh\necho $$ >>${at('pids')}\nexec /usr/bin/ssh -F ${at('config')} "$@"\n`);
      chmodSync(at('ssh'), 0o755);
      process.env['PATH'] = `${place}${delimiter}${path}`;
      return () => readFileSync(at('pids'), 'utf8').split('\n').filter(Boolean).map(Number);
    }

    it('is read, heard and typed to', async () => {
      useSsh('all', ofLab('own'), ofLab('known_hosts'));
      await expectAllOf(await open(sshd.dockerHost));
    });

    it('answers many requests over a few processes', async () => {
      const processes = useSsh('few', ofLab('own'), ofLab('known_hosts'));
      const engine = await open(sshd.dockerHost);
      await engine.info();
      await engine.networks();
      expect(processes()).toHaveLength(1);
      await Promise.all(Array.from({ length: 20 }, () => engine.networks()));
      await engine.containers();
      expect(processes().length).toBeLessThanOrEqual(4);
    });

    it('leaves no process when it is let go', async () => {
      const processes = useSsh('close', ofLab('own'), ofLab('known_hosts'));
      const engine = await open(sshd.dockerHost);
      await engine.info();
      await engine.events({ event: () => undefined, closed: () => undefined });
      await engine.streams.logs(idle, followed, { lines: () => undefined, ended: () => undefined });
      await engine.streams.exec(idle, { command: ['sh'], columns: 80, rows: 24 });
      expect(processes().filter(isAlive).length).toBeGreaterThanOrEqual(4);
      engine.close();
      await waitFor('the end of every ssh', () => (processes().some(isAlive) ? undefined : true), 10_000);
    });

    it('is refused where the key is not known there, and it is said', async () => {
      useSsh('key', stranger, ofLab('known_hosts'));
      const error = await failure(open(sshd.dockerHost));
      expect(error.kind).toBe('unreachable');
      expect(error.message).toBe(
        'ssh to 127.0.0.1 ended with code 255: root@127.0.0.1: Permission denied (publickey).',
      );
    });

    it('is not spoken to where its host key is not known here, and nobody is asked', async () => {
      useSsh('unknown', ofLab('own'), '/dev/null');
      const error = await failure(open(sshd.dockerHost));
      expect(error.kind).toBe('unreachable');
      expect(error.message).toContain('Host key verification failed');
    });

    it('is not spoken to where it has another host key than before', async () => {
      const knownHosts = join(lab.directory, 'other_hosts');
      writeFileSync(knownHosts, `[127.0.0.1]:${sshd.port} ${readFileSync(`${stranger}.pub`, 'utf8')}`);
      useSsh('changed', ofLab('own'), knownHosts);
      const error = await failure(open(sshd.dockerHost));
      expect(error.kind).toBe('unreachable');
      expect(error.message).toContain('has changed and you have requested strict checking');
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

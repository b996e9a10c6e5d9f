import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createDockerEngine } from '../../../src/engine/docker/dockerodeEngine.ts';
import type { SshDestination } from '../../../src/engine/docker/target.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { aVersion, failure, fakeEngine, json } from './fakeEngine.ts';

/** An `ssh` that is first on the PATH: a program in node's own words, which sees its arguments as `args`. */
async function anSsh(program: string): Promise<{ readonly calls: () => Promise<string[][]> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'dne-ssh-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const log = path.join(directory, 'calls');
  const script = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n');
${program}
`;
  await writeFile(path.join(directory, 'ssh'), script);
  await chmod(path.join(directory, 'ssh'), 0o755);
  vi.stubEnv('PATH', `${directory}${path.delimiter}${process.env['PATH'] ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return {
    calls: async () =>
      (await readFile(log, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string[]),
  };
}

function overSsh(destination: SshDestination): Engine {
  const connection = { key: 'k', label: 'far', endpoint: 'ssh://far', origin: 'setting', readOnly: false } as const;
  const engine = createDockerEngine({ connection, setting: 'ssh://far', transport: { kind: 'ssh', destination } });
  onTestFinished(() => engine.close());
  return engine;
}

const toSocket = (socket: string): string => `
const far = require('node:net').connect(${JSON.stringify(socket)});
process.stdin.pipe(far).pipe(process.stdout);
far.on('close', () => process.exit(0));`;

async function farEngine(): Promise<string> {
  const { target } = await fakeEngine({ '/networks': json([]), '/version': json(aVersion) });
  return target.socketPath ?? '';
}

test('an engine answers through the standard streams of ssh, several requests over one process', async () => {
  const ssh = await anSsh(toSocket(await farEngine()));
  const engine = overSsh({ host: 'far', user: 'me', port: 2222 });
  expect((await engine.info()).version).toBe('28.5.2');
  await engine.networks();
  const calls = await ssh.calls();
  expect(calls).toEqual([
    ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T', '-l', 'me', '-p', '2222', '--', 'far'].concat([
      'docker',
      'system',
      'dial-stdio',
    ]),
  ]);
});

test('what the far shell reads is quoted, and the host can be no option', async () => {
  const ssh = await anSsh('process.exit(1);');
  await failure(overSsh({ host: 'far', socketPath: "/run/it's; reboot.sock" }).info());
  expect((await ssh.calls())[0]?.slice(5)).toEqual([
    '--',
    'far',
    'docker',
    '--host',
    `'unix:///run/it'\\''s; reboot.sock'`,
    'system',
    'dial-stdio',
  ]);
});

/** `docker` ends with this code; what `podman` does is said by the program. */
const farPodman = (code: number, program: string): string => `
if (args.includes('docker')) {
  process.stderr.write('docker: not found\\n');
  setTimeout(() => process.exit(${code}), 50);
} else {${program}}`;

test.each([127, 125])('where docker ends with %s, podman is asked the same, from then on alone', async (code) => {
  const ssh = await anSsh(farPodman(code, toSocket(await farEngine())));
  const engine = overSsh({ host: 'far', socketPath: '/run/podman/podman.sock' });
  expect((await engine.info()).version).toBe('28.5.2');
  await Promise.all([engine.networks(), engine.networks(), engine.networks()]);
  const programs = (await ssh.calls()).map((args) => args.slice(7));
  expect(programs.slice(0, 2)).toEqual([
    ['docker', '--host', `'unix:///run/podman/podman.sock'`, 'system', 'dial-stdio'],
    ['podman', '--remote', '--host', `'unix:///run/podman/podman.sock'`, 'system', 'dial-stdio'],
  ]);
  expect(programs.slice(1).filter(([program]) => program === 'docker')).toEqual([]);
});

test('a docker command that fails in another way is not replaced', async () => {
  const ssh = await anSsh(farPodman(1, toSocket(await farEngine())));
  expect((await failure(overSsh({ host: 'far' }).info())).message).toContain('code 1: docker: not found');
  expect(await ssh.calls()).toHaveLength(1);
});

test('where neither is there both are said, and the next attempt begins anew', async () => {
  const ssh = await anSsh(farPodman(127, `process.stderr.write('podman: not found\\n'); process.exit(127);`));
  const engine = overSsh({ host: 'far' });
  for (const _ of [1, 2]) {
    const error = await failure(engine.info());
    expect(error.kind).toBe('unreachable');
    expect(error.message).toMatch(/code 127: docker: not found.*podman: not found/s);
  }
  expect((await ssh.calls()).map((args) => args[7])).toEqual(['docker', 'podman', 'docker', 'podman']);
});

test('what ssh says is the reason that a person reads', async () => {
  await anSsh(`process.stderr.write('me@far: Permission denied (publickey).\\n'); process.exit(255);`);
  const error = await failure(overSsh({ host: 'far' }).info());
  expect(error.kind).toBe('unreachable');
  expect(error.message).toContain('ended with code 255: me@far: Permission denied (publickey).');
});

test('a process that ends in the middle of an answer is a lost connection', async () => {
  await anSsh(`process.stdout.write('HTTP/1.1 200 OK\\r\\ncontent-length: 10\\r\\n\\r\\n{', () => process.exit(0));`);
  expect((await failure(overSsh({ host: 'far' }).info())).kind).toBe('unreachable');
});

test('without the program it is said what is missing', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  onTestFinished(() => void vi.unstubAllEnvs());
  const error = await failure(overSsh({ host: 'far' }).info());
  expect(error.kind).toBe('configuration');
  expect(error.message).toContain('ssh is not on the PATH');
});

test('closing the engine ends its processes', async () => {
  const ssh = await anSsh(`${toSocket(await farEngine())}
appendFileSync(__dirname + '/calls', JSON.stringify([String(process.pid)]) + '\\n');`);
  const engine = overSsh({ host: 'far' });
  await engine.info();
  const pid = Number((await ssh.calls())[1]?.[0]);
  expect(isAlive(pid)).toBe(true);
  engine.close();
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

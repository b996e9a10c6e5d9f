import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listConnections, resolveConnection, type Surroundings } from '../../../src/engine/docker/connections.ts';
import type { DockerTarget } from '../../../src/engine/docker/target.ts';
import { EngineError } from '../../../src/engine/engine.ts';

interface Home extends Surroundings {
  readonly log: { info(message: string): void; warn(message: string): void };
  readonly warnings: string[];
  file(name: string, content: unknown): void;
  context(name: string, endpoint: unknown, tls?: Readonly<Record<string, string>>): void;
  socket(name: string): Promise<string>;
}

/** A home directory that exists for one test. */
function aHome(env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux'): Home {
  const home = mkdtempSync(path.join(tmpdir(), 'dne-unit-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const warnings: string[] = [];
  const file = (name: string, content: unknown): void => {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    writeFileSync(path.join(home, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  return {
    env,
    platform,
    home,
    warnings,
    log: { info: () => undefined, warn: (message) => void warnings.push(message) },
    file,
    context: (name, endpoint, tls = {}) => {
      const folder = createHash('sha256').update(name).digest('hex');
      file(`.docker/contexts/meta/${folder}/meta.json`, {
        Name: name,
        Metadata: {},
        Endpoints: { docker: endpoint },
        Storage: {},
      });
      for (const [pem, content] of Object.entries(tls)) file(`.docker/contexts/tls/${folder}/docker/${pem}`, content);
    },
    socket: async (name) => {
      const socketPath = path.join(home, name);
      mkdirSync(path.dirname(socketPath), { recursive: true });
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(socketPath, resolve));
      onTestFinished(() => void server.close());
      return socketPath;
    },
  };
}

function resolve(around: Surroundings, setting = ''): Promise<DockerTarget> {
  return resolveConnection({ ...around, setting });
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError) || error.kind !== 'configuration')
    throw new Error('not refused', { cause: error });
  return error.message;
}

describe('which engine is shown', () => {
  test('the setting goes before everything else', async () => {
    const home = aHome({ DOCKER_HOST: 'tcp://a:1', DOCKER_CONTEXT: 'b' });
    const target = await resolve(home, ' unix:///run/x.sock ');
    expect(target).toMatchObject({
      connection: { origin: 'setting', endpoint: 'unix:///run/x.sock', label: 'unix:///run/x.sock', readOnly: false },
      transport: { kind: 'socket', path: '/run/x.sock' },
      socketPath: '/run/x.sock',
      setting: 'unix:///run/x.sock',
    });
  });

  test('DOCKER_HOST goes before DOCKER_CONTEXT, as with the docker command', async () => {
    const home = aHome({ DOCKER_HOST: 'tcp://a:1', DOCKER_CONTEXT: 'b' });
    expect((await resolve(home)).connection).toMatchObject({ origin: 'DOCKER_HOST', endpoint: 'tcp://a:1' });
  });

  test('DOCKER_CONTEXT goes before the current context', async () => {
    const home = aHome({ DOCKER_CONTEXT: 'b' });
    home.file('.docker/config.json', { currentContext: 'c' });
    home.context('b', { Host: 'unix:///run/b.sock', SkipTLSVerify: false });
    expect(await resolve(home)).toMatchObject({
      connection: { origin: 'DOCKER_CONTEXT', label: 'b', key: 'context:b', endpoint: 'unix:///run/b.sock' },
      setting: 'context:b',
      socketPath: '/run/b.sock',
    });
  });

  test('the current context, from another configuration directory too', async () => {
    const home = aHome();
    home.file('.docker/config.json', { currentContext: 'c', auths: { 'example.com': { auth: 'c2VjcmV0' } } });
    home.context('c', { Host: 'unix:///run/c.sock' });
    expect((await resolve(home)).connection).toMatchObject({ origin: 'context', label: 'c' });
    const other = { ...aHome(), env: { DOCKER_CONFIG: path.join(home.home, '.docker') } };
    expect((await resolve(other)).connection).toMatchObject({ origin: 'context', label: 'c' });
  });

  test.each([{}, { currentContext: 'default' }, { currentContext: '' }, { currentContext: null }])(
    'config.json with %j leaves it to the usual sockets',
    async (config) => {
      const home = aHome({}, 'darwin');
      home.file('.docker/config.json', config);
      expect((await resolve(home)).connection.origin).toBe('socket');
    },
  );

  test('a setting names a context with and without its prefix', async () => {
    const home = aHome({ DOCKER_HOST: 'tcp://a:1' });
    home.context('my.ctx', { Host: 'unix:///run/m.sock' });
    for (const setting of ['context:my.ctx', 'my.ctx']) {
      expect((await resolve(home, setting)).connection).toMatchObject({ origin: 'setting', key: 'context:my.ctx' });
    }
  });

  test('the context default is DOCKER_HOST where that is set', async () => {
    const home = aHome({ DOCKER_HOST: 'tcp://a:1' });
    expect((await resolve(home, 'context:default')).connection.endpoint).toBe('tcp://a:1');
  });

  test.skipIf(process.platform === 'win32')('Docker Desktop on a Mac: its own socket before the system’s', async () => {
    const home = aHome({}, 'darwin');
    const socketPath = await home.socket('.docker/run/docker.sock');
    expect(await resolve(home)).toMatchObject({ connection: { origin: 'socket' }, socketPath });
  });

  test('nothing there: the first of the usual places, so that the error names it', async () => {
    const home = aHome({}, 'win32');
    expect(await resolve(home)).toMatchObject({
      connection: { endpoint: 'npipe:////./pipe/docker_engine', origin: 'socket' },
      transport: { kind: 'socket', path: '//./pipe/docker_engine' },
    });
    expect(await resolve(home)).not.toHaveProperty('socketPath');
  });
});

describe('addresses', () => {
  test.each([
    ['tcp://host:2375', { kind: 'tcp', host: 'host', port: 2375, basePath: '' }],
    ['tcp://host', { kind: 'tcp', host: 'host', port: 2375, basePath: '' }],
    ['http://host:80/docker/', { kind: 'tcp', host: 'host', port: 80, basePath: '/docker' }],
    ['host:2375', { kind: 'tcp', host: 'host', port: 2375, basePath: '' }],
    ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375, basePath: '' }],
    ['https://host', { kind: 'tcp', host: 'host', port: 2376, tls: { verify: true } }],
    ['/run/docker.sock', { kind: 'socket', path: '/run/docker.sock' }],
    ['ssh://host', { kind: 'ssh', destination: { host: 'host' } }],
    ['ssh://me@host:22', { kind: 'ssh', destination: { host: 'host', user: 'me', port: 22 } }],
    ['ssh://[::1]:22/run/d.sock', { kind: 'ssh', destination: { host: '::1', port: 22, socketPath: '/run/d.sock' } }],
  ])('%s', async (address, transport) => {
    expect((await resolve(aHome(), address)).transport).toMatchObject(transport);
  });

  test.each(['npipe:////./pipe/docker_engine', '\\\\.\\pipe\\docker_engine', '//./pipe/docker_engine'])(
    '%s on Windows',
    async (address) => {
      expect(await resolve(aHome({}, 'win32'), address)).toMatchObject({
        transport: { kind: 'socket', path: '//./pipe/docker_engine' },
        connection: { endpoint: 'npipe:////./pipe/docker_engine' },
      });
    },
  );

  test.each([
    'ftp://host',
    'unix://',
    'unix://relative',
    'npipe:////./pipe/x',
    'tcp://',
    'tcp://host:99999',
    'ssh://',
    'ssh://-oProxyCommand=x',
    'ssh://-l@host',
    'ssh://host name',
    'ssh://host?x=1',
    'ssh://host:port',
    '::',
  ])('%s is refused, and the error says where it stands', async (address) => {
    expect(await refusal(resolve(aHome(), address))).toContain('the connection setting');
    expect(await refusal(resolve(aHome({ DOCKER_HOST: address })))).toContain('DOCKER_HOST');
  });

  test('a password in an address gets into no error and no label', async () => {
    expect(await refusal(resolve(aHome(), 'tcp://me:hunter2@host:1'))).not.toContain('hunter2');
    expect(await refusal(resolve(aHome(), 'ssh://me:hunter2@host'))).not.toContain('hunter2');
  });

  test('a Unix socket on Windows is refused', async () => {
    await refusal(resolve(aHome({}, 'win32'), 'unix:///var/run/docker.sock'));
  });
});

describe('TLS', () => {
  test('of a context, from its own folder', async () => {
    const home = aHome();
    home.context(
      'remote',
      { Host: 'tcp://host:2376', SkipTLSVerify: false },
      { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' },
    );
    expect((await resolve(home, 'remote')).transport).toMatchObject({
      kind: 'tcp',
      port: 2376,
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY', verify: true },
    });
  });

  test('a context that does not check the certificate', async () => {
    const home = aHome();
    home.context('remote', { Host: 'tcp://host', SkipTLSVerify: true });
    expect((await resolve(home, 'remote')).transport).toMatchObject({ port: 2376, tls: { verify: false } });
  });

  test('DOCKER_TLS_VERIFY with DOCKER_CERT_PATH', async () => {
    const home = aHome();
    home.file('certs/ca.pem', 'CA');
    const env = {
      DOCKER_HOST: 'tcp://host:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: path.join(home.home, 'certs'),
    };
    expect((await resolve({ ...home, env })).transport).toMatchObject({ tls: { ca: 'CA', verify: true } });
    expect((await resolve({ ...home, env: { ...env, DOCKER_TLS_VERIFY: '' } })).transport).not.toHaveProperty('tls');
  });

  test('a certificate without its key is named, not its content', async () => {
    const home = aHome();
    home.context('remote', { Host: 'tcp://host' }, { 'cert.pem': 'SECRET' });
    const message = await refusal(resolve(home, 'remote'));
    expect(message).toContain('key.pem');
    expect(message).not.toContain('SECRET');
  });
});

describe('files that cannot be understood', () => {
  test.each(['{', '[]', '"x"', '{"currentContext":5}'])('config.json with %s is named, not quoted', async (content) => {
    const home = aHome();
    home.file('.docker/config.json', content);
    const message = await refusal(resolve(home));
    expect(message).toContain(path.join('.docker', 'config.json'));
  });

  test('an unknown context is named', async () => {
    expect(await refusal(resolve(aHome({ DOCKER_CONTEXT: 'nope' })))).toContain("'nope'");
  });

  test.each([
    ['no docker endpoint', { Name: 'c', Endpoints: {} }],
    ['a host that is no text', { Name: 'c', Endpoints: { docker: { Host: 5 } } }],
    ['no host', { Name: 'c', Endpoints: { docker: {} } }],
    ['no address', { Name: 'c', Endpoints: { docker: { Host: 'gopher://x' } } }],
    ['no JSON', '{"Name":'],
  ])('meta.json with %s is named', async (_, content) => {
    const home = aHome();
    const folder = createHash('sha256').update('c').digest('hex');
    home.file(`.docker/contexts/meta/${folder}/meta.json`, content);
    expect(await refusal(resolve(home, 'context:c'))).toContain(`${folder}${path.sep}meta.json`);
  });
});

describe('what can be chosen', () => {
  test('DOCKER_HOST, the contexts that can be read, the sockets that exist', async () => {
    const home = aHome({ DOCKER_HOST: 'tcp://a:1' });
    home.context('zeta', { Host: 'unix:///run/z.sock' });
    home.context('alpha', { Host: 'ssh://me@host' });
    home.context('broken', { Host: 'gopher://x' });
    home.file('.docker/contexts/meta/0000/meta.json', '{');
    const targets = (await listConnections(home)).filter(({ connection }) => connection.origin !== 'socket');
    expect(targets.map(({ connection }) => connection.label)).toEqual(['tcp://a:1', 'alpha', 'zeta']);
    expect(home.warnings).toHaveLength(2);
  });

  test.skipIf(process.platform === 'win32')('a rootless socket, once', async () => {
    const home = aHome();
    const socketPath = await home.socket('run/docker.sock');
    const around = { ...home, env: { XDG_RUNTIME_DIR: path.join(home.home, 'run') } };
    const found = async (): Promise<string[]> =>
      (await listConnections(around))
        .filter((target) => target.socketPath === socketPath)
        .map(({ setting }) => setting);
    expect(await found()).toEqual([`unix://${socketPath}`]);
    home.context('rootless', { Host: `unix://${socketPath}` });
    expect(await found()).toEqual(['context:rootless']);
  });

  test('each leads back to itself', async () => {
    const home = aHome({ DOCKER_HOST: 'tcp://[::1]:2375' });
    home.context('alpha', { Host: 'ssh://me@host' });
    for (const target of await listConnections(home)) {
      const again = await resolve(home, target.setting);
      expect(again).toEqual({ ...target, connection: { ...target.connection, origin: 'setting' } });
    }
  });

  test('a home without Docker', async () => {
    await expect(listConnections(aHome({}, 'win32'))).resolves.toEqual([]);
  });
});

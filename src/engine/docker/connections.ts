import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { type EngineConnection, EngineError } from '../engine.ts';
import { isAddress, parseAddress } from './address.ts';
import { type DockerContext, listContexts, readContext, readCurrentContext, readTls } from './contexts.ts';
import type { DockerTarget, EngineLog, TlsMaterial } from './target.ts';

/** Where to look: of this process, or made up by a test. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The person's home directory. */
  readonly home: string;
  readonly log?: EngineLog;
}

type Origin = EngineConnection['origin'];

/**
 * The engine to show: setting > DOCKER_HOST > DOCKER_CONTEXT > the current context > the usual sockets.
 * The setting is an address, `context:NAME`, the bare name of a context, or empty.
 * Rejects with `configuration` where what was said cannot work; whether an engine answers is not tried.
 */
export async function resolveConnection(around: Surroundings & { readonly setting: string }): Promise<DockerTarget> {
  const setting = around.setting.trim();
  const { env } = around;
  if (setting !== '') {
    const name = contextName(setting);
    return name === undefined ? fromAddress(setting, 'setting', around) : fromContextName(name, 'setting', around);
  }
  if (isSet(env['DOCKER_HOST'])) return fromAddress(env['DOCKER_HOST'], 'DOCKER_HOST', around);
  if (isSet(env['DOCKER_CONTEXT'])) return fromContextName(env['DOCKER_CONTEXT'], 'DOCKER_CONTEXT', around);
  const current = await readCurrentContext(configDir(around));
  return current === undefined ? fromUsualSocket(around) : fromContextName(current, 'context', around);
}

/** All that can be chosen: DOCKER_HOST, the contexts, the usual sockets that exist. What is malformed is logged and left out. */
export async function listConnections(around: Surroundings): Promise<DockerTarget[]> {
  const found: DockerTarget[] = [];
  const attempt = async (resolve: () => Promise<DockerTarget>): Promise<void> => {
    try {
      found.push(await resolve());
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      around.log?.warn(error.message);
    }
  };
  const host = around.env['DOCKER_HOST'];
  if (isSet(host)) await attempt(() => fromAddress(host, 'DOCKER_HOST', around));
  for (const context of await listContexts(configDir(around), (error) => around.log?.warn(error.message))) {
    await attempt(() => Promise.resolve(fromContext(context, 'context', around)));
  }
  for (const address of usualSockets(around)) {
    if (await isThere(address, around)) await attempt(() => fromAddress(address, 'socket', around));
  }
  // A context says more than the address that it stands for.
  const named = new Set(
    found.filter(({ setting }) => setting.startsWith('context:')).map((target) => target.connection.endpoint),
  );
  return found.filter(
    ({ connection, setting }, index) =>
      (setting.startsWith('context:') || !named.has(connection.endpoint)) &&
      found.findIndex((other) => other.connection.key === connection.key) === index,
  );
}

/** `context:NAME`, or a bare name: `docker --context` takes it bare, too. */
function contextName(setting: string): string | undefined {
  if (setting.startsWith('context:')) return setting.slice('context:'.length).trim();
  return isAddress(setting) ? undefined : setting;
}

async function fromAddress(text: string, origin: Origin, around: Surroundings): Promise<DockerTarget> {
  const source = origin === 'setting' ? 'the connection setting' : origin;
  const address = parseAddress(text, around.platform, source);
  const tls = /^(tcp|https):/.test(address.endpoint) ? await environmentTls(around, address.secure) : undefined;
  return target(
    address.endpoint,
    { label: address.endpoint, key: address.endpoint, origin, setting: address.endpoint },
    address.toTransport(tls),
  );
}

async function fromContextName(name: string, origin: Origin, around: Surroundings): Promise<DockerTarget> {
  // The virtual context: DOCKER_HOST, else the platform's socket.
  const host = around.env['DOCKER_HOST'];
  if (name === 'default' || name === '') {
    return isSet(host) ? fromAddress(host, 'DOCKER_HOST', around) : fromUsualSocket(around);
  }
  return fromContext(await readContext(configDir(around), name), origin, around);
}

function fromContext(context: DockerContext, origin: Origin, around: Surroundings): DockerTarget {
  const { name, file, host } = context;
  if (host === '') throw new EngineError('configuration', `${file}: Endpoints.docker.Host is empty`);
  const address = parseAddress(host, around.platform, file);
  const tls = context.tls ?? (address.secure ? { verify: true } : undefined);
  const setting = `context:${name}`;
  return target(address.endpoint, { label: name, key: setting, origin, setting }, address.toTransport(tls));
}

/** The first that exists and may be opened, else the first that exists: then the engine says why it is denied. */
async function fromUsualSocket(around: Surroundings): Promise<DockerTarget> {
  const addresses = usualSockets(around);
  const there: string[] = [];
  for (const address of addresses) if (await isThere(address, around)) there.push(address);
  for (const address of there) if (await mayOpen(address, around)) return fromAddress(address, 'socket', around);
  return fromAddress(there[0] ?? addresses[0] ?? 'unix:///var/run/docker.sock', 'socket', around);
}

function target(
  endpoint: string,
  names: { readonly label: string; readonly key: string; readonly origin: Origin; readonly setting: string },
  transport: DockerTarget['transport'],
): DockerTarget {
  const { label, key, origin, setting } = names;
  return {
    connection: { key, label, endpoint, origin, readOnly: false },
    transport,
    setting,
    ...(transport.kind === 'socket' && endpoint.startsWith('unix:') ? { socketPath: transport.path } : {}),
  };
}

/** System, rootless and Docker Desktop sockets of each platform, most usual first. */
export function usualSockets({ env, platform, home }: Surroundings): readonly string[] {
  switch (platform) {
    case 'win32':
      return ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/dockerDesktopLinuxEngine'];
    case 'darwin':
      return [`unix://${home}/.docker/run/docker.sock`, 'unix:///var/run/docker.sock'];
    default: {
      const runtime = env['XDG_RUNTIME_DIR'];
      return [
        'unix:///var/run/docker.sock',
        ...(isSet(runtime) ? [`unix://${runtime}/docker.sock`] : []),
        `unix://${home}/.docker/run/docker.sock`,
        `unix://${home}/.docker/desktop/docker.sock`,
      ];
    }
  }
}

/** As the docker command reads its environment: DOCKER_TLS_VERIFY checks the engine's certificate, DOCKER_TLS alone does not. */
async function environmentTls(
  { env, home, ...around }: Surroundings,
  secure: boolean,
): Promise<TlsMaterial | undefined> {
  const verify = isSet(env['DOCKER_TLS_VERIFY']);
  if (!verify && !isSet(env['DOCKER_TLS']) && !secure) return undefined;
  const folder = isSet(env['DOCKER_CERT_PATH']) ? env['DOCKER_CERT_PATH'] : configDir({ env, home, ...around });
  const check = verify || !isSet(env['DOCKER_TLS']);
  return (await readTls(folder, check)) ?? { verify: check };
}

/** Where the docker command keeps its configuration. */
export function configDir({ env, home }: Surroundings): string {
  return isSet(env['DOCKER_CONFIG']) ? env['DOCKER_CONFIG'] : path.join(home, '.docker');
}

async function isThere(address: string, { platform }: Surroundings): Promise<boolean> {
  const file = pathOf(address);
  if (platform === 'win32') {
    // Listing the pipes opens none of them; a stat would take one of the server's instances.
    return readdir('//./pipe/').then(
      (pipes) => pipes.includes(path.basename(file)),
      () => false,
    );
  }
  return stat(file).then(
    (found) => found.isSocket(),
    () => false,
  );
}

function mayOpen(address: string, { platform }: Surroundings): Promise<boolean> {
  if (platform === 'win32') return Promise.resolve(true);
  return access(pathOf(address), constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\//, '');
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

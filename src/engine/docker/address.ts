import { EngineError } from '../engine.ts';
import type { DockerTransport, TlsMaterial } from './target.ts';

/** An address taken apart, before it is known whether TLS goes with it. */
export interface Address {
  /** The address again, in one spelling: `unix:///run/docker.sock`, `tcp://host:2375`, `ssh://me@host`. */
  readonly endpoint: string;
  /** True for `https://`: TLS although no certificate was named. */
  readonly secure: boolean;
  toTransport(tls: TlsMaterial | undefined): DockerTransport;
}

/** True for what is meant as an address: it has a scheme, or is a path. A context's name can have neither `/` nor `:`. */
export function isAddress(text: string): boolean {
  return /[:/\\]/.test(text);
}

/**
 * `unix://`, `npipe://`, `tcp://`, `http(s)://`, `ssh://`, a path, or `host:port`. `source` names where the text
 * stands, for the `configuration` error that is thrown where it makes no sense.
 */
export function parseAddress(text: string, platform: NodeJS.Platform, source: string): Address {
  const refuse = (why: string): EngineError => new EngineError('configuration', `${source}: ${why}`);
  const address = text.trim();
  if (/^\\\\|^\/\/\.\//.test(address)) return pipe(address, platform, refuse);
  if (address.startsWith('/')) return socket(address, platform, refuse);
  const match = /^([a-z]+):\/\/(.*)$/is.exec(address);
  const scheme = match?.[1]?.toLowerCase() ?? 'tcp';
  const rest = match?.[2] ?? address;
  switch (scheme) {
    case 'unix':
      return socket(rest, platform, refuse);
    case 'npipe':
      return pipe(rest, platform, refuse);
    case 'tcp':
    case 'http':
    case 'https':
      return network(rest, scheme === 'https', refuse);
    case 'ssh':
      return ssh(rest, refuse);
    default:
      throw refuse(`'${scheme}://' is no scheme of Docker; use unix, npipe, tcp, http, https or ssh`);
  }
}

type Refuse = (why: string) => EngineError;

function socket(path: string, platform: NodeJS.Platform, refuse: Refuse): Address {
  if (!path.startsWith('/'))
    throw refuse('a unix:// address needs an absolute path, for example unix:///var/run/docker.sock');
  if (platform === 'win32') throw refuse('Unix sockets cannot be reached on Windows; use npipe:// or tcp://');
  return { endpoint: `unix://${path}`, secure: false, toTransport: () => ({ kind: 'socket', path }) };
}

/** `npipe:////./pipe/name`, and what people write: `\\.\pipe\name`. */
function pipe(text: string, platform: NodeJS.Platform, refuse: Refuse): Address {
  const path = text.replaceAll('\\', '/');
  if (!/^\/\/[^/]+\/pipe\/./.test(path)) throw refuse('a named pipe is written npipe:////./pipe/docker_engine');
  if (platform !== 'win32') throw refuse('named pipes exist on Windows only');
  return { endpoint: `npipe://${path}`, secure: false, toTransport: () => ({ kind: 'socket', path }) };
}

function network(rest: string, secure: boolean, refuse: Refuse): Address {
  let url: URL;
  try {
    url = new URL(`http://${rest}`);
  } catch {
    throw refuse('a network address is written tcp://host:port');
  }
  if (url.username !== '' || url.password !== '') throw refuse('an address cannot carry a user name or a password');
  // URL drops a port that is HTTP's default, so the text is asked.
  const port = Number(/:(\d+)$/.exec(rest.replace(/[/?#].*$/s, ''))?.[1] ?? 0);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const basePath = url.pathname.replace(/\/+$/, '');
  return {
    endpoint: `${secure ? 'https' : 'tcp'}://${url.hostname}${port === 0 ? '' : `:${port}`}${basePath}`,
    secure,
    toTransport: (tls) => {
      // The ports that Docker registered for itself, without and with TLS.
      const chosen = port === 0 ? (tls === undefined ? 2375 : 2376) : port;
      return { kind: 'tcp', host, port: chosen, basePath, ...(tls === undefined ? {} : { tls }) };
    },
  };
}

/** As the docker command reads it (docker/cli, cli/connhelper/ssh/ssh.go): no password, query or fragment. */
function ssh(rest: string, refuse: Refuse): Address {
  const match = /^(?:([^@/?#]+)@)?(\[[\da-f:.%]+\]|[^@:/?#[\]\s]+)(?::(\d{1,5}))?(\/[^?#]*)?$/i.exec(rest);
  const [, user, host = '', port, path = ''] = match ?? [];
  if (match === null || host === '') throw refuse('an ssh:// address is written ssh://user@host:port');
  if (user?.includes(':') === true)
    throw refuse('an ssh:// address cannot carry a password; ssh takes keys from its own configuration or an agent');
  // ssh would read them as options.
  if (host.startsWith('-') || user?.startsWith('-') === true) throw refuse('an ssh:// address needs a host');
  const bare = host.replace(/^\[|\]$/g, '');
  const socketPath = path === '/' ? '' : path;
  return {
    endpoint: `ssh://${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}${socketPath}`,
    secure: false,
    toTransport: () => ({
      kind: 'ssh',
      destination: {
        host: bare,
        ...(user === undefined ? {} : { user }),
        ...(port === undefined ? {} : { port: Number(port) }),
        ...(socketPath === '' ? {} : { socketPath }),
      },
    }),
  };
}

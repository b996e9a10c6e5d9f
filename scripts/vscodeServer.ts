import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { basename, join } from 'node:path';
import { makeThrowaway, randomToken, removeDirectory, ToolError } from './lifetime.ts';
import { linkExtension } from './linkExtension.ts';
import { installVscode } from './vscodeInstall.ts';

export interface VscodeServerOptions {
  /** The built extension: a directory with a package.json. */
  readonly extensionPath: string;
  /** A built module whose `run()` the extension host calls; then the extension is one under development. */
  readonly extensionTestsPath?: string;
  /** Directories of more extensions, which are there beside it. */
  readonly moreExtensions?: readonly string[];
  /** A throwaway directory for all that is written; the server removes it at its end, whatever way that comes. */
  readonly directory?: string;
  /** Opened in the window; none by default. */
  readonly folder?: string;
  /** Added to this process's environment, for the extension host too. */
  readonly env?: Readonly<Record<string, string>>;
  /** Machine settings: those that the extension host and the window see, below the person's own. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Name of the network namespace (`ip netns`) that the extension host shall live in. Needs root. */
  readonly netns?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly say?: (message: string) => void;
}

export interface VscodeServer {
  /** With its secret: whoever has this URL has a shell of this user. */
  readonly url: string;
  readonly port: number;
  /** Where settings.json of the machine is: rewritten, it takes effect at once. */
  readonly settingsFile: string;
  /** Settles when the server has ended, asked for or not. */
  readonly ended: Promise<void>;
  /** What the server printed, newest 20,000 characters. */
  log(): string;
  /** Ends the server with all its children and removes its directories. */
  dispose(): Promise<void>;
}

/** Nobody looks for extensions in a throwaway window, and nothing is to leave this machine. */
const noGallery = JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '' });

/** The page that opens a window. */
function windowUrl(port: number, token: string, options: VscodeServerOptions): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${asUriPath(path)}`;
  const query = new URLSearchParams({ tkn: token });
  if (options.extensionTestsPath !== undefined) {
    const payload = [
      ['extensionDevelopmentPath', remote(options.extensionPath)],
      ['extensionTestsPath', remote(options.extensionTestsPath)],
    ];
    query.set('payload', JSON.stringify(payload));
  }
  if (options.folder === undefined) query.set('ew', 'true');
  else query.set('folder', asUriPath(options.folder));
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

/** `C:\a` is `/C:/a` in a URI. */
function asUriPath(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}

/**
 * The command that runs another one in a network namespace, with the /sys of that namespace (which shows the namespace
 * that it was mounted in, not the one that reads) and all else as it is. Needs root.
 */
function inNamespace(netns: string): readonly string[] {
  const mountSys = 'mount -t sysfs sysfs /sys && exec "$@"';
  return [
    'nsenter',
    `--net=/run/netns/${netns}`,
    'unshare',
    '--mount',
    '--propagation=slave',
    'sh',
    '-c',
    mountSys,
    'sh',
  ];
}

/** Settles when the server says that it listens. */
async function listening(keeper: ChildProcess, log: () => string): Promise<void> {
  const deadline = AbortSignal.timeout(60_000);
  while (!log().includes('agent listening on')) {
    if (keeper.exitCode !== null) throw new ToolError(`VS Code's server ended:\n${log()}`);
    if (deadline.aborted) throw new ToolError(`VS Code's server did not start within a minute:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/**
 * A port of the loopback interface, all of it passed on to the server's socket: the server may live in another network
 * namespace, and the browser need not.
 */
async function forward(port: number, socket: string): Promise<Server> {
  const server = createServer((browser) => {
    const upstream = connect(socket);
    const end = (): void => {
      browser.destroy();
      upstream.destroy();
    };
    browser.on('error', end).on('close', end).pipe(upstream).on('error', end).on('close', end).pipe(browser);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new ToolError(`Port ${port} is taken: choose another one.`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/**
 * A real VS Code on a loopback port, with the extension in it, and nothing of the person's own:
 * settings, extensions and state live in a throwaway directory.
 */
export async function startVscodeServer(options: VscodeServerOptions): Promise<VscodeServer> {
  const directory = options.directory ?? (await makeThrowaway('vscode'));
  const dataDirectory = join(directory, 'data');
  const extensions = join(directory, 'extensions');
  // What its own extensions leave behind in the temporary directory goes with all else: a socket of git's for each window.
  const temporary = join(directory, 'tmp');
  const settingsFile = join(dataDirectory, 'Machine', 'settings.json');
  const token = randomToken();
  // In a file and not as an argument: every user of the machine can read the arguments of a process.
  const tokenFile = join(directory, 'token');
  let main: string;
  try {
    main = await installVscode(options.say ?? (() => undefined));
    await mkdir(join(dataDirectory, 'Machine'), { recursive: true });
    await mkdir(extensions);
    await mkdir(temporary);
    if (options.extensionTestsPath === undefined) await linkExtension(options.extensionPath, extensions);
    for (const path of options.moreExtensions ?? []) await linkExtension(path, extensions);
    await writeFile(settingsFile, JSON.stringify(options.settings ?? {}));
    await writeFile(tokenFile, token, { mode: 0o600 });
  } catch (error) {
    await removeDirectory(directory);
    throw error;
  }
  const socket = process.platform === 'win32' ? `\\\\.\\pipe\\${basename(directory)}` : join(directory, 'socket');
  const command = [
    ...(options.netns === undefined ? [] : inNamespace(options.netns)),
    ...[process.execPath, main, '--accept-server-license-terms', '--socket-path', socket],
    ...['--connection-token-file', tokenFile, '--user-data-dir', dataDirectory, '--server-data-dir', directory],
    ...['--extensions-dir', extensions, '--disable-workspace-trust', '--telemetry-level', 'off'],
    // The extension host's environment is ours, and not that of a login shell started for it.
    '--force-disable-user-env',
    // Without it the page takes no extension under development; with it, it shows no notifications.
    ...(options.extensionTestsPath === undefined ? [] : ['--enable-smoke-test-driver']),
  ];
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.ts'), directory, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, EXTENSIONS_GALLERY: noGallery, TMPDIR: temporary, ...options.env },
  });
  let printed = '';
  for (const stream of [keeper.stdout, keeper.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-20_000)));
  }
  const ended = once(keeper, 'exit').then(() => undefined);
  let front: Server | undefined;
  const dispose = async (): Promise<void> => {
    front?.close();
    keeper.stdin.end();
    await ended;
  };
  try {
    await listening(keeper, () => printed);
    front = await forward(options.port ?? 0, socket);
    const { port } = front.address() as AddressInfo;
    return { url: windowUrl(port, token, options), port, settingsFile, ended, log: () => printed, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomToken, type Lifetime } from './lifetime.ts';
import { which } from './processes.ts';

/** The command that opens an address in the person's browser, where there is a desktop. */
function opener(): readonly [string, ...string[]] | undefined {
  if (process.platform === 'win32') return ['explorer.exe'];
  if (process.platform === 'darwin') return ['open'];
  const desktop = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  const xdgOpen = which('xdg-open');
  return desktop === undefined || desktop === '' || xdgOpen === undefined ? undefined : [xdgOpen];
}

/**
 * Opens `url`, which holds a secret, in the person's browser, where there is one. Every user of the machine can read
 * a browser's arguments, so it is given an address that leads to `url` once, and then nowhere.
 */
export async function openInBrowser(url: string, life: Lifetime): Promise<void> {
  const command = opener();
  if (command === undefined) return;
  const path = `/${randomToken()}`;
  const server = createServer((request, response) => {
    const known = request.url === path;
    response.writeHead(known ? 302 : 404, known ? { location: url, 'cache-control': 'no-store' } : {}).end();
    if (known) server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await life.add(() => {
    server.closeAllConnections();
    server.close();
  });
  const [program, ...args] = command;
  const { port } = server.address() as AddressInfo;
  const child = spawn(program, [...args, `http://127.0.0.1:${port}${path}`], { stdio: 'ignore', detached: true });
  // The address is printed, too: nothing is lost.
  child.on('error', () => undefined);
  child.unref();
}

import { mkdtemp, rm } from 'node:fs/promises';
import * as http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `refuse`: the engine never hears of it. `cutBefore`: the same, and the connection breaks. `cutAfter`: the engine has
 * done it, and the connection breaks. `silence`: it has done it, and no answer ever comes.
 */
export type Fault = 'refuse' | 'cutBefore' | 'cutAfter' | 'silence';

export interface FaultyProxy {
  /** `unix://…` */
  readonly dockerHost: string;
  /** Changes since it was armed, as `POST /containers/create`; ids are left out. */
  readonly changes: string[];
  /** Forgets the changes and lets that one of the next fail, once. */
  arm(fault?: Fault, at?: number): void;
  close(): Promise<void>;
}

/** A socket in front of an engine's, on which one change fails in a chosen way. */
export async function startFaultyProxy(socketPath: string): Promise<FaultyProxy> {
  const directory = await mkdtemp(join(tmpdir(), 'dne-proxy-'));
  const path = join(directory, 'docker.sock');
  const changes: string[] = [];
  let armed: { fault: Fault; at: number } | undefined;

  const server = http.createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    let fault: Fault | undefined;
    if (method !== 'GET') {
      if (armed?.at === changes.length) fault = armed.fault;
      changes.push(
        `${method} ${url
          .replace(/^\/v[\d.]+/, '')
          .replace(/\?.*/, '')
          .replace(/[0-9a-f]{64}/g, 'ID')}`,
      );
    }
    if (fault === 'refuse') {
      request.resume();
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"injected"}');
      return;
    }
    if (fault === 'cutBefore') {
      request.socket.destroy();
      return;
    }
    const upstream = http.request({ socketPath, method, path: url, headers, agent: false }, (answer) => {
      if (fault === undefined) {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
        return;
      }
      answer.resume();
      answer.on('end', () => {
        if (fault === 'cutAfter') request.socket.destroy();
      });
    });
    upstream.on('error', () => request.socket.destroy());
    request.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    dockerHost: `unix://${path}`,
    changes,
    arm: (fault, at = 0) => {
      changes.length = 0;
      armed = fault === undefined ? undefined : { fault, at };
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

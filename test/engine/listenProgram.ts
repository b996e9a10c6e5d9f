/** Listens in each way that there is until it is ended, and prints a `ListenReport` when it does. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface ListenReport {
  readonly pid: number;
  /** `tcp 127.0.0.1 1234`. */
  readonly open: readonly string[];
  /** What is bound, and takes nothing from anybody but its peer. */
  readonly connected: string;
}

async function listen(host: string): Promise<string> {
  const server = createServer().listen({ host, port: 0 });
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return `tcp ${host.replace('::ffff:', '')} ${bound.port}`;
}

async function bind(type: 'udp4' | 'udp6', address: string): Promise<string> {
  const socket = createSocket(type).bind({ address });
  await once(socket, 'listening');
  return `udp ${address} ${socket.address().port}`;
}

if (import.meta.main) {
  const open = [
    await listen('127.0.0.1'),
    await listen('0.0.0.0'),
    await listen('::1'),
    await listen('::'),
    await listen('::ffff:127.0.0.1'),
    await bind('udp4', '0.0.0.0'),
    await bind('udp6', '::1'),
  ];
  const peer = createSocket('udp4');
  peer.connect(9, '127.0.0.1');
  await once(peer, 'connect');
  const connected = `udp 127.0.0.1 ${peer.address().port}`;
  const report: ListenReport = { pid: process.pid, open, connected };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

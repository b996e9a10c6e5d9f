import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What stands in for a container: a server at an address of this machine. */
export interface FakeContainer {
  readonly port: number;
  readonly server: Server;
  /** Ends it and its connections, as a stopped container's process would. */
  readonly stop: () => Promise<void>;
}

export async function startContainer(
  talk: (socket: Socket) => void,
  { address = '127.0.0.1', port = 0 } = {},
): Promise<FakeContainer> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  server.listen({ host: address, port });
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(stop);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return { port: bound.port, server, stop };
}

/** A port that nothing listens on. */
export async function silentPort(): Promise<number> {
  const { port, stop } = await startContainer(() => undefined);
  await stop();
  return port;
}

/** A client of a local port, connected. */
export async function dial(port: number, address = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ host: address, port, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** All that it receives until the other side has said all. Rejects where the connection breaks before that. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // It may still have something to say.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What a connection of its own receives, without saying a word. A reset may come before it even knows of the connection. */
export async function hear(port: number): Promise<Buffer> {
  return readAll(await dial(port));
}

/** What is answered to `text`, over a connection of its own. */
export async function ask(port: number, text: string): Promise<string> {
  const socket = await dial(port);
  socket.end(text);
  return (await readAll(socket)).toString();
}

export function echo(socket: Socket): void {
  socket.pipe(socket);
}

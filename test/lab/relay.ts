import { createServer, type AddressInfo } from 'node:net';
import type { LabEngine } from './labEngine.ts';

export interface Relay {
  /** On 127.0.0.1 of this machine. */
  readonly port: number;
  close(): void;
}

/** A port of this machine's loopback that leads to one in the engine's network namespace, as long as this process lives. */
export async function startRelay(engine: LabEngine, host: string, port: number): Promise<Relay> {
  const server = createServer((socket) => {
    const far = engine.connectInside(host, port);
    const end = (): void => {
      socket.destroy();
      far.kill('SIGKILL');
    };
    far.once('error', end);
    far.once('close', end);
    socket.once('close', end);
    socket.on('error', end);
    far.stdin?.on('error', () => undefined);
    if (far.stdin !== null && far.stdout !== null) {
      socket.pipe(far.stdin);
      far.stdout.pipe(socket);
    }
  });
  // It shall not keep a process alive that has nothing else to do.
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

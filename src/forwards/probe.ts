import { connect } from 'node:net';

/**
 * Knocks once, and sends nothing. True: something accepts connections there; false: the machine at that address says
 * that nothing does. Rejects where nobody answers in time, where there is no way to it, and with the signal's reason.
 */
export function probe(address: string, port: number, limitMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const timer = setTimeout(() => settle(() => reject(new Error(`no answer within ${limitMs} ms`))), limitMs);
    const abort = (): void => settle(() => reject(signal.reason as Error));
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      end();
    };
    signal.addEventListener('abort', abort);
    socket.once('connect', () => settle(() => resolve(true)));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle(() => (error.code === 'ECONNREFUSED' ? resolve(false) : reject(error))),
    );
  });
}

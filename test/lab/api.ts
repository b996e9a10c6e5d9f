import { request } from 'node:http';

/** GET over the engine's socket, or POST where there is something to send: the lab's own way, beside the client under test. */
export function call(socketPath: string, path: string, sent?: unknown): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    // An agent of its own: the shared one keeps connections, and an engine that stops waits for them.
    const post = sent === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' } };
    const exchange = request({ socketPath, path, agent: false, timeout: 10_000, ...post }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    exchange.on('timeout', () => exchange.destroy(new Error(`no answer to ${path}`)));
    exchange.on('error', reject);
    exchange.end(sent === undefined ? undefined : JSON.stringify(sent));
  });
}

/** True when the engine serves requests. */
export function answers(socketPath: string): Promise<boolean> {
  return call(socketPath, '/_ping').then(
    ({ status }) => status === 200,
    () => false,
  );
}

import { Agent, request } from 'node:http';

/** Inspections at one time: as many as the product makes (src/engine/docker/dockerodeEngine.ts). */
const concurrency = 8;

export interface BareReads {
  /** `/networks` and `/containers/json?all=1` with one inspection each, parsed. Resolves with the number of containers. */
  read(): Promise<number>;
  close(): void;
}

/** The yardstick of a full refresh: what the engine's answers cost anybody, over connections that are kept open. */
export async function openBareReads(socketPath: string): Promise<BareReads> {
  const agent = new Agent({ keepAlive: true, timeout: 30_000 });
  const get = (path: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const exchange = request({ socketPath, host: 'docker', path, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(JSON.parse(body));
          else reject(new Error(`GET ${path}: ${response.statusCode ?? 0} ${body}`));
        });
      });
      exchange.on('error', reject);
      exchange.end();
    });
  const version = (await get('/version')) as { readonly ApiVersion: string };
  const api = `/v${version.ApiVersion}`;
  const readContainers = async (): Promise<number> => {
    const rows = (await get(`${api}/containers/json?all=true`)) as readonly { readonly Id: string }[];
    const queue = rows.values();
    const lane = async (): Promise<void> => {
      for (const { Id } of queue) await get(`${api}/containers/${Id}/json`);
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, rows.length) }, lane));
    return rows.length;
  };
  return {
    read: async () => (await Promise.all([readContainers(), get(`${api}/networks`)]))[0],
    close: () => agent.destroy(),
  };
}

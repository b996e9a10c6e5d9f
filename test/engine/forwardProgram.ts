/**
 * `forwardProgram.ts CONTAINER PORT LOCALPORT [unread]`: the product's forward to a container of the engine at DOCKER_HOST, until
 * SIGTERM; then the process ends by itself if nothing is left open. A program of its own, since only the engine's
 * namespace has a way to its containers. In place of a container's name an address may be given. With `unread` all is as where reading the kernel is turned off.
 * Prints a line of JSON, a `ForwardReport`, when the forward opens or fails, and whenever its state changes.
 */
import { isIP } from 'node:net';
import { addressOf, type ReachedEngine } from '../../src/editor/containerAddress.ts';
import { ForwardError, Forwards, type Forward } from '../../src/forwards/forwards.ts';
import { openLabSession } from '../lab/openSession.ts';

export type ForwardReport =
  | { readonly kind: 'forward'; readonly forward: Forward }
  | { readonly kind: 'failed'; readonly fault: string; readonly afterMs: number };

async function main(name: string, containerPort: number, localPort: number, isRead: boolean): Promise<void> {
  const session = openLabSession(process.env['DOCKER_HOST'] ?? '');
  const { containers } = await session.refresh();
  session.setActive(true);
  const isAddress = isIP(name) !== 0;
  const wanted = isAddress ? name : containers.find((container) => container.name === name)?.id;
  if (wanted === undefined) throw new Error(`no ${name}`);
  const forwards = new Forwards(
    ({ containerId }) => (isAddress ? containerId : addressOf(isRead ? session : unread(session), containerId)),
    (line) => void process.stderr.write(`${line}\n`),
  );
  const report = (line: ForwardReport): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  const tell = (): void => {
    for (const forward of forwards.list()) report({ kind: 'forward', forward });
  };
  forwards.onDidChange(tell);
  session.onDidChangeSnapshot(tell);
  const end = async (): Promise<void> => {
    session.dispose();
    await forwards.dispose();
  };
  process.once('SIGTERM', () => void end());
  const began = performance.now();
  try {
    await forwards.open({ engine: 'lab', containerId: wanted }, containerPort, localPort);
  } catch (error) {
    if (!(error instanceof ForwardError)) throw error;
    report({ kind: 'failed', fault: error.kind, afterMs: performance.now() - began });
    await end();
  }
}

function unread({ engine, snapshot }: ReachedEngine): ReachedEngine {
  return { engine, snapshot: snapshot && { ...snapshot, kernel: { kind: 'absent', reason: 'disabled' } } };
}

if (import.meta.main) {
  const [name = '', containerPort, localPort, kernel] = process.argv.slice(2);
  await main(name, Number(containerPort), Number(localPort), kernel !== 'unread');
}

/**
 * `eventProgram.cjs`, in the namespaces of the engine at DOCKER_HOST: the product with its three trees. Prints an
 * `EventReport` a line: one when all is read, then one for each event, until it is ended.
 */
import { trees, unfold } from './editor.ts';
import { createLocalKernel } from '../../src/kernel/local.ts';
import { createSession } from '../../src/live/liveSession.ts';
import { openEngine, socketOf } from '../engine/openEngine.ts';
import { assertExactWires, firstSnapshot, showSession } from './product.ts';

export type EventReport =
  | { readonly kind: 'ready'; readonly containers: number; readonly rows: number }
  | {
      readonly kind: 'updated';
      /** From the event's arrival at the session until the trees were told and all that follows was done, milliseconds. */
      readonly milliseconds: number;
      /** Until the session had the change, and told the views. */
      readonly session: number;
      /** Of the container that the event names, after the update. */
      readonly seats: number;
    };

function say(report: EventReport): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function follow(dockerHost: string): Promise<void> {
  const engine = openEngine(dockerHost);
  const events = engine.events.bind(engine);
  let arrival: { readonly at: number; readonly containerId: string; session: number } | undefined;
  engine.events = (listener, since) =>
    events(
      {
        event(event) {
          arrival ??= { at: performance.now(), containerId: event.containerId ?? '', session: 0 };
          listener.event(event);
        },
        closed: (error) => listener.closed(error),
      },
      since,
    );
  const session = createSession({
    engine,
    kernel: createLocalKernel({ socketPath: socketOf(dockerHost) }),
    log: { info: () => undefined, warn: (line) => void process.stderr.write(`${line}\n`) },
  });
  // Before the views, and so told before them.
  session.onDidChangeSnapshot(() => {
    if (arrival !== undefined) arrival.session = performance.now() - arrival.at;
  });
  showSession(session);
  const first = await firstSnapshot(session);
  assertExactWires(first);
  // All of it, down to the addresses: no tree has more to compare.
  const rows = unfold(4);

  const updated = (): void => {
    const { snapshot } = session;
    if (arrival === undefined || snapshot === undefined) return;
    const { at, containerId, session: known } = arrival;
    arrival = undefined;
    // After all listeners of this change, whichever tree was told first.
    queueMicrotask(() => {
      const milliseconds = performance.now() - at;
      assertExactWires(snapshot);
      const seats = snapshot.containers.find(({ id }) => id === containerId)?.endpoints.length ?? 0;
      say({ kind: 'updated', milliseconds, session: known, seats });
      // The editor reads what it was told of.
      unfold(4);
    });
  };
  for (const { onDidChangeTreeData } of trees.values()) onDidChangeTreeData?.(updated);
  say({ kind: 'ready', containers: first.containers.length, rows });
}

void follow(process.env['DOCKER_HOST'] ?? '').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});

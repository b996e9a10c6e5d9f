import { makeEngine, type LabEngine, type LabOptions } from './labEngine.ts';
import { run } from './run.ts';

/** Two engines on one cable, each a machine of its own. */
export interface LabNodes {
  readonly nodes: readonly [LabEngine, LabEngine];
  /** Removes both, whatever state they are in. Blocks; may be called twice. Each has its own record for `sweep`. */
  dispose(): void;
}

/** Addresses for benchmarks of networks (RFC 2544): no engine takes them for a network. */
export const nodeAddresses = ['198.18.0.1', '198.18.0.2'] as const;

/** Device of the cable in the namespace of either engine. */
export const nodeLink = 'eth1';

/**
 * Two engines whose namespaces a veth joins. It needs no record: it goes with the namespaces.
 * (A bridge in the machine's own namespace would be filtered by the machine's own Docker.)
 * `prepare` runs for both at once when the cable is there and no dockerd yet; `argsOf` are the arguments of one dockerd alone.
 */
export async function startNodes(
  options: LabOptions,
  prepare: (engine: LabEngine, node: 0 | 1) => Promise<void> = () => Promise.resolve(),
  argsOf: (node: 0 | 1) => readonly string[] = () => [],
): Promise<LabNodes> {
  const optionsOf = (node: 0 | 1): LabOptions => ({
    ...options,
    dockerdArgs: [...(options.dockerdArgs ?? []), ...argsOf(node)],
  });
  const first = await makeEngine(optionsOf(0));
  const second = await makeEngine(optionsOf(1)).catch((error: unknown) => {
    first.dispose();
    throw error;
  });
  const dispose = (): void => {
    first.dispose();
    second.dispose();
  };
  try {
    // prettier-ignore
    await run([
      'ip', '-n', first.netns, 'link', 'add', nodeLink, 'type', 'veth', 'peer', 'name', nodeLink, 'netns', second.netns,
    ]);
    const start = async (engine: LabEngine, node: 0 | 1): Promise<void> => {
      await engine.ip('address', 'add', `${nodeAddresses[node]}/24`, 'dev', nodeLink);
      await engine.ip('link', 'set', nodeLink, 'up');
      await prepare(engine, node);
      await engine.start();
    };
    const outcomes = await Promise.allSettled([start(first, 0), start(second, 1)]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  } catch (error) {
    dispose();
    throw error;
  }
  return { nodes: [first, second], dispose };
}

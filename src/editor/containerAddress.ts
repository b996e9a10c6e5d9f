import { isRunning, type Snapshot } from '../topology/model.ts';

/** Where a forward connects to now: on any network of the container, or in the namespace that it shares. */
export function addressOf(snapshot: Snapshot | undefined, containerId: string): string | undefined {
  const container = snapshot?.containers.find(({ id }) => id === containerId);
  if (container === undefined || !isRunning(container)) return undefined;
  if (container.mode.kind === 'host') return '127.0.0.1';
  const { mode } = container;
  const seated = mode.kind === 'container' ? snapshot?.containers.find(({ id }) => id === mode.ownerId) : container;
  return seated?.endpoints.flatMap(({ ipv4, ipv6 }) => ipv4 ?? ipv6 ?? [])[0];
}

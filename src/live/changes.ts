import { endpointKey, type Container, type Link, type Snapshot, type Wire } from '../topology/model.ts';
import { isSame } from '../topology/same.ts';
import type { SessionChange } from './session.ts';

export const everythingChanged: SessionChange = {
  everything: true,
  networks: new Set(),
  containers: new Set(),
  links: new Set(),
};

/**
 * What a partial read changed. Objects that it did not read again are the same objects, so identity tells most of it;
 * what was read again is compared by content, so that a start that changed nothing moves nothing.
 */
export function compare(before: Snapshot, after: Snapshot): SessionChange {
  const networks = changedKeys(before.networks, after.networks, ({ id }) => id);
  const containers = changedKeys(before.containers, after.containers, ({ id }) => id);
  const links = changedKeys(hostLinks(before), hostLinks(after), ({ name }) => name);
  const key = (wire: Wire): string => endpointKey(wire.containerId, wire.networkId);
  for (const wire of [...changedKeys(before.wires, after.wires, key)]) {
    const [containerId = '', networkId = ''] = wire.split('/');
    containers.add(containerId);
    networks.add(networkId);
  }
  // A network shows who sits on it, before and after.
  const seatsOf = (all: readonly Container[]): void => {
    for (const { id, endpoints } of all) {
      if (containers.has(id)) for (const { networkId } of endpoints) networks.add(networkId);
    }
  };
  seatsOf(before.containers);
  seatsOf(after.containers);
  // A link's row names the container behind it.
  for (const { wires } of [before, after]) {
    for (const { containerId, hostLink } of wires)
      if (hostLink && containers.has(containerId)) links.add(hostLink.name);
  }
  return { everything: !isSameElsewhere(before.kernel, after.kernel), networks, containers, links };
}

/** Routes, sandboxes and what flannel says: they seldom change, and may be told anywhere. */
function isSameElsewhere(before: Snapshot['kernel'], after: Snapshot['kernel']): boolean {
  if (before.kind !== 'read' || after.kind !== 'read') return before.kind === after.kind;
  const { host: hostBefore, containers: _before, ...restBefore } = before.view;
  const { host: hostAfter, containers: _after, ...restAfter } = after.view;
  return isSame(hostBefore.routes, hostAfter.routes, quiet) && isSame(restBefore, restAfter, quiet);
}

export function isEmpty(change: SessionChange): boolean {
  return !change.everything && change.networks.size + change.containers.size + change.links.size === 0;
}

function hostLinks({ kernel }: Snapshot): readonly Link[] {
  return kernel.kind === 'read' ? kernel.view.host.links : [];
}

function changedKeys<T>(before: readonly T[], after: readonly T[], keyOf: (item: T) => string): Set<string> {
  const changed = new Set<string>();
  const old = new Map(before.map((item) => [keyOf(item), item]));
  for (const item of after) {
    const key = keyOf(item);
    const previous = old.get(key);
    old.delete(key);
    if (previous !== item && (previous === undefined || !isSame(previous, item, quiet))) changed.add(key);
  }
  for (const key of old.keys()) changed.add(key);
  return changed;
}

/** Counters and the age of learned addresses move all the time and are shown on demand: they are no news. */
const quiet: ReadonlySet<string> = new Set(['counters', 'ageSeconds']);

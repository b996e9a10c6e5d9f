import type { Lookup } from '../editor/lookup.ts';
import type { SessionChange } from '../live/session.ts';
import type { Row } from './row.ts';

/**
 * Whether something below a row may look different after a change: of a container and those that share its namespace,
 * of a network with them on it, of a link with what is plugged into it. A row that stands for nothing may hold anything.
 * Rows of other engines than `engine` are not asked about but for their roots.
 */
export function touchedBy(change: SessionChange, lookup: Lookup, engine: string): (row: Row) => boolean {
  const isOther = (row: Row): boolean => row.engine !== undefined && row.engine !== engine;
  if (change.everything) return (row) => !isOther(row);
  const containers = new Set(change.containers);
  for (const id of change.containers) {
    const mode = lookup.containers.get(id)?.mode;
    if (mode?.kind === 'container') containers.add(mode.ownerId);
    for (const sharer of lookup.sharers.get(id) ?? []) containers.add(sharer.id);
  }
  const networks = new Set(change.networks);
  for (const id of containers) {
    for (const { networkId } of lookup.containers.get(id)?.endpoints ?? []) networks.add(networkId);
  }
  const links = new Set(change.links);
  for (const name of change.links) {
    const master = lookup.hostLinks.get(name)?.master;
    if (master !== undefined) links.add(master);
  }
  return (row) => {
    if (isOther(row)) return false;
    const { subject } = row;
    switch (subject?.kind) {
      case undefined:
        return true;
      case 'network':
        return networks.has(subject.networkId);
      case 'container':
      case 'endpoint':
        return containers.has(subject.containerId);
      case 'link':
        return (
          links.has(subject.name) || (subject.endpoint !== undefined && containers.has(subject.endpoint.containerId))
        );
    }
  };
}

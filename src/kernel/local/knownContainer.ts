import type { Link } from '../../topology/model.ts';
import {
  limitedLinks,
  loopback,
  namespaceOf,
  type ContainerReading,
  type KnownContainer,
  type KnownSysfs,
} from './containerNamespace.ts';
import { inodeOf } from './hostNamespace.ts';
import { hasSameKeys, readNamespaceTables, type NamespaceTables } from './namespaceTables.ts';
import { placeOf, startOf } from './processLife.ts';
import { readLinkState } from './sysfsLinks.ts';

/** The same container once more. Undefined where it, or a link of it, is another one: then all of it has to be read. */
export function readKnownContainer(proc: string, known: KnownContainer): ContainerReading | undefined {
  const { container, inode, sysfs } = known;
  const base = `${proc}/${container.pid}`;
  const tables = readNamespaceTables(base, known.tables);
  if (tables?.key !== known.tables.key || !hasSameKeys(tables.counters, known.tables.counters)) return undefined;
  // The same key, so the same namespace; only who could not see more may be allowed to by now.
  if (inode === undefined && inodeOf(base) !== undefined) return undefined;
  const links = sysfs === undefined ? limitedLinks(tables) : readKnownLinks(base, sysfs, tables);
  // Last, for all that was read above: who has this PID and began then, had it all the time.
  if (links === undefined || startOf(base) !== known.start) return undefined;
  return {
    container,
    key: tables.key,
    namespace: namespaceOf(container, inode, links, tables, sysfs !== undefined),
    sysfsDevice: sysfs?.device,
    refusedDevice: undefined,
    wantsIp: false,
    known: { ...known, tables },
  };
}

function readKnownLinks(base: string, sysfs: KnownSysfs, tables: NamespaceTables): Link[] | undefined {
  if (placeOf(base) !== sysfs.place) return undefined;
  const links: Link[] = [];
  for (const [name, counters] of tables.counters) {
    const context = { counters, addresses: tables.addresses.get(name) };
    if (name === 'lo') {
      links.push(loopback(context));
      continue;
    }
    const known = sysfs.links.get(name);
    // A link that no table has an index of (it is down) may be another one of the same name.
    if (known === undefined || tables.indexes.get(name) !== known.ifindex) return undefined;
    const state = readLinkState(known.directory, name, known.ifindex, context);
    // It went away in the meantime, or is one of the few that have none.
    if (state.iflink === undefined) return undefined;
    links.push({ ...state, kind: known.kind });
  }
  return links;
}

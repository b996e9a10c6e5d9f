import type { Read } from '../engine/engine.ts';
import type { KernelRequest } from '../kernel/kernel.ts';
import type { Container, EngineInfo, Network } from '../topology/model.ts';
import { isSame } from '../topology/same.ts';
import { expectedBridges } from '../topology/snapshot.ts';
import { hasOwnNamespace } from '../topology/wiring.ts';

/** What is known of the engine; replaced as a whole by a full read, entry by entry by a partial one. */
export interface Records {
  readonly info: EngineInfo;
  readonly networks: Map<string, Read<Network>>;
  readonly containers: Map<string, Read<Container>>;
}

export function byId<T extends { readonly id: string }>(reads: readonly Read<T>[]): Map<string, Read<T>> {
  return new Map(reads.map((read) => [read.model.id, read]));
}

export function models<T>(reads: ReadonlyMap<string, Read<T>>): T[] {
  return [...reads.values()].map(({ model }) => model);
}

export function replace<T>(map: Map<string, Read<T>>, id: string, read: Read<T> | undefined): void {
  if (read) map.set(id, read);
  else map.delete(id);
}

/** What the kernel is asked for, all of it. */
export function requestFor(records: Records): KernelRequest {
  const containers = models(records.containers).filter(hasOwnNamespace);
  return {
    containers: containers.map(({ id, pid }) => ({ id, pid })),
    bridges: expectedBridges(models(records.networks), containers),
  };
}

/** Containers that came, were started anew or took other seats: what was read of their namespaces may be too old. */
export function changedSince(before: Records, after: Records): Set<string> {
  const changed = new Set<string>();
  for (const [id, { model }] of after.containers) {
    const old = before.containers.get(id)?.model;
    const isOld =
      old?.pid === model.pid && old.sandboxKey === model.sandboxKey && isSame(old.endpoints, model.endpoints);
    if (!isOld) changed.add(id);
  }
  return changed;
}

import { bridgeName } from './bridgeName.ts';
import type { Container, EngineInfo, KernelReading, Network, Snapshot } from './model.ts';
import { hasOwnNamespace, wire } from './wiring.ts';

/** All that an engine and a kernel said at one moment. */
export interface SnapshotParts {
  readonly takenAt: string;
  readonly engine: EngineInfo;
  readonly recorded: boolean;
  readonly networks: readonly Network[];
  readonly containers: readonly Container[];
  readonly kernel: KernelReading;
}

export function buildSnapshot(parts: SnapshotParts): Snapshot {
  return { ...parts, wires: wire(parts.networks, parts.containers, parts.kernel) };
}

/**
 * The bridges that an engine says it made on its own machine. Podman makes one with the first container that runs on the
 * network, and removes it with the last.
 */
export function expectedBridges(networks: readonly Network[], containers: readonly Container[]): string[] {
  const inUse = new Set(
    containers.filter(hasOwnNamespace).flatMap(({ endpoints }) => endpoints.map(({ networkId }) => networkId)),
  );
  return networks.flatMap((network) => {
    if (network.scope !== 'local' || (network.networkInterface !== undefined && !inUse.has(network.id))) return [];
    return bridgeName(network) ?? [];
  });
}

import { bridgeName } from './bridgeName.ts';
import type { Container, EngineInfo, KernelReading, Network, Snapshot } from './model.ts';
import { wire } from './wiring.ts';

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

/** The bridges that an engine says it made on its own machine. */
export function expectedBridges(networks: readonly Network[]): string[] {
  return networks.flatMap((network) => (network.scope === 'local' ? (bridgeName(network) ?? []) : []));
}

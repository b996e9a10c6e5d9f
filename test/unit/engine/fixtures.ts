import { readFileSync } from 'node:fs';
import * as path from 'node:path';

export const recordedVersions = ['20.10', '28.5'] as const;

const podmanDirectory = 'podman-5.4';

export interface EngineFixture {
  readonly version: unknown;
  readonly info: unknown;
  readonly networks: readonly Raw[];
  readonly containers: readonly Raw[];
  readonly inspect: readonly Raw[];
}

export type Raw = Readonly<Record<string, unknown>>;

/** What a real engine answered: test/fixtures/engine/README.md. */
export function engineFixture(version: (typeof recordedVersions)[number] | 'podman'): EngineFixture {
  const directory = version === 'podman' ? podmanDirectory : `docker-${version}`;
  const read = (name: string): unknown => JSON.parse(fixtureText(`${directory}/${name}.json`));
  return {
    version: read('version'),
    info: read('info'),
    networks: read('networks') as Raw[],
    containers: read('containers') as Raw[],
    inspect: read('inspect') as Raw[],
  };
}

/** What only Podman answers: its own records of the networks, and the same networks as `/networks/{id}` has them. */
export function podmanFixture(): {
  readonly libpod: readonly Raw[];
  readonly alone: readonly Raw[];
  readonly events: string;
} {
  return {
    libpod: JSON.parse(fixtureText(`${podmanDirectory}/libpodNetworks.json`)) as Raw[],
    alone: JSON.parse(fixtureText(`${podmanDirectory}/verbose.json`)) as Raw[],
    events: fixtureText(`${podmanDirectory}/events.ndjson`),
  };
}

/** What Docker 29 answers by its API document, of a part of the topology of 28.5; `verbose` is each `/networks/{id}`. */
export function docker29Fixture(): EngineFixture & { readonly verbose: readonly Raw[]; readonly events: string } {
  const read = (name: string): unknown => JSON.parse(fixtureText(`docker-29.0/${name}.json`));
  return {
    version: read('version'),
    info: read('info'),
    networks: read('networks') as Raw[],
    verbose: read('verbose') as Raw[],
    containers: read('containers') as Raw[],
    inspect: read('inspect') as Raw[],
    events: fixtureText('docker-29.0/events.ndjson'),
  };
}

/** What one node of a real swarm or etcd cluster answered; `verbose` is `/networks/{id}?verbose=true` of each network. */
export function nodeFixture(
  node: `swarm-${(typeof recordedVersions)[number]}/${'manager' | 'worker'}` | `etcd-20.10/${'first' | 'second'}`,
): EngineFixture & { readonly verbose: readonly Raw[] } {
  const read = (name: string): unknown => JSON.parse(fixtureText(`${node}/${name}.json`));
  return {
    version: read('version'),
    info: read('info'),
    networks: read('networks') as Raw[],
    verbose: read('verbose') as Raw[],
    containers: read('containers') as Raw[],
    inspect: read('inspect') as Raw[],
  };
}

function fixtureText(file: string): string {
  return readFileSync(path.join(import.meta.dirname, '../../fixtures/engine', file), 'utf8');
}

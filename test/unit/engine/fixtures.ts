import { readFileSync } from 'node:fs';
import * as path from 'node:path';

export const recordedVersions = ['20.10', '28.5'] as const;

export interface EngineFixture {
  readonly version: unknown;
  readonly info: unknown;
  readonly networks: readonly Raw[];
  readonly containers: readonly Raw[];
  readonly inspect: readonly Raw[];
}

export type Raw = Readonly<Record<string, unknown>>;

/** What a real engine answered: test/fixtures/engine/README.md. */
export function engineFixture(version: (typeof recordedVersions)[number]): EngineFixture {
  const read = (name: string): unknown =>
    JSON.parse(
      readFileSync(path.join(import.meta.dirname, `../../fixtures/engine/docker-${version}/${name}.json`), 'utf8'),
    );
  return {
    version: read('version'),
    info: read('info'),
    networks: read('networks') as Raw[],
    containers: read('containers') as Raw[],
    inspect: read('inspect') as Raw[],
  };
}

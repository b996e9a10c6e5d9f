import type { EngineCalls } from './calls.ts';
import type { DockerClient } from './client.ts';
import { toEngineError } from './errors.ts';
import { type JsonObject, list, natural, object, text, textMap } from './json.ts';
import { isLeft, toolsLabels } from './toolsOwner.ts';

const label = 'docker-network-explorer';
const kind = 'kernel';

/** A helper lives for seconds. One that is older is nobody's, whoever made it. */
const longestLife = 5 * 60;

/** The labels of a helper container that the process `pid` of this machine runs. */
export function helperLabels(pid = process.pid): Readonly<Record<string, string>> {
  return { ...toolsLabels(pid), [label]: kind };
}

/** Whether these are the labels of a helper, of whatever window: it is shown nowhere. */
export function isHelper(labels: unknown): boolean {
  return object(labels)[label] === kind;
}

/**
 * Removes helpers that were left: those of processes of this machine that are gone, and old ones. The time is the
 * engine's own: when it created `ownId`, just now. Never rejects.
 */
export async function sweepHelpers(client: DockerClient, calls: EngineCalls, ownId: string): Promise<void> {
  try {
    const rows: unknown = await client
      .api(undefined, calls.apiVersion)
      .listContainers({ all: true, filters: { label: [`${label}=${kind}`] } });
    const all = list(rows).map(object);
    const created = (row: JsonObject): number => natural(row['Created']);
    const now = created(all.find((row) => row['Id'] === ownId) ?? {});
    for (const row of all) {
      const old = now > 0 && now - created(row) > longestLife;
      if (row['Id'] === ownId || !isHelper(row['Labels']) || !(old || isLeft(textMap(row['Labels'])))) continue;
      await calls.remove(text(row['Id']), { force: true, volumes: true });
    }
  } catch (error) {
    calls.warn(`leftover helper containers: ${toEngineError(error).message}`);
  }
}

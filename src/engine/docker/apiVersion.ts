import { EngineError } from '../engine.ts';
import { filled, isObject, text } from './json.ts';

/** The versions of the Engine API whose records `normalize*.ts` knows. https://docs.docker.com/reference/api/engine/version-history/ */
const oldestApi = '1.24';
const newestApi = '1.54';

/** What `GET /version` says → the version to speak. Throws `protocol` where no Docker Engine answered, `unsupported` where no version fits. */
export function negotiate(version: unknown): string {
  const theirs = isObject(version) ? text(version['ApiVersion']) : '';
  if (!isObject(version) || !isVersion(theirs)) {
    throw new EngineError('protocol', 'GET /version: the answer names no ApiVersion, so this is not a Docker Engine');
  }
  const release = filled(version['Version']) ?? 'unknown';
  if (compareVersions(theirs, oldestApi) < 0) {
    throw new EngineError(
      'unsupported',
      `Docker Engine ${release} speaks API ${theirs}; at least API ${oldestApi} is needed (Docker Engine 1.12)`,
    );
  }
  const theirOldest = text(version['MinAPIVersion']);
  if (isVersion(theirOldest) && compareVersions(theirOldest, newestApi) > 0) {
    throw new EngineError(
      'unsupported',
      `Docker Engine ${release} speaks API ${theirOldest} and newer; this client speaks up to API ${newestApi}`,
    );
  }
  return compareVersions(theirs, newestApi) < 0 ? theirs : newestApi;
}

function isVersion(value: string): boolean {
  return /^\d{1,4}\.\d{1,4}$/.test(value);
}

/** Negative where `a` is the older. */
export function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

import type { EngineConnection } from '../engine/engine.ts';

/**
 * The flags by which the docker command goes to that engine, whatever it would choose by itself. None where it is Docker's
 * own choice: a terminal has the same environment and the same current context.
 */
export function engineFlags({
  key,
  endpoint,
  origin,
}: Pick<EngineConnection, 'key' | 'endpoint' | 'origin'>): readonly string[] {
  if (origin !== 'setting') return [];
  if (key.startsWith('context:')) return ['--context', key.slice('context:'.length)];
  // The docker command knows no such scheme.
  const secure = /^https:/.test(endpoint);
  return [...(secure ? ['--tlsverify'] : []), '--host', endpoint.replace(/^https:/, 'tcp:')];
}

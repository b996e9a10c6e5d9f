import type { Network } from './model.ts';

/** The three that every engine has and nobody can remove. */
export function isBuiltIn(network: Network): boolean {
  return ['bridge', 'host', 'none'].includes(network.name) && ['bridge', 'host', 'null'].includes(network.driver);
}

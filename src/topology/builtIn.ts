import type { Network } from './model.ts';

/** Id of Podman's default network on every machine, whatever it is called (containers/common, libnetwork/netavark). */
export const podmanDefaultId = '2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9';

/** Those that an engine has from the start and nobody can remove: Docker's three, Podman's one. */
export function isBuiltIn(network: Network): boolean {
  if (network.id === podmanDefaultId) return true;
  return ['bridge', 'host', 'none'].includes(network.name) && ['bridge', 'host', 'null'].includes(network.driver);
}

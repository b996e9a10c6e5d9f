import type { Network } from './model.ts';

/**
 * The Linux bridge that the engine made for a network, as the engine names it; undefined for other drivers, and where
 * Podman does not tell.
 * Source: libnetwork drivers/bridge (`br-` and the first 12 digits of the id unless an option names it).
 */
export function bridgeName(network: Network): string | undefined {
  if (network.driver !== 'bridge') return undefined;
  if (network.networkInterface !== undefined) return toldName(network.networkInterface);
  return network.options['com.docker.network.bridge.name'] ?? `br-${network.id.slice(0, 12)}`;
}

/**
 * The parent link of a macvlan or ipvlan network; without the option the driver makes a dummy named after the id, and
 * Podman's takes the link of the default route.
 * Source: libnetwork drivers/macvlan/macvlan_network.go and drivers/ipvlan/ipvlan_network.go.
 */
export function parentName(network: Network): string | undefined {
  const prefix = { macvlan: 'dm-', ipvlan: 'di-' }[network.driver];
  if (prefix === undefined) return undefined;
  if (network.networkInterface !== undefined) return network.options['parent'] ?? toldName(network.networkInterface);
  return network.options['parent'] ?? `${prefix}${network.id.slice(0, 12)}`;
}

function toldName(name: string): string | undefined {
  return name === '' ? undefined : name;
}

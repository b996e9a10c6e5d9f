import type { Network } from './model.ts';

/**
 * The Linux bridge that the engine made for a network, as the engine names it; undefined for other drivers.
 * Source: libnetwork drivers/bridge (`br-` and the first 12 digits of the id unless an option names it).
 */
export function bridgeName(network: Network): string | undefined {
  if (network.driver !== 'bridge') return undefined;
  return network.options['com.docker.network.bridge.name'] ?? `br-${network.id.slice(0, 12)}`;
}

/**
 * The parent link of a macvlan or ipvlan network; without the option the driver makes a dummy named after the id.
 * Source: libnetwork drivers/macvlan/macvlan_network.go and drivers/ipvlan/ipvlan_network.go.
 */
export function parentName(network: Network): string | undefined {
  const prefix = { macvlan: 'dm-', ipvlan: 'di-' }[network.driver];
  if (prefix === undefined) return undefined;
  return network.options['parent'] ?? `${prefix}${network.id.slice(0, 12)}`;
}

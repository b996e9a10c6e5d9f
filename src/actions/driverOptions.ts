/** The driver options that the fields of a draft stand for. Source: libnetwork/netlabel and libnetwork/drivers. */
export const driverOptions = {
  mtu: 'com.docker.network.driver.mtu',
  masquerade: 'com.docker.network.bridge.enable_ip_masquerade',
  hostBinding: 'com.docker.network.bridge.host_binding_ipv4',
  bridgeName: 'com.docker.network.bridge.name',
  parent: 'parent',
  encrypted: 'encrypted',
} as const;

/** `macvlan_mode`, `ipvlan_mode`. */
export function modeOption(driver: string): string {
  return `${driver}_mode`;
}

/** The modes of a driver; the first is its own choice. */
export function modesOf(driver: string): readonly string[] {
  if (driver === 'macvlan') return ['bridge', 'private', 'vepa', 'passthru'];
  return driver === 'ipvlan' ? ['l2', 'l3', 'l3s'] : [];
}

/** What the engine sets itself, for one network only. */
export function isEngines(option: string): boolean {
  return (
    option === 'com.docker.network.bridge.default_bridge' || option === 'com.docker.network.driver.overlay.vxlanid_list'
  );
}

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

/** The modes of a driver on an engine of this version; the first is its own choice. */
export function modesOf(driver: string, version: string): readonly string[] {
  if (driver === 'macvlan') return ['bridge', 'private', 'vepa', 'passthru'];
  // Source: libnetwork/drivers/ipvlan/ipvlan.go of moby 23.0.
  return driver === 'ipvlan' ? ['l2', 'l3', ...(isDockerBefore(23, version) ? [] : ['l3s'])] : [];
}

/** Of Docker: other engines count from 1 on and are nowhere near 17. */
export function isDockerBefore(wanted: number, version: string): boolean {
  const major = Number(/^(\d{1,4})\./.exec(version)?.[1] ?? 0);
  return major >= 17 && major < wanted;
}

/** What the engine sets itself, for one network only. */
export function isEngines(option: string): boolean {
  return (
    option === 'com.docker.network.bridge.default_bridge' || option === 'com.docker.network.driver.overlay.vxlanid_list'
  );
}

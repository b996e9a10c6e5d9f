/** The values of `/sys/class/net/<link>/*`: Documentation/ABI/testing/sysfs-class-net. Each takes what was read, newline and all. */

/** `ifindex`, `iflink`, `mtu`, `type`, `brport/port_no` (which is `0x1`), `flags` (`0x1003`). */
export function parseInteger(text: string): number | undefined {
  const trimmed = text.trim();
  return /^(\d{1,15}|0x[0-9a-fA-F]{1,8})$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** An Ethernet address in lower case; undefined for the shorter and longer ones of tunnels and InfiniBand. */
export function parseMac(text: string): string | undefined {
  const trimmed = text.trim().toLowerCase();
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(trimmed) ? trimmed : undefined;
}

/** `up`, `down`, `unknown`, `lowerlayerdown` …: RFC 2863. */
export function parseOperState(text: string): string | undefined {
  const trimmed = text.trim();
  return /^[a-z]{1,20}$/.test(trimmed) ? trimmed : undefined;
}

/** `bridge/bridge_id`, for example `8000.0242f1a2b3c4`. */
export function parseBridgeId(text: string): string | undefined {
  const trimmed = text.trim().toLowerCase();
  return /^[0-9a-f]{4}\.[0-9a-f]{12}$/.test(trimmed) ? trimmed : undefined;
}

/** `bridge/stp_state`: 0 off, 1 the kernel's, 2 a program's. */
export function parseStpState(text: string): boolean | undefined {
  const value = parseInteger(text);
  return value === undefined ? undefined : value !== 0;
}

/** `uevent`: DEVTYPE is what the driver calls itself; veth, macvlan and dummy leave it out. */
export function parseUevent(text: string): { readonly devtype?: string; readonly ifindex?: number } {
  let devtype: string | undefined;
  let ifindex: number | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('DEVTYPE=')) devtype = line.slice(8);
    else if (line.startsWith('IFINDEX=')) ifindex = parseInteger(line.slice(8));
  }
  return { ...(devtype === undefined ? {} : { devtype }), ...(ifindex === undefined ? {} : { ifindex }) };
}

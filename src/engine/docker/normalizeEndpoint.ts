import type { Endpoint, LegacyLink } from '../../topology/model.ts';
import { defined, filled, natural, object, text, textMap, texts } from './json.ts';

/** Finds what a record names in another way than by its id. */
export interface References {
  /** The full id of a container, from its name or a short id. */
  containerId(reference: string): string | undefined;
  /** The id of the one network of that name. */
  networkId(name: string): string | undefined;
}

/** `NetworkSettings.Networks`, of an inspection or of the list: both have the same shape. */
export function normalizeEndpoints(
  containerId: string,
  networks: unknown,
  references: References,
): readonly Endpoint[] {
  return Object.entries(object(networks)).map(([networkName, raw]) => {
    const seat = object(raw);
    const fixed = object(seat['IPAMConfig']);
    const ipv4 = filled(seat['IPAddress']);
    const ipv6 = filled(seat['GlobalIPv6Address']);
    return {
      containerId,
      networkId: networkIdOf(networkName, seat['NetworkID'], references),
      networkName,
      endpointId: text(seat['EndpointID']),
      aliases: texts(seat['Aliases']),
      dnsNames: texts(seat['DNSNames']),
      links: texts(seat['Links']).flatMap(normalizeLink),
      driverOptions: textMap(seat['DriverOpts']),
      ...defined({
        ipv4,
        ipv4PrefixLength: ipv4 === undefined ? undefined : prefixLength(seat['IPPrefixLen']),
        gateway: filled(seat['Gateway']),
        ipv6,
        ipv6PrefixLength: ipv6 === undefined ? undefined : prefixLength(seat['GlobalIPv6PrefixLen']),
        ipv6Gateway: filled(seat['IPv6Gateway']),
        mac: normalizeMac(seat['MacAddress']),
        gatewayPriority: typeof seat['GwPriority'] === 'number' ? seat['GwPriority'] : undefined,
        fixedIpv4: filled(fixed['IPv4Address']),
        fixedIpv6: filled(fixed['IPv6Address']),
      }),
    };
  });
}

/** A link as `--link` takes it (`db:database`), or as an inspection lists it (`/db:/web/database`). */
export function normalizeLink(link: string): LegacyLink[] {
  const colon = link.indexOf(':');
  const target = (colon < 0 ? link : link.slice(0, colon)).replace(/^\/+/, '');
  const alias = colon < 0 ? target : link.slice(Math.max(link.lastIndexOf('/'), colon) + 1);
  return target === '' ? [] : [{ target, alias: alias === '' ? target : alias }];
}

/** What Podman lists among the networks and is none, in the place of the id too. No network can have these names. */
const podmanModes = ['host', 'none', 'pasta', 'slirp4netns'];

/** True where an endpoint's network id must be looked up by the network's name. */
export function needsNetworkLookup(networkName: string, networkId: unknown): boolean {
  return text(networkId) === '' || (networkId === networkName && !podmanModes.includes(networkName));
}

/**
 * A container that was created and never started has no network id yet, and Podman writes the name in its place.
 * Where no network has that name (it is gone by now), the name itself stands in: no id can equal it.
 */
function networkIdOf(networkName: string, networkId: unknown, references: References): string {
  if (!needsNetworkLookup(networkName, networkId)) return text(networkId);
  return references.networkId(networkName) ?? networkName;
}

/** Windows engines write `00-15-5D-…`. */
export function normalizeMac(value: unknown): string | undefined {
  const mac = text(value).toLowerCase().replaceAll('-', ':');
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5,19}$/.test(mac) ? mac : undefined;
}

function prefixLength(value: unknown): number | undefined {
  const length = natural(value);
  return length > 0 && length <= 128 ? length : undefined;
}

import type { AddressPool, Network } from '../../topology/model.ts';
import { defined, filled, list, object, text, textMap } from './json.ts';

/** One element of `GET /networks`, or `GET /networks/{id}`. Undefined where it has no id: then it is no network. */
export function normalizeNetwork(raw: unknown): Network | undefined {
  const record = object(raw);
  const id = filled(record['Id']);
  if (id === undefined) return undefined;
  return {
    id,
    name: filled(record['Name']) ?? id.slice(0, 12),
    driver: text(record['Driver']),
    scope: filled(record['Scope']) ?? 'local',
    internal: record['Internal'] === true,
    attachable: record['Attachable'] === true,
    ingress: record['Ingress'] === true,
    ipv6: record['EnableIPv6'] === true,
    pools: list(object(record['IPAM'])['Config']).flatMap(normalizePool),
    options: textMap(record['Options']),
    labels: textMap(record['Labels']),
    ...defined({ created: filled(record['Created']) }),
  };
}

function normalizePool(raw: unknown): AddressPool[] {
  const pool = object(raw);
  const subnet = filled(pool['Subnet']);
  if (subnet === undefined) return [];
  return [
    {
      subnet,
      auxiliaryAddresses: textMap(pool['AuxiliaryAddresses']),
      ...defined({
        // Engines before 1.10 wrote the gateway with the subnet's prefix length.
        gateway: filled(text(pool['Gateway']).replace(/\/\d+$/, '')),
        ipRange: filled(pool['IPRange']),
      }),
    },
  ];
}

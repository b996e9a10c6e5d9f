import type { AddressPool, Network } from '../../topology/model.ts';
import { defined, filled, list, object, text, textMap } from './json.ts';
import { normalizeOverlay } from './normalizeOverlay.ts';
import { type LibpodNetworks, podmanNetwork } from './podman.ts';

/**
 * One element of `GET /networks`, or `GET /networks/{id}`; with what Podman's own API says where it is Podman. Undefined where
 * it has no id: then it is no network. `ownAddress`: by which the other engines know this one.
 */
export function normalizeNetwork(raw: unknown, libpod?: LibpodNetworks, ownAddress?: string): Network | undefined {
  const network = normalizeRecord(raw, ownAddress);
  return network === undefined || libpod === undefined ? network : podmanNetwork(network, libpod);
}

function normalizeRecord(raw: unknown, ownAddress: string | undefined): Network | undefined {
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
    ...defined({
      created: filled(record['Created']),
      overlay: record['Driver'] === 'overlay' ? normalizeOverlay(record, ownAddress) : undefined,
    }),
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

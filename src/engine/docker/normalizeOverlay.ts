import type { Overlay, OverlayService, OverlayTask, RemoteEndpoint } from '../../topology/model.ts';
import { defined, filled, type JsonObject, list, object, text, textMap, texts } from './json.ts';
import { normalizeMac } from './normalizeEndpoint.ts';

/**
 * What `GET /networks/{id}?verbose=true` says of an overlay network; of a row of the list only VNIs and encryption. All is
 * sorted: the engine keeps it in maps and lists it in another order each time.
 */
export function normalizeOverlay(record: JsonObject, ownAddress: string | undefined): Overlay {
  const options = textMap(record['Options']);
  const services = Object.entries(object(record['Services']))
    .map(([name, raw]) => normalizeService(name, object(raw)))
    .sort(byName);
  const seats = Object.entries(object(record['Containers']));
  return {
    vnis: (options['com.docker.network.driver.overlay.vxlanid_list'] ?? '').split(',').flatMap(toVni),
    // The option's value is mostly empty: that it is there is what counts.
    encrypted: options['encrypted'] !== undefined && options['encrypted'] !== 'false',
    peers: list(record['Peers'])
      .map(object)
      .flatMap((peer) => {
        const address = filled(peer['IP']);
        return address === undefined ? [] : [{ name: text(peer['Name']), address }];
      })
      .sort((a, b) => compare(a.address, b.address) || compare(a.name, b.name)),
    services,
    remote: (record['Scope'] === 'global' ? storedSeats(seats) : swarmSeats(services, seats, ownAddress)).sort(byName),
  };
}

function normalizeService(name: string, service: JsonObject): OverlayService {
  const vip = filled(service['VIP']);
  const tasks = list(service['Tasks']).map((raw): OverlayTask => {
    const task = object(raw);
    return {
      name: text(task['Name']),
      endpointId: text(task['EndpointID']),
      address: text(task['EndpointIP']),
      host: text(object(task['Info'])['Host IP']),
    };
  });
  return {
    name,
    // `<nil>` for the containers that no service made.
    ...defined({ vip: vip === '<nil>' ? undefined : vip }),
    ports: [...texts(service['Ports'])].sort(),
    tasks: tasks.sort(byName),
  };
}

/**
 * Tasks that are neither on this host nor the network's seats here. The nodes tell each other by gossip, so a task of this
 * one may be told of before its seat is, and the other way round.
 */
function swarmSeats(
  services: readonly OverlayService[],
  seats: readonly (readonly [string, unknown])[],
  ownAddress: string | undefined,
): RemoteEndpoint[] {
  const local = new Set(seats.map(([, seat]) => text(object(seat)['EndpointID'])));
  // `ingress-sbox` and `lb-NETWORK` are the nodes' own; 20.10 lists those of other nodes as if they were containers.
  const balancers = new Set(
    seats.filter(([key]) => !/^[0-9a-f]{64}$/.test(key)).map(([, seat]) => text(object(seat)['Name'])),
  );
  const remote = new Map<string, RemoteEndpoint>();
  for (const { name: service, tasks } of services) {
    for (const { name, endpointId, address, host } of tasks) {
      if (endpointId === '' || local.has(endpointId) || host === ownAddress) continue;
      if (service === '' && balancers.has(name)) continue;
      remote.set(endpointId, {
        endpointId,
        name,
        ...defined({ ipv4: filled(address), host: filled(host) }),
      });
    }
  }
  return [...remote.values()];
}

/** With a cluster store, a seat without a container on this engine has the key `ep-ENDPOINT-ID`. */
function storedSeats(seats: readonly (readonly [string, unknown])[]): RemoteEndpoint[] {
  return seats.flatMap(([key, raw]) => {
    if (!key.startsWith('ep-')) return [];
    const seat = object(raw);
    return [
      {
        endpointId: filled(seat['EndpointID']) ?? key.slice('ep-'.length),
        name: text(seat['Name']),
        ...defined({
          ipv4: filled(text(seat['IPv4Address']).replace(/\/\d+$/, '')),
          mac: normalizeMac(seat['MacAddress']),
        }),
      },
    ];
  });
}

/** 24 bits. */
function toVni(value: string): number[] {
  const vni = /^\s*(\d{1,8})\s*$/.exec(value)?.[1];
  return vni === undefined || Number(vni) >= 2 ** 24 ? [] : [Number(vni)];
}

function byName(a: { readonly name: string; readonly endpointId?: string }, b: typeof a): number {
  return compare(a.name, b.name) || compare(a.endpointId ?? '', b.endpointId ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type {
  Container,
  Endpoint,
  EngineInfo,
  KernelView,
  Link,
  LinkAddress,
  NetNamespace,
  Network,
  NetworkMode,
  PortBinding,
  Snapshot,
  Wire,
} from '../../../src/topology/model.ts';

/**
 * Made-up snapshots for tests. `tutorial()` is the lab's topology as a root user on Debian's Docker 20.10 reads it:
 * docker0 with test1 and test2 (`--link test1`), my-bridge with test3, test2 on both, redis published, one container
 * each in host, none and `container:` mode, a stopped one and a compose project of two.
 */

/** 64 hex digits out of a short word, the same for the same word. */
export function idOf(word: string): string {
  return Buffer.from(word.normalize()).toString('hex').padEnd(64, '0').slice(0, 64);
}

export const engineInfo: EngineInfo = {
  id: 'AAAA:BBBB',
  name: 'lab',
  version: '20.10.24',
  apiVersion: '1.41',
  os: 'linux',
  operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  kernelVersion: '6.1.0',
  rootless: false,
  swarm: 'inactive',
};

export function network(name: string, more: Partial<Network> = {}): Network {
  return {
    id: idOf(`net ${name}`),
    name,
    driver: 'bridge',
    scope: 'local',
    internal: false,
    attachable: false,
    ingress: false,
    ipv6: false,
    pools: [],
    options: {},
    labels: {},
    created: '2026-11-24T04:00:00Z',
    ...more,
  };
}

export function container(name: string, more: Partial<Container> = {}): Container {
  return {
    id: idOf(`ctr ${name}`),
    name,
    image: 'busybox:latest',
    state: 'running',
    status: 'Up 3 minutes',
    pid: 1000,
    mode: { kind: 'bridge' },
    endpoints: [],
    ports: [],
    links: [],
    labels: {},
    hostname: name,
    dnsServers: [],
    created: 1_795_000_000,
    inspected: true,
    ...more,
  };
}

export function endpoint(owner: string, on: Network, more: Partial<Endpoint> = {}): Endpoint {
  return {
    containerId: idOf(`ctr ${owner}`),
    networkId: on.id,
    networkName: on.name,
    endpointId: idOf(`end ${owner} ${on.name}`),
    aliases: [],
    dnsNames: [],
    links: [],
    driverOptions: {},
    ...more,
  };
}

export function link(name: string, ifindex: number, more: Partial<Link> = {}): Link {
  return { name, ifindex, iflink: ifindex, kind: 'other', mtu: 1500, operState: 'up', addresses: [], ...more };
}

/** What the tutorial's wires are built from: one endpoint of a running container on a bridge. */
interface Plug {
  readonly owner: string;
  readonly on: Network;
  readonly bridge: string;
  readonly inside: { readonly name: string; readonly ifindex: number };
  readonly outside: { readonly name: string; readonly ifindex: number };
  readonly mac: string;
  readonly address: LinkAddress;
}

function wireOf(plug: Plug): Wire {
  return {
    containerId: idOf(`ctr ${plug.owner}`),
    networkId: plug.on.id,
    kind: 'veth',
    containerLink: plug.inside,
    hostLink: plug.outside,
    bridge: plug.bridge,
    confidence: 'exact',
    evidence: [
      { kind: 'peerIndex', containerLink: plug.inside.name, iflink: plug.outside.ifindex, hostLink: plug.outside.name },
      { kind: 'pointsBack', hostLink: plug.outside.name, iflink: plug.inside.ifindex },
      { kind: 'mac', containerLink: plug.inside.name, mac: plug.mac },
    ],
    candidates: [],
  };
}

function portOf(plug: Plug, portNo: number): Link {
  return link(plug.outside.name, plug.outside.ifindex, {
    iflink: plug.inside.ifindex,
    kind: 'veth',
    mac: `fe:00:00:00:00:${plug.outside.ifindex.toString(16).padStart(2, '0')}`,
    master: plug.bridge,
    portNo,
    counters: { rxBytes: 100, rxPackets: 2, txBytes: 300, txPackets: 4 },
  });
}

function namespaceOf(owner: string, plugs: readonly Plug[], sharers: readonly string[]): NetNamespace {
  return {
    containerIds: [owner, ...sharers].map((name) => idOf(`ctr ${name}`)),
    pid: 1000,
    inode: 4_026_532_000,
    exact: true,
    routes: plugs[0] ? [{ destination: 'default', gateway: '172.17.0.1', link: plugs[0].inside.name, metric: 0 }] : [],
    links: [
      loopback(),
      ...plugs.map((plug) =>
        link(plug.inside.name, plug.inside.ifindex, {
          iflink: plug.outside.ifindex,
          kind: 'veth',
          mac: plug.mac,
          addresses: [plug.address],
        }),
      ),
    ],
  };
}

export function loopback(): Link {
  return link('lo', 1, {
    kind: 'loopback',
    mtu: 65_536,
    operState: 'unknown',
    mac: '00:00:00:00:00:00',
    addresses: [{ address: '127.0.0.1', prefixLength: 8 }],
  });
}

export function bridge(name: string, ifindex: number, mac: string, address: string): Link {
  return link(name, ifindex, {
    kind: 'bridge',
    mac,
    addresses: [{ address, prefixLength: 16 }],
    bridge: { bridgeId: `8000.${mac.replaceAll(':', '')}`, stp: false, fdb: [] },
  });
}

export const networks = {
  bridge: network('bridge', {
    pools: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1', auxiliaryAddresses: {} }],
    options: { 'com.docker.network.bridge.name': 'docker0', 'com.docker.network.driver.mtu': '1500' },
  }),
  host: network('host', { driver: 'host' }),
  none: network('none', { driver: 'null' }),
  myBridge: network('my-bridge', {
    pools: [{ subnet: '172.18.0.0/16', gateway: '172.18.0.1', auxiliaryAddresses: {} }],
  }),
  shop: network('shop_default', {
    pools: [{ subnet: '172.19.0.0/16', gateway: '172.19.0.1', auxiliaryAddresses: {} }],
    labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.network': 'default' },
  }),
} as const;

const bridges = {
  bridge: 'docker0',
  myBridge: `br-${networks.myBridge.id.slice(0, 12)}`,
  shop: `br-${networks.shop.id.slice(0, 12)}`,
};

function plug(
  owner: string,
  on: 'bridge' | 'myBridge' | 'shop',
  host: number,
  inside: string,
  hostIndex: number,
): Plug {
  const second = { bridge: 17, myBridge: 18, shop: 19 }[on];
  return {
    owner,
    on: networks[on],
    bridge: bridges[on],
    inside: { name: inside, ifindex: hostIndex - 1 },
    outside: { name: `veth${hostIndex.toString(16).padStart(7, '0')}`, ifindex: hostIndex },
    mac: `02:42:ac:${second.toString(16)}:00:${host.toString(16).padStart(2, '0')}`,
    address: { address: `172.${second}.0.${host}`, prefixLength: 16 },
  };
}

const plugs: readonly Plug[] = [
  plug('test1', 'bridge', 2, 'eth0', 11),
  plug('test2', 'bridge', 3, 'eth0', 13),
  plug('test3', 'myBridge', 2, 'eth0', 15),
  plug('test2', 'myBridge', 3, 'eth1', 17),
  plug('redis', 'myBridge', 4, 'eth0', 19),
  plug('shop-web-1', 'shop', 2, 'eth0', 21),
  plug('shop-api-1', 'shop', 3, 'eth0', 23),
];

function seats(owner: string, more: Partial<Endpoint> = {}): Endpoint[] {
  return plugs
    .filter((candidate) => candidate.owner === owner)
    .map((own) =>
      endpoint(owner, own.on, {
        ipv4: own.address.address,
        ipv4PrefixLength: own.address.prefixLength,
        gateway: own.on.pools[0]?.gateway ?? '',
        mac: own.mac,
        ...(own.on === networks.bridge ? {} : { aliases: [owner], ...more }),
      }),
    );
}

const onNetwork = (on: Network): NetworkMode => ({ kind: 'network', network: on.name });

const published = (containerPort: number, hostPort: number, hostIp = '0.0.0.0'): PortBinding => ({
  containerPort,
  protocol: 'tcp',
  hostIp,
  hostPort,
});

function composeService(service: string, more: Partial<Container> = {}): Container {
  const name = `shop-${service}-1`;
  return container(name, {
    mode: onNetwork(networks.shop),
    endpoints: seats(name, { aliases: [name, service] }),
    labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': service },
    ...more,
  });
}

function tutorialContainers(): Container[] {
  return [
    container('test1', { endpoints: seats('test1') }),
    container('test2', { endpoints: seats('test2'), links: [{ target: 'test1', alias: 'test1' }] }),
    container('test3', { mode: onNetwork(networks.myBridge), endpoints: seats('test3') }),
    container('redis', {
      image: 'redis:latest',
      mode: onNetwork(networks.myBridge),
      endpoints: seats('redis'),
      ports: [published(6379, 6379), published(6379, 6379, '::')],
    }),
    container('host1', { mode: { kind: 'host' }, endpoints: [endpoint('host1', networks.host)] }),
    container('none1', { mode: { kind: 'none' }, endpoints: [endpoint('none1', networks.none)] }),
    container('shared1', { mode: { kind: 'container', ownerId: idOf('ctr test1') } }),
    container('stopped1', {
      state: 'exited',
      status: 'Exited (0) 2 minutes ago',
      pid: 0,
      mode: onNetwork(networks.myBridge),
      endpoints: [endpoint('stopped1', networks.myBridge, { endpointId: '' })],
      ports: [{ containerPort: 80, protocol: 'tcp' }],
    }),
    composeService('web', { ports: [published(80, 8080, '127.0.0.1'), { containerPort: 443, protocol: 'tcp' }] }),
    composeService('api'),
  ];
}

/** The engine's own namespace of the tutorial, with one orphan veth on docker0 and a physical uplink. */
function tutorialKernel(): KernelView {
  const owners = [...new Set(plugs.map((own) => own.owner))];
  return {
    source: 'local',
    host: {
      containerIds: [],
      pid: 1,
      exact: true,
      routes: [
        { destination: 'default', gateway: '192.0.2.1', link: 'eth0', metric: 0 },
        { destination: '172.17.0.0/16', link: 'docker0', metric: 0 },
      ],
      links: [
        loopback(),
        link('eth0', 2, {
          kind: 'physical',
          mac: '02:00:00:00:00:02',
          addresses: [{ address: '192.0.2.10', prefixLength: 24 }],
        }),
        bridge('docker0', 3, '02:42:f1:a2:b3:c4', '172.17.0.1'),
        bridge(bridges.myBridge, 4, '02:42:f1:a2:b3:c5', '172.18.0.1'),
        bridge(bridges.shop, 5, '02:42:f1:a2:b3:c6', '172.19.0.1'),
        ...plugs.map((own, position) => portOf(own, position + 1)),
        link('veth0bad0ff', 40, { iflink: 39, kind: 'veth', master: 'docker0', portNo: 9 }),
      ],
    },
    containers: [
      ...owners.map((owner) =>
        namespaceOf(
          owner,
          plugs.filter((own) => own.owner === owner),
          owner === 'test1' ? ['shared1'] : [],
        ),
      ),
      namespaceOf('none1', [], []),
    ],
  };
}

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    takenAt: '2026-11-24T04:05:06.000Z',
    engine: engineInfo,
    recorded: false,
    networks: [networks.bridge, networks.host, networks.none],
    containers: [],
    kernel: { kind: 'absent', reason: 'unproven' },
    wires: [],
    ...more,
  };
}

export function tutorial(more: Partial<Snapshot> = {}): Snapshot {
  return snapshot({
    networks: Object.values(networks),
    containers: tutorialContainers(),
    kernel: { kind: 'read', view: tutorialKernel() },
    wires: plugs.map(wireOf),
    ...more,
  });
}

/** Names that try to break out of a label, a tooltip or a line. */
export const hostileNames = {
  markdown: '**bold** [click](command:evil) <img src=x onerror=alert(1)> `code` | # $(trash)',
  bidi: 'safe\u202Eexe.evil\u202C',
  newline: 'one\ntwo\r\nthree\u2028four',
  control: 'bell\u0007 null\u0000 escape\u001B[31m',
  long: 'x'.repeat(100_000),
  backticks: '``` a ```` b `',
  loneSurrogate: 'half \uD83D pair',
  empty: '',
} as const;

/** One network, container and link per hostile name, and a network with 10,000 labels. */
export function hostile(): Snapshot {
  const names = Object.values(hostileNames);
  const labels = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, number) => [`label${number}`, hostileNames.markdown]),
  );
  const made = names.map((name, number) =>
    network(name, {
      id: idOf(`hostile net ${number}`),
      labels,
      driver: number === 0 ? 'evil;can:copyIp' : 'bridge',
      overlay: {
        vnis: [4097],
        encrypted: true,
        peers: [{ name, address: name }],
        services: [{ name, vip: name, ports: [name], tasks: [{ name, endpointId: name, address: name, host: name }] }],
        remote: [{ endpointId: name, name, ipv4: name, mac: name, host: name }],
      },
    }),
  );
  const links = names.map((name, number) => link(name, 100 + number, { kind: number % 2 ? 'veth' : 'bridge' }));
  return snapshot({
    networks: made,
    containers: names.map((name, number) => {
      const id = idOf(`hostile ctr ${number}`);
      const on = made[number] ?? networks.bridge;
      return container(name, {
        id,
        labels,
        image: name,
        status: name,
        endpoints: [
          {
            ...endpoint(name, on),
            containerId: id,
            ipv4: name,
            mac: name,
            aliases: names,
            links: [{ target: name, alias: name }],
          },
        ],
      });
    }),
    kernel: {
      kind: 'read',
      view: { source: 'local', host: { containerIds: [], pid: 1, exact: true, routes: [], links }, containers: [] },
    },
    wires: names.map((name, number) => ({
      containerId: idOf(`hostile ctr ${number}`),
      networkId: (made[number] ?? networks.bridge).id,
      kind: 'veth',
      containerLink: { name, ifindex: 2 },
      hostLink: { name, ifindex: 100 + number },
      bridge: name,
      confidence: 'likely',
      evidence: [{ kind: 'onlyOneLeft', bridge: name, hostLink: name }],
      candidates: names,
    })),
  });
}

/** `count` containers, crowd1 to crowdN, dealt out to `width` networks, each with its wire. */
export function crowd(count: number, width = 1): Snapshot {
  const made = Array.from({ length: width }, (_, number) =>
    network(`crowd-net${number + 1}`, {
      pools: [{ subnet: `10.${number}.0.0/16`, gateway: `10.${number}.0.1`, auxiliaryAddresses: {} }],
    }),
  );
  const own = Array.from({ length: count }, (_, number): Plug => {
    const at = number % width;
    const on = made[at] ?? networks.bridge;
    const host = Math.floor(number / width) + 2;
    return {
      owner: `crowd${number + 1}`,
      on,
      bridge: `br-crowd${at + 1}`,
      inside: { name: 'eth0', ifindex: 2 },
      outside: { name: `veth${(0x10_0000 + number).toString(16)}`, ifindex: 1000 + number },
      mac: `02:42:0a:${at.toString(16).padStart(2, '0')}:${(host >> 8).toString(16).padStart(2, '0')}:${(host & 255).toString(16).padStart(2, '0')}`,
      address: { address: `10.${at}.${host >> 8}.${host & 255}`, prefixLength: 16 },
    };
  });
  return snapshot({
    networks: [networks.bridge, networks.host, networks.none, ...made],
    containers: own.map((seat) =>
      container(seat.owner, {
        mode: onNetwork(seat.on),
        endpoints: [
          endpoint(seat.owner, seat.on, {
            ipv4: seat.address.address,
            ipv4PrefixLength: seat.address.prefixLength,
            mac: seat.mac,
            aliases: [seat.owner],
          }),
        ],
      }),
    ),
    kernel: {
      kind: 'read',
      view: {
        source: 'local',
        host: {
          containerIds: [],
          pid: 1,
          exact: true,
          routes: [],
          links: [
            ...made.map((_, number) =>
              bridge(
                `br-crowd${number + 1}`,
                10 + number,
                `02:42:00:00:00:${(number & 255).toString(16).padStart(2, '0')}`,
                `10.${number}.0.1`,
              ),
            ),
            ...own.map((seat, number) => portOf(seat, number + 1)),
          ],
        },
        containers: own.map((seat) => namespaceOf(seat.owner, [seat], [])),
      },
    },
    wires: own.map(wireOf),
  });
}

/** A copy in which one container differs. */
export function withContainer(from: Snapshot, name: string, change: Partial<Container>): Snapshot {
  return { ...from, containers: from.containers.map((one) => (one.name === name ? { ...one, ...change } : one)) };
}

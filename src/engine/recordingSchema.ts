import * as v from 'valibot';
import type {
  AddressPool,
  BridgeFacts,
  Container,
  Endpoint,
  EngineInfo,
  Evidence,
  FdbEntry,
  FlannelEnv,
  KernelReading,
  KernelView,
  LegacyLink,
  Link,
  LinkAddress,
  LinkCounters,
  LinkRef,
  NetNamespace,
  Network,
  NetworkMode,
  Overlay,
  OverlayPeer,
  OverlaySandbox,
  OverlayService,
  OverlayTask,
  PortBinding,
  RemoteEndpoint,
  Route,
  Snapshot,
  SwarmNode,
  Tunnel,
  Vtep,
  Wire,
} from '../topology/model.ts';

type Schema<T> = v.GenericSchema<unknown, T>;

/** Exactly the properties of `T`: the compiler finds one that is missing, too many, of another type or wrongly optional. */
type Entries<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? v.ExactOptionalSchema<Schema<Exclude<T[K], undefined>>, undefined>
    : Schema<T[K]>;
};

/** One schema for each value of the property that tells the members of a union apart. */
type Cases<T extends Record<K, string>, K extends string> = { readonly [V in T[K]]: Schema<Extract<T, Record<K, V>>> };

/** Properties that the model does not know are dropped: a newer version may have written them. */
function model<T extends object>(entries: Entries<T>): Schema<T> {
  // `Entries<T>` says what the compiler cannot infer from a mapped type.
  return v.object(entries as v.ObjectEntries) as unknown as Schema<T>;
}

/** Unlike `v.union` it says what is wrong with the member that was meant. */
function oneOf<T extends Record<K, string>, K extends string>(key: K, cases: Cases<T, K>): Schema<T> {
  const names = Object.keys(cases);
  const schemas = new Map<unknown, Schema<T>>(Object.entries<Schema<T>>(cases));
  const unknownCase = v.object({ [key]: v.picklist(names) }) as unknown as Schema<T>;
  return v.lazy((input) => {
    const value: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, key) : undefined;
    return schemas.get(value) ?? unknownCase;
  });
}

function optional<T>(schema: Schema<T>): v.ExactOptionalSchema<Schema<T>, undefined> {
  return v.exactOptional(schema);
}

const text = v.string();
const flag = v.boolean();
const number = v.number();
const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const texts = v.array(text);

/** Any key is data, also `__proto__`, which valibot's own record drops. */
const textMap: Schema<Readonly<Record<string, string>>> = v.custom<Readonly<Record<string, string>>>(
  (input) =>
    typeof input === 'object' &&
    input !== null &&
    !Array.isArray(input) &&
    Object.values(input).every((item) => typeof item === 'string'),
  'Expected an object of strings',
);

const engineInfo = model<EngineInfo>({
  id: text,
  name: text,
  version: text,
  apiVersion: text,
  os: text,
  operatingSystem: text,
  kernelVersion: text,
  rootless: flag,
  swarm: text,
  swarmNode: optional(model<SwarmNode>({ id: text, address: text, manager: flag })),
  clusterStore: optional(text),
  clusterAdvertise: optional(text),
  firewall: optional(text),
  flavour: optional(v.literal('podman')),
});

const addressPool = model<AddressPool>({
  subnet: text,
  gateway: optional(text),
  ipRange: optional(text),
  auxiliaryAddresses: textMap,
});

const overlayTask = model<OverlayTask>({ name: text, endpointId: text, address: text, host: text });

const overlay = model<Overlay>({
  vnis: v.array(natural),
  encrypted: flag,
  peers: v.array(model<OverlayPeer>({ name: text, address: text })),
  services: v.array(
    model<OverlayService>({ name: text, vip: optional(text), ports: texts, tasks: v.array(overlayTask) }),
  ),
  remote: v.array(
    model<RemoteEndpoint>({
      endpointId: text,
      name: text,
      ipv4: optional(text),
      mac: optional(text),
      host: optional(text),
    }),
  ),
});

export const networkSchema = model<Network>({
  id: text,
  name: text,
  driver: text,
  scope: text,
  internal: flag,
  attachable: flag,
  ingress: flag,
  ipv6: flag,
  pools: v.array(addressPool),
  options: textMap,
  labels: textMap,
  created: optional(text),
  networkInterface: optional(text),
  overlay: optional(overlay),
});

const networkMode = oneOf<NetworkMode, 'kind'>('kind', {
  bridge: model({ kind: v.literal('bridge') }),
  host: model({ kind: v.literal('host') }),
  none: model({ kind: v.literal('none') }),
  container: model({ kind: v.literal('container'), ownerId: text }),
  network: model({ kind: v.literal('network'), network: text }),
});

const legacyLink = model<LegacyLink>({ target: text, alias: text });

const endpoint = model<Endpoint>({
  containerId: text,
  networkId: text,
  networkName: text,
  endpointId: text,
  ipv4: optional(text),
  ipv4PrefixLength: optional(natural),
  gateway: optional(text),
  ipv6: optional(text),
  ipv6PrefixLength: optional(natural),
  ipv6Gateway: optional(text),
  mac: optional(text),
  aliases: texts,
  dnsNames: texts,
  links: v.array(legacyLink),
  driverOptions: textMap,
  gatewayPriority: optional(number),
  fixedIpv4: optional(text),
  fixedIpv6: optional(text),
});

const portBinding = model<PortBinding>({
  containerPort: natural,
  protocol: text,
  hostIp: optional(text),
  hostPort: optional(natural),
});

export const containerSchema = model<Container>({
  id: text,
  name: text,
  image: text,
  state: v.picklist(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead', 'unknown']),
  status: text,
  pid: natural,
  mode: networkMode,
  endpoints: v.array(endpoint),
  ports: v.array(portBinding),
  links: v.array(legacyLink),
  labels: textMap,
  hostname: optional(text),
  dnsServers: texts,
  sandboxKey: optional(text),
  created: natural,
  inspected: flag,
});

const linkAddress = model<LinkAddress>({ address: text, prefixLength: natural });

const linkCounters = model<LinkCounters>({
  rxBytes: natural,
  rxPackets: natural,
  txBytes: natural,
  txPackets: natural,
});

const fdbEntry = model<FdbEntry>({ mac: text, portNo: natural, isLocal: flag, ageSeconds: number });

const bridgeFacts = model<BridgeFacts>({ bridgeId: text, stp: flag, fdb: v.array(fdbEntry) });

const link = model<Link>({
  name: text,
  ifindex: natural,
  iflink: optional(natural),
  kind: v.picklist([
    'loopback',
    'physical',
    'bridge',
    'veth',
    'vxlan',
    'vlan',
    'macvlan',
    'macvtap',
    'ipvlan',
    'bond',
    'tun',
    'wireguard',
    'dummy',
    'tunnel',
    'other',
  ]),
  mac: optional(text),
  mtu: optional(natural),
  operState: optional(text),
  master: optional(text),
  addresses: v.array(linkAddress),
  counters: optional(linkCounters),
  bridge: optional(bridgeFacts),
  portNo: optional(natural),
  peerNetnsId: optional(number),
  vxlan: optional(model<NonNullable<Link['vxlan']>>({ vni: natural, local: optional(text), port: optional(natural) })),
  vlanId: optional(natural),
  mode: optional(text),
});

const route = model<Route>({ destination: text, gateway: optional(text), link: text, metric: natural });

const netNamespace = model<NetNamespace>({
  containerIds: texts,
  pid: natural,
  inode: optional(natural),
  links: v.array(link),
  routes: v.array(route),
  exact: flag,
});

const overlaySandbox = model<OverlaySandbox>({
  name: text,
  links: v.array(link),
  tunnels: v.array(model<Tunnel>({ mac: text, host: text })),
});

const kernelView = model<KernelView>({
  source: text,
  host: netNamespace,
  containers: v.array(netNamespace),
  sandboxes: optional(v.array(overlaySandbox)),
  flannel: optional(
    model<FlannelEnv>({ networks: texts, subnets: texts, mtu: optional(natural), ipMasq: optional(flag) }),
  ),
  vteps: optional(v.array(model<Vtep>({ link: text, gateway: text, mac: text, host: text }))),
});

const kernelAbsence = v.picklist([
  'notLocal',
  'otherMachine',
  'otherNamespace',
  'unproven',
  'disabled',
  'notAllowed',
  'noImage',
  'failed',
]);

const kernelReading = oneOf<KernelReading, 'kind'>('kind', {
  read: model({ kind: v.literal('read'), view: kernelView }),
  absent: model({ kind: v.literal('absent'), reason: kernelAbsence }),
});

const linkRef = model<LinkRef>({ name: text, ifindex: natural });

const evidence = oneOf<Evidence, 'kind'>('kind', {
  peerIndex: model({ kind: v.literal('peerIndex'), containerLink: text, iflink: natural, hostLink: text }),
  pointsBack: model({ kind: v.literal('pointsBack'), hostLink: text, iflink: natural }),
  peerNamespace: model({ kind: v.literal('peerNamespace'), hostLink: text, netnsId: number }),
  uniqueIndex: model({ kind: v.literal('uniqueIndex'), ifindex: natural, hostLink: text }),
  fdb: model({ kind: v.literal('fdb'), bridge: text, mac: text, portNo: natural, hostLink: text, ageSeconds: number }),
  counters: model({ kind: v.literal('counters'), hostLink: text, packets: natural }),
  onlyOneLeft: model({ kind: v.literal('onlyOneLeft'), bridge: text, hostLink: text }),
  mac: model({ kind: v.literal('mac'), containerLink: text, mac: text }),
  subnet: model({ kind: v.literal('subnet'), containerLink: text, destination: text, address: text }),
  onlyInterface: model({ kind: v.literal('onlyInterface'), containerLink: text }),
  parent: model({ kind: v.literal('parent'), containerLink: text, parent: text }),
  recordedParent: model({ kind: v.literal('recordedParent'), containerLink: text, parent: text }),
  notOnBridge: model({ kind: v.literal('notOnBridge'), hostLink: text, bridge: text }),
  severalCandidates: model({ kind: v.literal('severalCandidates'), count: natural }),
  noCandidate: model({ kind: v.literal('noCandidate'), bridge: text }),
  otherNamespace: model({ kind: v.literal('otherNamespace'), driver: text }),
  noKernel: model({ kind: v.literal('noKernel'), reason: kernelAbsence }),
  namespaceUnread: model({ kind: v.literal('namespaceUnread') }),
  hostUnread: model({ kind: v.literal('hostUnread') }),
  contradiction: model({ kind: v.literal('contradiction'), hostLink: text }),
});

const wire = model<Wire>({
  containerId: text,
  networkId: text,
  kind: v.picklist(['veth', 'macvlan', 'ipvlan', 'overlay', 'plugin']),
  containerLink: optional(linkRef),
  hostLink: optional(linkRef),
  bridge: optional(text),
  sandbox: optional(text),
  confidence: v.picklist(['exact', 'likely', 'unknown']),
  evidence: v.array(evidence),
  candidates: texts,
});

/** A snapshot as a file may hold it. What it lets through is a `Snapshot`, whoever wrote the file. */
export const snapshotSchema = model<Snapshot>({
  takenAt: text,
  engine: engineInfo,
  recorded: flag,
  networks: v.array(networkSchema),
  containers: v.array(containerSchema),
  kernel: kernelReading,
  wires: v.array(wire),
});

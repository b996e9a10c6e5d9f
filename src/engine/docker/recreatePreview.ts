import type { Protocol, PublishSpec } from '../../actions/specs.ts';
import type { RecreateObstacle, RecreatePreview } from '../control.ts';
import { defined, filled, type JsonObject, list, object, text, textMap, texts } from './json.ts';
import { linkText } from './createBodies.ts';
import { normalizeLink } from './normalizeEndpoint.ts';
import { anonymousVolumes, cleanPath, fixedAddresses, seatsOf } from './recreatePlan.ts';

/** What a person is told before a container is recreated. `changes` are of `GET /containers/{id}/changes`. */
export function previewOf(inspect: JsonObject, changes: readonly unknown[]): RecreatePreview {
  const config = object(inspect['Config']);
  const host = object(inspect['HostConfig']);
  const running = isRunningState(inspect);
  const { primary, others } = seatsOf(inspect);
  const seats = [...(primary === undefined ? [] : [primary]), ...others];
  return {
    obstacle: obstacleOf(inspect),
    running,
    networks: seats.map((seat) => ({
      name: seat.networkName,
      fixed: [
        ...addressesFixedByPerson(seat.record, running),
        ...(seat === primary && filled(config['MacAddress']) !== undefined ? [text(config['MacAddress'])] : []),
      ],
      aliases: texts(seat.record['Aliases']).filter((alias) => alias !== text(inspect['Id']).slice(0, 12)),
    })),
    ports: portsOf(inspect),
    mounts: mountsOf(inspect),
    labels: Object.keys(textMap(config['Labels'])).length,
    healthCheck: !['', 'NONE'].includes(texts(object(config['Healthcheck'])['Test'])[0] ?? ''),
    restartPolicy: filled(object(host['RestartPolicy'])['Name']) ?? 'no',
    limits: limited(host),
    links: [
      ...new Set([...texts(host['Links']), ...seats.flatMap((seat) => texts(seat.record['Links']))].flatMap(readLink)),
    ],
    managedBy: managerOf(textMap(config['Labels'])),
    writtenFiles: writtenFiles(inspect, changes),
  };
}

export function isRunningState(inspect: JsonObject): boolean {
  return object(inspect['State'])['Running'] === true;
}

export function obstacleOf(inspect: JsonObject): RecreateObstacle | undefined {
  const host = object(inspect['HostConfig']);
  const config = object(inspect['Config']);
  if (host['AutoRemove'] === true) return 'removedWhenStopped';
  if (Object.hasOwn(textMap(config['Labels']), 'com.docker.swarm.task.id')) return 'swarmTask';
  const mode = text(host['NetworkMode']);
  const publishes = mode !== 'host' && mode !== 'none' && !mode.startsWith('container:');
  return publishes && config['NetworkDisabled'] !== true && seatsOf(inspect).primary !== undefined
    ? undefined
    : 'noPortsInThisMode';
}

/** On a network of a swarm (its ids are no hex) a running container lists the address that it was given as a fixed one. */
function addressesFixedByPerson(record: JsonObject, running: boolean): string[] {
  if (running && !/^([0-9a-f]{64})?$/.test(text(record['NetworkID']))) return [];
  return Object.values(fixedAddresses(record)).flatMap((value) => (typeof value === 'string' ? [value] : texts(value)));
}

/** What whoever started the container asked for, `--publish-all` taken apart. */
function portsOf(inspect: JsonObject): PublishSpec[] {
  const host = object(inspect['HostConfig']);
  const bindings = object(host['PortBindings']);
  const asked = Object.entries(bindings).flatMap(([key, hosts]) => {
    const port = readPort(key);
    if (port === undefined) return [];
    const given = list(hosts).length === 0 ? [{}] : list(hosts);
    return given.map((binding) => ({ ...port, ...readBinding(object(binding), inspect, key) }));
  });
  if (host['PublishAllPorts'] !== true) return asked;
  const exposed = Object.keys(object(object(inspect['Config'])['ExposedPorts'])).filter((key) => !(key in bindings));
  return [...asked, ...exposed.map(readPort).filter((port) => port !== undefined)];
}

function readPort(key: string): { containerPort: number; protocol: Protocol } | undefined {
  const match = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(key);
  if (match === null) return undefined;
  return { containerPort: Number(match[1]), protocol: (match[2] ?? 'tcp') as Protocol };
}

/** Of a range of host ports the engine took one, which stays; a container that does not run has none, and keeps the range. */
function readBinding(
  binding: JsonObject,
  inspect: JsonObject,
  key: string,
): Pick<PublishSpec, 'hostIp' | 'hostPort' | 'hostPortEnd'> {
  const asked = text(binding['HostPort']);
  const range = /^(\d+)-(\d+)$/.exec(asked);
  const taken = list(object(object(inspect['NetworkSettings'])['Ports'])[key])
    .map((one) => Number(object(one)['HostPort']))
    .find((port) => range !== null && port >= Number(range[1]) && port <= Number(range[2]));
  if (range !== null && taken === undefined) {
    return defined({ hostIp: filled(binding['HostIp']), hostPort: Number(range[1]), hostPortEnd: Number(range[2]) });
  }
  const port = /^\d{1,5}$/.test(asked) ? Number(asked) : taken;
  return defined({ hostIp: filled(binding['HostIp']), hostPort: port === 0 ? undefined : port });
}

function mountsOf(inspect: JsonObject): RecreatePreview['mounts'] {
  const anonymous = new Set(anonymousVolumes(inspect).map((volume) => volume.target));
  const mounts = list(inspect['Mounts']).map((raw) => {
    const mount = object(raw);
    const target = text(mount['Destination']);
    if (anonymous.has(cleanPath(target))) return { kind: 'anonymous', target } as const;
    switch (mount['Type']) {
      case 'bind':
      case 'volume':
      case 'tmpfs':
        return { kind: mount['Type'], target };
      default:
        return { kind: 'other', target } as const;
    }
  });
  // Those of `--tmpfs` are listed elsewhere.
  const memory = Object.keys(object(object(inspect['HostConfig'])['Tmpfs'])).filter(
    (target) => !mounts.some((mount) => mount.target === target),
  );
  return [...mounts, ...memory.map((target) => ({ kind: 'tmpfs', target }) as const)];
}

/** Zero, -1 and empty are "no limit". */
const limits = [
  ...['Memory', 'MemoryReservation', 'MemorySwap', 'KernelMemory', 'PidsLimit', 'BlkioWeight'],
  ...['NanoCpus', 'CpuShares', 'CpuPeriod', 'CpuQuota', 'CpuRealtimePeriod', 'CpuRealtimeRuntime'],
  ...['CpuCount', 'CpuPercent', 'IOMaximumIOps', 'IOMaximumBandwidth', 'CpusetCpus', 'CpusetMems', 'Ulimits'],
  ...['BlkioWeightDevice', 'BlkioDeviceReadBps', 'BlkioDeviceWriteBps', 'BlkioDeviceReadIOps', 'BlkioDeviceWriteIOps'],
];

function limited(host: JsonObject): boolean {
  return limits.some((name) => {
    const value = host[name];
    return typeof value === 'number' ? value > 0 : text(value) !== '' || list(value).length > 0;
  });
}

function readLink(link: string): string[] {
  return normalizeLink(link).map(linkText);
}

const managers: readonly (readonly [string, string])[] = [
  ['com.docker.compose.project', 'Docker Compose'],
  ['io.podman.compose.project', 'Podman Compose'],
  ['io.kubernetes.pod.name', 'Kubernetes'],
  ['com.hashicorp.nomad.alloc_id', 'Nomad'],
  ['devcontainer.local_folder', 'Dev Containers'],
];

function managerOf(labels: Readonly<Record<string, string>>): string | undefined {
  const found = managers.find(([label]) => Object.hasOwn(labels, label));
  return found === undefined ? undefined : `${found[1]} (${labels[found[0]] ?? ''})`;
}

/**
 * Files that were added or changed. The engine lists the directories above them, too, and those that it made for
 * mounts; a deleted file (kind 2) comes back with the image.
 */
function writtenFiles(inspect: JsonObject, changes: readonly unknown[]): number {
  const kinds = new Map(changes.map((change) => [text(object(change)['Path']), object(change)['Kind']]));
  const above = new Set([...kinds.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))));
  const targets = [...mountsOf(inspect).map(({ target }) => cleanPath(target)), init];
  const mounted = new Set(targets.flatMap(pathsDownTo));
  return [...kinds].filter(([path, kind]) => kind !== 2 && !above.has(path) && !mounted.has(path)).length;
}

/** What the engine mounts for `--init`. */
const init = '/sbin/docker-init';

/** `/a/b/c` → `/a`, `/a/b`, `/a/b/c`. */
function pathsDownTo(path: string): string[] {
  return path.split('/').flatMap((_, index, parts) => (index === 0 ? [] : [parts.slice(0, index + 1).join('/')]));
}

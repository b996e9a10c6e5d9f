import type { PortBinding } from '../../topology/model.ts';
import { defined, filled, isObject, list, natural, object, text } from './json.ts';

/**
 * The ports of a container: `NetworkSettings.Ports` where it runs, and what image and person exposed.
 * A stopped container publishes nothing (`mayPublish` is false): what it asked for counts as exposed only.
 */
export function portsOfInspect(
  inspect: Readonly<Record<string, unknown>>,
  mayPublish: boolean,
): readonly PortBinding[] {
  const published = object(object(inspect['NetworkSettings'])['Ports']);
  const bindings: PortBinding[] = [];
  for (const [key, hosts] of mayPublish ? Object.entries(published) : []) {
    for (const port of expand(key)) {
      for (const host of list(hosts)) {
        const hostPort = toPort(object(host)['HostPort']);
        if (hostPort === undefined) continue;
        bindings.push({ ...port, ...defined({ hostIp: filled(object(host)['HostIp']), hostPort }) });
      }
    }
  }
  const exposed = [published, object(inspect['Config'])['ExposedPorts'], object(inspect['HostConfig'])['PortBindings']];
  return tidy(
    bindings,
    exposed.flatMap((ports) => (isObject(ports) ? Object.keys(ports).flatMap(expand) : [])),
  );
}

/** `Ports` of `GET /containers/json`: one element for each binding, IPv4 and IPv6 apart. */
export function portsOfRow(ports: unknown, mayPublish: boolean): readonly PortBinding[] {
  const all = list(ports).flatMap((raw): PortBinding[] => {
    const port = object(raw);
    const containerPort = toPort(port['PrivatePort']);
    if (containerPort === undefined) return [];
    const hostPort = mayPublish ? toPort(port['PublicPort']) : undefined;
    const plain = { containerPort, protocol: filled(port['Type']) ?? 'tcp' };
    return [hostPort === undefined ? plain : { ...plain, ...defined({ hostIp: filled(port['IP']), hostPort }) }];
  });
  return tidy(
    all.filter((port) => port.hostPort !== undefined),
    all.filter((port) => port.hostPort === undefined),
  );
}

/** Each binding once, an exposed port only where it is not published; in a stable order. */
function tidy(published: readonly PortBinding[], exposed: readonly PortBinding[]): readonly PortBinding[] {
  const byKey = new Map<string, PortBinding>();
  const taken = new Set<string>();
  for (const port of published) {
    byKey.set(`${portKey(port)} ${port.hostIp ?? ''} ${port.hostPort ?? ''}`, port);
    taken.add(portKey(port));
  }
  for (const port of exposed) if (!taken.has(portKey(port))) byKey.set(portKey(port), port);
  return [...byKey.values()].sort(
    (a, b) =>
      a.containerPort - b.containerPort ||
      compare(a.protocol, b.protocol) ||
      compare(a.hostIp ?? '', b.hostIp ?? '') ||
      (a.hostPort ?? 0) - (b.hostPort ?? 0),
  );
}

function portKey(port: PortBinding): string {
  return `${port.containerPort}/${port.protocol}`;
}

/** `80/tcp`, `80`, and the ranges (`8000-8010/tcp`) that hand-made images carry. */
function expand(key: string): PortBinding[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/([a-z]+))?$/i.exec(key);
  if (match === null) return [];
  const first = toPort(match[1]);
  const last = toPort(match[2] ?? match[1]);
  if (first === undefined || last === undefined) return [];
  const protocol = (match[3] ?? 'tcp').toLowerCase();
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => ({
    containerPort: first + offset,
    protocol,
  }));
}

function toPort(value: unknown): number | undefined {
  const port = typeof value === 'number' ? value : /^\d{1,5}$/.test(text(value)) ? Number(value) : 0;
  return natural(port) > 0 && port <= 65535 ? port : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

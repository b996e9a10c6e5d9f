import { createServer, type ServerResponse } from 'node:http';
import type { Container, Endpoint, Network, Snapshot } from '../../src/topology/model.ts';
import { engineFixture, type Raw } from '../unit/engine/fixtures.ts';

/** Path of a request that makes the server send events: not one of an engine. */
export const eventsPath = '/bench/events';
/** Containers that a batch of events is about. */
const touchedAtOnce = 100;

export interface CrowdServer {
  close(): void;
}

/**
 * Answers on a socket like an engine that has the networks and containers of a snapshot, in records of a real one's
 * size. `GET /bench/events?count=N` makes N events about 100 containers, which are paused by them or go on.
 */
export function serveCrowd(snapshot: Snapshot, socketPath: string): Promise<CrowdServer> {
  const fixture = engineFixture('20.10');
  const template = fixture.inspect.find((one) => one['Name'] === '/test3');
  const rowTemplate = fixture.containers.find((one) => one['Id'] === template?.['Id']);
  const networkTemplate = fixture.networks[0];
  if (template === undefined || rowTemplate === undefined || networkTemplate === undefined)
    throw new Error('the fixture has no container test3');
  const paused = new Set<string>();
  const listeners = new Set<ServerResponse>();
  const byId = new Map(snapshot.containers.map((container) => [container.id, container]));
  let next = 0;

  const inspect = (container: Container): Raw => ({
    ...template,
    Id: container.id,
    Name: `/${container.name}`,
    State: {
      ...(template['State'] as Raw),
      Pid: container.pid,
      Status: paused.has(container.id) ? 'paused' : 'running',
    },
    HostConfig: { ...(template['HostConfig'] as Raw), NetworkMode: container.endpoints[0]?.networkName },
    NetworkSettings: { ...(template['NetworkSettings'] as Raw), Networks: seats(container) },
  });
  const row = (container: Container): Raw => ({
    ...rowTemplate,
    Id: container.id,
    Names: [`/${container.name}`],
    State: paused.has(container.id) ? 'paused' : 'running',
    NetworkSettings: { Networks: seats(container) },
  });
  const listed = (filters: string | null): readonly Container[] => {
    if (filters === null) return snapshot.containers;
    const { id = [] } = JSON.parse(filters) as { readonly id?: readonly string[] };
    return id.flatMap((one) => byId.get(one) ?? []);
  };
  const emit = (count: number): void => {
    const touched = Array.from(
      { length: touchedAtOnce },
      () => snapshot.containers[next++ % snapshot.containers.length],
    );
    for (const container of touched) {
      if (container !== undefined && !paused.delete(container.id)) paused.add(container.id);
    }
    const lines = Array.from({ length: count }, (_, number) => {
      const id = touched[number % touchedAtOnce]?.id ?? '';
      const action = paused.has(id) ? 'pause' : 'unpause';
      return `${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: id, Attributes: {} }, timeNano: number + 1 })}\n`;
    });
    for (const listener of listeners) listener.write(lines.join(''));
  };
  const answer = (path: string, query: URLSearchParams): unknown => {
    const [, id] = /^\/containers\/(\w{64})\/json$/.exec(path) ?? [];
    const container = id === undefined ? undefined : byId.get(id);
    if (container !== undefined) return inspect(container);
    switch (path) {
      case '/version':
        return fixture.version;
      case '/info':
        return fixture.info;
      case '/networks':
        return snapshot.networks.map((network) => networkRecord(networkTemplate, network));
      case '/containers/json':
        return listed(query.get('filters')).map(row);
      case eventsPath:
        emit(Number(query.get('count')));
        return {};
      default:
        return undefined;
    }
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://docker');
    const path = url.pathname.replace(/^\/v\d+\.\d+(?=\/)/, '');
    if (path === '/events') {
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
      response.flushHeaders();
      return;
    }
    const body = answer(path, url.searchParams);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: `not served: ${path}` }));
  });
  return new Promise((resolve) => {
    server.listen(socketPath, () =>
      resolve({
        close() {
          server.close();
          server.closeAllConnections();
        },
      }),
    );
  });
}

function seats({ endpoints }: Container): Raw {
  return Object.fromEntries(endpoints.map((endpoint) => [endpoint.networkName, seat(endpoint)]));
}

function seat({ networkId, endpointId, ipv4, ipv4PrefixLength, mac, aliases }: Endpoint): Raw {
  return {
    IPAMConfig: null,
    Links: null,
    Aliases: aliases,
    NetworkID: networkId,
    EndpointID: endpointId,
    Gateway: '',
    IPAddress: ipv4,
    IPPrefixLen: ipv4PrefixLength,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    MacAddress: mac,
    DriverOpts: null,
  };
}

function networkRecord(template: Raw, { id, name, driver, pools }: Network): Raw {
  return {
    ...template,
    Name: name,
    Id: id,
    Driver: driver,
    Options: {},
    IPAM: {
      Driver: 'default',
      Options: {},
      Config: pools.map(({ subnet, gateway }) => ({ Subnet: subnet, Gateway: gateway })),
    },
  };
}

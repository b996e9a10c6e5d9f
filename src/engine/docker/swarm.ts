import type Docker from 'dockerode';
import type { JoinToken, NodeRole, ServiceSpec } from '../../actions/specs.ts';
import type { SwarmControl, SwarmNode, SwarmService, SwarmStatus } from '../control.ts';
import { EngineError } from '../engine.ts';
import type { Created } from './calls.ts';
import type { DockerClient } from './client.ts';
import { atLeast } from './createBodies.ts';
import { dial } from './dial.ts';
import { toEngineError } from './errors.ts';
import { filled, type JsonObject, list, natural, object, text, texts } from './json.ts';

/** `timeoutMs`: of one request. */
export class DockerSwarm implements SwarmControl {
  readonly #client: DockerClient;
  readonly #timeoutMs: number;

  constructor(client: DockerClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  status(): Promise<SwarmStatus> {
    return this.#with(undefined, async (api) => readStatus(await api.info()));
  }

  joinToken(role: NodeRole): Promise<JoinToken> {
    return this.#with(undefined, async (api) => {
      const [swarm, info] = await Promise.all([readSwarm(api), api.info() as Promise<unknown>]);
      const token = filled(object(swarm['JoinTokens'])[role === 'worker' ? 'Worker' : 'Manager']);
      const address = ownManagerAddress(info);
      if (token === undefined || address === undefined)
        throw new EngineError(
          'protocol',
          'GET /swarm: the answer has no token, or GET /info no address of this manager',
        );
      return { token, address };
    });
  }

  leave(force: boolean): Promise<void> {
    return this.#with(undefined, async (api) => {
      await api.swarmLeave({ force });
    });
  }

  nodes(): Promise<readonly SwarmNode[]> {
    return this.#with(undefined, async (api) => list(await api.listNodes()).map(readNode));
  }

  services(): Promise<readonly SwarmService[]> {
    return this.#with(undefined, async (api) => list(await api.listServices()).map(readService));
  }

  createService(spec: ServiceSpec, signal?: AbortSignal): Promise<Created> {
    return this.#with(signal, async (api, apiVersion) => {
      // dockerode's own method throws the engine's warnings away.
      const request = { path: '/services/create', method: 'POST', options: { _body: serviceBody(spec, apiVersion) } };
      const answer = object(await dial(api, request));
      const id = filled(answer['ID']);
      if (id === undefined) throw new EngineError('protocol', 'POST /services/create: the answer has no id');
      const warning = filled(answer['Warning']);
      return { id, warnings: warning === undefined ? texts(answer['Warnings']) : [warning] };
    });
  }

  removeService(id: string): Promise<void> {
    return this.#with(undefined, async (api) => {
      await api.getService(encodeURIComponent(id)).remove();
    });
  }

  #with<T>(signal: AbortSignal | undefined, method: (api: Docker, apiVersion: string) => Promise<T>): Promise<T> {
    return this.#client.guard(signal, async (bound) => {
      const { apiVersion } = await this.#client.negotiate(bound);
      return method(this.#client.api(bound, apiVersion, { timeoutMs: this.#timeoutMs }), apiVersion);
    });
  }
}

/** Body of `POST /services/create`. Throws `invalid` for what the engine is too old for. */
export function serviceBody(spec: ServiceSpec, apiVersion: string): JsonObject {
  const modern = atLeast(apiVersion, '1.25');
  if (!modern && spec.publishMode === 'host' && spec.ports.length > 0) {
    throw new EngineError(
      'invalid',
      `publishing in host mode needs API 1.25 (Docker Engine 1.13); this engine speaks ${apiVersion}`,
    );
  }
  const networks = spec.network === undefined ? {} : { Networks: [{ Target: spec.network.id }] };
  const ports = spec.ports.map(({ containerPort, protocol, publishedPort }) => ({
    Protocol: protocol,
    TargetPort: containerPort,
    ...(publishedPort === undefined ? {} : { PublishedPort: publishedPort }),
    ...(modern ? { PublishMode: spec.publishMode } : {}),
  }));
  return {
    ...(spec.name === '' ? {} : { Name: spec.name }),
    TaskTemplate: {
      ContainerSpec: {
        Image: spec.image,
        ...(spec.command.length === 0 ? {} : { Args: spec.command }),
        ...(spec.environment.length === 0 ? {} : { Env: spec.environment }),
      },
      ...(modern ? networks : {}),
    },
    ...(modern ? {} : networks),
    Mode: { Replicated: { Replicas: spec.replicas } },
    ...(ports.length === 0 ? {} : { EndpointSpec: { Ports: ports } }),
  };
}

/** The beginning of an answer that cannot be read is quoted in errors elsewhere: here a token may be in it. */
async function readSwarm(api: Docker): Promise<JsonObject> {
  try {
    const answer: unknown = await api.swarmInspect();
    return object(answer);
  } catch (error) {
    const { kind, status } = toEngineError(error);
    if (kind !== 'protocol') throw error;
    throw new EngineError(kind, 'GET /swarm: the answer cannot be read', status === undefined ? {} : { status });
  }
}

function readStatus(info: unknown): SwarmStatus {
  const swarm = object(object(info)['Swarm']);
  return {
    // Podman's answer has no swarm.
    state: filled(swarm['LocalNodeState']) ?? 'inactive',
    manager: swarm['ControlAvailable'] === true,
    address: text(swarm['NodeAddr']),
    managerAddresses: list(swarm['RemoteManagers']).flatMap((one) => filled(object(one)['Addr']) ?? []),
    nodes: natural(swarm['Nodes']),
    managers: natural(swarm['Managers']),
    error: text(swarm['Error']),
  };
}

/** Where this node is heard, as the docker client finds it (cli/command/swarm/join_token.go). */
function ownManagerAddress(info: unknown): string | undefined {
  const swarm = object(object(info)['Swarm']);
  const own = list(swarm['RemoteManagers'])
    .map(object)
    .find((one) => one['NodeID'] === swarm['NodeID']);
  return own && filled(own['Addr']);
}

function readNode(raw: unknown): SwarmNode {
  const node = object(raw);
  const spec = object(node['Spec']);
  const status = object(node['Status']);
  const description = object(node['Description']);
  const manager = object(node['ManagerStatus']);
  const address = filled(status['Addr']);
  return {
    id: text(node['ID']),
    name: text(description['Hostname']),
    role: spec['Role'] === 'manager' ? 'manager' : 'worker',
    leader: manager['Leader'] === true,
    reachable: manager['Reachability'] === 'reachable',
    availability: text(spec['Availability']),
    state: text(status['State']),
    // Some engines know of a manager only where it listens.
    address: address === undefined || address === '0.0.0.0' ? text(manager['Addr']).replace(/:\d+$/, '') : address,
    engineVersion: text(object(description['Engine'])['EngineVersion']),
  };
}

function readService(raw: unknown): SwarmService {
  const service = object(raw);
  const spec = object(service['Spec']);
  const template = object(object(spec['TaskTemplate'])['ContainerSpec']);
  const replicas = object(object(spec['Mode'])['Replicated'])['Replicas'];
  return {
    id: text(service['ID']),
    name: text(spec['Name']),
    image: text(template['Image']).replace(/@.*$/, ''),
    ...(typeof replicas === 'number' ? { replicas } : {}),
    ports: list(object(service['Endpoint'])['Ports'])
      .map(object)
      .map((port) => ({
        containerPort: natural(port['TargetPort']),
        publishedPort: natural(port['PublishedPort']),
        protocol: protocolOf(port['Protocol']),
        mode: port['PublishMode'] === 'host' ? 'host' : 'ingress',
      })),
  };
}

function protocolOf(value: unknown): 'tcp' | 'udp' | 'sctp' {
  return value === 'udp' || value === 'sctp' ? value : 'tcp';
}

import type { LegacyLink } from '../topology/model.ts';

/**
 * What a person asks of an engine, as plain data: forms make them, `dockerCommand.ts` words them as the docker command,
 * and `engine/docker` sends them. Options that are absent or empty are left to the engine.
 */

export interface PoolSpec {
  /** CIDR. */
  readonly subnet: string;
  /** CIDR inside `subnet` that addresses are given out from. */
  readonly ipRange?: string;
  readonly gateway?: string;
  /** Name → address that is never given out. */
  readonly auxiliaryAddresses: Readonly<Record<string, string>>;
}

/** `docker network create`. */
export interface NetworkSpec {
  readonly name: string;
  readonly driver: string;
  /** None: the engine chooses. */
  readonly pools: readonly PoolSpec[];
  readonly ipv6: boolean;
  readonly internal: boolean;
  readonly attachable: boolean;
  /** Driver options (`--opt`). */
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** One seat of a container on a network: `docker network connect`, or the network part of `docker run`. */
export interface EndpointSpec {
  readonly aliases: readonly string[];
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly mac?: string;
  readonly links: readonly LegacyLink[];
  readonly driverOptions: Readonly<Record<string, string>>;
  /** API 1.48 and later. */
  readonly gatewayPriority?: number;
}

/** One `--publish`, ranges taken apart but for the one of `hostPortEnd`. */
export interface PublishSpec {
  readonly containerPort: number;
  readonly protocol: Protocol;
  /** Absent: all addresses of the host. */
  readonly hostIp?: string;
  /** Absent: the engine takes a free one. */
  readonly hostPort?: number;
  /** The last of the host ports, from `hostPort` on, of which the engine takes a free one: `8000-8010:80`. */
  readonly hostPortEnd?: number;
}

export type Protocol = 'tcp' | 'udp' | 'sctp';

/** `--network` of `docker run`; containers and networks by id, with the name that the command shows. */
export type RunMode =
  | { readonly kind: 'bridge' }
  | { readonly kind: 'host' }
  | { readonly kind: 'none' }
  | { readonly kind: 'container'; readonly id: string; readonly name: string }
  | { readonly kind: 'network'; readonly id: string; readonly name: string };

export type RestartPolicy = 'no' | 'always' | 'unless-stopped' | 'on-failure';

/** `docker run --detach`. */
export interface RunSpec {
  readonly image: string;
  /** Empty: the engine makes one up. */
  readonly name: string;
  readonly mode: RunMode;
  readonly endpoint: EndpointSpec;
  readonly ports: readonly PublishSpec[];
  /** `NAME=value`, or `NAME` alone to unset what the image sets. */
  readonly environment: readonly string[];
  readonly restart: RestartPolicy;
  /** Empty: what the image says. */
  readonly command: readonly string[];
  /** `--tty`: the log is then raw bytes of a terminal. */
  readonly tty: boolean;
  /** `--rm`. */
  readonly removeWhenStopped: boolean;
}

/** `ingress`: every node listens and leads to a task (the routing mesh). `host`: only nodes that run a task listen. */
export type PublishMode = 'ingress' | 'host';

/** One `--publish` of a service. */
export interface ServicePort {
  readonly containerPort: number;
  readonly protocol: Protocol;
  /** Absent: the swarm takes a free one. */
  readonly publishedPort?: number;
}

/** `docker service create`, of a replicated service. */
export interface ServiceSpec {
  readonly image: string;
  /** Empty: the engine makes one up. */
  readonly name: string;
  /** One of the swarm's, by id, with the name that the command shows. Absent: the default bridge of each node. */
  readonly network?: { readonly id: string; readonly name: string };
  readonly replicas: number;
  readonly ports: readonly ServicePort[];
  /** Of all of them. */
  readonly publishMode: PublishMode;
  /** As in `RunSpec`. */
  readonly environment: readonly string[];
  /** Empty: what the image says. */
  readonly command: readonly string[];
}

export type NodeRole = 'worker' | 'manager';

/** What makes another machine a node of a swarm. The token is a secret: whoever has it and reaches the manager can join. */
export interface JoinToken {
  readonly token: string;
  /** `address:port` of a manager. */
  readonly address: string;
}

/** Any change that a person can ask for, with the names that its docker command shows. */
export type Action =
  | { readonly kind: 'createNetwork'; readonly spec: NetworkSpec }
  | { readonly kind: 'removeNetworks'; readonly names: readonly string[] }
  | {
      readonly kind: 'connect';
      readonly network: string;
      readonly container: string;
      readonly spec: EndpointSpec;
    }
  | { readonly kind: 'disconnect'; readonly network: string; readonly container: string; readonly force: boolean }
  | { readonly kind: 'run'; readonly spec: RunSpec }
  | { readonly kind: 'state'; readonly change: StateChange; readonly containers: readonly string[] }
  | {
      readonly kind: 'removeContainers';
      readonly containers: readonly string[];
      readonly force: boolean;
      readonly volumes: boolean;
    }
  | { readonly kind: 'rename'; readonly container: string; readonly name: string }
  | { readonly kind: 'pull'; readonly image: string }
  | { readonly kind: 'swarmInit'; readonly advertiseAddress: string }
  | { readonly kind: 'swarmLeave'; readonly force: boolean }
  | { readonly kind: 'createService'; readonly spec: ServiceSpec }
  | { readonly kind: 'removeServices'; readonly names: readonly string[] };

export type StateChange = 'start' | 'stop' | 'restart' | 'pause' | 'unpause';

import type { Problem } from './problem.ts';
import { parsePublish } from './publish.ts';
import type { Protocol, PublishMode, ServicePort } from './specs.ts';

/** Why a line of ports cannot be a service's: what no port is, and what a swarm does not know. */
export type ServicePortsProblem =
  | Problem
  /** A swarm publishes on all addresses of a node. */
  | { readonly kind: 'hostAddress'; readonly text: string }
  /** A swarm chooses none of several ports. */
  | { readonly kind: 'hostRange'; readonly text: string };

export type ParsedServicePorts =
  | { readonly value: readonly ServicePort[]; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: ServicePortsProblem };

/** `8080:80`, `80`, `8000-8002:80-82/udp`, several separated by commas: the forms of `parsePublish` that a service can have. */
export function parseServicePorts(text: string): ParsedServicePorts {
  const parsed = parsePublish(text);
  if (parsed.problem !== undefined) return parsed;
  const ports: ServicePort[] = [];
  for (const { containerPort, protocol, hostIp, hostPort, hostPortEnd } of parsed.value) {
    if (hostIp !== undefined) return { problem: { kind: 'hostAddress', text: hostIp } };
    if (hostPort !== undefined && hostPortEnd !== undefined)
      return { problem: { kind: 'hostRange', text: `${hostPort}-${hostPortEnd}` } };
    ports.push({ containerPort, protocol, ...(hostPort === undefined ? {} : { publishedPort: hostPort }) });
  }
  return { value: ports };
}

/** A port that a service of the swarm has already. */
export interface TakenPort {
  readonly service: string;
  readonly publishedPort: number;
  readonly protocol: Protocol;
  readonly mode: PublishMode;
}

/**
 * The service that the swarm would name when it refuses a port: one of the routing mesh belongs to one service on all
 * nodes; two services may have one of host mode, each on nodes of its own. Source: checkPortConflicts,
 * manager/controlapi/service.go of swarmkit.
 */
export function servicePortConflict(
  { publishedPort, protocol }: ServicePort,
  mode: PublishMode,
  taken: readonly TakenPort[],
): TakenPort | undefined {
  return taken.find(
    (one) =>
      one.publishedPort === publishedPort &&
      one.protocol === protocol &&
      (mode === 'ingress' || one.mode === 'ingress'),
  );
}

import type { EngineInfo, SwarmNode } from '../../topology/model.ts';
import { defined, filled, list, object, text } from './json.ts';
import { isPodman } from './podman.ts';

/** `GET /version` and `GET /info` together; `info` may be empty where a socket proxy keeps it back. */
export function normalizeEngine(rawVersion: unknown, rawInfo: unknown, apiVersion: string): EngineInfo {
  const version = object(rawVersion);
  const info = object(rawInfo);
  return {
    id: text(info['ID']),
    name: text(info['Name']),
    version: filled(version['Version']) ?? text(info['ServerVersion']),
    apiVersion,
    os: filled(info['OSType']) ?? filled(version['Os']) ?? 'linux',
    operatingSystem: text(info['OperatingSystem']),
    kernelVersion: filled(info['KernelVersion']) ?? text(version['KernelVersion']),
    rootless: list(info['SecurityOptions']).some((option) => /(^|,)name=rootless(,|$)/.test(text(option))),
    swarm: filled(object(info['Swarm'])['LocalNodeState']) ?? 'inactive',
    ...(isPodman(version) ? { flavour: 'podman' } : {}),
    ...defined({
      swarmNode: swarmNode(info['Swarm']),
      // What is between `//` and `@` is a secret.
      clusterStore: filled(text(info['ClusterStore']).replace(/(\/\/|,)[^/,]*@/g, '$1')),
      clusterAdvertise: filled(info['ClusterAdvertise']),
      firewall: filled(object(info['FirewallBackend'])['Driver']),
    }),
  };
}

function swarmNode(raw: unknown): SwarmNode | undefined {
  const swarm = object(raw);
  const id = filled(swarm['NodeID']);
  const address = filled(swarm['NodeAddr']);
  if (id === undefined || address === undefined) return undefined;
  return { id, address, manager: swarm['ControlAvailable'] === true };
}

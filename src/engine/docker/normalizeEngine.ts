import type { EngineInfo } from '../../topology/model.ts';
import { filled, list, object, text } from './json.ts';

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
  };
}

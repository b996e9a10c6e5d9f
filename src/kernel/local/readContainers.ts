import type { KernelContainer } from '../kernel.ts';
import { readByIp, readContainer, type ContainerReading, type KnownContainer } from './containerNamespace.ts';
import type { EngineNamespace } from './engineNamespace.ts';
import type { HostSources } from './hostNamespace.ts';
import { readKnownContainer } from './knownContainer.ts';

/** `nsenter` and `ip` cost some 10 ms a container: no more than these in one read. */
const ipFallbacks = 16;
const ipFallbacksAtOnce = 4;

/** Key of the namespace that each sysfs instance shows, with the container that told; none for the engine's own. */
export type Devices = ReadonlyMap<string, { readonly key: number; readonly containerId: string | undefined }>;

/** What is known before the containers are read. */
export interface KnownContainers {
  readonly engine: EngineNamespace;
  readonly devices: Devices;
  /** What stays true of a container for as long as its process lives, by its id. */
  readonly known: ReadonlyMap<string, KnownContainer>;
}

export interface ContainersReading {
  readonly readings: readonly ContainerReading[];
  readonly devices: Devices;
  readonly known: ReadonlyMap<string, KnownContainer>;
  /** Whether a sysfs was refused that an earlier read had believed to be another container's. */
  readonly contested: boolean;
}

/** All of these containers, one after another. */
export async function readContainers(
  located: readonly KernelContainer[],
  before: KnownContainers,
  from: HostSources,
): Promise<ContainersReading> {
  const devices = new Map(before.devices);
  for (const { id } of located) {
    const { tables, sysfs } = before.known.get(id) ?? {};
    if (tables !== undefined && sysfs !== undefined) devices.set(sysfs.device, { key: tables.key, containerId: id });
  }
  const believed = new Set(devices.keys());
  const keys = new Map([...devices].map(([device, { key }]) => [device, key]));
  const readings = new Map<string, ContainerReading>();
  const readOne = (container: KernelContainer, known?: KnownContainer): ContainerReading | undefined => {
    const reading =
      (known && readKnownContainer(from.proc, known)) ??
      readContainer(from.proc, container, { engineKey: before.engine.key, devices: keys });
    if (reading === undefined) readings.delete(container.id);
    else readings.set(container.id, reading);
    if (reading?.sysfsDevice !== undefined && !devices.has(reading.sysfsDevice)) {
      devices.set(reading.sysfsDevice, { key: reading.key, containerId: container.id });
      keys.set(reading.sysfsDevice, reading.key);
    }
    return reading;
  };

  const contested = new Set<string>();
  for (const container of located) {
    const refused = readOne(container, before.known.get(container.id))?.refusedDevice;
    if (refused !== undefined && devices.get(refused)?.containerId !== undefined) contested.add(refused);
    await from.pacer.rest();
  }
  // Two namespaces claim one sysfs instance: whoever came first need not be the one that it shows.
  for (const device of contested) keys.set(device, -1);
  for (const { container, sysfsDevice } of [...readings.values()]) {
    if (sysfsDevice !== undefined && contested.has(sysfsDevice)) readOne(container);
    await from.pacer.rest();
  }
  for (const device of contested) devices.delete(device);

  const wanting = [...readings.values()].filter(({ wantsIp }) => wantsIp).slice(0, ipFallbacks);
  for (let at = 0; at < wanting.length; at += ipFallbacksAtOnce) {
    const batch = wanting.slice(at, at + ipFallbacksAtOnce);
    const exact = await Promise.all(batch.map((reading) => readByIp(from.proc, reading, from.ip, from.signal)));
    for (const reading of exact) readings.set(reading.container.id, reading);
    await from.pacer.rest();
  }
  const known = new Map([...readings].flatMap(([id, reading]) => (reading.known ? [[id, reading.known]] : [])));
  return {
    readings: [...readings.values()],
    devices,
    known,
    contested: [...contested].some((device) => believed.has(device)),
  };
}

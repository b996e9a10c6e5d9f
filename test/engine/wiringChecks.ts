import { graphOf } from '../../src/topology/graph.ts';
import type { Snapshot, Wire } from '../../src/topology/model.ts';
import type { TrueSystemWire, TrueWire } from '../lab/oracle.ts';
import { wrongWires } from './compareWires.ts';
import type { Reader } from './wiringReaders.ts';

/** What the oracle says of one engine. */
export interface Truth {
  readonly wires: readonly TrueWire[];
  /** To docker_gwbridge. */
  readonly gateways: readonly TrueWire[];
  /** Of the swarm's own namespaces. */
  readonly system: readonly TrueSystemWire[];
}

/** What is wrong with a snapshot, for whoever read it. Who lists no candidates at all claims nothing: that is not wrong. */
export function wrongClaims({ wires }: Snapshot, truth: readonly TrueWire[]): readonly string[] {
  const claims = wires.map((wire): Wire => {
    if (wire.confidence !== 'unknown' || wire.candidates.length > 0) return wire;
    const right = trueOf(wire, truth);
    return right === undefined ? wire : { ...wire, candidates: [right.hostLink.name] };
  });
  const elsewhere = wires.flatMap((wire) => {
    const right = trueOf(wire, truth);
    return wire.hostLink === undefined || wire.sandbox === right?.sandbox
      ? []
      : [`${right?.containerName} on ${right?.networkName}: in ${wire.sandbox}, not ${right?.sandbox}`];
  });
  return [...wrongWires(claims, truth), ...elsewhere];
}

/** Of these wires all that are not `exact` at both ends, each with why. */
export function inexactWires(wires: readonly Wire[], truth: readonly TrueWire[]): readonly string[] {
  return wires
    .filter(({ confidence, containerLink }) => confidence !== 'exact' || containerLink === undefined)
    .map((wire) => {
      const right = trueOf(wire, truth);
      return `${right?.containerName} on ${right?.networkName}: ${wire.confidence} (${JSON.stringify(wire.evidence)})`;
    });
}

/** Wires that this reader has to prove, and did not. */
export function unprovenWires({ wires }: Snapshot, truth: readonly TrueWire[], reader: Reader): readonly string[] {
  if (!reader.decides) return [];
  return inexactWires(
    wires.filter(({ kind }) => kind !== 'overlay' || reader.entersSandboxes),
    truth,
  );
}

/** What the diagram draws wrong: a host end of another, or a way to docker_gwbridge that it should know. */
export function wrongEdges(snapshot: Snapshot, { wires, gateways }: Truth, reader: Reader): readonly string[] {
  const edges = graphOf(snapshot).edges.filter((edge) => edge.kind === 'wire');
  const lies = edges.flatMap(({ id, networkId, hostLink }) => {
    const isTrue = (one: TrueWire): boolean =>
      one.networkId === networkId && one.hostLink.name === hostLink?.name && one.hostLink.ifindex === hostLink.ifindex;
    return hostLink === undefined || [...wires, ...gateways].some(isTrue) ? [] : [`${id} leads to ${hostLink.name}`];
  });
  const missing = gateways.filter(({ containerId, containerLink, hostLink }) => {
    const id = `wire:${containerId}/${containerLink.name}`;
    return !edges.some((edge) => edge.id === id && edge.hostLink?.name === hostLink.name);
  });
  return [
    ...lies,
    ...(reader.decides ? missing.map(({ containerName }) => `${containerName} has no way to docker_gwbridge`) : []),
  ];
}

/** Veths of the swarm's own namespaces that are taken for a container's, or not seen by who looks there. */
export function wrongSystemWires(snapshot: Snapshot, { system }: Truth, reader: Reader): readonly string[] {
  const view = snapshot.kernel.kind === 'read' ? snapshot.kernel.view : undefined;
  return system.flatMap(({ namespace, link, hostLink, bridge, sandbox }) => {
    const what = `${link} of ${namespace}`;
    const thief = snapshot.wires.find(
      (wire) => wire.hostLink?.ifindex === hostLink.ifindex && wire.sandbox === sandbox && wire.kind !== 'macvlan',
    );
    const looks = sandbox === undefined ? view?.host.links.length !== 0 : reader.entersSandboxes;
    const links =
      sandbox === undefined ? view?.host.links : view?.sandboxes?.find(({ name }) => name === sandbox)?.links;
    const seen = links?.find(({ ifindex }) => ifindex === hostLink.ifindex);
    const isSeen = seen?.name === hostLink.name && seen.master === bridge;
    return [
      ...(thief === undefined ? [] : [`${what} is taken for that of ${thief.containerId.slice(0, 12)}`]),
      ...(looks && !isSeen ? [`${what} is ${seen?.name} on ${seen?.master}, not ${hostLink.name} on ${bridge}`] : []),
    ];
  });
}

function trueOf(wire: Wire, truth: readonly TrueWire[]): TrueWire | undefined {
  return truth.find(({ containerId, networkId }) => containerId === wire.containerId && networkId === wire.networkId);
}

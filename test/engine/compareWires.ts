import type { Wire } from '../../src/topology/model.ts';
import type { TrueWire } from '../lab/oracle.ts';

/** What is wrong with the product's wires: one sentence each, none if all is well. */
export function wrongWires(wires: readonly Wire[], truth: readonly TrueWire[]): readonly string[] {
  const problems: string[] = [];
  for (const one of truth) {
    const what = `${one.containerName} on ${one.networkName}`;
    const mine = wires.filter(
      ({ containerId, networkId }) => containerId === one.containerId && networkId === one.networkId,
    );
    const [wire] = mine;
    if (wire === undefined || mine.length > 1) problems.push(`${what}: ${mine.length} wires`);
    else problems.push(...wrongParts(wire, one).map((problem) => `${what}: ${problem}`));
  }
  for (const { containerId, networkId } of wires) {
    const known = truth.some((one) => one.containerId === containerId && one.networkId === networkId);
    if (!known) problems.push(`a wire that does not exist: ${containerId.slice(0, 12)} on ${networkId.slice(0, 12)}`);
  }
  return problems;
}

function wrongParts(wire: Wire, truth: TrueWire): readonly string[] {
  const problems: string[] = [];
  const because = JSON.stringify(wire.evidence);
  if (wire.kind !== truth.kind) problems.push(`kind ${wire.kind}, not ${truth.kind}`);
  if (wire.confidence === 'unknown') {
    if (wire.hostLink !== undefined) problems.push(`unknown, and yet ${wire.hostLink.name} is named`);
    if (!wire.candidates.includes(truth.hostLink.name)) {
      problems.push(`unknown, and ${truth.hostLink.name} is not among [${wire.candidates.join(', ')}] (${because})`);
    }
  } else {
    const [mine, right] = [show(wire.hostLink), show(truth.hostLink)];
    if (mine !== right) problems.push(`${wire.confidence} host link ${mine}, not ${right} (${because})`);
    if (wire.bridge !== truth.bridge)
      problems.push(`${wire.confidence} bridge ${wire.bridge}, not ${truth.bridge} (${because})`);
  }
  // Also where the host end is unknown: an interface that is named has to be the right one.
  if (wire.containerLink !== undefined && show(wire.containerLink) !== show(truth.containerLink)) {
    problems.push(`interface ${show(wire.containerLink)}, not ${show(truth.containerLink)} (${because})`);
  }
  return problems;
}

function show(link: { readonly name: string; readonly ifindex: number } | undefined): string {
  return link === undefined ? 'none' : `${link.name} (${link.ifindex})`;
}

/** `container on network` of the wires of which the product does not know both ends. */
export function unknownWires(wires: readonly Wire[], truth: readonly TrueWire[]): readonly string[] {
  return wires
    .filter(({ confidence, containerLink }) => confidence === 'unknown' || containerLink === undefined)
    .map((wire) => {
      const one = truth.find(
        ({ containerId, networkId }) => containerId === wire.containerId && networkId === wire.networkId,
      );
      return `${one?.containerName ?? wire.containerId} on ${one?.networkName ?? wire.networkId}`;
    });
}

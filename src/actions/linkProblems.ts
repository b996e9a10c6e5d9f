import { bridgeName, parentName } from '../topology/bridgeName.ts';
import type { Link, Snapshot } from '../topology/model.ts';
import { isDockerBefore } from './driverOptions.ts';
import { linkNameProblem } from './nameProblems.ts';
import type { Problem } from './problem.ts';

/**
 * The name of the Linux bridge that a new network makes; empty is no problem. An existing name is more than a nuisance:
 * Docker 20.10 takes `docker0` and, with the new network, later removes it.
 */
export function bridgeNameProblem(text: string, snapshot: Snapshot): Problem | undefined {
  const problem = linkNameProblem(text);
  if (problem !== undefined || text === '') return problem;
  const taken =
    hostLink(text, snapshot) !== undefined || snapshot.networks.some((network) => bridgeName(network) === text);
  return taken ? { kind: 'linkNameTaken', name: text } : undefined;
}

export interface ParentWish {
  readonly driver: string;
  /** Empty: a network without a way out. */
  readonly parent: string;
  readonly vlanId: string;
  readonly mode: string;
}

/** The name of the link that the containers' links are made on: the VLAN's, `eth0.10`, where there is one. */
export function fullParent({ parent, vlanId }: Pick<ParentWish, 'parent' | 'vlanId'>): string {
  return vlanId === '' ? parent : `${parent}.${vlanId}`;
}

/** The parent of a macvlan or ipvlan network. Without a kernel view it is not known which links there are. */
export function parentProblem(wish: ParentWish, snapshot: Snapshot): Problem | undefined {
  const { parent, vlanId } = wish;
  if (parent === '') return vlanId === '' ? undefined : { kind: 'empty' };
  const name = fullParent(wish);
  const link = hostLink(parent, snapshot);
  // The engine makes the link of a VLAN, also where all of its name was typed as the parent.
  const lower = parent.slice(0, Math.max(0, parent.lastIndexOf('.')));
  const found = link ?? hostLink(name, snapshot) ?? hostLink(lower, snapshot);
  if (snapshot.kernel.kind === 'read' && found === undefined) return { kind: 'unknownParent', name: parent };
  if (link?.kind === 'loopback' || parent === 'lo') return { kind: 'loopbackParent', name: parent };
  const other = snapshot.networks.find((network) => parentName(network) === name && !shares(wish, network, snapshot));
  return other && { kind: 'parentTaken', name, network: other.name };
}

/**
 * Whether two networks can have one parent: several macvlans can since Docker 27, unless one is passthru; several
 * ipvlans cannot; of the two kinds the kernel has one at a time on a link.
 * Source: createNetwork in libnetwork/drivers/{macvlan,ipvlan}.
 */
function shares(
  wish: ParentWish,
  other: { readonly driver: string; readonly options: Readonly<Record<string, string>> },
  { engine }: Snapshot,
): boolean {
  if (wish.driver !== 'macvlan' || other.driver !== 'macvlan') return false;
  return (
    !isDockerBefore(27, engine.version) && wish.mode !== 'passthru' && other.options['macvlan_mode'] !== 'passthru'
  );
}

function hostLink(name: string, { kernel }: Snapshot): Link | undefined {
  return kernel.kind === 'read' ? kernel.view.host.links.find((link) => link.name === name) : undefined;
}

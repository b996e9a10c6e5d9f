/** What a swarm loses when a node leaves it. */
export type LeaveImpact =
  /** Its tasks start again elsewhere. */
  | 'worker'
  /** One of several managers: the others go on. */
  | 'manager'
  /** The managers that are left are no majority: nothing can be changed any more, and what runs goes on. */
  | 'majority'
  /** The swarm itself, with all that is kept in it. */
  | 'swarm';

/**
 * A manager that leaves still counts until it is demoted or removed by another one, so the rest has to be a majority of
 * all. `managers`: all of them; `reachable`: those that answer, this one among them.
 */
export function leaveImpact(node: {
  readonly manager: boolean;
  readonly managers: number;
  readonly reachable: number;
}): LeaveImpact {
  if (!node.manager) return 'worker';
  if (node.managers <= 1) return 'swarm';
  const majority = Math.floor(node.managers / 2) + 1;
  return node.reachable - 1 < majority ? 'majority' : 'manager';
}

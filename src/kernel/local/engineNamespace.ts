import type { KernelAbsence } from '../../topology/model.ts';
import type { DaemonFacts, EngineFacts, ProcessFacts } from './engineFacts.ts';

export interface EngineNamespace {
  /** A process of the engine's network namespace. */
  readonly process: 'self' | number;
  readonly key: number;
  /**
   * The engine's own process, where it was found by its socket: proof of the same machine, too. It may see other files
   * than another process of its network namespace.
   */
  readonly owner?: number;
}

/** Path of the root directory that the engine sees; undefined where another process of its namespace may see another one. */
export function rootOf({ process, owner }: EngineNamespace): string | undefined {
  if (owner !== undefined) return `/proc/${owner}/root`;
  return process === 'self' ? '' : undefined;
}

export type Decision =
  | { readonly kind: 'found'; readonly namespace: EngineNamespace }
  | { readonly kind: 'absent'; readonly reason: KernelAbsence; readonly because: string };

/**
 * Which network namespace the engine's bridges are in. Reading another one would draw false wires, and names prove
 * nothing: every engine has a docker0, every engine in a container binds /var/run/docker.sock, and since Docker 28
 * every container's eth0 has index 2. So each rule rests on a link that the kernel makes between two things:
 *
 * 1. Owner. A dockerd (or podman) holds, as an open file, the listening socket whose file is the very one (device and inode) that
 *    we talk to: it *is* the engine, and its namespace is the one. Needs the right to look into the process. Of podman,
 *    whose threads may be in several, those of rule 2 must agree.
 * 2. Runtime. The parents (containerd-shim, conmon) of containers that `sameMachine` proved to be this engine's live
 *    in one namespace, readable by anyone. They come from containerd and not from the engine itself, so it also takes
 *    the engine: a dockerd in that namespace wherever one is visible, and the engine's socket bound in it; without
 *    the socket (a proxy, a bind mount under another name) only where no dockerd is anywhere else. Podman's conmon comes
 *    from the engine itself, whose process is not needed but while it is asked: there the socket decides.
 * 3. Nothing runs. Our own namespace, if it has all the bridges and the socket, if the only namespace with a dockerd
 *    is ours, and if that dockerd's user owns the socket; a tunnel to a remote engine is the user's own. As docker0
 *    alone tells no engine from another, it also takes a bridge named after a network's id, or the well-known socket.
 *
 * Always: if the engine names bridges, at least one is there (a person may have deleted one by hand: not all), and
 * our own namespace is the engine's only if the engine is in our user namespace. A rootless engine that works in a
 * namespace without processes (`--detach-netns`) fails by that, as it has to.
 */
export function judge(facts: EngineFacts, bridges: readonly string[]): Decision {
  const owners = facts.daemons.filter((daemon) => daemon.ownsSocket === true);
  if (owners.length > 0) return byOwner(facts, owners, bridges);
  if (facts.runtimes.length > 0) return byRuntime(facts, bridges);
  return byNothingElse(facts, bridges);
}

/**
 * Whether the facts about some daemons alone prove a namespace, whatever others there are. They do where the owner is
 * among them, and where one of them is in the namespace of the runtime, which also has the socket: `byRuntime` then
 * asks for no other. (Another one could own the socket only if its file were another one: compare that first.)
 */
export function isProven(decision: Decision, facts: EngineFacts): boolean {
  if (decision.kind === 'absent') return false;
  if (decision.namespace.owner !== undefined) return true;
  const [runtime] = facts.runtimes;
  return runtime !== undefined && runtime.hasSocket && facts.daemons.some(({ key }) => key === runtime.key);
}

function byOwner(facts: EngineFacts, owners: readonly DaemonFacts[], bridges: readonly string[]): Decision {
  const [owner] = owners;
  if (owner === undefined || owners.some(({ key }) => key !== owner.key)) {
    return absent('unproven', `processes ${pids(owners)} hold the socket in several network namespaces`);
  }
  const strayed = owner.name === 'podman' ? facts.runtimes.filter(({ key }) => key !== owner.key) : [];
  if (strayed.length > 0) {
    return absent(
      'unproven',
      `podman (${owner.process}) and the parents of its containers, ${pids(strayed)}, live in several network namespaces`,
    );
  }
  return accept(facts, owner, bridges, true);
}

function byRuntime(facts: EngineFacts, bridges: readonly string[]): Decision {
  const [runtime] = facts.runtimes;
  if (runtime === undefined || facts.runtimes.length > 1) {
    return absent(
      'unproven',
      `the parents of its containers, ${pids(facts.runtimes)}, live in several network namespaces`,
    );
  }
  const daemons = runtime.isConmon ? [] : facts.daemons;
  const elsewhere = daemons.filter(({ key }) => key !== runtime.key);
  const hasDaemon = elsewhere.length < daemons.length;
  if (daemons.length > 0 && !hasDaemon) {
    return absent(
      'otherNamespace',
      `dockerd (${pids(elsewhere)}) is not in the namespace of process ${runtime.process}, which runs its containers`,
    );
  }
  if (!runtime.hasSocket && (!hasDaemon || elsewhere.length > 0)) {
    return absent(
      'otherNamespace',
      `nobody listens on ${facts.socketPath} in the namespace of process ${runtime.process}, which runs its containers`,
    );
  }
  return accept(facts, runtime, bridges, false);
}

function byNothingElse(facts: EngineFacts, bridges: readonly string[]): Decision {
  const { self, daemons } = facts;
  const unproven = (because: string): Decision => absent('unproven', `no container of it runs, and ${because}`);
  const [daemon] = daemons;
  if (daemon === undefined) return unproven('no dockerd is visible');
  if (daemons.some(({ key }) => key !== self.key))
    return unproven(`dockerd (${pids(daemons)}) is in another network namespace`);
  if (!self.hasSocket) return unproven(`nobody listens on ${facts.socketPath} in this network namespace`);
  if (!daemons.some(({ uid }) => uid === facts.socketUid))
    return unproven('its socket is not that of the dockerd that runs here');
  if (!bridges.every((name) => self.links.has(name)))
    return unproven('not all of its bridges are in this network namespace');
  const telling = bridges.some((name) => /^br-[0-9a-f]{12}$/.test(name));
  if (!telling && !/^(\/var)?\/run\/docker\.sock$/.test(facts.socketPath))
    return unproven('its bridges could be those of another engine');
  return accept(facts, daemon, bridges, false);
}

function accept(facts: EngineFacts, found: ProcessFacts, bridges: readonly string[], byOwner: boolean): Decision {
  const isOurs = found.key === facts.self.key;
  if (isOurs && found.uidMap !== facts.self.uidMap) {
    return absent(
      'otherNamespace',
      `process ${found.process} of the engine is in another user namespace: its bridges are not in this network namespace`,
    );
  }
  if (bridges.length > 0 && !bridges.some((name) => found.links.has(name))) {
    return absent('otherNamespace', `none of its bridges is in the network namespace of process ${found.process}`);
  }
  const owner = byOwner && typeof found.process === 'number' ? { owner: found.process } : {};
  return { kind: 'found', namespace: { process: isOurs ? 'self' : found.process, key: found.key, ...owner } };
}

function absent(reason: KernelAbsence, because: string): Decision {
  return { kind: 'absent', reason, because };
}

function pids(processes: readonly ProcessFacts[]): string {
  return processes.map(({ process }) => process).join(', ');
}

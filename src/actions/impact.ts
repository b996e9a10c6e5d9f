import { isBuiltIn } from '../topology/builtIn.ts';
import { isPlugged, type Container, type LegacyLink, type Network, type Snapshot } from '../topology/model.ts';

/** A container that loses something when others stop or go. */
export type Breakage =
  /** It lives in the network namespace of one of them. */
  | { readonly kind: 'sharesNamespace'; readonly container: Container; readonly owner: Container }
  /** It has a `--link` to one of them; `network` is absent for one on the default bridge. */
  | {
      readonly kind: 'links';
      readonly container: Container;
      readonly target: Container;
      readonly alias: string;
      readonly network?: string;
    };

/**
 * The containers that lean on the given ones, in any state: one that is stopped cannot start again without them.
 * The given ones themselves are left out.
 */
export function whoBreaks(snapshot: Snapshot, containerIds: readonly string[]): readonly Breakage[] {
  const going = snapshot.containers.filter(({ id }) => containerIds.includes(id));
  return snapshot.containers
    .filter(({ id }) => !containerIds.includes(id))
    .flatMap((container) => [...sharing(container, going), ...linking(container, going)]);
}

function sharing(container: Container, going: readonly Container[]): readonly Breakage[] {
  if (container.mode.kind !== 'container') return [];
  const owner = called(container.mode.ownerId, going);
  return owner === undefined ? [] : [{ kind: 'sharesNamespace', container, owner }];
}

function linking(container: Container, going: readonly Container[]): readonly Breakage[] {
  const breakages = (links: readonly LegacyLink[], network: { readonly network?: string }): Breakage[] =>
    links.flatMap(({ target: name, alias }) => {
      const target = called(name, going);
      return target === undefined ? [] : [{ kind: 'links', container, target, alias, ...network }];
    });
  return [
    ...breakages(container.links, {}),
    ...container.endpoints.flatMap(({ links, networkName }) => breakages(links, { network: networkName })),
  ];
}

/** By name, id, or the start of an id: links and modes of stopped containers are kept as they were typed. */
function called(reference: string, containers: readonly Container[]): Container | undefined {
  return (
    containers.find(({ id, name }) => id === reference || name === reference) ??
    (/^[0-9a-f]{12,}$/.test(reference) ? containers.find(({ id }) => id.startsWith(reference)) : undefined)
  );
}

/**
 * What `docker network prune` would remove. Measured on Docker 20.10 and 28.5: it does not look at containers that do
 * not run, so a network that only stopped ones are on goes too, and they cannot start then. The engine also keeps a
 * swarm's network that a service uses, which no snapshot tells: for one of scope `swarm` its answer is the true one.
 * Source: localNetworksPrune and clusterNetworksPrune, daemon/prune.go.
 * Podman keeps those of stopped containers too (NetworkPrune, pkg/domain/infra/abi/network.go).
 */
export function unusedNetworks(snapshot: Snapshot): readonly Network[] {
  const isPodman = snapshot.engine.flavour === 'podman';
  const used = new Set(
    snapshot.containers.flatMap(({ endpoints }) =>
      // Not plugged: the container does not run, or it failed to connect and the engine kept the wish.
      endpoints.filter((seat) => isPodman || isPlugged(seat)).map(({ networkId }) => networkId),
    ),
  );
  return snapshot.networks.filter((network) => !used.has(network.id) && !isKept(network, snapshot.engine.swarm));
}

function isKept(network: Network, swarm: string): boolean {
  if (isBuiltIn(network)) return true;
  if (['bridge', 'host', 'none', 'default'].includes(network.name) || network.ingress) return true;
  // Windows' own; and of driver `null` there is `none` and what `--config-only` made, which are kept both.
  if (network.driver === 'null' || (network.driver === 'nat' && network.name === 'nat')) return true;
  // The swarm's sandbox is on it, which is no container.
  return network.name === 'docker_gwbridge' && swarm !== 'inactive' && swarm !== '';
}

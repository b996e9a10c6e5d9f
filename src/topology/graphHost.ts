import { parentName } from './bridgeName.ts';
import type { HostLinkNode, LinkFacts } from './graphModel.ts';
import type { KernelView, Link, Snapshot, Wire } from './model.ts';

/** An interface of a container and the veth of the host that is its other end, both proven, without a seat. */
export interface LooseEnd {
  readonly containerIds: readonly string[];
  readonly inside: Link;
  readonly outside: Link;
}

/** What the engine's own namespace has to show beside networks and containers. */
export interface HostParts {
  readonly byName: ReadonlyMap<string, Link>;
  readonly bridges: readonly Link[];
  /** Links that are drawn on their own: no loopback, no bridge, no container's veth. */
  readonly nodes: readonly HostLinkNode[];
  readonly looseEnds: readonly LooseEnd[];
  /** Both ends of a veth are the host's: the lower ifindex first. */
  readonly pairs: readonly (readonly [Link, Link])[];
  /** The link that the default route of the lowest metric leaves by. */
  readonly defaultLink?: string;
}

/** Made by the kernel in every namespace when the tunnel modules are loaded. Source: net.core.fb_tunnels_only_for_init_net. */
const fallbackTunnels = new Set(
  'tunl0 gre0 gretap0 erspan0 ip_vti0 ip6_vti0 sit0 ip6tnl0 ip6gre0 ip6gretap0 ip6erspan0'.split(' '),
);
const tunnelKinds = new Set(['vxlan', 'wireguard', 'tun', 'tunnel']);
const riderKinds = new Set(['macvlan', 'macvtap', 'ipvlan', 'vlan', 'vxlan']);

/** True for links that tell nobody anything: the loopback, and fallback tunnels that nobody uses. */
export function isIdle(link: Link): boolean {
  return link.kind === 'loopback' || (fallbackTunnels.has(link.name) && link.addresses.length === 0);
}

export function linkFacts(link: Link): LinkFacts {
  const { name, ifindex, iflink, kind, mac, mtu, operState, vlanId, mode } = link;
  const isLocal = ({ address }: { readonly address: string }): number => Number(address.startsWith('fe80:'));
  return {
    name,
    ifindex,
    ...(iflink === undefined ? {} : { iflink }),
    kind,
    ...(mac === undefined ? {} : { mac }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(operState === undefined ? {} : { operState }),
    addresses: [...link.addresses]
      .sort((a, b) => isLocal(a) - isLocal(b))
      .map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    ...(vlanId === undefined ? {} : { vlanId }),
    ...(link.vxlan === undefined ? {} : { vni: link.vxlan.vni }),
    ...(mode === undefined ? {} : { mode }),
  };
}

export function isRiding({ kind }: Pick<Wire, 'kind'>): boolean {
  return kind === 'macvlan' || kind === 'ipvlan';
}

export function hostParts(snapshot: Snapshot): HostParts {
  const parents = new Set(
    snapshot.networks.flatMap((network) => (network.internal ? [] : (parentName(network) ?? []))),
  );
  if (snapshot.kernel.kind === 'absent') {
    const nodes = [...parents].map((name) => hostLinkNode(name, 'parent'));
    return { byName: new Map(), bridges: [], nodes, looseEnds: [], pairs: [] };
  }
  const { view } = snapshot.kernel;
  const { links, routes } = view.host;
  const byName = new Map(links.map((link) => [link.name, link]));
  const byIndex = new Map(links.map((link) => [link.ifindex, link]));

  const taken = new Set<string>();
  for (const wire of snapshot.wires) {
    if (wire.hostLink === undefined) for (const name of wire.candidates) taken.add(name);
    else if (!isRiding(wire) && wire.sandbox === undefined) taken.add(wire.hostLink.name);
  }
  // Candidates for the parent of a macvlan are links as any other.
  for (const name of parents) taken.delete(name);
  for (const wire of snapshot.wires) if (isRiding(wire)) for (const name of wire.candidates) taken.delete(name);

  const looseEnds = findLooseEnds(view, byIndex, taken);
  for (const { outside } of looseEnds) taken.add(outside.name);

  const shown = links.filter((link) => !isIdle(link) && link.kind !== 'bridge' && !taken.has(link.name));
  const pairs = shown.flatMap((link): (readonly [Link, Link])[] => {
    const peer = link.kind === 'veth' && link.iflink !== undefined ? byIndex.get(link.iflink) : undefined;
    const isPair = peer?.kind === 'veth' && peer.iflink === link.ifindex && isInUse(peer) && isInUse(link);
    return isPair && link.ifindex < peer.ifindex && !taken.has(peer.name) ? [[link, peer]] : [];
  });

  const gateways = new Map<string, { readonly gateway?: string; readonly metric: number }>();
  for (const route of routes) {
    if (route.destination !== 'default' || !byName.has(route.link)) continue;
    const known = gateways.get(route.link);
    if (known === undefined || route.metric < known.metric) gateways.set(route.link, route);
  }
  const [defaultLink] = [...gateways].sort(([, a], [, b]) => a.metric - b.metric)[0] ?? [];
  const under = new Set([...parents, ...links.flatMap((link) => lowerLinkOf(byIndex, link)?.name ?? [])]);
  const facts: RoleFacts = {
    gateways,
    under,
    routed: new Set(routes.flatMap(({ link, gateway }) => (gateway === undefined ? [] : link))),
    paired: new Set(pairs.flatMap(([a, b]) => [a.name, b.name])),
    undecided: undecidedOn(snapshot, view),
  };
  const nodes = shown.map((link) => ({
    ...hostLinkNode(link.name, roleOf(link, facts)),
    link: linkFacts(link),
    isDefault: gateways.has(link.name),
    ...gatewayOf(gateways.get(link.name)),
  }));
  const named = [...parents].filter((name) => !byName.has(name)).map((name) => hostLinkNode(name, 'parent'));
  return {
    byName,
    bridges: links.filter(({ kind }) => kind === 'bridge'),
    nodes: [...nodes, ...named],
    looseEnds,
    pairs,
    ...(defaultLink === undefined ? {} : { defaultLink }),
  };
}

/** What a link of the host rides on; undefined where that is nothing or in another namespace. */
export function lowerLinkOf(byIndex: ReadonlyMap<number, Link>, link: Link): Link | undefined {
  if (!riderKinds.has(link.kind) || link.peerNetnsId !== undefined || link.iflink === link.ifindex) return undefined;
  return link.iflink === undefined ? undefined : byIndex.get(link.iflink);
}

function hostLinkNode(name: string, role: HostLinkNode['role']): HostLinkNode {
  return { kind: 'link', id: linkId(name), role, name, isDefault: false };
}

/** `link:NAME`: a link of the engine's own namespace. */
export function linkId(name: string): string {
  return `link:${name}`;
}

function gatewayOf(route: { readonly gateway?: string } | undefined): { gateway?: string } {
  return route?.gateway === undefined ? {} : { gateway: route.gateway };
}

/** As when the engine is in a container itself: an address of its own, so what is at the other end is the world. */
function speaks(link: Link): boolean {
  return link.master === undefined && link.addresses.some(({ address }) => !address.startsWith('fe80:'));
}

function isInUse(link: Link): boolean {
  return link.master !== undefined || link.addresses.length > 0;
}

interface RoleFacts {
  readonly gateways: ReadonlyMap<string, unknown>;
  /** Names of links that others ride on. */
  readonly under: ReadonlySet<string>;
  /** Names of links by which a route to another machine leaves. */
  readonly routed: ReadonlySet<string>;
  readonly paired: ReadonlySet<string>;
  readonly undecided: (veth: Link) => boolean;
}

function roleOf(link: Link, facts: RoleFacts): HostLinkNode['role'] {
  if (facts.gateways.has(link.name)) return 'uplink';
  if (facts.under.has(link.name)) return 'parent';
  if (tunnelKinds.has(link.kind)) return 'tunnel';
  if (link.kind === 'physical' || link.kind === 'bond') return 'uplink';
  if (link.master === undefined && facts.routed.has(link.name)) return 'uplink';
  if (link.kind !== 'veth' || speaks(link) || facts.paired.has(link.name) || facts.undecided(link)) return 'other';
  return 'orphan';
}

/** Without the peers of some namespace, a veth may be the end of any wire there that is not decided. */
function undecidedOn({ wires }: Snapshot, view: KernelView): (veth: Link) => boolean {
  if (view.containers.every(({ exact }) => exact)) return () => false;
  const open = wires.filter((wire) => wire.hostLink === undefined && !isRiding(wire));
  const bridges = new Set(open.map(({ bridge }) => bridge));
  return ({ master }) => (master === undefined ? open.length > 0 : bridges.has(undefined) || bridges.has(master));
}

/** Veths of the host that a container's interface names as its peer, and that point back. */
function findLooseEnds(
  view: KernelView,
  byIndex: ReadonlyMap<number, Link>,
  taken: ReadonlySet<string>,
): readonly LooseEnd[] {
  const found = view.containers.flatMap(({ exact, links, containerIds }) =>
    exact
      ? links.flatMap((inside): LooseEnd[] => {
          const outside = inside.kind === 'loopback' ? undefined : byIndex.get(inside.iflink ?? -1);
          const pointsBack = outside?.kind === 'veth' && outside.iflink === inside.ifindex;
          return pointsBack && !taken.has(outside.name) ? [{ containerIds, inside, outside }] : [];
        })
      : [],
  );
  // Two that claim one veth were not read at one moment: neither is believed.
  const claims = new Map<string, number>();
  for (const { outside } of found) claims.set(outside.name, (claims.get(outside.name) ?? 0) + 1);
  return found.filter(({ outside }) => claims.get(outside.name) === 1);
}

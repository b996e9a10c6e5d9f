import type { Evidence, Link } from './model.ts';

/** The engine namespace's links, indexed for the questions below. */
export class HostLinks {
  readonly #byIndex = new Map<number, Link>();
  readonly #byName = new Map<string, Link>();
  /** Veths by the ifindex of their peer. Those whose peer is in this very namespace are nobody's wire. */
  readonly #vethsByPeer = new Map<number, Link[]>();
  readonly #vethsByBridge = new Map<string, Link[]>();
  readonly #claimed = new Set<string>();
  /** `link-netnsid` → container, learned from exact wires. */
  readonly #namespaceOwner = new Map<number, string>();

  constructor(links: readonly Link[]) {
    for (const link of links) {
      this.#byIndex.set(link.ifindex, link);
      this.#byName.set(link.name, link);
    }
    for (const link of links) {
      if (link.kind !== 'veth' || link.iflink === undefined) continue;
      pushTo(this.#vethsByPeer, link.iflink, link);
      if (link.master !== undefined) pushTo(this.#vethsByBridge, link.master, link);
    }
  }

  /** Not even a loopback: nobody looked. */
  get isUnread(): boolean {
    return this.#byIndex.size === 0;
  }

  byIndex(ifindex: number): Link | undefined {
    return this.#byIndex.get(ifindex);
  }

  byName(name: string): Link | undefined {
    return this.#byName.get(name);
  }

  /** Unclaimed veths anywhere in the namespace that point at this ifindex: the true host end is among them. */
  pointingAt(ifindex: number, containerId: string): Link[] {
    return this.#free(this.#vethsByPeer.get(ifindex) ?? [], containerId);
  }

  onBridge(bridge: string, containerId: string): Link[] {
    return this.#free(this.#vethsByBridge.get(bridge) ?? [], containerId);
  }

  /** The veth behind the bridge port on which this address was learned. */
  learned(bridge: string, mac: string): { readonly link: Link; readonly evidence: Evidence } | undefined {
    const entry = this.#byName
      .get(bridge)
      ?.bridge?.fdb.find((candidate) => !candidate.isLocal && candidate.mac === mac);
    const link = entry && this.#vethsByBridge.get(bridge)?.find((candidate) => candidate.portNo === entry.portNo);
    if (!entry || !link) return undefined;
    const { portNo, ageSeconds } = entry;
    return { link, evidence: { kind: 'fdb', bridge, mac, portNo, hostLink: link.name, ageSeconds } };
  }

  claim(link: Link, containerId: string): void {
    this.#claimed.add(link.name);
    if (link.peerNetnsId !== undefined) this.#namespaceOwner.set(link.peerNetnsId, containerId);
  }

  isClaimed(link: Link): boolean {
    return this.#claimed.has(link.name);
  }

  /** The namespace id that an exact wire proved to be this container's. */
  isNamespaceOf(link: Link, containerId: string): boolean {
    return link.peerNetnsId !== undefined && this.#namespaceOwner.get(link.peerNetnsId) === containerId;
  }

  #free(links: readonly Link[], containerId: string): Link[] {
    return links.filter((link) => {
      if (this.#claimed.has(link.name)) return false;
      const owner = link.peerNetnsId === undefined ? undefined : this.#namespaceOwner.get(link.peerNetnsId);
      return owner === undefined || owner === containerId;
    });
  }
}

function pushTo<K>(map: Map<K, Link[]>, key: K, link: Link): void {
  const list = map.get(key);
  if (list) list.push(link);
  else map.set(key, [link]);
}

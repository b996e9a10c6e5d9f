import { parentName } from './bridgeName.ts';
import type { Link, Network, Snapshot } from './model.ts';

/** How containers of a macvlan or ipvlan network ride on their parent. */
export interface ParentMode {
  readonly driver: 'macvlan' | 'ipvlan';
  /** Name of the link of the host; absent where Podman does not tell. */
  readonly parent?: string;
  /** The kernel's word where a container's interface was read, else what the network was made with. */
  readonly mode: string;
  /** `private` or `vepa` of an ipvlan (`ipvlan_flag`); absent for `bridge`, which is the rule. */
  readonly flag?: string;
  /** 802.1Q tag of the parent. */
  readonly vlanId?: number;
  /** That parent's own parent: `eth0` of `eth0.20`. */
  readonly vlanOf?: string;
  /** The parent is a dummy that the driver made: no other machine is on it. */
  readonly isDummy: boolean;
}

/** Undefined for other drivers. */
export function parentMode(network: Network, snapshot: Pick<Snapshot, 'kernel' | 'wires'>): ParentMode | undefined {
  const { driver, options } = network;
  if (driver !== 'macvlan' && driver !== 'ipvlan') return undefined;
  const parent = parentName(network);
  const link = hostLink(snapshot, parent);
  const vlan = vlanOf(snapshot, parent, link);
  const flag = driver === 'ipvlan' ? options['ipvlan_flag'] : undefined;
  return {
    driver,
    ...(parent === undefined ? {} : { parent }),
    // What Docker takes where nobody chose: drivers/macvlan and drivers/ipvlan, parseNetworkOptions.
    mode: modeOfChild(network, snapshot) ?? (options[`${driver}_mode`] || (driver === 'macvlan' ? 'bridge' : 'l2')),
    ...(flag === undefined || flag === '' || flag === 'bridge' ? {} : { flag }),
    ...vlan,
    isDummy: link?.kind === 'dummy' || isDummyName(network, parent),
  };
}

/** libnetwork names it by the network's id (drivers/macvlan and drivers/ipvlan, getDummyName). */
function isDummyName({ id }: Network, parent: string | undefined): boolean {
  return parent !== undefined && /^d[mi]-./.test(parent) && id.startsWith(parent.slice(3));
}

function hostLink({ kernel }: Pick<Snapshot, 'kernel'>, name: string | undefined): Link | undefined {
  if (kernel.kind === 'absent' || name === undefined) return undefined;
  return kernel.view.host.links.find((link) => link.name === name);
}

/** Of an interface that a container has on the network. Most readings do not tell: sysfs has no modes, `ip` has. */
function modeOfChild(
  { id, driver }: Network,
  { kernel, wires }: Pick<Snapshot, 'kernel' | 'wires'>,
): string | undefined {
  if (kernel.kind === 'absent') return undefined;
  for (const { containerIds, links } of kernel.view.containers) {
    for (const { kind, ifindex, mode } of links) {
      if (kind !== driver || mode === undefined) continue;
      const isOn = wires.some(
        ({ networkId, containerId, containerLink }) =>
          networkId === id && containerLink?.ifindex === ifindex && containerIds.includes(containerId),
      );
      if (isOn) return mode;
    }
  }
  return undefined;
}

/** By the kernel where the link is there; else by its name, by which Docker makes it: `eth0.20` is tag 20 on `eth0`. */
function vlanOf(
  { kernel }: Pick<Snapshot, 'kernel'>,
  name: string | undefined,
  link: Link | undefined,
): Pick<ParentMode, 'vlanId' | 'vlanOf'> {
  const [, lower, tag] = /^([^.]+)\.([1-9]\d{0,3})$/.exec(name ?? '') ?? [];
  if (link === undefined || kernel.kind === 'absent')
    return lower === undefined || Number(tag) > 4094 ? {} : { vlanId: Number(tag), vlanOf: lower };
  if (link.kind !== 'vlan') return {};
  const below =
    link.peerNetnsId === undefined && link.iflink !== link.ifindex
      ? kernel.view.host.links.find(({ ifindex }) => ifindex === link.iflink)?.name
      : undefined;
  const id = link.vlanId ?? (tag === undefined ? undefined : Number(tag));
  return { ...(id === undefined ? {} : { vlanId: id }), ...(below === undefined ? {} : { vlanOf: below }) };
}

import { chipId } from '../topology/graphElements.ts';
import type { ContainerItem, Graph } from '../topology/graphModel.ts';
import type { Confidence } from '../topology/model.ts';
import { containerOf, indexOf } from './graphIndex.ts';
import { hasFrames } from './hostParts.ts';
import { linkName, nameOf } from './labels.ts';

/** One row of the table that says the same as the picture: a container's interface, or a container without one. */
export interface TableRow {
  /** What a click selects, and the row's menu is about. */
  readonly id: string;
  /** All elements of the picture that the row stands for. */
  readonly ids: readonly string[];
  /** What people call the host; empty where there is but one. */
  readonly host: string;
  readonly container: string;
  readonly state: string;
  readonly network: string;
  readonly interface: string;
  readonly ifindex: string;
  readonly peer: string;
  readonly hostLink: string;
  readonly bridge: string;
  readonly address: string;
  readonly mac: string;
  readonly confidence: Confidence | undefined;
}

const columns = [
  'container',
  'host',
  'state',
  'network',
  'interface',
  'ifindex',
  'peer',
  'hostLink',
  'bridge',
  'address',
  'mac',
  'confidence',
] as const satisfies readonly Exclude<keyof TableRow, 'ids'>[];
export type Column = (typeof columns)[number];

/** The container's first. Hosts are only told apart where there are several. */
export function columnsOf(graph: Graph): readonly Column[] {
  return hasFrames(graph) ? columns : columns.filter((column) => column !== 'host');
}

export interface TableOrder {
  readonly column: Column;
  readonly descending: boolean;
}

export function tableRows(graph: Graph): readonly TableRow[] {
  const index = indexOf(graph);
  const rows: TableRow[] = [];
  for (const node of graph.nodes) {
    if (node.kind !== 'namespace') continue;
    const names = node.containers.map((container) => container.name).join(', ');
    const [owner] = node.containers;
    const host = node.host === undefined ? '' : (index.hosts.get(node.host)?.label ?? '');
    const boxIds = [node.id, ...node.containers.map(({ id }) => id)];
    for (const item of node.interfaces) {
      const edge = (index.edgesAt.get(item.id) ?? []).find(({ kind }) => kind === 'wire' || kind === 'seat');
      const network = edge && index.elements.get(edge.to);
      const networkNode = network?.kind === 'node' && network.node.kind === 'network' ? network.node : undefined;
      const wire = edge?.kind === 'wire' ? edge : undefined;
      const { hostLink } = wire ?? {};
      // In a shared namespace, and in the host's, the seat says whose it is.
      const seat = edge && (edge.kind === 'wire' || edge.kind === 'seat') ? edge : undefined;
      const holder = (seat && containerOf(index, seat)) ?? owner;
      rows.push({
        id: wire?.id ?? item.id,
        ids: [item.id, ...(edge ? [edge.id] : []), ...(hostLink ? [chipId(hostLink.name, node.host)] : []), ...boxIds],
        host,
        container: node.type === 'host' ? (holder?.name ?? names) : names,
        state: holder?.state ?? '',
        network: networkNode?.name ?? '',
        interface: item.name ?? '',
        ifindex: item.ifindex?.toString() ?? '',
        peer: item.iflink?.toString() ?? '',
        hostLink: hostLink
          ? linkName(hostLink.name, hostLink.ifindex, hostLink.iflink)
          : (wire?.candidates.join(' ') ?? ''),
        bridge: wire?.strayBridge ?? networkNode?.bridgeName ?? '',
        address: [item.ipv4, item.ipv6].filter(Boolean).join(' '),
        mac: item.mac ?? '',
        confidence: wire?.confidence,
      });
    }
    if (node.interfaces.length > 0) continue;
    for (const container of node.containers) {
      const seat = (index.edgesAt.get(node.id) ?? []).find(
        (edge) => edge.kind === 'seat' && edge.containerId === container.containerId,
      );
      rows.push(bareRow(container, host, seat === undefined ? '' : nameOf(index, seat.to)));
    }
  }
  return rows;
}

/** Of the modes host and none, and of a container that was never started. */
function bareRow({ id, name, state }: ContainerItem, host: string, network: string): TableRow {
  return {
    id,
    ids: [id],
    host,
    container: name,
    state,
    network,
    interface: '',
    ifindex: '',
    peer: '',
    hostLink: '',
    bridge: '',
    address: '',
    mac: '',
    confidence: undefined,
  };
}

/** Numbers within texts by their value (web-2 before web-10); what is empty comes last either way. */
export function sortRows(rows: readonly TableRow[], order: TableOrder): readonly TableRow[] {
  const sign = order.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = a[order.column] ?? '';
    const right = b[order.column] ?? '';
    if (left === '' || right === '') return Number(left === '') - Number(right === '');
    return sign * collator.compare(left, right);
  });
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

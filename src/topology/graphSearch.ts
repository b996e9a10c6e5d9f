import { chipId } from './graphElements.ts';
import type { Graph, GraphNode, HostId, LinkFacts } from './graphModel.ts';

/** One thing that can be found: its names, ids, of which only a beginning counts, and all else that is written on it. */
interface Entry {
  readonly id: string;
  readonly names: readonly (string | undefined)[];
  readonly ids?: readonly string[];
  readonly words?: readonly (string | number | undefined)[];
}

/**
 * Ids of the elements that a text is written on, best first: the name itself, a beginning of it, a part of it, then all
 * else in the same way; in the graph's order where they are equal. Upper and lower case are one.
 */
export function search(graph: Graph, text: string): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const found: { readonly id: string; readonly rank: number }[] = [];
  const seen = new Set<string>();
  for (const entry of entries(graph)) {
    const rank = rankOf(entry, wanted);
    if (rank === undefined || seen.has(entry.id)) continue;
    seen.add(entry.id);
    found.push({ id: entry.id, rank });
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ id }) => id);
}

function rankOf({ names, ids = [], words = [] }: Entry, wanted: string): number | undefined {
  const ranks = [...names.map((name) => match(name, wanted)), ...words.map((word) => match(word, wanted, 3))];
  // A single digit begins every sixteenth id.
  if (wanted.length >= 3 && ids.some((id) => id.toLowerCase().startsWith(wanted))) ranks.push(4);
  const hits = ranks.filter((rank) => rank !== undefined);
  return hits.length === 0 ? undefined : Math.min(...hits);
}

function match(value: string | number | undefined, wanted: string, base = 0): number | undefined {
  if (value === undefined) return undefined;
  const at = String(value).toLowerCase();
  if (at === wanted) return base;
  if (at.startsWith(wanted)) return base + 1;
  return at.includes(wanted) ? base + 2 : undefined;
}

function* entries(graph: Graph): Generator<Entry> {
  const labels = new Map(graph.hosts?.map(({ id, label }) => [id, label]));
  for (const node of graph.nodes) yield* nodeEntries(node, labels);
  for (const edge of graph.edges) {
    if (edge.kind === 'wire' && edge.hostLink)
      yield { id: chipId(edge.hostLink.name, edge.host), names: [edge.hostLink.name] };
    if (edge.kind === 'wire' && edge.candidates.length > 0) yield { id: edge.id, names: [], words: edge.candidates };
    if (edge.kind === 'legacyLink') yield { id: edge.id, names: [], words: [edge.alias] };
    if (edge.kind === 'tunnel') yield { id: edge.id, names: [], words: ['VXLAN', ...edge.vnis, ...edge.networks] };
  }
}

/** `labels`: of hosts. */
function nodeEntries(node: GraphNode, labels: ReadonlyMap<HostId, string>): readonly Entry[] {
  switch (node.kind) {
    case 'network': {
      const { id, name, networkId, bridgeName, bridge, driver, subnets, gateways, project, vnis = [], parent } = node;
      const words = [bridgeName, driver, parent, ...vnis, ...subnets, ...gateways, project, ...linkWords(bridge)];
      return [{ id, names: [name], ids: [networkId], words }];
    }
    case 'bridge':
      return [{ id: node.id, names: [node.bridge.name], words: linkWords(node.bridge) }];
    case 'link':
      return [
        {
          id: node.id,
          names: [node.name],
          words: [node.gateway, labels.get(node.peer ?? ''), ...linkWords(node.link)],
        },
      ];
    case 'port': {
      const { id, hostPort, containerPort, protocol, hostIps } = node;
      const words = [`${hostPort}/${protocol}`, `${hostPort}:${containerPort}`, ...hostIps, containerPort];
      return [{ id, names: [String(hostPort)], words }];
    }
    case 'namespace':
      return [
        ...node.containers.map(({ id, name, containerId, image, project }) => ({
          id,
          names: [name],
          ids: [containerId],
          words: [image, project],
        })),
        ...node.interfaces.map(({ id, name, ipv4, ipv6, mac }) => ({ id, names: [], words: [name, ipv4, ipv6, mac] })),
      ];
  }
}

function linkWords(link: LinkFacts | undefined): readonly (string | undefined)[] {
  return link === undefined ? [] : [...link.addresses, link.mac, link.kind];
}

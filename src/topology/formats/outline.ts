import type { Graph, GraphEdge, GraphNode, HostId, InterfaceItem, NamespaceNode } from '../graphModel.ts';
import { edgeLabel, interfaceLines, nodeLines, plain } from './labels.ts';

/** A graph as boxes in boxes with short names, `n1`, `n2` …: what Mermaid and DOT have in common. */
export interface Outline {
  /** One where the graph is of one host. */
  readonly hosts: readonly OutlineHost[];
  readonly joints: readonly Joint[];
}

export interface OutlineHost {
  /** `host`, or `host1`, `host2` … of several. */
  readonly name: string;
  readonly title: string;
  /** In the host's outline. */
  readonly inside: readonly OutlineItem[];
  /** Uplinks, parents and published ports: at the host's edge. Of several they are inside, or nobody sees whose they are. */
  readonly edge: readonly OutlineItem[];
}

export interface OutlineItem {
  readonly name: string;
  readonly shape: 'network' | 'link' | 'port' | 'container' | 'interface' | 'box';
  readonly lines: readonly string[];
  /** Of a box. */
  readonly items: readonly OutlineItem[];
  readonly faint: boolean;
}

export interface Joint {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly arrow: boolean;
  /** Not certain, or not there at the moment. */
  readonly dashed: boolean;
}

/** `all`; `folded`: containers that are on one network and no more are counted there; `networks`: no container at all. */
export type Level = 'all' | 'folded' | 'networks';

export function outlineOf(graph: Graph, level: Level = 'all'): Outline {
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    const name = names.get(id) ?? `n${names.size + 1}`;
    names.set(id, name);
    return name;
  };
  const folded = foldedInto(graph, level);
  const items = new Map<string, InterfaceItem>();
  const frames = framesOf(graph);
  for (const node of graph.nodes) {
    const frame = frames.get(node.host);
    if (folded.gone.has(node.id) || frame === undefined) continue;
    if (node.kind === 'namespace') for (const item of node.interfaces) items.set(item.id, item);
    const isEdge = node.kind === 'port' || (node.kind === 'link' && (node.role === 'uplink' || node.role === 'parent'));
    const place = isEdge && node.host === undefined ? frame.edge : frame.inside;
    place.push(itemOf(node, nameOf, folded.counts.get(node.id) ?? 0));
  }
  const joints = graph.edges.flatMap((one): Joint[] => {
    const from = names.get(one.fromItem ?? one.from) ?? names.get(one.from);
    const to = names.get(one.toItem ?? one.to) ?? names.get(one.to);
    if (from === undefined || to === undefined) return [];
    return [
      { from, to, label: edgeLabel(one, items.get(one.fromItem ?? '')), arrow: hasArrow(one), dashed: isDashed(one) },
    ];
  });
  return { hosts: [...frames.values()], joints };
}

/** An outline that is being filled. */
interface Frame extends OutlineHost {
  readonly inside: OutlineItem[];
  readonly edge: OutlineItem[];
}

function framesOf({ engine, hosts }: Graph): ReadonlyMap<HostId | undefined, Frame> {
  if (hosts === undefined) return new Map([[undefined, frame('host', engineTitle(engine))]]);
  return new Map(
    hosts.map(({ id, label, ...host }, at) => {
      const called = label === host.name ? '' : `${plain(label)}: `;
      return [id, frame(`host${at + 1}`, `${called}${engineTitle(host)}`)];
    }),
  );
}

function frame(name: string, title: string): Frame {
  return { name, title, inside: [], edge: [] };
}

function engineTitle({ name, version }: Pick<Graph['engine'], 'name' | 'version'>): string {
  return `${plain(name)}, Docker ${plain(version)}`;
}

function itemOf(node: GraphNode, nameOf: (id: string) => string, folded: number): OutlineItem {
  const name = nameOf(node.id);
  const lines = nodeLines(node);
  switch (node.kind) {
    case 'network':
    case 'bridge': {
      const count = folded === 0 ? [] : [folded === 1 ? '1 container' : `${folded} containers`];
      return { name, shape: 'network', lines: [...lines, ...count], items: [], faint: false };
    }
    case 'link':
    case 'port':
      return { name, shape: node.kind, lines, items: [], faint: false };
    case 'namespace':
      return { name, shape: 'box', lines, items: boxItems(node, nameOf), faint: !node.running };
  }
}

function boxItems(node: NamespaceNode, nameOf: (id: string) => string): OutlineItem[] {
  return [
    ...node.containers.map((container): OutlineItem => {
      const lines = [plain(container.name), plain(container.image)].filter((line) => line !== '');
      const faint = container.state !== 'running' && container.state !== 'paused';
      return { name: nameOf(container.id), shape: 'container', lines, items: [], faint };
    }),
    ...node.interfaces.map((item): OutlineItem => ({
      name: nameOf(item.id),
      shape: 'interface',
      lines: interfaceLines(item),
      items: [],
      faint: false,
    })),
  ];
}

/** Boxes that are not drawn, and how many containers each network stands for instead. */
function foldedInto(
  graph: Graph,
  level: Level,
): { readonly gone: ReadonlySet<string>; readonly counts: ReadonlyMap<string, number> } {
  const gone = new Set<string>();
  const counts = new Map<string, number>();
  if (level === 'all') return { gone, counts };
  const edgesAt = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    for (const id of [edge.from, edge.to]) {
      const at = edgesAt.get(id);
      if (at === undefined) edgesAt.set(id, [edge]);
      else at.push(edge);
    }
  }
  for (const node of graph.nodes) {
    if (level === 'networks' && node.kind === 'port') gone.add(node.id);
    if (node.kind !== 'namespace') continue;
    const edges = edgesAt.get(node.id) ?? [];
    const isPlain = edges.every(({ kind }) => kind === 'wire' || kind === 'seat');
    const bars = new Set(edges.flatMap(({ kind, to }) => (kind === 'wire' || kind === 'seat' ? to : [])));
    if (level === 'folded' && !(isPlain && bars.size === 1)) continue;
    gone.add(node.id);
    for (const bar of bars) counts.set(bar, (counts.get(bar) ?? 0) + node.containers.length);
  }
  return { gone, counts };
}

function hasArrow({ kind }: GraphEdge): boolean {
  return kind === 'egress' || kind === 'publish' || kind === 'legacyLink';
}

function isDashed(edge: GraphEdge): boolean {
  return edge.kind === 'seat' || edge.kind === 'legacyLink' || (edge.kind === 'wire' && edge.confidence !== 'exact');
}

import type { Graph, GraphEdge, GraphNode, HostId, NamespaceNode } from './graphModel.ts';

/**
 * What an element of a graph stands for. The same shape as the `Subject` of trees and commands. `engine` is the host's id
 * in a graph of several.
 */
export type ElementSubject = { readonly engine?: HostId } & (
  | { readonly kind: 'network'; readonly networkId: string }
  | {
      readonly kind: 'container';
      readonly containerId: string;
      readonly port?: { readonly containerPort: number; readonly protocol: string };
    }
  | { readonly kind: 'endpoint'; readonly containerId: string; readonly networkId: string }
  | {
      readonly kind: 'link';
      readonly name: string;
      readonly endpoint?: { readonly containerId: string; readonly networkId: string };
    }
);

/** The id of an element in a graph of several hosts; the same id in a graph of one. */
export function scopedId(id: string, host: HostId | undefined): string {
  return host === undefined ? id : `${id}@${host}`;
}

/** The id that the element has in a graph of its own host. */
export function unscopedId(id: string, host: HostId | undefined): string {
  return host === undefined ? id : id.slice(0, id.length - host.length - 1);
}

/** `veth:NAME`: the host end of a wire, where its name is written. */
export function chipId(name: string, host?: HostId): string {
  return scopedId(`veth:${name}`, host);
}

/** Nodes, what is inside of boxes, edges and the chips on wires, in the graph's order. */
export interface Elements {
  readonly subjects: ReadonlyMap<string, ElementSubject | undefined>;
  /** Key of a subject → the element that shows it best. */
  readonly elements: ReadonlyMap<string, string>;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: ReadonlyMap<string, GraphEdge>;
  /** Item inside a box, or chip → the node or edge that it is a part of. */
  readonly wholes: ReadonlyMap<string, string>;
  /** Node → its edges, in the graph's order. */
  readonly edgesAt: ReadonlyMap<string, readonly GraphEdge[]>;
}

const known = new WeakMap<Graph, Elements>();

/** Built once for each graph; linear in its size. */
export function elementsOf(graph: Graph): Elements {
  let elements = known.get(graph);
  if (elements === undefined) {
    elements = build(graph);
    known.set(graph, elements);
  }
  return elements;
}

/** Undefined where it stands for nothing that can be named: the host's box with several containers, or no element. */
export function subjectOfElement(graph: Graph, id: string): ElementSubject | undefined {
  return elementsOf(graph).subjects.get(id);
}

/**
 * The element that a subject is shown by; the container where its port or its seat is not drawn. Of several hosts the first
 * one that has it, unless the subject names its engine.
 */
export function elementOf(graph: Graph, subject: ElementSubject): string | undefined {
  const { elements } = elementsOf(graph);
  const hosts = hostsFor(graph, subject);
  for (const wanted of [subject, standIn(subject)]) {
    if (wanted === undefined) continue;
    for (const host of hosts) {
      const found = elements.get(keyOf(wanted, host));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function hostsFor({ hosts }: Graph, { engine }: ElementSubject): readonly (HostId | undefined)[] {
  if (hosts === undefined) return [undefined];
  return engine === undefined ? hosts.map(({ id }) => id) : [engine];
}

function standIn(subject: ElementSubject): ElementSubject | undefined {
  switch (subject.kind) {
    case 'container':
    case 'endpoint':
      return { kind: 'container', containerId: subject.containerId };
    case 'link':
      return subject.endpoint && { kind: 'endpoint', ...subject.endpoint };
    case 'network':
      return undefined;
  }
}

/** `host`: of the element that is looked for; undefined in a graph of one. */
function keyOf(subject: ElementSubject, host: HostId | undefined): string {
  return scopedId(keyWithin(subject), host);
}

function keyWithin(subject: ElementSubject): string {
  switch (subject.kind) {
    case 'network':
      return `network ${subject.networkId}`;
    case 'container': {
      const { containerId, port } = subject;
      return `container ${containerId}${port === undefined ? '' : ` ${port.containerPort}/${port.protocol}`}`;
    }
    case 'endpoint':
      return `endpoint ${subject.containerId} ${subject.networkId}`;
    case 'link':
      return `link ${subject.name}`;
  }
}

function build(graph: Graph): Elements {
  const subjects = new Map<string, ElementSubject | undefined>();
  const elements = new Map<string, string>();
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const wholes = new Map<string, string>();
  const edgesAt = new Map<string, GraphEdge[]>();
  const show = (subject: ElementSubject, id: string, host: HostId | undefined): void => {
    const key = keyOf(subject, host);
    if (!elements.has(key)) elements.set(key, id);
  };

  for (const node of graph.nodes) {
    const { host } = node;
    const subject = nodeSubject(node);
    subjects.set(node.id, subject);
    if (node.kind === 'namespace') {
      for (const [id, inside] of itemSubjects(node)) {
        subjects.set(id, inside);
        wholes.set(id, node.id);
        if (id.startsWith('container:') || inside.kind === 'endpoint') show(inside, id, host);
      }
    } else if (subject !== undefined) show(subject, node.id, host);
    if (node.kind === 'network' && node.bridgeName !== undefined)
      show({ kind: 'link', name: node.bridgeName }, node.id, host);
  }
  for (const edge of graph.edges) {
    const { host } = edge;
    const subject = edgeSubject(edge, nodes, subjects);
    subjects.set(edge.id, subject);
    if (subject?.kind === 'endpoint') show(subject, edge.id, host);
    for (const id of new Set([edge.from, edge.to])) {
      const at = edgesAt.get(id);
      if (at === undefined) edgesAt.set(id, [edge]);
      else at.push(edge);
    }
    if (edge.kind !== 'wire' || edge.hostLink === undefined) continue;
    const chip = chipId(edge.hostLink.name, host);
    const link = linkOfWire(edge.hostLink.name, subject, host);
    subjects.set(chip, link);
    wholes.set(chip, edge.id);
    show(link, chip, host);
  }
  for (const edge of graph.edges)
    if (edge.kind === 'wire') for (const name of edge.candidates) show({ kind: 'link', name }, edge.id, edge.host);
  return { subjects, elements, nodes, edges, wholes, edgesAt };
}

function ofHost(subject: ElementSubject, host: HostId | undefined): ElementSubject {
  return host === undefined ? subject : { ...subject, engine: host };
}

function linkOfWire(name: string, seat: ElementSubject | undefined, host: HostId | undefined): ElementSubject {
  if (seat?.kind !== 'endpoint') return ofHost({ kind: 'link', name }, host);
  const { containerId, networkId } = seat;
  return ofHost({ kind: 'link', name, endpoint: { containerId, networkId } }, host);
}

function nodeSubject(node: GraphNode): ElementSubject | undefined {
  const subject = subjectWithin(node);
  return subject && ofHost(subject, node.host);
}

function subjectWithin(node: GraphNode): ElementSubject | undefined {
  switch (node.kind) {
    case 'network':
      return { kind: 'network', networkId: node.networkId };
    case 'bridge':
      return { kind: 'link', name: node.bridge.name };
    case 'link':
      // Another host is no link of this one.
      return node.remote === undefined ? { kind: 'link', name: node.name } : undefined;
    case 'namespace': {
      const [first, second] = node.containers;
      if (first === undefined || (node.type === 'host' && second !== undefined)) return undefined;
      return { kind: 'container', containerId: first.containerId };
    }
    case 'port': {
      const { containerId, containerPort, protocol } = node;
      return { kind: 'container', containerId, port: { containerPort, protocol } };
    }
  }
}

function itemSubjects({ host, containers, interfaces }: NamespaceNode): [string, ElementSubject][] {
  const [owner] = containers;
  const of = (id: string, subject: ElementSubject): [string, ElementSubject] => [id, ofHost(subject, host)];
  return [
    ...containers.map(({ id, containerId }) => of(id, { kind: 'container', containerId })),
    ...interfaces.flatMap(({ id, networkId }) => {
      if (networkId !== undefined) {
        const containerId = unscopedId(id, host).slice('endpoint:'.length, -networkId.length - 1);
        return [of(id, { kind: 'endpoint', containerId, networkId })];
      }
      return owner === undefined ? [] : [of(id, { kind: 'container', containerId: owner.containerId })];
    }),
  ];
}

/** A wire and a seat stand for the endpoint, a tunnel for nothing that is one engine's, all others for what they begin at. */
function edgeSubject(
  edge: GraphEdge,
  nodes: ReadonlyMap<string, GraphNode>,
  subjects: ReadonlyMap<string, ElementSubject | undefined>,
): ElementSubject | undefined {
  switch (edge.kind) {
    case 'wire': {
      const { host, fromItem, hostLink, containerId, networkId } = edge;
      const isSeat = fromItem?.startsWith('endpoint:') === true;
      if (isSeat) return ofHost({ kind: 'endpoint', containerId, networkId }, host);
      return hostLink && ofHost({ kind: 'link', name: hostLink.name }, host);
    }
    case 'seat': {
      const { host, containerId, networkId } = edge;
      return ofHost({ kind: 'endpoint', containerId, networkId }, host);
    }
    case 'legacyLink':
      return edge.fromItem === undefined ? undefined : subjects.get(edge.fromItem);
    case 'plug':
    case 'egress':
    case 'publish': {
      const from = nodes.get(edge.from);
      return from && nodeSubject(from);
    }
    case 'tunnel':
      return undefined;
  }
}

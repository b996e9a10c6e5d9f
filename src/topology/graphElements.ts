import type { Graph, GraphEdge, GraphNode, NamespaceNode } from './graphModel.ts';

/** What an element of a graph stands for. The same shape as the `Subject` of trees and commands. */
export type ElementSubject =
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
    };

/** `veth:NAME`: the host end of a wire, where its name is written. */
export function chipId(name: string): string {
  return `veth:${name}`;
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

/** The element that a subject is shown by; the container where its port or its seat is not drawn. */
export function elementOf(graph: Graph, subject: ElementSubject): string | undefined {
  const { elements } = elementsOf(graph);
  const found = elements.get(keyOf(subject));
  if (found !== undefined) return found;
  switch (subject.kind) {
    case 'container':
    case 'endpoint':
      return elements.get(keyOf({ kind: 'container', containerId: subject.containerId }));
    case 'link':
      return subject.endpoint && elements.get(keyOf({ kind: 'endpoint', ...subject.endpoint }));
    case 'network':
      return undefined;
  }
}

function keyOf(subject: ElementSubject): string {
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
  const show = (subject: ElementSubject, id: string): void => {
    const key = keyOf(subject);
    if (!elements.has(key)) elements.set(key, id);
  };

  for (const node of graph.nodes) {
    const subject = nodeSubject(node);
    subjects.set(node.id, subject);
    if (node.kind === 'namespace') {
      for (const [id, inside] of itemSubjects(node)) {
        subjects.set(id, inside);
        wholes.set(id, node.id);
        if (id.startsWith('container:') || inside.kind === 'endpoint') show(inside, id);
      }
    } else if (subject !== undefined) show(subject, node.id);
    if (node.kind === 'network' && node.bridgeName !== undefined)
      show({ kind: 'link', name: node.bridgeName }, node.id);
  }
  for (const edge of graph.edges) {
    const subject = edgeSubject(edge, nodes, subjects);
    subjects.set(edge.id, subject);
    if (subject?.kind === 'endpoint') show(subject, edge.id);
    for (const id of new Set([edge.from, edge.to])) {
      const at = edgesAt.get(id);
      if (at === undefined) edgesAt.set(id, [edge]);
      else at.push(edge);
    }
    if (edge.kind !== 'wire' || edge.hostLink === undefined) continue;
    const chip = chipId(edge.hostLink.name);
    const link = linkOfWire(edge.hostLink.name, subject);
    subjects.set(chip, link);
    wholes.set(chip, edge.id);
    show(link, chip);
  }
  for (const edge of graph.edges)
    if (edge.kind === 'wire') for (const name of edge.candidates) show({ kind: 'link', name }, edge.id);
  return { subjects, elements, nodes, edges, wholes, edgesAt };
}

function linkOfWire(name: string, seat: ElementSubject | undefined): ElementSubject {
  if (seat?.kind !== 'endpoint') return { kind: 'link', name };
  return { kind: 'link', name, endpoint: { containerId: seat.containerId, networkId: seat.networkId } };
}

function nodeSubject(node: GraphNode): ElementSubject | undefined {
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

function itemSubjects({ containers, interfaces }: NamespaceNode): [string, ElementSubject][] {
  const [owner] = containers;
  return [
    ...containers.map(({ id, containerId }): [string, ElementSubject] => [id, { kind: 'container', containerId }]),
    ...interfaces.flatMap(({ id, networkId }): [string, ElementSubject][] => {
      if (networkId !== undefined) {
        const containerId = id.slice('endpoint:'.length, id.length - networkId.length - 1);
        return [[id, { kind: 'endpoint', containerId, networkId }]];
      }
      return owner === undefined ? [] : [[id, { kind: 'container', containerId: owner.containerId }]];
    }),
  ];
}

/** A wire and a seat stand for the endpoint, all others for what they begin at. */
function edgeSubject(
  edge: GraphEdge,
  nodes: ReadonlyMap<string, GraphNode>,
  subjects: ReadonlyMap<string, ElementSubject | undefined>,
): ElementSubject | undefined {
  switch (edge.kind) {
    case 'wire': {
      const isSeat = edge.fromItem?.startsWith('endpoint:') === true;
      if (isSeat) return { kind: 'endpoint', containerId: edge.containerId, networkId: edge.networkId };
      return edge.hostLink && { kind: 'link', name: edge.hostLink.name };
    }
    case 'seat':
      return { kind: 'endpoint', containerId: edge.containerId, networkId: edge.networkId };
    case 'legacyLink':
      return edge.fromItem === undefined ? undefined : subjects.get(edge.fromItem);
    case 'plug':
    case 'egress':
    case 'publish': {
      const from = nodes.get(edge.from);
      return from && nodeSubject(from);
    }
  }
}

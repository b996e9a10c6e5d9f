import type { Graph, HostId, NodeId } from '../topology/graphModel.ts';
import type { Positions } from '../protocol/messages.ts';
import { hasFrames } from './hostParts.ts';
import { layOutHost } from './layout/host.ts';
import { layOutHosts } from './layout/hosts.ts';

/** Diagram units are CSS pixels at zoom 1; y grows downward. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a node is, and where on its edge the wires of its interfaces end. */
export interface Box extends Rect {
  readonly id: NodeId;
  /** A network of many containers draws them as small cells, whose wires are shown only where asked. */
  readonly compact: boolean;
  /** Interface id → the point where its wire leaves. */
  readonly ports: ReadonlyMap<string, Point>;
}

/** An edge as a polyline. `chip` is where the veth's host end is written, or what runs through a tunnel. */
export interface Route {
  readonly id: string;
  readonly points: readonly Point[];
  readonly chip?: Rect;
}

/** The part of the picture that belongs to one network: its containers, and its bar below them. */
export interface Region extends Rect {
  /** Begins with `block:`. */
  readonly id: string;
  /** The network or bridge whose it is; absent for containers that are on none. */
  readonly bar?: NodeId;
  readonly compact: boolean;
  /** In a picture of several hosts: in whose frame it is. */
  readonly host?: HostId;
}

/** The outline of a host: its networks, containers and bridges are inside, uplinks and ports on its lower edge. */
export interface Frame extends Rect {
  /** In a picture of several hosts. */
  readonly host?: HostId;
}

export interface Layout {
  readonly boxes: ReadonlyMap<NodeId, Box>;
  readonly routes: ReadonlyMap<string, Route>;
  /** They do not overlap. A network whose block was full has more than one, the bar is in the first. */
  readonly blocks: ReadonlyMap<string, Region>;
  /** One, or one for each host that has something in the picture. */
  readonly frames: readonly Frame[];
  /** All of it, with a margin. */
  readonly bounds: Rect;
}

/** Same graph and same `known` (layout/memory.ts), same layout. What `known` has stays where it is. */
export type LayOut = (graph: Graph, known?: Positions) => Layout;

/** One host is a frame (layout/host.ts); several are frames beside and below each other, with tunnels between them. */
export const layOut: LayOut = (graph, known = {}) =>
  hasFrames(graph) ? layOutHosts(graph, graph.hosts, known) : layOutHost(graph, known);

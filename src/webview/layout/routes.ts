import type { Graph, GraphEdge, NodeId } from '../../topology/graphModel.ts';
import type { Point, Rect, Route } from '../layout.ts';
import { barOf, barTop, type Block, type Placed } from './block.ts';
import { Drops } from './drop.ts';
import type { EdgeItem } from './edgeRow.ts';
import { lanesOf, type Stretch } from './lanes.ts';
import type { Shape } from './shape.ts';
import type { Shelves } from './shelves.ts';
import { edgePitch, edgeRowGutter, portWidth } from './sizes.ts';
import { Streets, type Dock, type Strip } from './streets.ts';

/** One end of an edge: the points from the node to where it stands on a bus or street. */
interface End {
  readonly points: readonly Point[];
  readonly dock: Dock;
  readonly chip?: Rect;
}

/** A route whose stretches on shared strips have no lane yet. */
interface Draft {
  readonly edge: GraphEdge;
  readonly from: End;
  readonly to: End;
  readonly strips: readonly Strip[];
  readonly stretches: readonly Stretch[];
}

/** Draws every edge whose both ends are in the picture. */
export function routesOf(graph: Graph, shelves: Shelves, edgeItems: readonly EdgeItem[]): Map<string, Route> {
  const routes = new Map<string, Route>();
  const router = new Router(shelves, edgeItems);
  const drafts: Draft[] = [];
  for (const edge of router.inOrder(graph.edges)) {
    const drawn = router.within(edge);
    if (drawn) {
      routes.set(edge.id, drawn);
      continue;
    }
    const draft = router.draft(edge);
    if (draft) drafts.push(draft);
  }
  const lanes = lanesOf(drafts.flatMap((draft) => draft.stretches));
  for (const draft of drafts) routes.set(draft.edge.id, finish(draft, lanes));
  return routes;
}

function finish({ edge, from, to, strips, stretches }: Draft, lanes: ReadonlyMap<Stretch, number>): Route {
  const at = stretches.map((stretch) => lanes.get(stretch) ?? 0);
  const points = [...from.points];
  let x = from.dock.x;
  strips.forEach((strip, index) => {
    if (strip.kind === 'gap') return;
    const y = at[index] ?? 0;
    points.push({ x, y });
    x = at[index + 1] ?? to.dock.x;
    points.push({ x, y });
  });
  points.push(...[...to.points].reverse());
  return { id: edge.id, points: simplified(points), ...(from.chip ? { chip: from.chip } : {}) };
}

class Router {
  readonly #streets: Streets;
  readonly #lastShelf: number;
  readonly #boxes = new Map<NodeId, { readonly placed: Placed; readonly block: Block }>();
  readonly #bars = new Map<NodeId, Block>();
  readonly #edgeItems: ReadonlyMap<NodeId, EdgeItem>;
  readonly #drops = new Map<Block, Drops>();
  readonly #barEnds = new Map<string, number>();
  /** Ends at a container's name that are shared. */
  readonly #sides = new Map<string, End>();

  constructor(shelves: Shelves, edgeItems: readonly EdgeItem[]) {
    this.#streets = new Streets(shelves);
    this.#lastShelf = Math.max(0, shelves.shelves.length - 1);
    this.#edgeItems = new Map(edgeItems.map((item) => [item.id, item]));
    for (const block of shelves.shelves.flatMap((shelf) => shelf.blocks)) {
      this.#drops.set(block, new Drops(block));
      if (block.hasBar && block.home !== undefined) this.#bars.set(block.home, block);
      for (const placed of block.placed) this.#boxes.set(placed.node.id, { placed, block });
    }
  }

  /** Wires of the lowest boxes take the innermost lanes, those within a block before those that leave it. */
  inOrder(edges: readonly GraphEdge[]): GraphEdge[] {
    const key = (edge: GraphEdge): number => {
      const box = this.#boxes.get(edge.from) ?? this.#boxes.get(edge.to);
      return box ? -(box.placed.y + box.placed.shape.height) : 0;
    };
    const keyed = edges.map((edge) => ({ edge, key: key(edge), far: this.#isOwn(edge) ? 0 : 1 }));
    return keyed
      .sort((a, b) => a.far - b.far || a.key - b.key || (a.edge.id < b.edge.id ? -1 : 1))
      .map(({ edge }) => edge);
  }

  /** The route of an edge that ends on the bar of its own block. */
  within(edge: GraphEdge): Route | undefined {
    const box = this.#boxes.get(edge.from);
    if (!box || !this.#isOwn(edge)) return undefined;
    const { points, chip } = this.#below(edge, box.placed, box.block, barOf(box.block).x + box.block.width / 2);
    const end = { x: points.at(-1)?.x ?? 0, y: barTop(box.block) };
    return { id: edge.id, points: simplified([...points, end]), ...(chip ? { chip } : {}) };
  }

  draft(edge: GraphEdge): Draft | undefined {
    const fromX = this.#centre(edge.from);
    const toX = this.#centre(edge.to);
    if (fromX === undefined || toX === undefined) return undefined;
    const from = this.#end(edge, 'from', toX, edge.to);
    const to = this.#end(edge, 'to', from?.dock.x ?? fromX, edge.from);
    if (!from || !to) return undefined;
    const strips = this.#streets.way(from.dock, to.dock);
    const bundle = bundleOf(edge);
    const middles = strips.map((strip) => this.#streets.middleOf(strip));
    const stretches = strips.map((strip, at) => {
      const before = middles[at - 1] ?? (strip.kind === 'gap' ? 0 : from.dock.x);
      const after = middles[at + 1] ?? (strip.kind === 'gap' ? 0 : to.dock.x);
      return this.#streets.stretch(strip, before, after, bundle);
    });
    return { edge, from, to, strips, stretches };
  }

  #isOwn(edge: GraphEdge): boolean {
    const box = this.#boxes.get(edge.from);
    return box !== undefined && this.#bars.get(edge.to) === box.block;
  }

  #centre(id: NodeId): number | undefined {
    const box = this.#boxes.get(id);
    if (box) return box.placed.x + box.placed.shape.width / 2;
    const bar = this.#bars.get(id);
    const item = bar ?? this.#edgeItems.get(id);
    return item && item.x + item.width / 2;
  }

  #end(edge: GraphEdge, side: 'from' | 'to', towardX: number, otherId: NodeId): End | undefined {
    const id = edge[side];
    const box = this.#boxes.get(id);
    if (box) return this.#boxEnd(edge, side, box, towardX);
    const bar = this.#bars.get(id);
    if (bar) return this.#barEnd(edge, bar, towardX, this.#boxes.get(otherId)?.block);
    const item = this.#edgeItems.get(id);
    return item && this.#itemEnd(item);
  }

  #boxEnd(
    edge: GraphEdge,
    side: 'from' | 'to',
    { placed, block }: { readonly placed: Placed; readonly block: Block },
    towardX: number,
  ): End {
    const place = this.#streets.placeOf(block);
    const dock = (points: readonly Point[]): Dock => ({
      kind: 'bus',
      shelf: place.shelf,
      block: place.at,
      x: points.at(-1)?.x ?? 0,
    });
    const isWire = side === 'from' && (edge.kind === 'wire' || edge.kind === 'seat' || edge.kind === 'plug');
    if (isWire) {
      const end = this.#below(edge, placed, block, towardX);
      return { ...end, dock: dock(end.points) };
    }
    const key = `${edge.kind} ${placed.node.id} ${(side === 'from' ? edge.fromItem : edge.toItem) ?? ''}`;
    const known = edge.kind === 'publish' ? this.#sides.get(key) : undefined;
    if (known) return known;
    const item = side === 'from' ? edge.fromItem : edge.toItem;
    const title = placed.shape.titles.get(item ?? '') ?? [...placed.shape.titles.values()][0];
    const y = placed.y + (title ? title.y + title.height / 2 : placed.shape.height / 2);
    const points = this.#dropsOf(block).fallFromSide(placed, y);
    const end = { points, dock: dock(points) };
    this.#sides.set(key, end);
    return end;
  }

  /** From the interface's port through its chip, and down to the strip above the bar. */
  #below(
    edge: GraphEdge,
    { shape, x, y }: Placed,
    block: Block,
    towardX: number,
  ): { readonly points: readonly Point[]; readonly chip?: Rect } {
    const port = shape.ports.get(edge.fromItem ?? '') ?? { x: middleFor(edge.fromItem, shape), y: shape.height };
    const start = { x: x + port.x, y: y + port.y };
    const chip = shape.chips.get(edge.fromItem ?? '');
    // Beside other hosts also where nothing is known: in the middle of its way it could lie on the frame.
    const hasName =
      edge.kind === 'wire' && (edge.host !== undefined || edge.hostLink !== undefined || edge.candidates.length > 0);
    if (!chip) return { points: this.#dropsOf(block).fall(start, towardX) };
    const rect = { ...chip.rect, x: x + chip.rect.x, y: y + chip.rect.y };
    const middle = rect.y + rect.height / 2;
    const leave = { x: x + chip.leaveX, y: middle };
    const points = [start, { x: start.x, y: middle }, ...this.#dropsOf(block).fall(leave, towardX)];
    return { points, ...(hasName ? { chip: rect } : {}) };
  }

  /** A neighbour's wire comes down on the bar, all others come from the street below. */
  #barEnd(edge: GraphEdge, block: Block, towardX: number, other: Block | undefined): End {
    const { shelf, at } = this.#streets.placeOf(block);
    const from = other && this.#streets.placeOf(other);
    const bar = barOf(block);
    if (from?.shelf === shelf && Math.abs(from.at - at) === 1) {
      const x = this.#dropsOf(block).landing(from.at < at ? 'left' : 'right');
      return { points: [{ x, y: bar.y }], dock: { kind: 'bus', shelf, block: at, x } };
    }
    const wanted = Math.min(Math.max(towardX, bar.x + 16), bar.x + bar.width - 16);
    const x = this.#freeBarEnd(block, `${block.id} ${bundleOf(edge)}`, Math.round(wanted));
    return { points: [{ x, y: bar.y + bar.height }], dock: { kind: 'street', shelf, block: at, x } };
  }

  #freeBarEnd(block: Block, bundle: string, wanted: number): number {
    const own = this.#barEnds.get(bundle);
    if (own !== undefined) return own;
    const isTaken = (x: number): boolean => this.#barEnds.has(`${block.id} at ${Math.round(x / 6)}`);
    let x = wanted;
    for (let step = 0; step < block.width / 6; step++) {
      const candidate = wanted + (step % 2 === 0 ? -1 : 1) * Math.ceil(step / 2) * 6;
      if (candidate < block.x + 8 || candidate > block.x + block.width - 8 || isTaken(candidate)) continue;
      x = candidate;
      break;
    }
    this.#barEnds.set(`${block.id} at ${Math.round(x / 6)}`, x);
    this.#barEnds.set(bundle, x);
    return x;
  }

  /** Items of a lower row pass beside those above. */
  #itemEnd(item: EdgeItem): End {
    const top = { x: item.x + item.width / 2, y: item.y };
    const points: Point[] = [top];
    if (item.row > 0) {
      const lane = item.x + portWidth + ((edgePitch - portWidth) / 4) * (1 + ((item.row - 1) % 3));
      const y = item.y - edgeRowGutter / 2;
      points.push({ x: top.x, y }, { x: lane, y });
    }
    const x = points.at(-1)?.x ?? top.x;
    return { points, dock: { kind: 'street', shelf: this.#lastShelf, block: -1, x } };
  }

  #dropsOf(block: Block): Drops {
    const drops = this.#drops.get(block) ?? new Drops(block);
    this.#drops.set(block, drops);
    return drops;
  }
}

/** Where a container's seat leaves that has no interface: those of one box side by side. */
function middleFor(item: string | undefined, { titles, width }: Shape): number {
  const at = [...titles.keys()].indexOf(item ?? '');
  return at < 0 ? width / 2 : (width * (at + 1)) / (titles.size + 1);
}

/** Edges that lead to the same end run as one there: all egress by one link, all ports of one container. */
function bundleOf(edge: GraphEdge): string {
  if (edge.kind === 'egress') return `to ${edge.to}`;
  return edge.kind === 'publish' ? `to ${edge.to} ${edge.toItem ?? ''}` : edge.id;
}

/** Without points that do not turn, and those that are twice in a row. */
function simplified(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last && last.x === point.x && last.y === point.y) continue;
    const before = kept.at(-2);
    const isStraight =
      last && before && ((before.x === last.x && last.x === point.x) || (before.y === last.y && last.y === point.y));
    if (isStraight) kept.pop();
    kept.push(point);
  }
  return kept;
}

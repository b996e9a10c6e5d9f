import type { Graph, GraphEdge, GraphHost, HostId, NodeId } from '../../topology/graphModel.ts';
import type { Positions } from '../../protocol/messages.ts';
import { partsOf } from '../hostParts.ts';
import type { Box, Frame, Layout, Point, Rect, Region, Route } from '../layout.ts';
import { evenRows, rowsOf, scaleOf, type Row } from './frames.ts';
import { layOutHost } from './host.ts';
import { memoriesOf, scopedBlockId, type HostMemory } from './hostMemory.ts';
import { boundsMargin, pictureAspect, readableScale } from './sizes.ts';
import { TunnelWays, type Mouth, type Tunnel } from './tunnels.ts';

/** A host laid out on its own, its frame's corner at 0, 0. */
interface Alone {
  readonly host: HostId;
  readonly layout: Layout;
}

/** Lays out each host on its own, puts their frames into rows, and draws the tunnels below and between these. */
export function layOutHosts(graph: Graph, hosts: readonly GraphHost[], known: Positions): Layout {
  const { parts, between } = partsOf(graph);
  const memories = memoriesOf(
    known,
    hosts.map(({ id }) => id),
  );
  const layAlone: LayAlone = (aspectOf) =>
    parts.flatMap(({ host, nodes, edges }): Alone[] => {
      if (host === undefined) return [];
      const memory = memories.get(host.id);
      const layout = layOutHost({ ...graph, nodes, edges }, memory?.known ?? {}, aspectOf(memory?.frame));
      return [{ host: host.id, layout }];
    });
  const before = parts.flatMap(({ host }) => memories.get(host?.id ?? '')?.frame ?? []);
  const { alone, rows } =
    before.length === 0 ? arrangedAnew(layAlone, parts.length) : arrangedAs(layAlone, before, memories);
  const ways = new TunnelWays(tunnelsOf(between, alone, rows), rows);
  const { tops, bottoms } = heightsOf(rows, ways);
  const moved = alone.map((one) => {
    const row = rows.findIndex(({ cells }) => cells.some(({ host }) => host === one.host));
    const x = rows[row]?.cells.find(({ host }) => host === one.host)?.x ?? 0;
    return movedTo(one, { x, y: tops[row] ?? 0 });
  });
  const tunnels = ways.routes(tops, bottoms);
  return {
    boxes: new Map(moved.flatMap(({ boxes }) => [...boxes])),
    routes: new Map([...moved.flatMap(({ routes }) => [...routes]), ...tunnels]),
    blocks: new Map(moved.flatMap(({ blocks }) => [...blocks])),
    frames: moved.flatMap(({ frames }) => frames),
    bounds: boundsOf(moved, tunnels),
  };
}

type LayAlone = (aspectOf: (before: Rect | undefined) => number) => readonly Alone[];

interface Arranged {
  readonly alone: readonly Alone[];
  readonly rows: readonly Row[];
}

/** In one row as long as all can be read then, else in as many as show it biggest. High hosts stand well side by side. */
function arrangedAnew(layAlone: LayAlone, count: number): Arranged {
  let best: (Arranged & { readonly score: number }) | undefined;
  for (let height = 1; height <= Math.min(count, mostRows); height++) {
    const perRow = Math.ceil(count / height);
    const wanted = (pictureAspect * height) / perRow;
    const alone = layAlone(() => Math.min(widest, Math.max(narrowest, wanted)));
    const rows = evenRows(alone.map(cellOf), perRow);
    const scale = scaleOf(rows);
    // One row more has to be worth it.
    const score = scale * (1 - 0.1 * height);
    if (!best || score > best.score) best = { alone, rows, score };
    if (height === 1 && scale >= readableScale) break;
  }
  return best ?? { alone: [], rows: [] };
}

const mostRows = 4;
const narrowest = 0.75;
const widest = 2;

/** Those that were there keep their shape and place; who comes takes after them. */
function arrangedAs(layAlone: LayAlone, before: readonly Rect[], memories: ReadonlyMap<HostId, HostMemory>): Arranged {
  const sum = (side: 'width' | 'height'): number => before.reduce((total, rect) => total + rect[side], 0);
  const usual = sum('width') / sum('height');
  const alone = layAlone((frame) => (frame ? frame.width / frame.height : usual));
  return { alone, rows: rowsOf(alone.map(cellOf), (host) => memories.get(host)?.frame) };
}

function cellOf({ host, layout: { bounds } }: Alone) {
  return { host, width: bounds.width - 2 * boundsMargin, height: bounds.height - 2 * boundsMargin };
}

/** A row keeps its height in the picture, unless the one above it needs more. */
function heightsOf(rows: readonly Row[], ways: TunnelWays): { readonly tops: number[]; readonly bottoms: number[] } {
  const tops: number[] = [];
  const bottoms: number[] = [];
  for (const [at, row] of rows.entries()) {
    const above = bottoms[at - 1];
    const free = above === undefined ? (row.y ?? 0) : above + ways.gutterOf(at - 1);
    const top = Math.max(row.y ?? free, free);
    tops.push(top);
    bottoms.push(top + Math.max(0, ...row.cells.map(({ height }) => height)));
  }
  return { tops, bottoms };
}

/** Between what is in the picture. Several at one end leave side by side. */
function tunnelsOf(between: readonly GraphEdge[], alone: readonly Alone[], rows: readonly Row[]): Tunnel[] {
  const places = new Map<NodeId, { readonly box: Box; readonly row: number; readonly x: number }>();
  const wanted = new Set(between.flatMap(({ from, to }) => [from, to]));
  for (const { host, layout } of alone) {
    const row = rows.findIndex(({ cells }) => cells.some((cell) => cell.host === host));
    const x = rows[row]?.cells.find((cell) => cell.host === host)?.x ?? 0;
    for (const id of wanted) {
      const box = layout.boxes.get(id);
      if (box) places.set(id, { box, row, x });
    }
  }
  const used = new Map<NodeId, number>();
  const mouth = (id: NodeId): Mouth | undefined => {
    const place = places.get(id);
    if (!place) return undefined;
    const count = used.get(id) ?? 0;
    used.set(id, count + 1);
    const { box, row, x } = place;
    const offset = (count % 2 === 0 ? 1 : -1) * Math.ceil(count / 2) * mouthPitch;
    const reach = Math.max(0, box.width / 2 - mouthPitch);
    const middle = x + box.x + box.width / 2;
    return { row, x: middle + Math.min(reach, Math.max(-reach, offset)), depth: box.y + box.height };
  };
  return [...between]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ id, from, to }) => {
      const [start, end] = [mouth(from), mouth(to)];
      return start && end ? [{ id, from: start, to: end }] : [];
    });
}

const mouthPitch = 14;

function movedTo({ host, layout }: Alone, by: Point): Layout {
  const point = ({ x, y }: Point): Point => ({ x: x + by.x, y: y + by.y });
  const rect = <R extends Rect>(one: R): R => ({ ...one, x: one.x + by.x, y: one.y + by.y });
  return {
    boxes: mapped(layout.boxes, (box): Box => ({ ...rect(box), ports: mapped(box.ports, point) })),
    routes: mapped(layout.routes, (route): Route => {
      const { id, points, chip } = route;
      return { id, points: points.map(point), ...(chip && { chip: rect(chip) }) };
    }),
    blocks: new Map(
      [...layout.blocks.values()].map((block): [string, Region] => {
        const id = scopedBlockId(block.id, host);
        return [id, { ...rect(block), id, host }];
      }),
    ),
    frames: layout.frames.map((frame): Frame => ({ ...rect(frame), host })),
    bounds: rect(layout.bounds),
  };
}

function mapped<T>(all: ReadonlyMap<string, T>, change: (value: T) => T): Map<string, T> {
  return new Map([...all].map(([key, value]) => [key, change(value)]));
}

function boundsOf(hosts: readonly Layout[], tunnels: ReadonlyMap<string, Route>): Rect {
  const rects = [
    ...hosts.map(({ bounds }) => bounds),
    ...[...tunnels.values()].flatMap(({ points, chip }): Rect[] => [
      ...points.map(({ x, y }) => around(x, y, 0, 0)),
      ...(chip ? [around(chip.x, chip.y, chip.width, chip.height)] : []),
    ]),
  ];
  const x = Math.min(...rects.map((one) => one.x));
  const y = Math.min(...rects.map((one) => one.y));
  return {
    x,
    y,
    width: Math.max(...rects.map((one) => one.x + one.width)) - x,
    height: Math.max(...rects.map((one) => one.y + one.height)) - y,
  };
}

function around(x: number, y: number, width: number, height: number): Rect {
  return {
    x: x - boundsMargin,
    y: y - boundsMargin,
    width: width + 2 * boundsMargin,
    height: height + 2 * boundsMargin,
  };
}

import type { Graph } from '../../../src/topology/graphModel.ts';
import type { Layout, Point, Rect } from '../../../src/webview/layout.ts';
import { faultsOf } from './geometry.ts';

/** What a picture of several hosts must not do, beside what no picture must. */
export function hostFaultsOf(graph: Graph, layout: Layout): string[] {
  return [...faultsOf(graph, layout), ...framesThatMeet(layout), ...outside(graph, layout), ...tunnels(graph, layout)];
}

function meet(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function framesThatMeet({ frames }: Layout): string[] {
  return frames.flatMap((a, at) =>
    frames
      .slice(at + 1)
      .filter((b) => meet(a, b))
      .map((b) => `${a.host ?? ''} overlaps ${b.host ?? ''}`),
  );
}

/** Everything of a host is within its frame, or hangs on its lower edge. */
function outside(graph: Graph, layout: Layout): string[] {
  const frames = new Map(layout.frames.map((frame) => [frame.host, frame]));
  const faults: string[] = [];
  for (const node of graph.nodes) {
    const frame = frames.get(node.host);
    const box = layout.boxes.get(node.id);
    if (!frame || !box) continue;
    const mayHang = node.kind === 'port' || node.kind === 'link';
    const isBeside = box.x < frame.x || box.x + box.width > frame.x + frame.width || box.y < frame.y;
    if (isBeside || (!mayHang && box.y + box.height > frame.y + frame.height)) faults.push(`${node.id} is outside`);
  }
  for (const edge of graph.edges) {
    const frame = edge.host === undefined ? undefined : frames.get(edge.host);
    const others = layout.frames.filter((other) => other !== frame);
    for (const stretch of stretchesOf(layout.routes.get(edge.id)?.points ?? [])) {
      if (frame && others.some((other) => meet(stretch, other))) faults.push(`${edge.id} is in another frame`);
    }
  }
  return faults;
}

function tunnels(graph: Graph, layout: Layout): string[] {
  const routes = graph.edges.flatMap(({ id, kind }) => {
    const route = kind === 'tunnel' ? layout.routes.get(id) : undefined;
    return route ? [route] : [];
  });
  const faults: string[] = [];
  routes.forEach(({ id, points, chip }, at) => {
    const own = stretchesOf(points);
    for (const frame of layout.frames) {
      // It leaves by the lower edge, which it may touch no more than that.
      const inner = { ...frame, height: frame.height - 1 };
      if (own.some((stretch) => meet(stretch, inner))) faults.push(`${id} runs through ${frame.host ?? ''}`);
      if (chip && meet(chip, frame)) faults.push(`the label of ${id} is in ${frame.host ?? ''}`);
    }
    for (const other of routes.slice(at + 1)) {
      const theirs = stretchesOf(other.points);
      if (own.some((a) => theirs.some((b) => isAlong(a, b)))) faults.push(`${id} runs on ${other.id}`);
    }
  });
  return faults;
}

function stretchesOf(points: readonly Point[]): Rect[] {
  return points.slice(1).map((to, at) => {
    const from = points[at] ?? to;
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
    return { x, y, width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) };
  });
}

/** True where two lines run on each other, not just across. */
function isAlong(a: Rect, b: Rect): boolean {
  if (a.width > 0 && b.width > 0) return a.y === b.y && a.x < b.x + b.width && b.x < a.x + a.width;
  if (a.height > 0 && b.height > 0) return a.x === b.x && a.y < b.y + b.height && b.y < a.y + a.height;
  return false;
}

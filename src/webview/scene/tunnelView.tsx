import type { TunnelEdge } from '../../topology/graphModel.ts';
import { fitText } from '../fitText.ts';
import type { GraphIndex } from '../graphIndex.ts';
import { edgeLabel, tunnelText } from '../labels.ts';
import type { Rect, Route } from '../layout.ts';
import { memo } from '../memo.ts';
import type { Drawn } from './common.tsx';
import { classes, elementProps, isMarkedAlike, markClasses } from './element.ts';
import { centreOf, pathOf } from './geometry.ts';

interface TunnelProps extends Drawn {
  readonly edge: TunnelEdge;
  readonly route: Route;
  readonly index: GraphIndex;
  /** Free height of its label when it gets bigger: the distance of the next tunnel's. */
  readonly above: number;
}

/** The VXLAN between two hosts: a tube, with what runs through it. */
export const TunnelView = memo<TunnelProps>(
  (props) => {
    const { edge, route, index, marks, menus, texts } = props;
    const path = pathOf(route.points, 10);
    return (
      <g class={classes('edge-group', marks.lit.has(edge.id) && 'lit')}>
        <g
          class={classes('element edge tunnel', edge.encrypted && 'encrypted', markClasses(marks, edge.id))}
          {...elementProps(edge.id, edgeLabel(edge, index, texts), menus[edge.id], marks.selected === edge.id)}
        >
          <path class="edge-hit" d={path} />
          <path class="line" d={path} />
          <path class="bore" d={path} />
          {route.chip && <Label {...props} chip={route.chip} />}
        </g>
      </g>
    );
  },
  (before, after) =>
    before.edge === after.edge &&
    before.route === after.route &&
    before.above === after.above &&
    before.index.hosts === after.index.hosts &&
    before.texts === after.texts &&
    before.measures === after.measures &&
    isMarkedAlike(before.marks, after.marks, [after.edge.id]) &&
    before.menus[after.edge.id] === after.menus[after.edge.id],
);

const size = 13;
const lockWidth = 18;

/** As wide as its text; the word goes first where there is no room, the lock stays. */
function Label({ edge, chip, route, above, measures, texts }: TunnelProps & { readonly chip: Rect }) {
  const name = tunnelText(edge);
  const lock = edge.encrypted ? lockWidth : 0;
  const room = chip.width - 16 - lock;
  const full = edge.encrypted ? `${name} · ${texts.encrypted}` : name;
  const text = measures.bold(full, size) <= room ? full : fitText(name, room, size, measures.bold);
  const width = measures.bold(text, size) + lock + 16;
  return (
    <g class="tunnel-label" transform={`translate(${chip.x + (chip.width - width) / 2} ${chip.y})`}>
      <rect class="shape" width={width} height={chip.height} rx={chip.height / 2} />
      {edge.encrypted && <path class="lock" d={lockAt(8, chip.height / 2)} />}
      <text aria-hidden="true" x={8 + lock + (width - 16 - lock) / 2} y={chip.height / 2 + 4.5}>
        {text}
      </text>
      <text
        aria-hidden="true"
        class="tunnel-far"
        x={width / 2}
        y={chip.height / 2}
        style={{ '--most': mostFar(measures.bold(full, 1), route, above) }}
      >
        {full}
      </text>
      <title aria-hidden="true">{`${full} · ${edge.networks.join(', ')}`}</title>
    </g>
  );
}

/** How big a text that is so wide at size 1 may get around the label's middle, when it is read from far away. */
function mostFar(width: number, { points, chip }: Route, above: number): string {
  if (!chip) return '0px';
  const { x, y } = centreOf(chip);
  const xs = points.filter((point) => point.y === y).map((point) => point.x);
  const room = Math.max(chip.width, 2 * Math.min(x - Math.min(...xs), Math.max(...xs) - x));
  return `${Math.min((0.75 * room) / Math.max(1, width), 0.62 * above)}px`;
}

/** A padlock, its left middle at this point. */
function lockAt(x: number, y: number): string {
  const shackle = `M${x + 2.5} ${y - 1}v-2.5a3 3 0 0 1 6 0v2.5h-1.6v-2.5a1.4 1.4 0 0 0-2.8 0v2.5Z`;
  return `${shackle}M${x + 1} ${y - 1}h9v7h-9Z`;
}

/** Distance of a label to the nearest one above or below it. */
export function heightAround(chip: Rect, chips: readonly Rect[]): number {
  const { x, y } = centreOf(chip);
  const near = chips.filter((other) => other !== chip && Math.abs(centreOf(other).x - x) < 3 * chip.width);
  return Math.min(farthestLabel, ...near.map((other) => Math.abs(centreOf(other).y - y)).filter((away) => away > 0));
}

const farthestLabel = 78;

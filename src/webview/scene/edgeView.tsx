import { chipId } from '../../topology/graphElements.ts';
import type { GraphEdge, TunnelEdge, WireEdge } from '../../topology/graphModel.ts';
import { fitText } from '../fitText.ts';
import type { GraphIndex } from '../graphIndex.ts';
import { chipLabel, edgeLabel, linkName } from '../labels.ts';
import type { Rect, Route } from '../layout.ts';
import { memo } from '../memo.ts';
import type { Drawn } from './common.tsx';
import { classes, elementProps, isMarkedAlike, markClasses } from './element.ts';
import { arrowOf, middleOf, pathOf } from './geometry.ts';
import { toneClass } from './tones.ts';

export interface EdgeProps extends Drawn {
  readonly edge: Exclude<GraphEdge, TunnelEdge>;
  readonly route: Route;
  readonly index: GraphIndex;
  readonly tone: number | undefined;
  /** 0 to 5: traffic.ts. */
  readonly rate: number;
}

export const EdgeView = memo<EdgeProps>(
  (props) => {
    const { edge, route, index, tone, rate, marks, menus, texts, detailed } = props;
    const path = pathOf(route.points);
    const isArrow = edge.kind === 'egress' || edge.kind === 'publish' || edge.kind === 'legacyLink';
    return (
      <g class={classes('edge-group', marks.lit.has(edge.id) && 'lit')}>
        <g
          class={classes('element edge', edge.kind, styleOf(edge), toneClass(tone), markClasses(marks, edge.id))}
          {...elementProps(edge.id, edgeLabel(edge, index, texts), menus[edge.id], marks.selected === edge.id)}
        >
          <path class="edge-hit" d={path} />
          <path class={classes('line', rate > 0 && `rate-${rate}`)} d={path} />
          {isArrow && <path class="arrow" d={arrowOf(route.points)} />}
          {edge.kind === 'legacyLink' && <Alias {...props} text={edge.alias} />}
        </g>
        {edge.kind === 'wire' && detailed && <Chip {...props} edge={edge} />}
      </g>
    );
  },
  (before, after) =>
    before.edge === after.edge &&
    before.route === after.route &&
    before.tone === after.tone &&
    before.rate === after.rate &&
    before.texts === after.texts &&
    before.measures === after.measures &&
    before.detailed === after.detailed &&
    isMarkedAlike(before.marks, after.marks, idsOf(after.edge)) &&
    idsOf(after.edge).every((id) => before.menus[id] === after.menus[id]),
);

function idsOf(edge: EdgeProps['edge']): readonly string[] {
  return edge.kind === 'wire' && edge.hostLink ? [edge.id, chipId(edge.hostLink.name, edge.host)] : [edge.id];
}

function styleOf(edge: EdgeProps['edge']): string {
  if (edge.kind === 'wire') return edge.confidence;
  return edge.kind === 'egress' ? edge.by : '';
}

/** The veth's host end. Where it is not known it says so: never a guess. */
function Chip({ edge, route, measures, marks, menus, index, texts }: EdgeProps & { readonly edge: WireEdge }) {
  const rect = route.chip ?? chipAt(route);
  const text = chipText(edge);
  const id = edge.hostLink && chipId(edge.hostLink.name, edge.host);
  // A parent that many macvlans ride on has its own box: here it is only named.
  const own =
    id !== undefined &&
    edge.wireKind === 'veth' &&
    elementProps(id, chipLabel(edge, index, texts), menus[id] ?? menus[edge.id], marks.selected === id);
  return (
    <g
      class={classes(
        'chip',
        (edge.strayBridge !== undefined || edge.unplugged === true) && 'stray',
        own !== false && 'element',
        id !== undefined && marks.selected === id && 'selected',
      )}
      {...own}
      transform={`translate(${rect.x} ${rect.y})`}
    >
      <rect class="shape" width={rect.width} height={rect.height} rx={3} />
      <text aria-hidden="true" x={rect.width / 2} y={rect.height / 2 + 3.5}>
        {fitText(text, rect.width - 8, 10, measures.code)}
      </text>
      {(edge.candidates.length > 0 || edge.strayBridge !== undefined) && (
        <title aria-hidden="true">{edge.strayBridge ?? edge.candidates.join(', ')}</title>
      )}
    </g>
  );
}

function chipAt(route: Route): Rect {
  const { x, y } = middleOf(route.points);
  return { x: x - 54, y: y - 10, width: 108, height: 20 };
}

function chipText({ hostLink, wireKind, confidence, candidates }: WireEdge): string {
  // A macvlan's host link is its parent, which has no index that points back.
  if (wireKind !== 'veth') return hostLink ? `${wireKind} ${hostLink.name}` : wireKind;
  if (hostLink) return linkName(hostLink.name, hostLink.ifindex, hostLink.iflink);
  return confidence === 'unknown' && candidates.length > 0 ? `? (${candidates.length})` : '?';
}

function Alias({ route, text, measures }: EdgeProps & { readonly text: string }) {
  const { x, y } = middleOf(route.points);
  const width = measures.code(text, 10) + 8;
  return (
    <g class="alias" transform={`translate(${x - width / 2} ${y - 7})`}>
      <rect width={width} height={14} rx={3} />
      <text aria-hidden="true" x={width / 2} y={10.5}>
        {text}
      </text>
    </g>
  );
}

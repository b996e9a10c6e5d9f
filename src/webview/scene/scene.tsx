import { scopedId } from '../../topology/graphElements.ts';
import type { GraphEdge, HostId } from '../../topology/graphModel.ts';
import { fitText } from '../fitText.ts';
import type { GraphIndex } from '../graphIndex.ts';
import { partsOf, type HostPart } from '../hostParts.ts';
import { frameTitle, peerOf } from '../labels.ts';
import type { Layout } from '../layout.ts';
import { memo } from '../memo.ts';
import { rateClass, rateOf, type Traffic } from '../traffic.ts';
import { mostSize, type Drawn } from './common.tsx';
import { classes } from './element.ts';
import { EdgeView } from './edgeView.tsx';
import { blocksOf, FarNames, fewPorts, isPort } from './farNames.tsx';
import { pathOf } from './geometry.ts';
import { NamespaceView } from './namespaceView.tsx';
import { BridgeView, HostLinkView, NetworkView, PublicationView } from './nodeViews.tsx';
import { toneClass } from './tones.ts';
import { heightAround, TunnelView } from './tunnelView.tsx';

export interface SceneProps extends Drawn {
  readonly index: GraphIndex;
  readonly layout: Layout;
  readonly tones: ReadonlyMap<string, number>;
  readonly traffic: Traffic;
  readonly hovered: string | undefined;
  /** Of several hosts, those whose part of the picture is old. */
  readonly old: readonly HostId[];
}

/** All of the drawing that zooms and pans: what each host has, and the tunnels between them. */
export const Scene = memo<SceneProps>((props) => {
  const { parts, between } = partsOf(props.index.graph);
  return (
    <>
      {parts.map((part) =>
        part.host === undefined ? (
          <Part key="" {...props} part={part} />
        ) : (
          <g
            key={part.host.id}
            class={classes('part', props.old.includes(part.host.id) && 'old')}
            role="group"
            aria-label={part.host.label}
          >
            <Part {...props} part={part} />
          </g>
        ),
      )}
      {between.length > 0 && <Tunnels {...props} between={between} />}
    </>
  );
});

/** Of one host: its outline, then blocks, wires, and on top the nodes. */
interface PartProps extends SceneProps {
  readonly part: HostPart;
}

function Part(props: PartProps) {
  return (
    <>
      <HostFrame {...props} />
      <Blocks {...props} />
      <Edges {...props} />
      {props.part.host && <LitWays {...props} />}
      <Nodes {...props} />
      <CellEdges {...props} />
      <FarNames {...props} />
    </>
  );
}

function Tunnels({ between, ...props }: SceneProps & { readonly between: readonly GraphEdge[] }) {
  const { index, layout, marks, menus, texts, measures, detailed } = props;
  const chips = between.flatMap(({ id }) => layout.routes.get(id)?.chip ?? []);
  return (
    <g class="edges tunnels">
      {between.map((edge) => {
        const route = layout.routes.get(edge.id);
        if (edge.kind !== 'tunnel' || !route) return null;
        const above = route.chip ? heightAround(route.chip, chips) : 0;
        return <TunnelView key={edge.id} {...{ edge, route, above, index, marks, menus, texts, measures, detailed }} />;
      })}
    </g>
  );
}

function HostFrame({ index, layout, measures, texts, old, part: { host } }: PartProps) {
  const frame = layout.frames.find((one) => one.host === host?.id);
  if (!frame) return null;
  const { name, doubt, facts } = frameTitle(index.graph, host, host !== undefined && old.includes(host.id), texts);
  const shown = fitText(name, frame.width - 40 - measures.bold(doubt, 15), 15, measures.bold);
  const width = measures.bold(shown + doubt, 15);
  const room = frame.width - 60 - width;
  return (
    <g class="host" aria-hidden="true">
      <rect class="outline" x={frame.x} y={frame.y} width={frame.width} height={frame.height} rx={8} />
      <text
        aria-hidden="true"
        class="host-name"
        x={frame.x + 16}
        y={frame.y + 27}
        style={host && { '--most': mostSize(frame.width - 32, width / 15) }}
      >
        {shown}
        {doubt !== '' && <tspan class="host-doubt">{doubt}</tspan>}
      </text>
      <text aria-hidden="true" class="host-facts" x={frame.x + 28 + width} y={frame.y + 27}>
        {room > 60 ? fitText(facts, room, 11.5, measures.text) : ''}
      </text>
    </g>
  );
}

function Blocks({ layout, tones, part: { host } }: PartProps) {
  return (
    <g class="blocks" aria-hidden="true">
      {blocksOf(layout, host).map((block) => (
        <rect
          key={block.id}
          class={classes('block', toneClass(block.bar === undefined ? undefined : tones.get(block.bar)))}
          x={block.x}
          y={block.y}
          width={block.width}
          height={block.height}
          rx={6}
        />
      ))}
    </g>
  );
}

/** A cell's wire would cover other cells: it is there only while it is asked for. */
function isOfCell({ layout }: SceneProps, edge: GraphEdge): boolean {
  const isCell = (id: string): boolean => layout.boxes.get(id)?.compact === true;
  return edge.kind !== 'egress' && (isCell(edge.from) || isCell(edge.to));
}

function Edges({ part, ...props }: PartProps) {
  return (
    <g class="edges">
      {part.edges.map((edge) => (isOfCell(props, edge) ? null : <Edge key={edge.id} {...{ edge, props }} />))}
    </g>
  );
}

/** Ways out of networks have a trunk in common: the one that is selected is seen on it all the way. */
function LitWays({ layout, marks, part }: PartProps) {
  const lit = part.edges.filter(({ id, kind }) => kind === 'egress' && marks.lit.has(id));
  if (lit.length === 0) return null;
  return (
    <g class="edges lit-ways" aria-hidden="true">
      {lit.map((edge) => (
        <g key={edge.id} class="edge egress lit">
          <path class="line" d={pathOf(layout.routes.get(edge.id)?.points ?? [])} />
        </g>
      ))}
    </g>
  );
}

/** Over the cells, and only those of what is selected or pointed at. */
function CellEdges({ part, ...props }: PartProps) {
  const { index, hovered, marks } = props;
  const asked = new Set((hovered === undefined ? [] : (index.edgesAt.get(hovered) ?? [])).map(({ id }) => id));
  if (hovered !== undefined) {
    const element = index.elements.get(hovered);
    const box = element && 'node' in element ? element.node.id : undefined;
    for (const { id } of (box === undefined ? undefined : index.edgesAt.get(box)) ?? []) asked.add(id);
  }
  if (asked.size === 0 && marks.lit.size === 0) return null;
  return (
    <g class="edges over">
      {part.edges.map((edge) =>
        (asked.has(edge.id) || marks.lit.has(edge.id)) && isOfCell(props, edge) ? (
          <Edge key={edge.id} {...{ edge, props }} />
        ) : null,
      )}
    </g>
  );
}

function Edge({ edge, props }: { readonly edge: GraphEdge; readonly props: SceneProps }) {
  const { index, layout, tones, traffic, marks, menus, texts, measures, detailed } = props;
  const route = layout.routes.get(edge.id);
  if (!route || edge.kind === 'tunnel') return null;
  return (
    <EdgeView
      {...{ edge, route, index, marks, menus, texts, measures, detailed }}
      tone={tones.get(edge.kind === 'egress' ? edge.from : edge.to)}
      rate={rateClass(rateOf(traffic, trafficLinkOf(edge, index)))}
    />
  );
}

/** The host link whose counters say what runs over an edge. */
function trafficLinkOf(edge: GraphEdge, index: GraphIndex): string | undefined {
  if (edge.kind === 'wire') {
    return edge.wireKind === 'veth' && edge.hostLink ? scopedId(edge.hostLink.name, edge.host) : undefined;
  }
  if (edge.kind !== 'plug') return undefined;
  const from = index.elements.get(edge.from);
  return from?.kind === 'node' && from.node.kind === 'link' ? scopedId(from.node.name, edge.host) : undefined;
}

function Nodes({ index, layout, tones, marks, menus, texts, measures, detailed, part: { nodes } }: PartProps) {
  const drawn = { marks, menus, texts, measures, detailed };
  return (
    <g class={classes('nodes', nodes.filter(isPort).length > fewPorts && 'many-ports')}>
      {nodes.map((node) => {
        const box = layout.boxes.get(node.id);
        if (!box) return null;
        switch (node.kind) {
          case 'network':
            return <NetworkView key={node.id} node={node} box={box} tone={tones.get(node.id)} {...drawn} />;
          case 'bridge':
            return <BridgeView key={node.id} node={node} box={box} {...drawn} />;
          case 'link':
            return <HostLinkView key={node.id} node={node} box={box} peer={peerOf(index, node)} {...drawn} />;
          case 'namespace':
            return <NamespaceView key={node.id} node={node} box={box} {...drawn} />;
          case 'port':
            return <PublicationView key={node.id} node={node} box={box} {...drawn} />;
        }
      })}
    </g>
  );
}

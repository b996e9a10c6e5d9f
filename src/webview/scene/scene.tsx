import type { GraphEdge, GraphNode } from '../../topology/graphModel.ts';
import { fitText } from '../fitText.ts';
import type { GraphIndex } from '../graphIndex.ts';
import { indexOf } from '../graphIndex.ts';
import { countsText, nodeName } from '../labels.ts';
import type { Layout, Rect } from '../layout.ts';
import { edgePitch } from '../layout/sizes.ts';
import { memo } from '../memo.ts';
import { rateClass, rateOf, type Traffic } from '../traffic.ts';
import { mostSize, type Drawn } from './common.tsx';
import { classes } from './element.ts';
import { EdgeView } from './edgeView.tsx';
import { centreOf, unionOf } from './geometry.ts';
import { NamespaceView } from './namespaceView.tsx';
import { BridgeView, HostLinkView, NetworkView, PublicationView } from './nodeViews.tsx';
import { toneClass } from './tones.ts';

export interface SceneProps extends Drawn {
  readonly index: GraphIndex;
  readonly layout: Layout;
  readonly tones: ReadonlyMap<string, number>;
  readonly traffic: Traffic;
  readonly hovered: string | undefined;
}

/** All of the drawing that zooms and pans: the host's outline, then blocks, wires, and on top the nodes. */
export const Scene = memo<SceneProps>((props) => (
  <>
    <Host {...props} />
    <Blocks {...props} />
    <Edges {...props} />
    <Nodes {...props} />
    <CellEdges {...props} />
    <FarNames {...props} />
  </>
));

function Host({ index, layout, measures }: SceneProps) {
  const { host } = layout;
  const { name, version, operatingSystem } = index.graph.engine;
  const shown = fitText(name, host.width - 40, 15, measures.bold);
  const facts = [`Docker ${version}`, operatingSystem].filter((text) => text !== '').join(' · ');
  const room = host.width - 60 - measures.bold(shown, 15);
  return (
    <g class="host" aria-hidden="true">
      <rect class="outline" x={host.x} y={host.y} width={host.width} height={host.height} rx={8} />
      <text aria-hidden="true" class="host-name" x={host.x + 16} y={host.y + 27}>
        {shown}
      </text>
      <text aria-hidden="true" class="host-facts" x={host.x + 28 + measures.bold(shown, 15)} y={host.y + 27}>
        {room > 60 ? fitText(facts, room, 11.5, measures.text) : ''}
      </text>
    </g>
  );
}

function Blocks({ layout, tones }: SceneProps) {
  return (
    <g class="blocks" aria-hidden="true">
      {[...layout.blocks.values()].map((block) => (
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

function Edges(props: SceneProps) {
  const { index } = props;
  return (
    <g class="edges">
      {index.graph.edges.map((edge) => (isOfCell(props, edge) ? null : <Edge key={edge.id} {...{ edge, props }} />))}
    </g>
  );
}

/** Over the cells, and only those of what is selected or pointed at. */
function CellEdges(props: SceneProps) {
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
      {index.graph.edges.map((edge) =>
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
  if (!route) return null;
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
  if (edge.kind === 'wire') return edge.wireKind === 'veth' ? edge.hostLink?.name : undefined;
  if (edge.kind !== 'plug') return undefined;
  const from = index.elements.get(edge.from);
  return from?.kind === 'node' && from.node.kind === 'link' ? from.node.name : undefined;
}

function Nodes({ index, layout, tones, marks, menus, texts, measures, detailed }: SceneProps) {
  const drawn = { marks, menus, texts, measures, detailed };
  return (
    <g class={classes('nodes', index.graph.nodes.filter(isPort).length > fewPorts && 'many-ports')}>
      {index.graph.nodes.map((node) => {
        const box = layout.boxes.get(node.id);
        if (!box) return null;
        switch (node.kind) {
          case 'network':
            return <NetworkView key={node.id} node={node} box={box} tone={tones.get(node.id)} {...drawn} />;
          case 'bridge':
            return <BridgeView key={node.id} node={node} box={box} {...drawn} />;
          case 'link':
            return <HostLinkView key={node.id} node={node} box={box} {...drawn} />;
          case 'namespace':
            return <NamespaceView key={node.id} node={node} box={box} {...drawn} />;
          case 'port':
            return <PublicationView key={node.id} node={node} box={box} {...drawn} />;
        }
      })}
    </g>
  );
}

/** As many ports can be told apart from far away. */
const fewPorts = 12;

function isPort(node: GraphNode): boolean {
  return node.kind === 'port';
}

/** Fields of ports side by side, on the left and the right of the host's links. */
function portFields({ index, layout }: SceneProps): { readonly field: Rect; readonly count: number }[] {
  const boxes = index.graph.nodes.filter(isPort).flatMap(({ id }) => layout.boxes.get(id) ?? []);
  if (boxes.length <= fewPorts) return [];
  const fields: Rect[][] = [];
  let right = -Infinity;
  for (const box of [...boxes].sort((a, b) => a.x - b.x)) {
    if (box.x - right > edgePitch) fields.push([]);
    fields.at(-1)?.push(box);
    right = box.x + box.width;
  }
  return fields.flatMap((all) => {
    const field = unionOf(all);
    return field ? [{ field, count: all.length }] : [];
  });
}

/** Names of networks that can be read from far away: they do not shrink with the picture. */
function FarNames(props: SceneProps) {
  const { index, layout, texts, measures } = props;
  const { elements } = indexOf(index.graph);
  return (
    <g class="far-names" aria-hidden="true">
      {[...layout.blocks.values()].map((block) => {
        const element = block.bar === undefined ? undefined : elements.get(block.bar);
        if (element?.kind !== 'node') return null;
        const { node } = element;
        const name = nodeName(node);
        const counts = node.kind === 'network' ? countsText(node, texts) : '';
        const most = (text: string): string =>
          `${Math.min((block.width - 8) / Math.max(1, measures.bold(text, 1)), block.height / 2.6)}px`;
        const x = block.x + block.width / 2;
        const y = block.y + block.height / 2;
        return (
          <g key={block.id} transform={`translate(${x} ${y})`}>
            <text aria-hidden="true" class="far-name" style={{ '--most': most(name) }}>
              {name}
            </text>
            <text aria-hidden="true" class="far-counts" style={{ '--most': most(counts) }}>
              {counts}
            </text>
          </g>
        );
      })}
      {portFields(props).map(({ field, count }) => {
        const text = `${texts.legendPublish} × ${count}`;
        const { x, y } = centreOf(field);
        return (
          <text
            key={`${field.x} ${field.y}`}
            aria-hidden="true"
            class="far-counts"
            style={{ '--most': mostSize(field.width, measures.text(text, 1)) }}
            x={x}
            y={y}
          >
            {text}
          </text>
        );
      })}
    </g>
  );
}

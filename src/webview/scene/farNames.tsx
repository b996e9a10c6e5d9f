import type { GraphHost, GraphNode } from '../../topology/graphModel.ts';
import type { GraphIndex } from '../graphIndex.ts';
import type { HostPart } from '../hostParts.ts';
import { countsText, nodeName } from '../labels.ts';
import type { Layout, Rect, Region } from '../layout.ts';
import { edgePitch } from '../layout/sizes.ts';
import { mostSize, type Drawn } from './common.tsx';
import { centreOf, unionOf } from './geometry.ts';

interface FarProps extends Pick<Drawn, 'texts' | 'measures'> {
  readonly index: GraphIndex;
  readonly layout: Layout;
  readonly part: HostPart;
}

/** As many ports can be told apart from far away. */
export const fewPorts = 12;

export function isPort(node: GraphNode): boolean {
  return node.kind === 'port';
}

/** Fields of ports side by side, on the left and the right of the host's links. */
function portFields({ layout, part }: FarProps): { readonly field: Rect; readonly count: number }[] {
  const boxes = part.nodes.filter(isPort).flatMap(({ id }) => layout.boxes.get(id) ?? []);
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
export function FarNames(props: FarProps) {
  const { index, layout, texts, measures, part } = props;
  const { elements } = index;
  return (
    <g class="far-names" aria-hidden="true">
      {blocksOf(layout, part.host).map((block) => {
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

/** Of one of several hosts, or of the only one. */
export function blocksOf({ blocks }: Layout, host: GraphHost | undefined): readonly Region[] {
  return [...blocks.values()].filter((block) => block.host === host?.id);
}

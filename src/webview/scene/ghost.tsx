import type { Texts } from '../../protocol/texts.ts';
import type { ConnectDrag } from '../connectDrag.ts';
import { meaningOfDrop } from '../dropMeaning.ts';
import type { GraphIndex } from '../graphIndex.ts';

interface GhostProps {
  readonly drag: ConnectDrag;
  readonly svg: SVGSVGElement | null;
  readonly texts: Texts;
  readonly index: GraphIndex;
}

/** The line from a dragged container to the pointer, and what letting go would do. */
export function Ghost({ drag, svg, texts, index }: GhostProps) {
  const { left, top } = svg?.getBoundingClientRect() ?? { left: 0, top: 0 };
  const { from, to, network } = drag;
  const meaning = meaningOfDrop(index, drag, texts);
  // A longer sentence, and the other host is mostly on the right.
  const isLeft = meaning?.kind === 'otherHost' && to.x > window.innerWidth / 2;
  const isReady = meaning?.kind === 'connect' && network !== undefined;
  const target = isReady ? svg?.querySelector(`[data-id="${CSS.escape(network)}"]`) : undefined;
  const rect = target?.getBoundingClientRect();
  return (
    <g class={`ghost${target ? ' ready' : ''}`} aria-hidden="true">
      {rect && (
        <rect x={rect.left - left - 3} y={rect.top - top - 3} width={rect.width + 6} height={rect.height + 6} rx={6} />
      )}
      <path d={`M${from.x - left} ${from.y - top}L${to.x - left} ${to.y - top}`} />
      <circle cx={to.x - left} cy={to.y - top} r={4} />
      <text x={to.x - left + (isLeft ? -12 : 12)} y={to.y - top - 8} text-anchor={isLeft ? 'end' : undefined}>
        {meaning?.text}
      </text>
    </g>
  );
}

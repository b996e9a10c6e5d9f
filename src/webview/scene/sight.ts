import { highlightOf } from '../graphIndex.ts';
import type { Rect } from '../layout.ts';
import type { SceneModel } from '../scenes.ts';
import { rectOf, unionOf } from './geometry.ts';
import { fitting, levelOf, most, uncovering, type Viewport } from './viewport.ts';

/** Of the drawing's place in the window, CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Nothing is drawn bigger than this when all is fitted into the view. */
export const mostWhenFitted = 1.25;

export function sizeOf(svg: SVGSVGElement | null): Size {
  const { width, height } = svg?.getBoundingClientRect() ?? { width: 0, height: 0 };
  return { width: Math.max(1, width), height: Math.max(1, height) };
}

/** Then small print cannot be read yet, and may come after the rest. */
export function isFarWhenFitted({ bounds }: SceneModel['layout']): boolean {
  return levelOf(fitting(bounds, window.innerWidth, window.innerHeight, mostWhenFitted).k) === 'far';
}

export function isInSight(
  { index, layout }: SceneModel,
  id: string,
  viewport: Viewport,
  { width, height }: Size,
): boolean {
  const rect = rectOf(index, layout, id);
  if (!rect) return false;
  const there = uncovering(rect, viewport, width, height, 0);
  return there.x === viewport.x && there.y === viewport.y;
}

/**
 * The viewport that shows an element. `around`: with what it is joined to, where there is room for that. `centred`: and
 * near enough to read. Undefined where it is not drawn.
 */
export function showing(
  { index, layout }: SceneModel,
  id: string,
  how: 'alone' | 'around' | 'centred',
  viewport: Viewport,
  { width, height }: Size,
): Viewport | undefined {
  const rect = rectOf(index, layout, id);
  if (!rect) return undefined;
  const around = unionOf([...highlightOf(index, id)].flatMap((other) => rectOf(index, layout, other) ?? []));
  if (how !== 'centred') {
    const isRoomForAll =
      how === 'around' && around && fitting(grown(around, 24 / viewport.k), width, height, most).k >= viewport.k;
    return uncovering(isRoomForAll ? around : rect, viewport, width, height);
  }
  const whole = around && fitting(grown(around, 40), width, height, mostWhenFitted);
  const k = Math.max(0.9, Math.min(mostWhenFitted, viewport.k));
  return whole && whole.k >= 0.7 ? whole : fitting(grown(rect, 200), width, height, k);
}

function grown({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

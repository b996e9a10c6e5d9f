import type { Rect } from '../layout.ts';

/** `transform` of the drawing: where its origin is in the window, and its scale. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

/** Smallest and biggest scale. */
export const least = 0.03;
export const most = 4;

/** How much is told at a zoom. Class names of the drawing; diagram.css hides the rest. */
export const levels = ['far', 'middle', 'near', 'close'] as const;
export type Level = (typeof levels)[number];

export function levelOf(k: number): Level {
  if (k < 0.42) return 'far';
  if (k < 0.55) return 'middle';
  return k < 1.4 ? 'near' : 'close';
}

/** The viewport that shows all of `rect` in the middle, not bigger than `biggest`. */
export function fitting(rect: Rect, width: number, height: number, biggest: number): Viewport {
  const k = Math.max(least, Math.min(biggest, width / rect.width, height / rect.height));
  return {
    k,
    x: width / 2 - k * (rect.x + rect.width / 2),
    y: height / 2 - k * (rect.y + rect.height / 2),
  };
}

/** The smallest move that brings `rect` into the view, or nothing. What is too big for it is centred. */
export function uncovering(rect: Rect, at: Viewport, width: number, height: number, margin = 24): Viewport {
  const along = (start: number, size: number, offset: number, length: number): number => {
    const from = offset + at.k * start;
    const to = from + at.k * size;
    if (to - from > length - 2 * margin) return offset + length / 2 - (from + to) / 2;
    if (from < margin) return offset + margin - from;
    if (to > length - margin) return offset + length - margin - to;
    return offset;
  };
  return { k: at.k, x: along(rect.x, rect.width, at.x, width), y: along(rect.y, rect.height, at.y, height) };
}

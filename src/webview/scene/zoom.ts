import { select } from 'd3-selection';
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from 'd3-zoom';
import type { Point } from '../layout.ts';
import { least, levelOf, levels, most, type Level, type Viewport } from './viewport.ts';

export interface ZoomParts {
  readonly svg: SVGSVGElement;
  readonly world: SVGGElement;
  /** False where a press begins something else than panning. */
  readonly isBackground: (target: Element) => boolean;
  /** After a move has ended; `isByPerson`: with the mouse or by touch. */
  readonly moved: (viewport: Viewport, isByPerson: boolean) => void;
}

/** Pans and zooms by changing one attribute, the world's transform. */
export class Zoom {
  readonly #parts: ZoomParts;
  readonly #behavior: ZoomBehavior<SVGSVGElement, unknown>;
  #level: Level | undefined;
  #step: number | undefined;

  constructor(parts: ZoomParts) {
    this.#parts = parts;
    this.#behavior = zoom<SVGSVGElement, unknown>()
      .scaleExtent([least, most])
      .filter((event: Event) => this.#accepts(event))
      .on('zoom', ({ transform }: D3ZoomEvent<SVGSVGElement, unknown>) => this.#show(transform))
      .on('end', ({ transform, sourceEvent }: D3ZoomEvent<SVGSVGElement, unknown>) => {
        parts.moved({ x: transform.x, y: transform.y, k: transform.k }, sourceEvent !== null);
      });
    select(parts.svg).call(this.#behavior).on('dblclick.zoom', null);
  }

  get viewport(): Viewport {
    const { __zoom: transform } = this.#parts.svg as SVGSVGElement & { readonly __zoom?: ZoomTransform };
    return transform ?? zoomIdentity;
  }

  show({ x, y, k }: Viewport): void {
    const transform = zoomIdentity.translate(x, y).scale(k);
    select(this.#parts.svg).call((selection) => this.#behavior.transform(selection, transform));
  }

  scaleBy(factor: number): void {
    select(this.#parts.svg).call((selection) => this.#behavior.scaleBy(selection, factor));
  }

  panBy(x: number, y: number): void {
    const { x: left, y: top, k } = this.viewport;
    this.show({ x: left + x, y: top + y, k });
  }

  /** A point of the window, in diagram units. */
  toDiagram(clientX: number, clientY: number): Point {
    const { left, top } = this.#parts.svg.getBoundingClientRect();
    const { x, y, k } = this.viewport;
    return { x: (clientX - left - x) / k, y: (clientY - top - y) / k };
  }

  dispose(): void {
    select(this.#parts.svg).on('.zoom', null);
  }

  #accepts(event: Event): boolean {
    if (event.type === 'wheel') return true;
    if (event instanceof MouseEvent && (event.button !== 0 || event.ctrlKey)) return false;
    return event.target instanceof Element && this.#parts.isBackground(event.target);
  }

  #show(transform: ZoomTransform): void {
    const { svg, world } = this.#parts;
    world.setAttribute('transform', transform.toString());
    const level = levelOf(transform.k);
    if (level !== this.#level) {
      svg.classList.remove(...levels);
      svg.classList.add(level);
      this.#level = level;
    }
    // Names that keep their size on the screen follow in steps: each one lays out text again.
    const step = level === 'far' ? Math.round(Math.log2(transform.k) * 3) : undefined;
    if (step !== undefined && step !== this.#step) {
      this.#step = step;
      svg.style.setProperty('--far', String(2 ** (-step / 3)));
    }
  }
}

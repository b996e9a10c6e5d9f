import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { noMenuContext } from '../protocol/menuContext.ts';
import type { Texts } from '../protocol/texts.ts';
import { followDrag, type ConnectDrag } from './connectDrag.ts';
import { highlightOf, networksOf } from './graphIndex.ts';
import { meaningOf } from './keyboard.ts';
import { nameOf } from './labels.ts';
import type { Rect } from './layout.ts';
import { outermost, step } from './navigation.ts';
import type { Marks } from './scene/element.ts';
import { rectOf, unionOf } from './scene/geometry.ts';
import { measuresOf, type Measures } from './scene/measure.ts';
import { Scene } from './scene/scene.tsx';
import { fitting, levelOf, most, uncovering, type Viewport } from './scene/viewport.ts';
import { Zoom } from './scene/zoom.ts';
import type { SceneModel } from './scenes.ts';
import type { State } from './state.ts';
import { fill } from './texts.ts';

/** What a row of buttons beside the drawing can do to it. */
export interface CanvasHandle {
  readonly svg: SVGSVGElement;
  fit(): void;
  zoomBy(factor: number): void;
  focus(id?: string): void;
}

export interface CanvasProps {
  readonly state: State;
  readonly texts: Texts;
  readonly scene: SceneModel;
  readonly select: (id: string | undefined) => void;
  /** Undefined: back to all there is. */
  readonly focusOn: (id: string | undefined) => void;
  readonly search: () => void;
  readonly connect: (containerId: string, networkId: string) => void;
  /** Undefined: all is fitted into the view. */
  readonly moved: (viewport: Viewport | undefined) => void;
  readonly handle: (handle: CanvasHandle | undefined) => void;
}

/** Nothing is drawn bigger than this when all is fitted into the view. */
const mostWhenFitted = 1.25;
const nothingLit: ReadonlySet<string> = new Set();

/** The drawing, and what mouse and keyboard do to it. */
export function Canvas(props: CanvasProps) {
  const { state, texts, scene } = props;
  const { index, layout } = scene;
  const svg = useRef<SVGSVGElement>(null);
  const world = useRef<SVGGElement>(null);
  const zoom = useRef<Zoom | undefined>(undefined);
  /** The element that Tab leads to. */
  const current = useRef<string | undefined>(undefined);
  /** Nobody moved since all was fitted into the view. */
  const isFitted = useRef(false);
  const newest = useRef(props);
  newest.current = props;
  const [hovered, setHovered] = useState<string>();
  const [drag, setDrag] = useState<ConnectDrag>();
  const measures = useMeasures();
  const [detailed, setDetailed] = useState(() => !isFarWhenFitted(layout));
  useEffect(() => {
    if (detailed) return;
    const task = requestIdleCallback(() => setDetailed(true), { timeout: 500 });
    return () => cancelIdleCallback(task);
  }, [detailed]);

  const marks = useMemo<Marks>(
    () => ({
      selected: state.selected,
      lit: state.selected === undefined ? nothingLit : highlightOf(index, state.selected),
      fresh: state.fresh,
    }),
    [index, state.selected, state.fresh],
  );

  const fit = useCallback(() => {
    const { width, height } = sizeOf(svg.current);
    isFitted.current = true;
    zoom.current?.show(fitting(newest.current.scene.layout.bounds, width, height, mostWhenFitted));
  }, []);

  const isInView = useCallback((id: string, { width, height }: Size): boolean => {
    const rect = rectOf(newest.current.scene.index, newest.current.scene.layout, id);
    if (!rect || !zoom.current) return false;
    const { viewport } = zoom.current;
    const there = uncovering(rect, viewport, width, height, 0);
    return there.x === viewport.x && there.y === viewport.y;
  }, []);

  /** `around`: with what it is joined to, where there is room for that. `centred`: and near enough to read. */
  const bringIntoView = useCallback((id: string, how: 'alone' | 'around' | 'centred') => {
    const { index: newestIndex, layout: newestLayout } = newest.current.scene;
    const rect = rectOf(newestIndex, newestLayout, id);
    if (!rect || !zoom.current) return;
    const size = sizeOf(svg.current);
    const { viewport } = zoom.current;
    const around = unionOf(
      [...highlightOf(newestIndex, id)].flatMap((other): readonly Rect[] => {
        const part = rectOf(newestIndex, newestLayout, other);
        return part ? [part] : [];
      }),
    );
    if (how !== 'centred') {
      const isRoomForAll =
        how === 'around' &&
        around &&
        fitting(grown(around, 24 / viewport.k), size.width, size.height, most).k >= viewport.k;
      return zoom.current.show(uncovering(isRoomForAll ? around : rect, viewport, size.width, size.height));
    }
    isFitted.current = false;
    const whole = around && fitting(grown(around, 40), size.width, size.height, mostWhenFitted);
    const k = Math.max(0.9, Math.min(mostWhenFitted, viewport.k));
    zoom.current.show(whole && whole.k >= 0.7 ? whole : fitting(grown(rect, 200), size.width, size.height, k));
  }, []);

  const focusElement = useCallback(
    (id: string, isMoved = true) => {
      const element = svg.current && elementWith(svg.current, id);
      if (!svg.current || !element) return;
      setTabStop(svg.current, current, id);
      element.focus({ preventScroll: true });
      if (isMoved) bringIntoView(id, 'alone');
    },
    [bringIntoView],
  );

  useLayoutEffect(() => {
    if (!svg.current || !world.current) return;
    const made = new Zoom({
      svg: svg.current,
      world: world.current,
      isBackground: (target) => target.closest('[data-id]') === null,
      moved: (viewport, isByPerson) => {
        if (isByPerson) isFitted.current = false;
        // What is fitted is fitted again to whatever room there is when it comes back.
        newest.current.moved(isFitted.current ? undefined : viewport);
      },
    });
    zoom.current = made;
    const { viewport } = newest.current.state;
    if (viewport) made.show(viewport);
    else fit();
    newest.current.handle({
      svg: svg.current,
      fit,
      zoomBy: (factor) => {
        isFitted.current = false;
        made.scaleBy(factor);
      },
      focus: (id) => {
        const wanted = id ?? current.current;
        if (wanted !== undefined) focusElement(wanted);
      },
    });
    const fittedScale = ({ width, height }: Size): number =>
      fitting(newest.current.scene.layout.bounds, width, height, mostWhenFitted).k;
    // The card beside it takes room, and so does the editor.
    let before = sizeOf(svg.current);
    const observer = new ResizeObserver(() => {
      const now = sizeOf(svg.current);
      const { selected } = newest.current.state;
      const isBigger = now.width >= before.width && now.height >= before.height;
      // A card may take so much that nothing could be read any more: then what is selected stays in sight.
      const isFitAgain = selected === undefined || isBigger || fittedScale(now) > 0.85 * made.viewport.k;
      if (isFitted.current && isFitAgain) fit();
      else if (selected !== undefined && isInView(selected, before)) bringIntoView(selected, 'around');
      before = now;
    });
    observer.observe(svg.current);
    return () => {
      observer.disconnect();
      newest.current.handle(undefined);
      made.dispose();
    };
  }, [fit, focusElement, bringIntoView, isInView]);

  // Another focus, filter or engine is another picture.
  const subject = useRef(scene.subject);
  useLayoutEffect(() => {
    if (subject.current === scene.subject) return;
    subject.current = scene.subject;
    fit();
  }, [scene.subject, fit]);

  const revealed = useRef(0);
  useLayoutEffect(() => {
    if (revealed.current === state.revealed) return;
    revealed.current = state.revealed;
    if (state.selected !== undefined) bringIntoView(state.selected, 'centred');
  }, [state.revealed, state.selected, bringIntoView]);

  // What had the focus may be gone: the tab stop, and the focus with it, go to something that is there.
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    if (!svg.current) return;
    const before = current.current;
    if (before !== undefined && index.elements.has(before) && elementWith(svg.current, before)) {
      setTabStop(svg.current, current, before);
      return;
    }
    const next = state.selected ?? outermost({ index, layout }, 'first');
    if (next === undefined || !elementWith(svg.current, next)) return;
    setTabStop(svg.current, current, next);
    if (hadFocus.current && document.activeElement === document.body) elementWith(svg.current, next)?.focus();
  }, [index, layout, state.selected]);

  const idAt = (target: EventTarget | null): string | undefined =>
    target instanceof Element ? (target.closest('[data-id]')?.getAttribute('data-id') ?? undefined) : undefined;

  const scaleBy = (factor: number): void => {
    isFitted.current = false;
    zoom.current?.scaleBy(factor);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const meaning = meaningOf(event);
    if (!meaning) return;
    const at = idAt(event.target) ?? current.current;
    event.preventDefault();
    switch (meaning.do) {
      case 'go': {
        const next = at === undefined ? undefined : step({ index, layout }, at, meaning.direction);
        if (next !== undefined) focusElement(next);
        return;
      }
      case 'first':
      case 'last': {
        const next = outermost({ index, layout }, meaning.do);
        if (next !== undefined) focusElement(next);
        return;
      }
      case 'select':
        return props.select(at);
      case 'focus':
        if (at !== undefined) props.focusOn(at);
        return;
      case 'unselect':
        // One step back each time: the card first, then what the view is narrowed to.
        return state.selected === undefined ? props.focusOn(undefined) : props.select(undefined);
      case 'search':
        event.stopPropagation();
        return props.search();
      case 'zoomIn':
        return scaleBy(1.25);
      case 'zoomOut':
        return scaleBy(0.8);
      case 'fit':
        return fit();
      case 'pan':
        isFitted.current = false;
        return zoom.current?.panBy(meaning.x, meaning.y);
    }
  };

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || event.ctrlKey || !(event.target instanceof Element)) return;
    const container = event.target.closest('[data-container]')?.getAttribute('data-container');
    if (container === undefined || container === null) return;
    followDrag(event, container, {
      changed: setDrag,
      dropped: (containerId, networkId) => {
        if (!networksOf(newest.current.scene.index, containerId).has(networkId)) {
          newest.current.connect(containerId, networkId);
        }
      },
    });
  };

  return (
    <div class={`canvas${marks.lit.size === 0 ? '' : ' has-selection'}`}>
      <svg
        ref={svg}
        class="diagram"
        role="application"
        aria-label={fill(texts.diagram, index.graph.engine.name)}
        aria-describedby="keyboard-help"
        data-vscode-context={noMenuContext}
        onClick={(event) => props.select(idAt(event.target))}
        onDblClick={(event) => {
          const id = idAt(event.target);
          if (id !== undefined) props.focusOn(id);
        }}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerOver={(event) => {
          const id = idAt(event.target);
          setHovered(id !== undefined && isCell(event.target) ? id : undefined);
        }}
        onPointerLeave={() => setHovered(undefined)}
        onFocusIn={(event) => {
          hadFocus.current = true;
          const id = idAt(event.target);
          if (id !== undefined && svg.current) setTabStop(svg.current, current, id);
        }}
        onFocusOut={(event) => {
          hadFocus.current = event.relatedTarget === null;
        }}
      >
        <g ref={world} class="world">
          <Scene
            index={index}
            layout={layout}
            tones={scene.tones}
            traffic={state.traffic}
            hovered={hovered}
            marks={marks}
            menus={state.menus}
            texts={texts}
            measures={measures}
            detailed={detailed}
          />
        </g>
        {drag && <Ghost drag={drag} svg={svg.current} texts={texts} index={index} />}
      </svg>
    </div>
  );
}

interface GhostProps {
  readonly drag: ConnectDrag;
  readonly svg: SVGSVGElement | null;
  readonly texts: Texts;
  readonly index: SceneModel['index'];
}

/** The line from a dragged container to the pointer, and what letting go would do. */
function Ghost({ drag, svg, texts, index }: GhostProps) {
  const { left, top } = svg?.getBoundingClientRect() ?? { left: 0, top: 0 };
  const { from, to, containerId, networkId } = drag;
  const container = index.containers.get(containerId)?.name ?? '';
  const isOn = networkId !== undefined && networksOf(index, containerId).has(networkId);
  const network = networkId === undefined ? '' : nameOf(index, `network:${networkId}`);
  const text = fill(
    networkId === undefined ? texts.dropElsewhere : isOn ? texts.dropAlready : texts.dropConnect,
    container,
    network,
  );
  const target = networkId === undefined || isOn ? undefined : svg?.querySelector(`[data-network="${networkId}"]`);
  const rect = target?.getBoundingClientRect();
  return (
    <g class={`ghost${target ? ' ready' : ''}`} aria-hidden="true">
      {rect && (
        <rect x={rect.left - left - 3} y={rect.top - top - 3} width={rect.width + 6} height={rect.height + 6} rx={6} />
      )}
      <path d={`M${from.x - left} ${from.y - top}L${to.x - left} ${to.y - top}`} />
      <circle cx={to.x - left} cy={to.y - top} r={4} />
      <text x={to.x - left + 12} y={to.y - top - 8}>
        {text}
      </text>
    </g>
  );
}

/** Letters are measured once per font; a change of theme or settings can change fonts. */
function useMeasures(): Measures {
  const [measures, setMeasures] = useState(() => measuresOf(document.body));
  useEffect(() => {
    let fonts = fontsNow();
    const observer = new MutationObserver(() => {
      if (fonts === fontsNow()) return;
      fonts = fontsNow();
      setMeasures(measuresOf(document.body));
    });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    return () => observer.disconnect();
  }, []);
  return measures;
}

function fontsNow(): string {
  const style = getComputedStyle(document.body);
  return `${style.fontFamily} ${style.getPropertyValue('--vscode-editor-font-family')}`;
}

/** Then small print cannot be read yet, and may come after the rest. */
function isFarWhenFitted({ bounds }: SceneModel['layout']): boolean {
  return levelOf(fitting(bounds, window.innerWidth, window.innerHeight, mostWhenFitted).k) === 'far';
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sizeOf(svg: SVGSVGElement | null): Size {
  const { width, height } = svg?.getBoundingClientRect() ?? { width: 0, height: 0 };
  return { width: Math.max(1, width), height: Math.max(1, height) };
}

function grown({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function elementWith(svg: SVGSVGElement, id: string): SVGElement | null {
  return svg.querySelector<SVGElement>(`[data-id="${CSS.escape(id)}"]`);
}

/** One element of the drawing is a tab stop. Changed in place, so that walking draws nothing again. */
function setTabStop(svg: SVGSVGElement, current: { current: string | undefined }, id: string): void {
  if (current.current !== undefined && current.current !== id) {
    elementWith(svg, current.current)?.setAttribute('tabindex', '-1');
  }
  current.current = id;
  elementWith(svg, id)?.setAttribute('tabindex', '0');
}

function isCell(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.cell') !== null;
}

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Asks } from '../protocol/messages.ts';
import { noMenuContext } from '../protocol/menuContext.ts';
import type { Texts } from '../protocol/texts.ts';
import type { HostId } from '../topology/graphModel.ts';
import { followDrag, type ConnectDrag } from './connectDrag.ts';
import { meaningOfDrop } from './dropMeaning.ts';
import { highlightOf } from './graphIndex.ts';
import { hostsText } from './hostParts.ts';
import { meaningOf } from './keyboard.ts';
import { outermost, step } from './navigation.ts';
import type { Marks } from './scene/element.ts';
import { Ghost } from './scene/ghost.tsx';
import { Scene } from './scene/scene.tsx';
import { useMeasures } from './scene/useMeasures.ts';
import { isFarWhenFitted, isInSight, mostWhenFitted, showing, sizeOf, type Size } from './scene/sight.ts';
import { elementWith, setTabStop } from './scene/tabStop.ts';
import { fitting, type Viewport } from './scene/viewport.ts';
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
  readonly connect: (wanted: Asks['connect']['ask']) => void;
  /** Says why something that the person tried is not done. */
  readonly refuse: (why: string) => void;
  /** Undefined: all is fitted into the view. */
  readonly moved: (viewport: Viewport | undefined) => void;
  readonly handle: (handle: CanvasHandle | undefined) => void;
}

const nothingLit: ReadonlySet<string> = new Set();
const noHosts: readonly HostId[] = [];

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

  const isInView = useCallback((id: string, size: Size): boolean => {
    return zoom.current !== undefined && isInSight(newest.current.scene, id, zoom.current.viewport, size);
  }, []);

  const bringIntoView = useCallback((id: string, how: 'alone' | 'around' | 'centred') => {
    const there = zoom.current && showing(newest.current.scene, id, how, zoom.current.viewport, sizeOf(svg.current));
    if (!there) return;
    if (how === 'centred') isFitted.current = false;
    zoom.current?.show(there);
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
    const container = event.target.closest('[data-container]')?.getAttribute('data-id');
    if (container === undefined || container === null) return;
    followDrag(event, container, {
      changed: setDrag,
      dropped: (dropped) => {
        const meaning = meaningOfDrop(newest.current.scene.index, dropped, newest.current.texts);
        if (meaning?.kind === 'connect') newest.current.connect(meaning);
        if (meaning?.kind === 'otherHost') newest.current.refuse(meaning.text);
      },
    });
  };

  return (
    <div class={`canvas${marks.lit.size === 0 ? '' : ' has-selection'}`}>
      <svg
        ref={svg}
        class="diagram"
        role="application"
        aria-label={fill(texts.diagram, hostsText(index.graph))}
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
            old={state.status.old ?? noHosts}
          />
        </g>
        {drag && <Ghost drag={drag} svg={svg.current} texts={texts} index={index} />}
      </svg>
    </div>
  );
}

function isCell(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.cell') !== null;
}

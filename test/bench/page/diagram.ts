/** Runs in the diagram's page before its own script: stands in for the editor, and for the person. */
import { layOut } from '../../../src/webview/layout.ts';
import type { DiagramRenderer } from '../diagramRenderer.ts';
import { nextFrame, pan, pause, whenShown } from './clock.ts';
import { setTheme } from './theme.ts';

/** After which nothing more is believed to be added: the diagram adds small print within 500 ms. */
const quiet = 800;
/** Until d3-zoom takes a turn of the wheel for ended. */
const wheelEnds = 300;

function svg(): SVGSVGElement {
  const drawn = document.querySelector<SVGSVGElement>('svg.diagram');
  if (drawn === null) throw new Error('void: there is no diagram');
  return drawn;
}

function transform(): string {
  return svg().querySelector('.world')?.getAttribute('transform') ?? '';
}

/** The time when the last element was added and drawn. */
async function whenWhole(shown: number): Promise<number> {
  let last = shown;
  const observer = new MutationObserver(() => {
    last = performance.now();
    void whenShown(() => true).then((time) => (last = time));
  });
  observer.observe(svg(), { childList: true, subtree: true });
  while (performance.now() - last < quiet) await pause(50);
  observer.disconnect();
  return last;
}

Reflect.set(globalThis, 'acquireVsCodeApi', () => ({
  postMessage: () => undefined,
  getState: () => undefined,
  setState: () => undefined,
}));

const renderer: DiagramRenderer = {
  async mount({ start, boxes }) {
    setTheme();
    await nextFrame();
    const began = performance.now();
    window.postMessage(start, '*');
    const shown = await whenShown(() => document.querySelectorAll('svg.diagram .nodes > *').length === boxes.length);
    return { shown: shown - began, whole: (await whenWhole(shown)) - began };
  },
  async approach() {
    const scale = Number(/scale\(([\d.]+)\)/.exec(transform())?.[1]);
    const at = { clientX: window.innerWidth / 2, clientY: window.innerHeight / 2, view: window };
    // d3-zoom doubles the scale at each 500.
    svg().dispatchEvent(
      new WheelEvent('wheel', { ...at, bubbles: true, cancelable: true, deltaY: Math.log2(scale) * 500 }),
    );
    await pause(wheelEnds);
  },
  pan: (milliseconds) => pan(svg(), transform, milliseconds),
  layOut({ start }) {
    if (start.graph === undefined) throw new Error('void: there is no graph');
    const began = performance.now();
    layOut(start.graph);
    return performance.now() - began;
  },
};
Reflect.set(globalThis, 'renderer', renderer);

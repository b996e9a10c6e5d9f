/** The same boxes and lines by Cytoscape, on its canvas: rectangles with a name, its fastest edges, all in view. */
import cytoscape, { type Core } from 'cytoscape';
import type { Renderer } from '../diagramRenderer.ts';
import { nextFrame, pan, whenShown } from './clock.ts';
import { ground } from './ground.ts';

let graph: Core | undefined;

function drawn(): Core {
  if (graph === undefined) throw new Error('void: there is no graph');
  return graph;
}

const renderer: Renderer = {
  async mount({ boxes, lines }) {
    const container = ground();
    await nextFrame();
    const began = performance.now();
    graph = cytoscape({
      container,
      elements: {
        nodes: boxes.map(({ id, name, x, y, width, height }) => ({
          data: { id, name, width, height },
          position: { x: x + width / 2, y: y + height / 2 },
        })),
        edges: lines.map(({ id, from, to }) => ({ data: { id, source: from, target: to } })),
      },
      style: [
        {
          selector: 'node',
          style: {
            shape: 'rectangle',
            width: 'data(width)',
            height: 'data(height)',
            label: 'data(name)',
            'text-valign': 'center',
            'font-size': 12,
            // Names that nobody can read are not drawn, as in the diagram.
            'min-zoomed-font-size': 6,
            'border-width': 1,
            'background-color': '#ffffff',
          },
        },
        { selector: 'edge', style: { 'curve-style': 'haystack', width: 1 } },
        // A press anywhere pans.
        { selector: '*', style: { events: 'no' } },
      ],
      layout: { name: 'preset', fit: true },
    });
    let isDrawn = false;
    graph.one('render', () => (isDrawn = true));
    const shown = await whenShown(() => isDrawn);
    return { shown: shown - began, whole: shown - began };
  },
  approach() {
    drawn().zoom({ level: 1, renderedPosition: { x: window.innerWidth / 2, y: window.innerHeight / 2 } });
    return nextFrame();
  },
  pan(milliseconds) {
    const target = document.querySelector('#root canvas');
    if (target === null) throw new Error('void: there is no canvas');
    return pan(target, () => JSON.stringify(drawn().pan()), milliseconds);
  },
};
Reflect.set(globalThis, 'renderer', renderer);

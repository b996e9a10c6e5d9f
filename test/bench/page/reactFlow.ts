/** The same boxes and lines by React Flow, as its documentation begins: its own nodes, straight edges, all in view. */
import { Position, ReactFlow, type Edge, type Node, type ReactFlowInstance } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { Drawing, Renderer } from '../diagramRenderer.ts';
import { nextFrame, pan, whenShown } from './clock.ts';
import { ground } from './ground.ts';

let flow: ReactFlowInstance | undefined;

function nodesOf({ boxes }: Drawing): Node[] {
  return boxes.map(({ id, name, x, y, width, height }) => ({
    id,
    position: { x, y },
    width,
    height,
    data: { label: name },
    sourcePosition: Position.Bottom,
    targetPosition: Position.Top,
  }));
}

function edgesOf({ lines }: Drawing): Edge[] {
  return lines.map(({ id, from, to }) => ({ id, source: from, target: to, type: 'straight' }));
}

function count(selector: string): number {
  return document.querySelectorAll(selector).length;
}

function place(): string {
  return document.querySelector<HTMLElement>('.react-flow__viewport')?.style.transform ?? '';
}

const renderer: Renderer = {
  async mount(drawing) {
    const root = ground();
    await nextFrame();
    const began = performance.now();
    const element = createElement(ReactFlow, {
      defaultNodes: nodesOf(drawing),
      defaultEdges: edgesOf(drawing),
      fitView: true,
      minZoom: 0.03,
      onInit: (instance: ReactFlowInstance) => (flow = instance),
    });
    createRoot(root).render(element);
    // Edges come after the nodes have been measured, and the view after that.
    const shown = await whenShown(
      () =>
        count('.react-flow__edge') === drawing.lines.length &&
        count('.react-flow__node') === drawing.boxes.length &&
        !place().includes('scale(1)'),
    );
    return { shown: shown - began, whole: shown - began };
  },
  async approach() {
    await flow?.zoomTo(1);
  },
  pan(milliseconds) {
    const background = document.querySelector('.react-flow__pane');
    if (background === null) throw new Error('void: there is no pane');
    return pan(background, place, milliseconds);
  },
};
Reflect.set(globalThis, 'renderer', renderer);

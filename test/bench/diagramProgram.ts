/** `diagramProgram.cjs CONTAINERS`: a lived-in engine of that size as the panel tells it to the diagram. Prints a `Drawing`. */
import './editor.ts';
import { Pictures } from '../../src/panels/pictures.ts';
import { diagramTexts } from '../../src/panels/texts.ts';
import type { Graph, GraphEdge, GraphNode } from '../../src/topology/graphModel.ts';
import { layOut, type Layout } from '../../src/webview/layout.ts';
import { town } from '../unit/support/anySnapshot.ts';
import type { Drawing, DrawnLine } from './diagramRenderer.ts';

function nameOf(node: GraphNode): string {
  switch (node.kind) {
    case 'network':
    case 'link':
      return node.name;
    case 'bridge':
      return node.bridge.name;
    case 'namespace':
      return node.containers.map(({ name }) => name).join(', ');
    case 'port':
      return `${node.hostPort}/${node.protocol}`;
  }
}

/** As src/webview/scene/scene.tsx decides it. */
function isHidden(edge: GraphEdge, { boxes }: Layout): boolean {
  const isCell = (id: string): boolean => boxes.get(id)?.compact === true;
  return edge.kind !== 'egress' && (isCell(edge.from) || isCell(edge.to));
}

function drawingOf(graph: Graph, menus: Drawing['start']['menus']): Drawing {
  const layout = layOut(graph);
  const edges = graph.edges.filter(({ id }) => layout.routes.has(id));
  const lineOf = ({ id, from, to }: GraphEdge): DrawnLine => ({ id, from, to });
  return {
    start: {
      type: 'start',
      texts: diagramTexts(),
      engineKey: 'bench',
      graph,
      menus,
      positions: {},
      status: { kind: 'ready', text: '' },
    },
    boxes: graph.nodes.flatMap((node) => {
      const box = layout.boxes.get(node.id);
      if (box === undefined) return [];
      const { id, x, y, width, height } = box;
      return { id, name: nameOf(node), x, y, width, height };
    }),
    lines: edges.filter((edge) => !isHidden(edge, layout)).map(lineOf),
    hidden: edges.filter((edge) => isHidden(edge, layout)).map(lineOf),
  };
}

const { shown, menus } = new Pictures(() => false).of([
  { key: 'town', label: 'town', snapshot: town(Number(process.argv[2])), remoteSeats: new Map() },
]);
process.stdout.write(JSON.stringify(drawingOf(shown, Object.fromEntries(menus))), () => process.exit(0));

import { diagramTexts } from '../../../src/panels/texts.ts';
import type { ToWebview } from '../../../src/protocol/messages.ts';
import { graphOf } from '../../../src/topology/graph.ts';
import type { Graph } from '../../../src/topology/graphModel.ts';
import { diffGraph } from '../../../src/topology/graphPatch.ts';
import { firstState, reduce, type Action, type State } from '../../../src/webview/state.ts';
import { indexOf } from '../../../src/webview/graphIndex.ts';
import { nameOf } from '../../../src/webview/labels.ts';
import { tutorial } from '../support/snapshots.ts';

/** What a panel and a person do to a diagram, without a window. */

export const texts = diagramTexts();
export const tutorialGraph = (): Graph => graphOf(tutorial());

type Start = Extract<ToWebview, { type: 'start' }>;

export function start(more: Partial<Start> = {}): Action {
  const news: Start = {
    type: 'start',
    texts,
    engineKey: 'engine A',
    graph: tutorialGraph(),
    menus: {},
    positions: {},
    status: { kind: 'ready', text: '' },
    ...more,
  };
  return { type: 'news', news };
}

export function patch(before: Graph, after: Graph): Action {
  const changes = diffGraph(before, after);
  if (!changes) throw new Error('nothing differs');
  return { type: 'news', news: { type: 'patch', patch: changes, menus: {} } };
}

export function run(actions: readonly Action[], from: State = firstState(undefined)): State {
  return actions.reduce(reduce, from);
}

/** The id of what is called so. */
export function called(graph: Graph, name: string, kind: string): string {
  const index = indexOf(graph);
  const found = [...index.elements.keys()].find((id) => id.startsWith(kind) && nameOf(index, id) === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

/** The graph without a container's box and what is joined to it. */
export function without(graph: Graph, name: string): Graph {
  const box = called(graph, name, 'namespace:');
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => id !== box),
    edges: graph.edges.filter(({ from, to }) => from !== box && to !== box),
  };
}

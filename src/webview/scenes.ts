import type { Positions } from '../protocol/messages.ts';
import type { Graph, HostId } from '../topology/graphModel.ts';
import { filterGraph, neighbourhood } from '../topology/graphView.ts';
import { filterCount } from './filter.ts';
import { indexOf, type GraphIndex } from './graphIndex.ts';
import { hasFrames } from './hostParts.ts';
import { layOut, type Layout } from './layout.ts';
import { carriedOver } from './layout/hostMemory.ts';
import { positionsOf } from './layout/memory.ts';
import { byIds, byNames } from './namedPositions.ts';
import { reconcile } from './reconcile.ts';
import { tonesOf } from './scene/tones.ts';
import type { State } from './state.ts';

/** What is drawn of a state. */
export interface SceneModel {
  readonly index: GraphIndex;
  readonly layout: Layout;
  readonly tones: ReadonlyMap<string, number>;
  /** Changes with what is shown, not with what happens in it: then all of it is fitted into the view. */
  readonly subject: string;
}

/** Narrows the graph to what the person looks at, and lays it out; remembers where things were. */
export class Scenes {
  #known: Positions = {};
  #key = '';
  #engine: { readonly key: string; readonly hosts: readonly HostId[] | undefined } | undefined;
  #last: { readonly graph: Graph; readonly model: SceneModel } | undefined;
  #tones: ReadonlyMap<string, number> = new Map();

  /** @param keep gets the overview's positions whenever they changed */
  next(state: State, keep: (positions: Positions) => void): SceneModel | undefined {
    const { graph, focus, filter } = state;
    if (!graph) {
      this.#last = undefined;
      return undefined;
    }
    const key = `${state.engineKey} ${state.arranged}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#known = this.#positionsOf(state, graph);
      this.#last = undefined;
    }
    this.#engine = { key: state.engineKey, hosts: hostIds(graph) };
    const isOverview = !focus && filterCount(filter) === 0;
    const subject = JSON.stringify([key, focus ?? null, filter]);
    if (this.#last?.graph === graph && this.#last.model.subject === subject) return this.#last.model;
    const previous = this.#last?.model.subject === subject ? this.#last.model.layout : undefined;
    const shown = narrow(graph, state);
    const known = isOverview ? byIds(this.#known, graph) : previous && positionsOf(previous);
    const layout = reconcile(previous, layOut(shown, known));
    if (isOverview) {
      this.#known = byNames(positionsOf(layout), graph);
      keep(this.#known);
    }
    this.#tones = tonesOf(graph, this.#tones);
    const model = { index: indexOf(shown), layout, tones: this.#tones, subject };
    this.#last = { graph, model };
    return model;
  }

  /** As the panel remembers them; of hosts that are shown together for the first time, as they were before. */
  #positionsOf({ positions, engineKey }: State, graph: Graph): Positions {
    const before = this.#engine;
    if (before === undefined || before.key === engineKey || Object.keys(positions).length > 0) return positions;
    return carriedOver(this.#known, before, { key: engineKey, hosts: hostIds(graph) });
  }
}

function hostIds(graph: Graph): readonly HostId[] | undefined {
  return hasFrames(graph) ? graph.hosts.map(({ id }) => id) : undefined;
}

function narrow(graph: Graph, { focus, filter }: State): Graph {
  const filtered = filterCount(filter) === 0 ? graph : filterGraph(graph, filter);
  if (!focus || !indexOf(filtered).elements.has(focus.id)) return filtered;
  return neighbourhood(filtered, focus.id, focus.hops);
}

import type { DiagramState, ElementMenu, EngineStatus, Positions } from '../protocol/messages.ts';
import type { Texts } from '../protocol/texts.ts';
import type { Graph, GraphPatch } from '../topology/graphModel.ts';
import { applyPatch } from '../topology/graphPatch.ts';
import type { GraphFilter } from '../topology/graphView.ts';
import type { News } from './channel.ts';
import { changesOf, joinChanges, noChanges, type Changes } from './changes.ts';
import { indexOf } from './graphIndex.ts';
import { addSample, noTraffic, type Traffic } from './traffic.ts';

/** All that the diagram shows follows from this. What can be derived is not in it. */
export interface State {
  /** Undefined until the panel has spoken. */
  readonly texts: Texts | undefined;
  readonly engineKey: string;
  readonly graph: Graph | undefined;
  readonly menus: Readonly<Record<string, ElementMenu>>;
  /** As the panel remembers them: where the first layout begins. */
  readonly positions: Positions;
  readonly status: EngineStatus;
  readonly selected: string | undefined;
  /** Counts the times that what is selected shall be brought into the view. */
  readonly revealed: number;
  readonly focus: NonNullable<DiagramState['focus']> | undefined;
  readonly filter: GraphFilter;
  readonly table: boolean;
  /** Counts the times that all was to be arranged anew. */
  readonly arranged: number;
  /** New elements that are pointed out for a moment. */
  readonly fresh: ReadonlySet<string>;
  /** What was not announced yet. */
  readonly changes: Changes;
  readonly traffic: Traffic;
  /** From the last session, until the engine is known to be the same. */
  readonly restored: DiagramState | undefined;
  readonly viewport: DiagramState['viewport'];
}

export type Action =
  | { readonly type: 'news'; readonly news: Exclude<News, { type: 'do' }> }
  | { readonly type: 'select'; readonly id: string | undefined; readonly reveal?: boolean }
  | { readonly type: 'focus'; readonly focus: State['focus'] }
  | { readonly type: 'filter'; readonly filter: GraphFilter }
  | { readonly type: 'table'; readonly table: boolean }
  | { readonly type: 'arrange' }
  | { readonly type: 'viewport'; readonly viewport: State['viewport'] }
  /** The pointing out has ended. */
  | { readonly type: 'settled' }
  | { readonly type: 'announced' };

export function firstState(restored: DiagramState | undefined): State {
  return {
    texts: undefined,
    engineKey: '',
    graph: undefined,
    menus: {},
    positions: {},
    status: { kind: 'connecting', text: '' },
    selected: undefined,
    revealed: 0,
    focus: undefined,
    filter: {},
    table: restored?.table ?? false,
    arranged: 0,
    fresh: new Set(),
    changes: noChanges,
    traffic: noTraffic,
    restored,
    viewport: undefined,
  };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'news':
      return takeNews(state, action.news);
    case 'select':
      if (action.id === state.selected && action.reveal !== true) return state;
      return {
        ...state,
        selected: action.id,
        revealed: state.revealed + (action.reveal === true ? 1 : 0),
        restored: undefined,
      };
    case 'focus':
      return { ...state, focus: action.focus, restored: undefined };
    case 'filter':
      return { ...state, filter: action.filter, restored: undefined };
    case 'table':
      return { ...state, table: action.table, restored: undefined };
    case 'arrange':
      return { ...state, positions: {}, arranged: state.arranged + 1 };
    case 'viewport':
      return { ...state, viewport: action.viewport };
    case 'settled':
      return state.fresh.size === 0 ? state : { ...state, fresh: new Set() };
    case 'announced':
      return state.changes === noChanges ? state : { ...state, changes: noChanges };
  }
}

function takeNews(state: State, news: Exclude<News, { type: 'do' }>): State {
  switch (news.type) {
    case 'start':
      return start(state, news);
    case 'patch':
      return patch(state, news);
    case 'status':
      return { ...state, status: news.status };
    case 'select':
      return { ...reach(state, news.id), selected: news.id, revealed: state.revealed + 1 };
    case 'traffic':
      return { ...state, traffic: addSample(state.traffic, news.sample) };
  }
}

/** The panel says all anew when the webview starts, and when the engine is another one. */
function start(state: State, news: Extract<News, { type: 'start' }>): State {
  const { restored } = state;
  const isSame = state.engineKey === news.engineKey;
  const view = restored?.engineKey === news.engineKey ? restored : isSame ? state : undefined;
  const next: State = {
    ...state,
    texts: news.texts,
    engineKey: news.engineKey,
    graph: news.graph,
    menus: news.menus,
    positions: news.positions,
    status: news.status,
    focus: view?.focus,
    filter: view?.filter ?? {},
    selected: view?.selected,
    viewport: view?.viewport,
    fresh: new Set(),
    changes: noChanges,
    traffic: noTraffic,
    // A window that opens has no engine for a moment, and several come one by one: what was restored waits for them.
    restored: restored?.engineKey === news.engineKey ? undefined : restored,
  };
  if (news.select === undefined) return next;
  return { ...reach(next, news.select), selected: news.select, revealed: next.revealed + 1 };
}

/** Takes away what hides an element that somebody asked for from outside. */
function reach(state: State, id: string): State {
  const isKnown = state.graph !== undefined && indexOf(state.graph).elements.has(id);
  return isKnown ? { ...state, focus: undefined, filter: {} } : state;
}

function patch(state: State, news: Extract<News, { type: 'patch' }>): State {
  const before: Graph = state.graph ?? { ...news.patch.head, nodes: [], edges: [] };
  const graph = applyPatch(before, news.patch);
  const changes = state.graph ? changesOf(before, graph, news.patch, state.texts) : noChanges;
  const { elements } = indexOf(graph);
  return {
    ...state,
    graph,
    menus: mergeMenus(state.menus, news, elements),
    fresh: changes.fresh.length === 0 ? state.fresh : new Set([...state.fresh, ...changes.fresh]),
    changes: joinChanges(state.changes, changes),
    // A container that goes for good takes what hangs on it along.
    selected: state.selected !== undefined && elements.has(state.selected) ? state.selected : undefined,
    focus: state.focus && elements.has(state.focus.id) ? state.focus : undefined,
  };
}

function mergeMenus(
  menus: State['menus'],
  news: { readonly patch: GraphPatch; readonly menus: State['menus'] },
  elements: ReadonlyMap<string, unknown>,
): State['menus'] {
  if (Object.keys(news.menus).length === 0 && news.patch.removed.length === 0) return menus;
  return Object.fromEntries(Object.entries({ ...menus, ...news.menus }).filter(([id]) => elements.has(id)));
}

/** What is kept over a reload of the window. */
export function savedState(state: State): DiagramState {
  // As long as its engines may come and nobody did anything there is nothing new to say.
  if (state.restored) return state.restored;
  const { focus, selected, filter, table, viewport, engineKey } = state;
  return {
    version: 1,
    engineKey,
    table,
    filter,
    ...(focus && { focus }),
    ...(selected !== undefined && { selected }),
    ...(viewport && { viewport }),
  };
}

/** What `vscode.getState` gave: written by this version, an older one, or something else. */
export function parseState(value: unknown): DiagramState | undefined {
  if (!isRecord(value) || value['version'] !== 1) return undefined;
  const { engineKey, selected, table, focus, viewport, filter } = value;
  return {
    version: 1,
    ...(typeof engineKey === 'string' && { engineKey }),
    ...(typeof selected === 'string' && { selected }),
    ...(typeof table === 'boolean' && { table }),
    ...parseFocus(focus),
    ...parseViewport(viewport),
    ...(isRecord(filter) && { filter: parseFilter(filter) }),
  };
}

function parseFocus(value: unknown): Pick<DiagramState, 'focus'> {
  if (!isRecord(value)) return {};
  const { id, hops } = value;
  if (typeof id !== 'string' || (hops !== 'all' && typeof hops !== 'number')) return {};
  return { focus: { id, hops } };
}

function parseViewport(value: unknown): Pick<DiagramState, 'viewport'> {
  if (!isRecord(value)) return {};
  const { x, y, k } = value;
  if (!isFinite(x) || !isFinite(y) || !isFinite(k) || k <= 0) return {};
  return { viewport: { x, y, k } };
}

function parseFilter(value: Readonly<Record<string, unknown>>): GraphFilter {
  const { hosts, networks, projects, states, drivers } = value;
  return {
    ...(isTexts(hosts) && { hosts }),
    ...(isTexts(networks) && { networks }),
    ...(isTexts(projects) && { projects }),
    ...(isTexts(drivers) && { drivers }),
    ...(isTexts(states) && { states: states.filter((state) => state === 'running' || state === 'stopped') }),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isFinite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

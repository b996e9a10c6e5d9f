import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ToWebview } from '../protocol/messages.ts';
import type { Texts } from '../protocol/texts.ts';
import { chipId } from '../topology/graphElements.ts';
import { Canvas, type CanvasHandle } from './canvas.tsx';
import { announce } from './changes.ts';
import type { Channel } from './channel.ts';
import { pngOf, svgOf } from './exportImage.ts';
import { filterCount } from './filter.ts';
import { nameOf } from './labels.ts';
import { Scenes, type SceneModel } from './scenes.ts';
import type { Action, State } from './state.ts';
import type { Store } from './store.ts';
import { fill } from './texts.ts';
import { noTraffic } from './traffic.ts';
import { Breadcrumb } from './ui/breadcrumb.tsx';
import { DetailPane, type DetailState } from './ui/detailPane.tsx';
import { ExportMenu, type ExportWhat } from './ui/exportMenu.tsx';
import { FilterPopover } from './ui/filterPopover.tsx';
import { IconButton } from './ui/icon.tsx';
import { Legend } from './ui/legend.tsx';
import { SearchBox } from './ui/searchBox.tsx';
import { TableView } from './ui/tableView.tsx';

export type Wish = Extract<ToWebview, { type: 'do' }>['what'];

export interface AppProps {
  readonly store: Store<State, Action>;
  readonly channel: Channel;
  /** Calls back for what the panel's title and the palette want. */
  readonly onWish: (listener: (wish: Wish) => void) => () => void;
}

type Popover = 'search' | 'filter' | 'export' | 'legend';

/** How long new elements are pointed out, and changes gathered before they are said; milliseconds. */
const freshFor = 2200;
const announceAfter = 1000;
const positionsAfter = 600;

export function App({ store, channel, onWish }: AppProps) {
  const state = useStore(store);
  const { texts } = state;
  return texts ? <Diagram {...{ store, channel, onWish, state, texts }} /> : null;
}

function useStore(store: Store<State, Action>): State {
  const [state, setState] = useState(store.state);
  useLayoutEffect(() => {
    setState(store.state);
    return store.subscribe(() => setState(store.state));
  }, [store]);
  return state;
}

interface DiagramProps extends AppProps {
  readonly state: State;
  readonly texts: Texts;
}

function Diagram({ store, channel, onWish, state, texts }: DiagramProps) {
  const act = (action: Action): void => store.act(action);
  const scene = useScene(state, channel);
  const [popover, setPopover] = useState<Popover>();
  const [notice, setNotice] = useState('');
  const canvas = useRef<CanvasHandle | undefined>(undefined);
  const detail = useDetail(state, channel);
  const announcement = useAnnouncements(store, state, texts);
  const newest = useRef({ state, scene });
  newest.current = { state, scene };

  const toggle = (which: Popover): void => setPopover(popover === which ? undefined : which);
  const close = (): void => {
    setPopover(undefined);
    canvas.current?.focus();
  };
  const select = (id: string | undefined): void => {
    act({ type: 'select', id });
    channel.tell({ type: 'selected', id });
  };
  const show = (id: string): void => {
    act({ type: 'select', id, reveal: true });
    channel.tell({ type: 'selected', id });
  };
  const focusOn = (id: string | undefined): void =>
    act({ type: 'focus', focus: id === undefined ? undefined : { id, hops: 1 } });
  const failed = (reason: unknown): void => setNotice(reason instanceof Error ? reason.message : String(reason));

  const wish = (what: Wish): void => {
    switch (what) {
      case 'export':
      case 'search':
        return setPopover(what);
      case 'fit':
        return canvas.current?.fit();
      case 'table':
        return act({ type: 'table', table: !newest.current.state.table });
      case 'arrange':
        return act({ type: 'arrange' });
    }
  };
  const newestWish = useRef(wish);
  newestWish.current = wish;
  useEffect(() => onWish((what) => newestWish.current(what)), [onWish]);

  const exportAs = (what: ExportWhat): void => {
    setPopover(undefined);
    if (scene) {
      void exportScene(what, scene, canvas.current?.svg, channel, texts).then((said) => {
        if (said !== undefined) setNotice(said);
      }, failed);
    }
  };
  useEffect(() => {
    if (notice === '') return;
    const timer = setTimeout(() => setNotice(''), 6000);
    return () => clearTimeout(timer);
  }, [notice]);

  const isOld = state.status.kind !== 'ready' && state.status.kind !== 'empty';
  const isVoid = scene?.index.graph.nodes.length === 0;
  const filters = filterCount(state.filter);
  const { selected, graph } = state;
  const isShown = selected !== undefined && scene?.index.elements.has(selected) === true;

  return (
    <div
      class="app"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && popover !== undefined) close();
        const isFind = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'f';
        if (!isFind) return;
        event.preventDefault();
        setPopover('search');
      }}
    >
      <header class="bar">
        <h1 class="unseen">{fill(texts.diagram, graph?.engine.name ?? '')}</h1>
        <Breadcrumb state={state} index={scene?.index} texts={texts} focus={(focus) => act({ type: 'focus', focus })} />
        <div class="tools" role="group" aria-label={texts.toolbar}>
          <IconButton
            icon="search"
            label={texts.search}
            expanded={popover === 'search'}
            onClick={() => toggle('search')}
          />
          <IconButton
            icon={filters > 0 ? 'filter-filled' : 'filter'}
            label={filters > 0 ? fill(texts.filterOn, filters) : texts.filter}
            expanded={popover === 'filter'}
            onClick={() => toggle('filter')}
          />
          <IconButton
            icon={state.table ? 'type-hierarchy-sub' : 'table'}
            label={state.table ? texts.picture : texts.table}
            onClick={() => act({ type: 'table', table: !state.table })}
          />
          <IconButton
            icon="export"
            label={texts.exportMenu}
            expanded={popover === 'export'}
            onClick={() => toggle('export')}
          />
          <IconButton
            icon="info"
            label={texts.legend}
            expanded={popover === 'legend'}
            onClick={() => toggle('legend')}
          />
          {!state.table && (
            <>
              <span class="gap" />
              <IconButton icon="layout" label={texts.arrange} onClick={() => act({ type: 'arrange' })} />
              <IconButton icon="zoom-out" label={texts.zoomOut} onClick={() => canvas.current?.zoomBy(0.8)} />
              <IconButton icon="zoom-in" label={texts.zoomIn} onClick={() => canvas.current?.zoomBy(1.25)} />
              <IconButton icon="screen-full" label={texts.fit} onClick={() => canvas.current?.fit()} />
            </>
          )}
        </div>
      </header>
      <Banner state={state} texts={texts} />
      <div class={`main${isOld ? ' old' : ''}`}>
        <main class="picture">
          {scene && !state.table && !isVoid && (
            <Canvas
              key={state.engineKey}
              {...{ state, texts, scene, focusOn }}
              select={(id) => {
                if (popover === 'export') setPopover(undefined);
                select(id);
              }}
              search={() => setPopover('search')}
              connect={(containerId, networkId) => {
                channel.ask('connect', { containerId, networkId }).catch(failed);
              }}
              moved={(viewport) => act({ type: 'viewport', viewport })}
              handle={(handle) => (canvas.current = handle)}
            />
          )}
          {scene && state.table && !isVoid && (
            <TableView graph={scene.index.graph} menus={state.menus} {...{ texts, selected, select }} />
          )}
          {!scene && (
            <p class="empty" role="status">
              {state.status.text}
            </p>
          )}
          {isVoid && filters > 0 && <p class="empty">{texts.nothingMatches}</p>}
          {popover === 'search' && scene && (
            <SearchBox
              index={scene.index}
              texts={texts}
              choose={(id) => {
                setPopover(undefined);
                show(id);
                canvas.current?.focus(id);
              }}
              close={close}
            />
          )}
          {popover === 'filter' && graph && (
            <FilterPopover
              graph={graph}
              filter={state.filter}
              texts={texts}
              change={(filter) => act({ type: 'filter', filter })}
            />
          )}
          {popover === 'export' && <ExportMenu texts={texts} choose={exportAs} hasPicture={!state.table && !isVoid} />}
          {popover === 'legend' && <Legend texts={texts} />}
        </main>
        {selected !== undefined && isShown && (
          <DetailPane
            name={nameOf(scene.index, selected)}
            state={detail}
            texts={texts}
            // What is old is not measured: nothing would come.
            traffic={isOld ? noTraffic : state.traffic}
            isContainersLink={(link) => scene.index.elements.has(chipId(link))}
            isKnown={(id) => scene.index.elements.has(id)}
            select={show}
            reveal={() => {
              channel.ask('reveal', { id: selected }).catch(failed);
            }}
            focusOn={() => focusOn(selected)}
            copy={(text) => {
              navigator.clipboard.writeText(text).then(() => setNotice(texts.copied), failed);
            }}
            close={() => {
              select(undefined);
              canvas.current?.focus();
            }}
          />
        )}
      </div>
      {notice !== '' && (
        <div class="notice" role="status">
          {notice}
        </div>
      )}
      <p id="keyboard-help" hidden>
        {texts.keyboardHelp}
      </p>
      <p class="unseen" aria-live="polite">
        {announcement}
      </p>
    </div>
  );
}

/** What is said of the whole picture: that it is old, recorded, or what the engine alone says. */
function Banner({ state, texts }: { readonly state: State; readonly texts: Texts }) {
  const { status, graph } = state;
  // Without a picture it stands in its place.
  if (!graph) return null;
  const isTrue = status.kind === 'ready' || status.kind === 'empty';
  const doubt = graph.recorded ? texts.recorded : graph.kernelRead ? '' : texts.kernelNotRead;
  const text = status.text === '' ? doubt : status.text;
  if (text === '') return null;
  return (
    <p class={`banner ${isTrue ? 'note' : status.kind}`} role="status">
      {text}
    </p>
  );
}

/** The scene of a state; tells the panel where things are, some time after they stand still. */
function useScene(state: State, channel: Channel): SceneModel | undefined {
  const scenes = useRef<Scenes | undefined>(undefined);
  scenes.current ??= new Scenes();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const told = useRef('');
  const { engineKey } = state;
  return scenes.current.next(state, (positions) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const text = JSON.stringify([engineKey, positions]);
      if (text === told.current) return;
      told.current = text;
      channel.tell({ type: 'positions', engineKey, positions });
    }, positionsAfter);
  });
}

/** Asks for the card of what is selected, and again when the graph has changed. */
function useDetail({ selected, graph }: State, channel: Channel): DetailState {
  const [shown, setShown] = useState<{ readonly id: string | undefined; readonly state: DetailState }>();
  useEffect(() => {
    if (selected === undefined) return;
    let isWanted = true;
    const settle = (state: DetailState): void => {
      if (isWanted) setShown({ id: selected, state });
    };
    channel.ask('detail', { id: selected }).then(
      (detail) => settle(detail ? { kind: 'there', detail } : { kind: 'none' }),
      (reason: unknown) =>
        settle({ kind: 'failed', message: reason instanceof Error ? reason.message : String(reason) }),
    );
    return () => {
      isWanted = false;
    };
  }, [selected, graph, channel]);
  // The old card stays until the new one is there, unless it is about something else.
  return shown?.id === selected && shown ? shown.state : { kind: 'loading' };
}

/** Says what changed, some changes in one sentence; and lets the pointing out end. */
function useAnnouncements(store: Store<State, Action>, state: State, texts: Texts): string {
  const [said, setSaid] = useState('');
  const { changes, fresh } = state;
  useEffect(() => {
    const text = announce(changes, texts);
    if (text === '') return;
    const timer = setTimeout(() => {
      setSaid(text);
      store.act({ type: 'announced' });
    }, announceAfter);
    return () => clearTimeout(timer);
  }, [store, changes, texts]);
  useEffect(() => {
    if (fresh.size === 0) return;
    const timer = setTimeout(() => store.act({ type: 'settled' }), freshFor);
    return () => clearTimeout(timer);
  }, [store, fresh]);
  return said;
}

async function exportScene(
  what: ExportWhat,
  { index, layout }: SceneModel,
  svg: SVGSVGElement | undefined,
  channel: Channel,
  texts: Texts,
): Promise<string | undefined> {
  if (what === 'svg' || what === 'png') {
    if (!svg) return undefined;
    const picture = svgOf(svg, layout.bounds, fill(texts.diagram, index.graph.engine.name));
    const content = what === 'svg' ? picture : await pngOf(picture, layout.bounds);
    const place = await channel.ask('save', { format: what, content });
    return place === undefined ? undefined : fill(texts.exported, place);
  }
  const isCopy = what === 'copyMermaid';
  const place = await channel.ask('exportText', {
    format: isCopy ? 'mermaid' : what,
    to: isCopy ? 'clipboard' : 'file',
    ids: index.graph.nodes.map(({ id }) => id),
  });
  if (isCopy) return texts.copied;
  return place === undefined ? undefined : fill(texts.exported, place);
}

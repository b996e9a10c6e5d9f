import { useEffect, useRef, useState } from 'preact/hooks';
import type { ToWebview } from '../protocol/messages.ts';
import type { Texts } from '../protocol/texts.ts';
import { chipId, unscopedId } from '../topology/graphElements.ts';
import { useAnnouncements, useDetail, useScene, useStore } from './appHooks.ts';
import { Canvas, type CanvasHandle } from './canvas.tsx';
import type { Channel } from './channel.ts';
import { exportScene } from './exportScene.ts';
import { filterCount } from './filter.ts';
import { hostOf, isTunnel } from './graphIndex.ts';
import { hostsText, partsOf } from './hostParts.ts';
import { nameWithHost } from './labels.ts';
import type { Action, State } from './state.ts';
import type { Store } from './store.ts';
import { fill } from './texts.ts';
import { noTraffic } from './traffic.ts';
import { Breadcrumb } from './ui/breadcrumb.tsx';
import { Banner } from './ui/banner.tsx';
import { DetailPane } from './ui/detailPane.tsx';
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

export function App({ store, channel, onWish }: AppProps) {
  const state = useStore(store);
  const { texts } = state;
  return texts ? <Diagram {...{ store, channel, onWish, state, texts }} /> : null;
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

  const reveal = (id: string): void => {
    channel.ask('reveal', { id }).catch(failed);
  };

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

  const { old } = state.status;
  // Of several hosts each is drawn old by itself.
  const isOld = old === undefined && state.status.kind !== 'ready' && state.status.kind !== 'empty';
  const isOfOldHost = (id: string): boolean => {
    const host = old && scene && hostOf(scene.index, id);
    return host !== undefined && old?.includes(host.id) === true;
  };
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
        <h1 class="unseen">{fill(texts.diagram, graph ? hostsText(graph) : '')}</h1>
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
              connect={({ containerId, networkId, host }) => {
                channel.ask('connect', { containerId, networkId, ...(host !== undefined && { host }) }).catch(failed);
              }}
              refuse={setNotice}
              moved={(viewport) => act({ type: 'viewport', viewport })}
              handle={(handle) => (canvas.current = handle)}
            />
          )}
          {scene && state.table && !isVoid && (
            <TableView
              graph={scene.index.graph}
              menus={state.menus}
              isOld={isOfOldHost}
              {...{ texts, selected, select }}
            />
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
          {popover === 'legend' && (
            <Legend texts={texts} hasTunnels={graph !== undefined && partsOf(graph).between.length > 0} />
          )}
        </main>
        {selected !== undefined && isShown && (
          <DetailPane
            name={nameWithHost(scene.index, selected, texts)}
            state={detail}
            texts={texts}
            // What is old is not measured: nothing would come.
            traffic={isOld || isOfOldHost(selected) ? noTraffic : state.traffic}
            isContainersLink={(link) => scene.index.elements.has(chipId(link))}
            linkNameOf={(link) => unscopedId(link, hostOf(scene.index, selected)?.id)}
            isKnown={(id) => scene.index.elements.has(id)}
            select={show}
            reveal={isTunnel(scene.index, selected) ? undefined : () => reveal(selected)}
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

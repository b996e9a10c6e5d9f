import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Texts } from '../protocol/texts.ts';
import { announce } from './changes.ts';
import type { Channel } from './channel.ts';
import { Scenes, type SceneModel } from './scenes.ts';
import type { Action, State } from './state.ts';
import type { Store } from './store.ts';
import type { DetailState } from './ui/detailPane.tsx';

/** How long new elements are pointed out, and changes gathered before they are said; milliseconds. */
const freshFor = 2200;
const announceAfter = 1000;
const positionsAfter = 600;

export function useStore(store: Store<State, Action>): State {
  const [state, setState] = useState(store.state);
  useLayoutEffect(() => {
    setState(store.state);
    return store.subscribe(() => setState(store.state));
  }, [store]);
  return state;
}

/** The scene of a state; tells the panel where things are, some time after they stand still. */
export function useScene(state: State, channel: Channel): SceneModel | undefined {
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
export function useDetail({ selected, graph }: State, channel: Channel): DetailState {
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
export function useAnnouncements(store: Store<State, Action>, state: State, texts: Texts): string {
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

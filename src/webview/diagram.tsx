import { render } from 'preact';
import type { FromWebview, ToWebview } from '../protocol/messages.ts';
import { App, type Wish } from './app.tsx';
import { Channel } from './channel.ts';
import './diagram.css';
import { firstState, parseState, reduce, savedState } from './state.ts';
import { createStore } from './store.ts';

interface VsCodeApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: () => VsCodeApi;

const vscode = acquireVsCodeApi();
const store = createStore(firstState(parseState(vscode.getState())), reduce);
const wishes = new Set<(wish: Wish) => void>();

const channel = new Channel({
  post: (message) => vscode.postMessage(message),
  receive: (news) => {
    if (news.type !== 'do') return store.act({ type: 'news', news });
    // What came with `start` is drawn first.
    requestAnimationFrame(() => {
      for (const listener of wishes) listener(news.what);
    });
  },
  noAnswer: () => store.state.texts?.noAnswer ?? '',
});

window.addEventListener('message', (event: MessageEvent<ToWebview>) => channel.take(event.data));
window.addEventListener('error', (event) => channel.tell({ type: 'log', message: event.message }));
window.addEventListener('unhandledrejection', (event) => channel.tell({ type: 'log', message: String(event.reason) }));

let saved = '';
store.subscribe(() => {
  const next = savedState(store.state);
  const text = JSON.stringify(next);
  if (text === saved) return;
  saved = text;
  vscode.setState(next);
});

const root = document.getElementById('root');
if (root) {
  render(
    <App
      store={store}
      channel={channel}
      onWish={(listener) => {
        wishes.add(listener);
        return () => wishes.delete(listener);
      }}
    />,
    root,
  );
}
channel.tell({ type: 'ready' });

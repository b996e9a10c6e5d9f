import type { Texts } from '../../protocol/texts.ts';
import { hasFrames } from '../hostParts.ts';
import type { State } from '../state.ts';

/** What is said of the whole picture: that it is old, recorded, or what the engine alone says. */
export function Banner({ state, texts }: { readonly state: State; readonly texts: Texts }) {
  const { status, graph } = state;
  // Without a picture it stands in its place.
  if (!graph) return null;
  const isTrue = status.kind === 'ready' || status.kind === 'empty';
  // Of several hosts each frame says that for itself.
  const doubt = hasFrames(graph) ? '' : graph.recorded ? texts.recorded : graph.kernelRead ? '' : texts.kernelNotRead;
  const text = status.text === '' ? doubt : status.text;
  if (text === '') return null;
  const kind = !isTrue ? status.kind : status.old === undefined ? 'note' : 'partly';
  return (
    <p class={`banner ${kind}`} role="status">
      {text}
    </p>
  );
}

import { l10n } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import { errorText } from '../editor/errorText.ts';
import { absenceText } from '../editor/evidenceText.ts';
import type { SessionState } from '../live/session.ts';
import { comma } from '../editor/listText.ts';
import { countsText, placeStateText, productText } from '../editor/placeText.ts';
import { takenAtText } from '../editor/takenAtText.ts';
import { markdownCode, markdownText, visible } from '../editor/untrusted.ts';
import { bold, engineRowKey, facts, joined, paragraphs, type Icon, type Row } from './row.ts';
import { hasRows, viewState } from './viewState.ts';

/** What is told of an engine in its own row. */
export type ShownPlace = Pick<CurrentSession, 'key' | 'label' | 'state' | 'snapshot' | 'session'>;

/** An engine as a root, where several are shown: what is below it is its own, and so is its state. */
export function engineRow(place: ShownPlace, rows: () => readonly Row[]): Row {
  const { key, snapshot } = place;
  const label = visible(place.label, 60);
  const state = placeStateText(place);
  const product = snapshot && productText(snapshot);
  const connecting = snapshot !== undefined && place.state.kind === 'connecting' ? l10n.t('connecting') : undefined;
  return {
    key: engineRowKey(key),
    label,
    description: joined([product, connecting ?? state]),
    icon: engineIcon(place),
    tokens: ['engine', ...tokensOf(place)],
    engine: key,
    ...(snapshot?.recorded === true ? { recorded: true } : {}),
    spoken: joined([l10n.t('Engine {0}', label), product, connecting ?? state], comma()),
    tooltip: () => engineTooltip(place),
    children: () => (showsRows(place) ? rows() : [stateRow(place)]),
    unfolded: true,
  };
}

/** Whether what the engine has is shown. */
export function showsRows({ state, snapshot }: Pick<ShownPlace, 'state' | 'snapshot'>): boolean {
  return snapshot !== undefined && hasRows(viewState(state, snapshot));
}

function tokensOf(place: ShownPlace): readonly string[] {
  const { state, snapshot } = place;
  return [
    'can:disconnectEngine',
    // A place that was left has nothing to connect to.
    ...(state.kind === 'disconnected' ? [] : ['can:refreshEngine']),
    ...(showsRows(place) && snapshot?.recorded === false
      ? ['can:createNetwork', 'can:runContainer', 'can:readKernelAfar']
      : []),
  ];
}

function engineIcon({ state, snapshot }: ShownPlace): Icon {
  if (state.kind === 'failed') return { id: 'warning', color: 'list.warningForeground' };
  if (state.kind === 'disconnected') return { id: 'debug-disconnect' };
  if (snapshot === undefined) return { id: 'sync' };
  return snapshot.recorded ? { id: 'history' } : { id: 'server' };
}

/** In the place of its rows: why there are none. */
function stateRow({ state }: ShownPlace): Row {
  const [text, icon] = stateOf(state);
  return {
    key: 'state',
    label: text,
    icon: { id: icon },
    tokens: ['state'],
    spoken: text,
    tooltip: () => markdownText(text, 1000),
  };
}

function stateOf(state: SessionState): readonly [text: string, icon: string] {
  switch (state.kind) {
    case 'failed':
      return [errorText(state.error).sentence, 'info'];
    case 'disconnected':
      return [l10n.t('No engine is connected.'), 'debug-disconnect'];
    case 'connecting':
    case 'idle':
    case 'ready':
      return [l10n.t('Connecting to the engine…'), 'loading'];
  }
}

function engineTooltip({ label, state, snapshot, session }: ShownPlace): string {
  const { kernel } = snapshot ?? {};
  return paragraphs(
    bold(label),
    facts([
      [l10n.t('Address'), session && markdownCode(session.engine.connection.endpoint, 160)],
      [l10n.t('Host'), snapshot && markdownCode(snapshot.engine.name)],
      [l10n.t('Engine'), snapshot && markdownText(productText(snapshot))],
      [l10n.t('Runs'), snapshot && markdownText(countsText(snapshot))],
      [l10n.t('Read at'), snapshot && markdownText(takenAtText(snapshot))],
    ]),
    state.kind === 'failed' ? markdownText(errorText(state.error).sentence, 1000) : undefined,
    kernel?.kind === 'absent'
      ? markdownText(l10n.t('The kernel was not read: {0}', absenceText(kernel.reason)), 600)
      : undefined,
  );
}

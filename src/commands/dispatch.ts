import { ThemeIcon, l10n, window, type QuickPickItem } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import { placeStateText } from '../editor/placeText.ts';
import type { Sessions } from '../editor/sessions.ts';
import { engineOf, subjectOf } from '../editor/subject.ts';
import { withoutIcons } from '../editor/untrusted.ts';
import { EngineError } from '../engine/engine.ts';

/** What a command was called on, of one engine. */
export interface EngineCall {
  readonly place: CurrentSession;
  readonly argument: unknown;
  readonly selection: unknown;
}

/**
 * Which engine a command is about: that of the row that it was called on, or the one that the person picks. Selected rows
 * of several engines become a call for each: every engine has its own questions. Empty where the person left.
 */
export async function callsOf(
  sessions: Sessions,
  argument: unknown,
  selection: unknown,
): Promise<readonly EngineCall[]> {
  const keys = enginesOf(argument, selection);
  if (keys.length === 0) {
    const place = await pickEngine(candidates(sessions.all), l10n.t('On which engine?'));
    return place === undefined ? [] : [{ place, argument, selection }];
  }
  return keys.map((key) => {
    const place = sessions.of(key);
    if (place === undefined) throw new EngineError('unreachable', l10n.t('that engine is not connected any more'));
    if (keys.length === 1) return { place, argument, selection };
    const own = rowsOf(selection).filter((row) => engineOf(row) === key);
    return { place, argument: engineOf(argument) === key ? argument : own[0], selection: own };
  });
}

/** Those with which something can be done come first. A place that was left has no engine to do it on. */
function candidates(places: readonly CurrentSession[]): readonly CurrentSession[] {
  const connected = places.filter(({ state }) => state.kind !== 'disconnected');
  const canAct = ({ state, snapshot }: CurrentSession): boolean => state.kind !== 'failed' && !snapshot?.recorded;
  return connected.length === 0 ? places : [...connected.filter(canAct), ...connected.filter((one) => !canAct(one))];
}

/** The engine that the person picks; without asking where there is one alone. */
export async function pickEngine(
  places: readonly CurrentSession[],
  placeHolder: string,
): Promise<CurrentSession | undefined> {
  const [only, second] = places;
  if (second === undefined) return only;
  const items = places.map((place): QuickPickItem & { readonly place: CurrentSession } => ({
    label: withoutIcons(place.label, 80),
    description: withoutIcons(placeStateText(place), 120),
    iconPath: new ThemeIcon('server'),
    place,
  }));
  return (await window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.place;
}

/** Each engine once; the one that was clicked comes first. Its own row stands for it alone, whatever else is selected. */
function enginesOf(argument: unknown, selection: unknown): readonly string[] {
  const clicked = engineOf(argument);
  if (clicked !== undefined && subjectOf(argument) === undefined) return [clicked];
  const rows = rowsOf(selection).filter((row) => subjectOf(row) !== undefined);
  // As `subjectsOf`: one selected row is the one that was clicked, or has nothing to do with it.
  const all = rows.length > 1 ? [argument, ...rows] : [argument];
  return [...new Set(all.flatMap((row) => engineOf(row) ?? []))];
}

/** Keys of the engines whose own rows are meant: the one that was clicked, and those that are selected with it. */
export function engineRowsOf(argument: unknown, selection: unknown): readonly string[] {
  if (!isEngineRow(argument)) return [];
  const rows = rowsOf(selection);
  // As `enginesOf`: what is selected elsewhere was not meant.
  const meant = rows.includes(argument) ? [argument, ...rows.filter(isEngineRow)] : [argument];
  return [...new Set(meant.flatMap((row) => engineOf(row) ?? []))];
}

/** Or what names an engine and nothing else, as the button of an error does. */
function isEngineRow(row: unknown): boolean {
  if (engineOf(row) === undefined || subjectOf(row) !== undefined) return false;
  return (row as { readonly isEngine?: unknown }).isEngine !== false;
}

function rowsOf(selection: unknown): readonly unknown[] {
  return Array.isArray(selection) ? selection : [];
}

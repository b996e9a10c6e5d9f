import { l10n, window, type LogOutputChannel } from 'vscode';
import { leftoversOf, type Leftover } from '../actions/leftovers.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { sentenceOf } from '../editor/engineName.ts';
import { thrownText } from '../editor/log.ts';
import { visible } from '../editor/untrusted.ts';
import { isRunning } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { confirm } from './confirm.ts';

/** Milliseconds for which one has to stay: in another window a replacement may be under way. */
const patience = 180_000;

/** Offers, once for each, to put back or to remove what a replacement left whose window ended in the middle. */
export function offerLeftovers(
  current: CurrentSession,
  acting: () => Acting,
  log: LogOutputChannel,
): { dispose(): void } {
  const told = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const found = (): readonly Leftover[] => {
    const { snapshot } = current;
    if (snapshot === undefined || snapshot.recorded) return [];
    return leftoversOf(snapshot).filter(({ old }) => !told.has(old.id));
  };
  const look = (): void => {
    if (timer !== undefined) return;
    const seen = new Set(found().map(({ old }) => old.id));
    if (seen.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      for (const { old } of found().filter((one) => seen.has(one.old.id))) {
        told.add(old.id);
        offer(current, acting, old.id).catch((thrown: unknown) => {
          log.warn(`${old.name}: ${thrownText(thrown)}`);
          const failed = l10n.t('That did not work; the log says why.');
          void window.showErrorMessage(sentenceOf(failed, acting().engineName));
        });
      }
      look();
    }, patience);
  };
  const subscription = current.onDidChangeSnapshot(look);
  return {
    dispose: () => {
      clearTimeout(timer);
      subscription.dispose();
    },
  };
}

async function offer(current: CurrentSession, acting: () => Acting, id: string): Promise<void> {
  const leftover = leftoverOf(current, id);
  if (leftover === undefined) return;
  const name = visible(leftover.name, 80);
  const restore = leftover.way === 'restore';
  const button = restore ? l10n.t('Restore') : l10n.t('Remove');
  const message = restore
    ? l10n.t(
        'Replacing the container {0} was broken off: its old self is left, as {1}.',
        name,
        visible(leftover.old.name, 100),
      )
    : l10n.t(
        'Replacing the container {0} was broken off at its end: its old self is left, as {1}.',
        name,
        visible(leftover.old.name, 100),
      );
  if ((await window.showWarningMessage(sentenceOf(message, acting().engineName), button)) !== button) return;
  // The question may have stood for hours: what is in the place now may be another engine.
  if (leftoverOf(current, id)?.way !== leftover.way) return;
  const act = acting();
  const agreed = await confirm(act, {
    message: restore
      ? l10n.t('Put the old container {0} back?', name)
      : l10n.t('Remove the container {0}?', visible(leftover.old.name, 100)),
    details: [
      restore
        ? l10n.t('It gets its name back and is started. A replacement that never started is removed first.')
        : l10n.t('What was written inside it, outside of volumes, is lost. Volumes stay.'),
    ],
    command: leftover.actions.map((action) => act.commandText(action)).join(' && '),
    button,
  });
  // This one may have stood as long.
  const now = leftoverOf(current, id);
  if (agreed && now?.way === leftover.way) await settle(acting(), now);
}

function leftoverOf({ snapshot }: CurrentSession, id: string): Leftover | undefined {
  return snapshot && leftoversOf(snapshot).find(({ old }) => old.id === id);
}

async function settle(acting: Acting, { old, name, replacement, way, actions }: Leftover): Promise<void> {
  const control = acting.control();
  for (const action of actions) acting.announce(action);
  await acting.progress(l10n.t('Putting {0} in order', name), async () => {
    const unwanted = way === 'remove' ? old : replacement;
    if (unwanted !== undefined) await control.removeContainer(unwanted.id, { force: false, volumes: false });
    if (way === 'remove') return;
    await control.rename(old.id, name);
    if (!isRunning(old)) await control.changeState(old.id, 'start');
  });
}

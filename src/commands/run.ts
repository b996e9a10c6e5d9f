import { commands, l10n, window, type LogOutputChannel } from 'vscode';
import { errorText } from '../editor/errorText.ts';
import { thrownText } from '../editor/log.ts';
import { EngineError } from '../engine/engine.ts';
import type { CommandId } from '../ids.ts';

/**
 * A command that was told to do something; `argument` is whatever a menu, a keybinding or an extension passed, `selection`
 * the selected rows where a menu of a tree called it.
 */
export type Handler = (argument: unknown, selection: unknown) => Promise<void> | void;

/** Runs a person's command: what goes wrong is said with what to do about it, and logged. */
export async function run(
  id: CommandId,
  handler: Handler,
  given: readonly [argument: unknown, selection: unknown],
  log: LogOutputChannel,
): Promise<void> {
  try {
    await handler(...given);
  } catch (thrown) {
    log.warn(`${id}: ${thrownText(thrown)}`);
    void tell(thrown, log);
  }
}

async function tell(thrown: unknown, log: LogOutputChannel): Promise<void> {
  if (!(thrown instanceof EngineError)) {
    const showLog = l10n.t('Show Log');
    const failed = l10n.t('That did not work; the log says why.');
    if ((await window.showErrorMessage(failed, showLog)) === showLog) log.show();
    return;
  }
  if (thrown.kind === 'cancelled') return;
  const { sentence, buttons } = errorText(thrown);
  const chosen = await window.showErrorMessage(sentence, ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === chosen);
  if (button !== undefined) await commands.executeCommand(button.command);
}

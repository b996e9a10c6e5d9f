import { commands, l10n, window, type LogOutputChannel } from 'vscode';
import { sentenceOf } from '../editor/engineName.ts';
import { errorText, type ErrorButton } from '../editor/errorText.ts';
import { thrownText } from '../editor/log.ts';
import { visible } from '../editor/untrusted.ts';
import { EngineError } from '../engine/engine.ts';
import { commands as ids, type CommandId } from '../ids.ts';

/**
 * A command that was told to do something; `argument` is whatever a menu, a keybinding or an extension passed, `selection`
 * the selected rows where a menu of a tree called it.
 */
export type Handler = (argument: unknown, selection: unknown) => Promise<void> | void;

/** What went wrong on some of the engines that a command was called on. */
export class EngineFailures extends Error {
  readonly failures: readonly EngineFailure[];

  constructor(failures: readonly EngineFailure[]) {
    super('it failed on an engine');
    this.name = 'EngineFailures';
    this.failures = failures;
  }
}

export interface EngineFailure {
  /** What the engine is called; undefined where there is no other one. */
  readonly engine: string | undefined;
  /** `Subject.engine`. */
  readonly key?: string;
  readonly thrown: unknown;
}

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
    const failures = thrown instanceof EngineFailures ? thrown.failures : [{ engine: undefined, thrown }];
    for (const failure of failures) {
      const where = failure.engine === undefined ? '' : ` on ${visible(failure.engine, 60)}`;
      log.warn(`${id}${where}: ${thrownText(failure.thrown)}`);
      void tell(failure, log);
    }
  }
}

async function tell({ engine, key, thrown }: EngineFailure, log: LogOutputChannel): Promise<void> {
  if (!(thrown instanceof EngineError)) {
    const showLog = l10n.t('Show Log');
    const failed = l10n.t('That did not work; the log says why.');
    if ((await window.showErrorMessage(sentenceOf(failed, engine), showLog)) === showLog) log.show();
    return;
  }
  if (thrown.kind === 'cancelled') return;
  const { sentence, buttons: all } = errorText(thrown);
  const buttons = engine === undefined ? all : buttonsOfOne(all, key);
  const chosen = await window.showErrorMessage(sentenceOf(sentence, engine), ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === chosen);
  if (button !== undefined) await commands.executeCommand(button.command, { engine: key });
}

/** Of one of several engines: nothing happens to the others. One that is not shown cannot be tried again. */
function buttonsOfOne(buttons: readonly ErrorButton[], key: string | undefined): readonly ErrorButton[] {
  return buttons
    .filter(({ command }) => command !== ids.selectEngine && (key !== undefined || command !== ids.refresh))
    .map((button) => (button.command === ids.refresh ? { ...button, command: ids.refreshEngine } : button));
}

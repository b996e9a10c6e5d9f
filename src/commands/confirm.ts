import { env, l10n, window } from 'vscode';
import { visible } from '../editor/untrusted.ts';
import type { Acting } from './act.ts';

/**
 * A modal before something is destroyed or others suffer: it names the objects, says what follows, and shows the docker
 * command, which can be copied instead. Of several engines it says which one.
 */
export async function confirm(
  acting: Pick<Acting, 'engineName'>,
  question: {
    readonly message: string;
    readonly details: readonly string[];
    readonly command: string;
    readonly button: string;
  },
): Promise<boolean> {
  const copy = l10n.t('Copy Command');
  const details = [...engineLine(acting), ...question.details, visible(question.command, 600)];
  const detail = details.join('\n\n');
  const chosen = await window.showWarningMessage(question.message, { modal: true, detail }, question.button, copy);
  if (chosen === copy) await env.clipboard.writeText(question.command);
  return chosen === question.button;
}

/** Which engine a question is about, for its details; nothing with one engine alone. */
export function engineLine({ engineName }: Pick<Acting, 'engineName'>): readonly string[] {
  return engineName === undefined ? [] : [l10n.t('Engine: {0}', visible(engineName, 80))];
}

/** The first ten of a list of names, one a line. */
export function namesInLines(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `• ${visible(name, 80)}`);
  if (names.length > shown.length) shown.push(l10n.t('… and {0} more', names.length - shown.length));
  return shown.join('\n');
}

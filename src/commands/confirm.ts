import { env, l10n, window } from 'vscode';
import { visible } from '../editor/untrusted.ts';

/**
 * A modal before something is destroyed or others suffer: it names the objects, says what follows, and shows the docker
 * command, which can be copied instead.
 */
export async function confirm(question: {
  readonly message: string;
  readonly details: readonly string[];
  readonly command: string;
  readonly button: string;
}): Promise<boolean> {
  const copy = l10n.t('Copy Command');
  const detail = [...question.details, visible(question.command, 600)].join('\n\n');
  const chosen = await window.showWarningMessage(question.message, { modal: true, detail }, question.button, copy);
  if (chosen === copy) await env.clipboard.writeText(question.command);
  return chosen === question.button;
}

/** The first ten of a list of names, one a line. */
export function namesInLines(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `• ${visible(name, 80)}`);
  if (names.length > shown.length) shown.push(l10n.t('… and {0} more', names.length - shown.length));
  return shown.join('\n');
}

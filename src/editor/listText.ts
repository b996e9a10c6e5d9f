import { l10n } from 'vscode';

/** Items of a sentence, for people to read: other scripts have commas of their own. */
export function listText(items: readonly string[]): string {
  return items.join(comma());
}

/** What stands between the items of such a list. */
export function comma(): string {
  return l10n.t(', ');
}

import { l10n } from 'vscode';
import { visible } from './untrusted.ts';

/**
 * A title that says on which engine: of a form, a terminal, a progress.
 * @param engine what the person calls it; undefined with one engine alone, which has to be told from no other
 */
export function titleOn(title: string, engine: string | undefined): string {
  return engine === undefined ? title : l10n.t('{0} (on {1})', title, visible(engine, 60));
}

/** The same for whole sentences, which end with a full stop. */
export function sentenceOf(sentence: string, engine: string | undefined): string {
  return engine === undefined ? sentence : l10n.t('{0}: {1}', visible(engine, 60), sentence);
}

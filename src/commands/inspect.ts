import {
  EventEmitter,
  Uri,
  languages,
  l10n,
  window,
  workspace,
  Disposable,
  type TextDocumentContentProvider,
} from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import { subjectOf, type Subject } from '../editor/subject.ts';
import { visible } from '../editor/untrusted.ts';
import { containerChoices, networkChoices, pick } from './pick.ts';
import { idOf, nameOf } from './resolve.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

const scheme = 'docker-networks-inspect';

/** The engine's own JSON as a read-only document, which follows the object while it is open. */
export class InspectDocuments implements TextDocumentContentProvider, Disposable {
  readonly #current: CurrentSession;
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  /** Texts of open documents: what was last known stays when the object or the engine is gone. */
  readonly #texts = new Map<string, string>();
  readonly #registered: Disposable;

  constructor(current: CurrentSession) {
    this.#current = current;
    this.#registered = Disposable.from(
      workspace.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidCloseTextDocument((document) => this.#texts.delete(document.uri.toString())),
      current.onDidChangeSnapshot(() => this.#renew()),
    );
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#read(uri) ?? '{}\n';
  }

  async show(id: string, name: string): Promise<void> {
    // A colon or slash of a name would make a path of it; the id tells equal names apart.
    const file = `${visible(name, 80).replace(/[^\p{L}\p{N}._-]+/gu, '_')}.json`;
    const uri = Uri.from({ scheme, path: `/${id.slice(0, 12).replace(/[^\w-]/g, '_')}/${file}`, query: id });
    const document = await workspace.openTextDocument(uri);
    await languages.setTextDocumentLanguage(document, 'json');
    await window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }

  #read(uri: Uri): string | undefined {
    const raw = this.#current.session?.raw(uri.query);
    const text = raw === undefined ? this.#texts.get(uri.toString()) : `${JSON.stringify(raw, undefined, 2)}\n`;
    if (text !== undefined) this.#texts.set(uri.toString(), text);
    return text;
  }

  #renew(): void {
    for (const [key, text] of [...this.#texts]) {
      const uri = Uri.parse(key);
      if (this.#read(uri) !== text) this.#changed.fire(uri);
    }
  }
}

export function inspectHandler(current: CurrentSession, documents: InspectDocuments): Handler {
  return async (argument) => {
    const lookup = await freshLookup(current);
    const subject =
      inspectable(subjectOf(argument)) ??
      (await pick(
        [
          [l10n.t('Networks'), networkChoices(lookup)],
          [l10n.t('Containers'), containerChoices(lookup)],
        ],
        l10n.t('Inspect which one?'),
      ));
    const id = subject && idOf(subject);
    if (subject === undefined || id === undefined) return;
    if (current.session?.raw(id) === undefined) {
      void window.showInformationMessage(
        l10n.t('The engine’s record of it is not here: it is gone, or the recording has none.'),
      );
      return;
    }
    await documents.show(id, nameOf(lookup, subject) ?? id.slice(0, 12));
  };
}

/** The engine has records of networks and containers, not of the kernel's links. */
function inspectable(subject: Subject | undefined): Subject | undefined {
  return subject?.kind === 'link' ? undefined : subject;
}

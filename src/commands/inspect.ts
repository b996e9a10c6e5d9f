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
import type { Sessions } from '../editor/sessions.ts';
import { subjectOf, type Subject } from '../editor/subject.ts';
import { visible } from '../editor/untrusted.ts';
import { containerChoices, networkChoices, pick } from './pick.ts';
import { idOf, nameOf } from './resolve.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

const scheme = 'docker-networks-inspect';

type Inspected = 'network' | 'container';

/**
 * The engine's own JSON as a read-only document, which follows the object while it is open. Read when it is asked for:
 * the engine's list of networks, which the snapshot is made of, says of each one that no container is on it.
 */
export class InspectDocuments implements TextDocumentContentProvider, Disposable {
  readonly #sessions: Sessions;
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  /** Texts of open documents: what was last known stays when the object or the engine is gone. */
  readonly #texts = new Map<string, string>();
  readonly #registered: Disposable;
  /** Of each engine: what reads its open documents anew. */
  readonly #renewals = new Map<string, { waits: boolean; done: Promise<void> }>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#registered = Disposable.from(
      workspace.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidCloseTextDocument((document) => this.#texts.delete(document.uri.toString())),
      sessions.onDidChangeSnapshot(({ place }) => this.#renew(place.key)),
    );
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const text = this.#texts.get(uri.toString()) ?? (await this.#read(uri)) ?? '{}\n';
    this.#texts.set(uri.toString(), text);
    return text;
  }

  /** False where the engine has no such object. Rejects with the `EngineError`. */
  async show(kind: Inspected, engine: string, id: string, name: string): Promise<boolean> {
    // A colon or slash of a name would make a path of it; the id tells equal names apart.
    const file = `${visible(name, 80).replace(/[^\p{L}\p{N}._-]+/gu, '_')}.json`;
    const path = `/${id.slice(0, 12).replace(/[^\w-]/g, '_')}/${file}`;
    const uri = Uri.from({ scheme, authority: kind, path, query: new URLSearchParams({ id, engine }).toString() });
    const text = await this.#read(uri);
    if (text === undefined) return false;
    this.#texts.set(uri.toString(), text);
    const document = await workspace.openTextDocument(uri);
    // It may be open already, with an older text.
    if (document.getText() !== text) this.#changed.fire(uri);
    await languages.setTextDocumentLanguage(document, 'json');
    await window.showTextDocument(document, { preview: true });
    return true;
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }

  /** Undefined where the object is gone, or belongs to an engine that is not shown any more. */
  async #read({ authority, query }: Uri): Promise<string | undefined> {
    const id = new URLSearchParams(query).get('id') ?? '';
    const engine = this.#sessions.of(engineOfDocument({ query }))?.session?.engine;
    const read = await (authority === 'network' ? engine?.network(id) : engine?.container(id));
    return read === undefined ? undefined : `${JSON.stringify(read.raw, undefined, 2)}\n`;
  }

  /** One after the other, so that an older answer never replaces a newer one. An engine that hangs keeps no other waiting. */
  #renew(engine: string): void {
    const renewal = this.#renewals.get(engine) ?? { waits: false, done: Promise.resolve() };
    this.#renewals.set(engine, renewal);
    // One that has not begun yet sees this change too.
    if (renewal.waits) return;
    renewal.waits = true;
    renewal.done = renewal.done.then(async () => {
      renewal.waits = false;
      const own = [...this.#texts.keys()].filter((key) => engineOfDocument(Uri.parse(key)) === engine);
      await Promise.all(own.map((key) => this.#renewOne(key)));
    });
  }

  async #renewOne(key: string): Promise<void> {
    const uri = Uri.parse(key);
    const text = await this.#read(uri).catch(() => undefined);
    // Closed meanwhile, gone, unreachable, or the same.
    if (text === undefined || !this.#texts.has(key) || this.#texts.get(key) === text) return;
    this.#texts.set(key, text);
    this.#changed.fire(uri);
  }
}

function engineOfDocument({ query }: Pick<Uri, 'query'>): string {
  return new URLSearchParams(query).get('engine') ?? '';
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
    const kind = subject.kind === 'network' ? 'network' : 'container';
    if (await documents.show(kind, current.key, id, nameOf(lookup, subject) ?? id.slice(0, 12))) return;
    void window.showInformationMessage(
      l10n.t('The engine’s record of it is not here: it is gone, or the recording has none.'),
    );
  };
}

/** The engine has records of networks and containers, not of the kernel's links. */
function inspectable(subject: Subject | undefined): Subject | undefined {
  return subject?.kind === 'link' ? undefined : subject;
}

import { homedir } from 'node:os';
import { Disposable, ThemeIcon, Uri, l10n, window, workspace, type Terminal } from 'vscode';
import { ContextKeys } from '../editor/contextKeys.ts';
import { titleOn } from '../editor/engineName.ts';
import { askText } from '../editor/quickInput.ts';
import type { Sessions } from '../editor/sessions.ts';
import { visible } from '../editor/untrusted.ts';
import type { LogOptions } from '../engine/streams.ts';
import { contextKeys } from '../ids.ts';
import type { EngineSession } from '../live/session.ts';
import { isRunning } from '../topology/model.ts';
import { parseLogFilter } from './logFilter.ts';
import { LogTerminal, type LogSource } from './logTerminal.ts';

interface Opened {
  readonly terminal: Terminal;
  readonly log: LogTerminal;
  readonly sources: readonly LogSource[];
  readonly session: EngineSession;
}

/** The log terminals of this window. While one is open its engine is followed, so that it hears of starts and stops. */
export class LogTerminals implements Disposable {
  readonly #sessions: Sessions;
  readonly #keys = new ContextKeys();
  readonly #opened = new Set<Opened>();
  readonly #registered: Disposable;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#registered = Disposable.from(
      window.onDidChangeActiveTerminal(() => this.#updateKey()),
      window.onDidCloseTerminal((terminal) => this.#forget(terminal)),
      sessions.onDidChangeSnapshot(({ place }) => this.#resume(place.session)),
      sessions.onDidChangeSession(() => this.#endOthers()),
      sessions.onDidChangePlaces(() => this.#endOthers()),
    );
  }

  open(session: EngineSession, sources: readonly LogSource[], options: LogOptions, timestamps: boolean): void {
    const isNow = (containerId: string): boolean | undefined => {
      const container = session.snapshot?.containers.find(({ id }) => id === containerId);
      return container && isRunning(container);
    };
    const log = new LogTerminal({
      sources,
      streams: session.engine.streams,
      options,
      timestamps,
      isRunning: isNow,
      ask: (what) => void (what === 'filter' ? this.#askFilter(log) : this.#save(log, sources)),
    });
    const [first] = sources;
    const name =
      sources.length === 1 && first !== undefined
        ? l10n.t('Log of {0}', visible(first.name, 40))
        : l10n.t('Log of {0} containers', sources.length);
    const engine = this.#sessions.all.length > 1 ? session.engine.connection.label : undefined;
    const terminal = window.createTerminal({
      name: titleOn(name, engine),
      pty: log,
      iconPath: new ThemeIcon('output'),
    });
    this.#opened.add({ terminal, log, sources, session });
    this.#sessions.setVisible('logs', true);
    terminal.show();
    this.#updateKey();
  }

  /** What a command of the palette does with the log that is in front. */
  async act(what: 'pause' | 'clear' | 'filter' | 'save'): Promise<void> {
    const opened = this.#active();
    if (opened === undefined) {
      void window.showInformationMessage(l10n.t('No log is in front. Tail the logs of a container first.'));
      return;
    }
    if (what === 'pause') opened.log.togglePause();
    else if (what === 'clear') opened.log.clear();
    else if (what === 'filter') await this.#askFilter(opened.log);
    else await this.#save(opened.log, opened.sources);
  }

  dispose(): void {
    this.#registered.dispose();
    for (const { terminal } of [...this.#opened]) terminal.dispose();
    this.#opened.clear();
  }

  async #askFilter(log: LogTerminal): Promise<void> {
    const answer = await askText(
      { title: l10n.t('Filter the Log'), back: false },
      {
        prompt: l10n.t('A text, or /regular expression/; nothing shows all lines.'),
        value: log.filterText,
        problem: (text) => {
          const parsed = parseLogFilter(text);
          return parsed.kind === 'problem' ? visible(parsed.message, 200) : undefined;
        },
      },
    );
    if (answer.kind === 'value') log.setFilter(answer.value);
  }

  async #save(log: LogTerminal, sources: readonly LogSource[]): Promise<void> {
    const name = (sources.length === 1 ? sources[0]?.name : undefined) ?? 'containers';
    const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
    const file = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}.log`;
    const target = await window.showSaveDialog({
      defaultUri: Uri.joinPath(folder, file),
      filters: { [l10n.t('Logs')]: ['log', 'txt'] },
    });
    if (target !== undefined) await workspace.fs.writeFile(target, new TextEncoder().encode(log.text()));
  }

  #active(): Opened | undefined {
    return [...this.#opened].find(({ terminal }) => terminal === window.activeTerminal);
  }

  #updateKey(): void {
    this.#keys.set(contextKeys.logTerminal, this.#active() !== undefined);
  }

  #forget(terminal: Terminal): void {
    for (const opened of this.#opened) if (opened.terminal === terminal) this.#opened.delete(opened);
    if (this.#opened.size === 0) this.#sessions.setVisible('logs', false);
    this.#updateKey();
  }

  #resume(changed: EngineSession | undefined): void {
    for (const { log, session } of this.#opened) if (session === changed) log.resume();
  }

  /** Logs of engines that are not shown any more. */
  #endOthers(): void {
    for (const { log, session } of this.#opened) if (!this.#sessions.has(session)) log.end();
  }
}

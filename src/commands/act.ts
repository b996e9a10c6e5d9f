import { ProgressLocation, env, l10n, window, type LogOutputChannel, type Progress } from 'vscode';
import { dockerCommand } from '../actions/dockerCommand.ts';
import { shellText } from '../actions/shellText.ts';
import type { Action } from '../actions/specs.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { visible, withoutIcons } from '../editor/untrusted.ts';
import type { EngineControl } from '../engine/control.ts';
import { EngineError } from '../engine/engine.ts';
import type { EngineSession } from '../live/session.ts';
import { engineFlags } from './engineFlags.ts';

/** Milliseconds for which an action runs before its progress is shown: most end sooner. */
const patience = 400;

export type Report = Progress<{ message?: string; increment?: number }>;

/** What a person would have typed for the last action of this window, on whichever engine. */
export class LastCommand {
  text: string | undefined;

  async copy(): Promise<void> {
    if (this.text === undefined) {
      void window.showInformationMessage(l10n.t('Nothing has been changed from this window yet.'));
      return;
    }
    await env.clipboard.writeText(this.text);
    window.setStatusBarMessage(l10n.t('Copied: {0}', withoutIcons(this.text, 60)), 3000);
  }
}

interface ActingOptions {
  readonly last?: LastCommand;
  /** Whether more engines than this one are shown. */
  readonly several?: () => boolean;
}

/**
 * Carries out what a person asked for: said, logged and cancellable, with the docker command that would do the same.
 *
 * Made anew for each command, and about the engine that was in the place then: whatever is put there while a question
 * is open, the answer is not for it.
 */
export class Acting {
  /** By which rows and commands name the engine (`Subject.engine`). */
  readonly key: string;
  readonly #session: EngineSession | undefined;
  readonly #label: string;
  readonly #log: LogOutputChannel;
  readonly #last: LastCommand;
  readonly #several: () => boolean;

  constructor(
    { session, key, label }: CurrentSession,
    log: LogOutputChannel,
    { last = new LastCommand(), several = () => false }: ActingOptions = {},
  ) {
    this.key = key;
    this.#session = session;
    this.#label = label;
    this.#log = log;
    this.#last = last;
    this.#several = several;
  }

  session(): EngineSession {
    if (this.#session === undefined) throw new EngineError('unreachable', l10n.t('no engine is selected yet'));
    return this.#session;
  }

  /** Throws where nothing can be changed, before the person has answered a question in vain. */
  control(): EngineControl {
    const { engine } = this.session();
    if (engine.connection.readOnly) throw new EngineError('readOnly', 'a recording cannot be changed');
    return engine.control;
  }

  /** What the engine is called, for as long as there are others; undefined for one alone. Not escaped. */
  get engineName(): string | undefined {
    return this.#several() ? this.#label : undefined;
  }

  /** The docker command of an action, as a shell takes it. */
  commandText(action: Action): string {
    return shellText(dockerCommand(action, { engine: this.#flags }));
  }

  /** The docker command with these words, for what is no action. */
  dockerText(...words: readonly string[]): string {
    return shellText(['docker', ...this.#flags, ...words]);
  }

  /**
   * Runs `work`, with the command in the log and the status bar first, and a progress that can be cancelled where it
   * takes long. Environment values are masked in the log. Rejects with what `work` rejects with.
   */
  async perform<T>(action: Action, work: (signal: AbortSignal, report: Report) => Promise<T>): Promise<T> {
    this.announce(action);
    return this.#progress(this.commandText(action), work);
  }

  /** Says and logs the command alone, for work that has its own way of showing itself. */
  announce(action: Action): void {
    this.#last.text = this.commandText(action);
    this.#say(shellText(dockerCommand(action, { engine: this.#flags, maskEnvironment: true })));
  }

  /** The same for commands that are no action: a text of `dockerText`. */
  announceText(command: string): void {
    this.#last.text = command;
    this.#say(command);
  }

  get #flags(): readonly string[] {
    return this.#session === undefined ? [] : engineFlags(this.#session.engine.connection);
  }

  #say(command: string): void {
    this.#log.info(`$ ${visible(command, 4000)}`);
    window.setStatusBarMessage(`$(terminal) ${withoutIcons(command, 120)}`, 5000);
  }

  progress<T>(title: string, work: (signal: AbortSignal, report: Report) => Promise<T>): Promise<T> {
    return this.#progress(titleOn(title, this.engineName), work);
  }

  async #progress<T>(title: string, work: (signal: AbortSignal, report: Report) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    let shown: Report | undefined;
    let message: string | undefined;
    const running = work(controller.signal, {
      report: (value) => {
        message = value.message ?? message;
        shown?.report(value);
      },
    });
    if (await endsWithin(running, patience)) return running;
    return window.withProgress(
      { location: ProgressLocation.Notification, title: withoutIcons(title, 160), cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => controller.abort());
        shown = progress;
        if (message !== undefined) progress.report({ message });
        return running;
      },
    );
  }

  /** Several at once: all are tried; rejects with the first failure, the others are in the log. */
  async performEach<T>(
    action: Action,
    items: readonly T[],
    work: (item: T, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    await this.perform(action, async (signal) => {
      const results = await Promise.allSettled(items.map((item) => work(item, signal)));
      const [first, ...others] = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      for (const other of others) this.#log.warn(String(other));
      if (first !== undefined) throw asError(first);
    });
  }
}

function endsWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    const done = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    work.then(done, done);
  });
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

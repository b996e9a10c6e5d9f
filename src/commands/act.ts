import { ProgressLocation, env, l10n, window, type LogOutputChannel, type Progress } from 'vscode';
import { dockerCommand } from '../actions/dockerCommand.ts';
import { shellText } from '../actions/shellText.ts';
import type { Action } from '../actions/specs.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { visible, withoutIcons } from '../editor/untrusted.ts';
import type { EngineControl } from '../engine/control.ts';
import { EngineError } from '../engine/engine.ts';

/** Milliseconds for which an action runs before its progress is shown: most end sooner. */
const patience = 400;

export type Report = Progress<{ message?: string; increment?: number }>;

/** The docker command of an action, as a shell takes it. */
export function commandText(action: Action): string {
  return shellText(dockerCommand(action));
}

/** Carries out what a person asked for: said, logged and cancellable, with the docker command that would do the same. */
export class Acting {
  readonly #current: CurrentSession;
  readonly #log: LogOutputChannel;
  #last: string | undefined;

  constructor(current: CurrentSession, log: LogOutputChannel) {
    this.#current = current;
    this.#log = log;
  }

  /** Throws where nothing can be changed, before the person has answered a question in vain. */
  control(): EngineControl {
    const { session } = this.#current;
    if (session === undefined) throw new EngineError('unreachable', l10n.t('no engine is selected yet'));
    if (session.engine.connection.readOnly) throw new EngineError('readOnly', 'a recording cannot be changed');
    return session.engine.control;
  }

  /**
   * Runs `work`, with the command in the log and the status bar first, and a progress that can be cancelled where it
   * takes long. Environment values are masked in the log. Rejects with what `work` rejects with.
   */
  async perform<T>(action: Action, work: (signal: AbortSignal, report: Report) => Promise<T>): Promise<T> {
    this.announce(action);
    return this.progress(commandText(action), work);
  }

  /** Says and logs the command alone, for work that has its own way of showing itself. */
  announce(action: Action): void {
    this.#last = commandText(action);
    this.#say(shellText(dockerCommand(action, { maskEnvironment: true })));
  }

  /** The same for commands that change nothing. */
  announceText(command: string): void {
    this.#last = command;
    this.#say(command);
  }

  #say(command: string): void {
    this.#log.info(`$ ${visible(command, 4000)}`);
    window.setStatusBarMessage(`$(terminal) ${withoutIcons(command, 120)}`, 5000);
  }

  async progress<T>(title: string, work: (signal: AbortSignal, report: Report) => Promise<T>): Promise<T> {
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

  /** What a person would have typed for the last action. */
  async copyLast(): Promise<void> {
    if (this.#last === undefined) {
      void window.showInformationMessage(l10n.t('Nothing has been changed from this window yet.'));
      return;
    }
    await env.clipboard.writeText(this.#last);
    window.setStatusBarMessage(l10n.t('Copied: {0}', withoutIcons(this.#last, 60)), 3000);
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

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

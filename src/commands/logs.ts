import { Disposable, Uri, l10n, languages, window, workspace, type TextDocumentContentProvider } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { choiceField, fillForm, flagField, textField, type Field } from '../editor/form.ts';
import type { Lookup } from '../editor/lookup.ts';
import { logSettings } from '../editor/settings.ts';
import { EngineError } from '../engine/engine.ts';
import type { EngineStreams, LogLine, LogOptions } from '../engine/streams.ts';
import { commands } from '../ids.ts';
import { LogBuffer } from '../terminals/logBuffer.ts';
import type { LogSource } from '../terminals/logTerminal.ts';
import type { LogTerminals } from '../terminals/logTerminals.ts';
import { plainText } from '../terminals/logText.ts';
import type { Container } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { chooseContainers, chooseNetworks, subjectsOf } from './chosen.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

type LogCommand =
  | typeof commands.tailLogs
  | typeof commands.tailLogsWithOptions
  | typeof commands.tailNetworkLogs
  | typeof commands.openLogs;

type LogTerminalCommand =
  typeof commands.pauseLog | typeof commands.clearLog | typeof commands.saveLog | typeof commands.filterLog;

/** What is done with the log that is in front, of whichever engine. */
export function logTerminalHandlers(terminals: LogTerminals): Record<LogTerminalCommand, Handler> {
  return {
    [commands.pauseLog]: () => terminals.act('pause'),
    [commands.clearLog]: () => terminals.act('clear'),
    [commands.saveLog]: () => terminals.act('save'),
    [commands.filterLog]: () => terminals.act('filter'),
  };
}

interface LogDraft {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tail: string;
  readonly since: string;
  readonly streams: 'both' | 'stdout' | 'stderr';
}

export interface LogDeps {
  readonly current: CurrentSession;
  readonly acting: Acting;
  readonly terminals: LogTerminals;
  readonly documents: LogDocuments;
}

export function logHandlers(deps: LogDeps): Record<LogCommand, Handler> {
  const { current, acting, documents } = deps;
  const containersOf = async (argument: unknown, selection: unknown): Promise<readonly Container[]> => {
    acting.control();
    const lookup = await freshLookup(current);
    const placeHolder = l10n.t('Show the log of which container?');
    return chooseContainers(lookup, subjectsOf(argument, selection), placeHolder, () => true);
  };
  return {
    [commands.tailLogs]: async (argument, selection) => {
      const containers = await containersOf(argument, selection);
      tail(deps, containers, defaults());
    },
    [commands.tailLogsWithOptions]: async (argument, selection) => {
      const containers = await containersOf(argument, selection);
      if (containers.length === 0) return;
      const draft = await fillForm<LogDraft>({
        title: titleOn(l10n.t('Tail Logs'), acting.engineName),
        start: defaults(),
        fields: logFields(),
        submit: l10n.t('Tail'),
        command: (now) => containers.map(({ name }) => logCommand(acting, now, name)).join(' & '),
      });
      if (draft !== undefined) tail(deps, containers, draft);
    },
    [commands.tailNetworkLogs]: async (argument) => {
      acting.control();
      const lookup = await freshLookup(current);
      const placeHolder = l10n.t('Show the logs of which network?');
      const networks = await chooseNetworks(lookup, subjectsOf(argument, undefined), placeHolder, ({ id }) =>
        hasSeats(lookup, id),
      );
      const ids = new Set(
        networks.flatMap(({ id }) => (lookup.seats.get(id) ?? []).map(({ container }) => container.id)),
      );
      tail(
        deps,
        [...ids].flatMap((id) => lookup.containers.get(id) ?? []),
        defaults(),
      );
    },
    [commands.openLogs]: async (argument) => {
      const [container] = await containersOf(argument, undefined);
      if (container === undefined) return;
      const { streams } = acting.session().engine;
      await acting.progress(l10n.t('Reading the log of {0}', container.name), (signal) =>
        documents.show(streams, container, signal),
      );
    },
  };
}

function hasSeats(lookup: Lookup, networkId: string): boolean {
  return (lookup.seats.get(networkId) ?? []).length > 0;
}

/** The log of a container that a command has just started. */
export function showLogOf({ acting, terminals }: LogDeps, source: LogSource): void {
  terminals.open(acting.session(), [source], logOptions(defaults()), defaults().timestamps);
}

function tail({ terminals, acting }: LogDeps, containers: readonly Container[], draft: LogDraft): void {
  if (containers.length === 0) return;
  for (const { name } of containers) acting.announceText(logCommand(acting, draft, name));
  const sources = containers.map(({ id, name }): LogSource => ({ containerId: id, name }));
  terminals.open(acting.session(), sources, logOptions(draft), draft.timestamps);
}

function defaults(): LogDraft {
  const { tail: lines, timestamps } = logSettings();
  return { follow: true, timestamps, tail: String(lines), since: '', streams: 'both' };
}

/** For a draft without problems. */
function logOptions({ follow, tail: lines, since, streams }: LogDraft): LogOptions {
  const from = secondsOf(since);
  return {
    follow,
    tail: lines === '' || lines === 'all' ? 'all' : Number(lines),
    ...(from === undefined ? {} : { since: from }),
    stdout: streams !== 'stderr',
    stderr: streams !== 'stdout',
  };
}

/** `docker logs` has no option for one stream only: a shell does that. */
function logCommand(acting: Acting, draft: LogDraft, name: string): string {
  const { follow, timestamps, tail: lines, since, streams } = draft;
  const flags = [
    ...(follow ? ['--follow'] : []),
    ...(timestamps ? ['--timestamps'] : []),
    `--tail=${lines === '' ? 'all' : lines}`,
    ...(since === '' ? [] : [`--since=${since}`]),
  ];
  const only = { both: '', stdout: ' 2>/dev/null', stderr: ' >/dev/null' }[streams];
  return `${acting.dockerText('logs', ...flags, name)}${only}`;
}

/** `10m`, `2h30m`, or a time in ISO 8601, as seconds since 1970. */
export function secondsOf(text: string, now = Date.now()): number | undefined {
  if (text === '') return undefined;
  const units: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };
  if (/^(\d{1,9}[dhms])+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+)([dhms])/g)];
    return now / 1000 - parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0);
  }
  // A bare number is a year to JavaScript, and a slip to everybody else.
  const time = /^\d{4}-\d/.test(text) ? Date.parse(text) : NaN;
  return Number.isFinite(time) ? time / 1000 : undefined;
}

function logFields(): readonly Field<LogDraft>[] {
  return [
    flagField<LogDraft>({
      id: 'follow',
      label: l10n.t('Follow'),
      get: ({ follow }) => follow,
      set: (draft, follow) => ({ ...draft, follow }),
    }),
    flagField<LogDraft>({
      id: 'timestamps',
      label: l10n.t('Times'),
      get: ({ timestamps }) => timestamps,
      set: (draft, timestamps) => ({ ...draft, timestamps }),
    }),
    textField<LogDraft>({
      id: 'tail',
      label: l10n.t('Lines from the End'),
      prompt: l10n.t('How many of the newest lines to begin with; “all” for all of them.'),
      get: ({ tail: lines }) => lines,
      set: (draft, lines) => ({ ...draft, tail: lines }),
      problem: (_draft, text) =>
        /^(all|\d{1,9})?$/.test(text) ? undefined : l10n.t('A whole number, or “all”, is needed.'),
    }),
    textField<LogDraft>({
      id: 'since',
      label: l10n.t('Since'),
      prompt: l10n.t('For example 10m, 2h30m, or 2026-11-24T12:00:00Z; nothing: from the beginning.'),
      get: ({ since }) => since,
      set: (draft, since) => ({ ...draft, since }),
      problem: (_draft, text) =>
        text === '' || secondsOf(text) !== undefined
          ? undefined
          : l10n.t('{0} is neither a time nor a span such as 10m.', text),
    }),
    choiceField<LogDraft, LogDraft['streams']>({
      id: 'streams',
      label: l10n.t('Streams'),
      placeHolder: l10n.t('Which of the two streams?'),
      choices: () => [
        { label: l10n.t('both'), value: 'both' },
        { label: 'stdout', value: 'stdout' },
        { label: 'stderr', value: 'stderr' },
      ],
      shown: ({ streams }) => (streams === 'both' ? l10n.t('both') : streams),
      isChosen: ({ streams }, value) => streams === value,
      set: (draft, streams) => ({ ...draft, streams }),
    }),
  ];
}

const scheme = 'docker-networks-log';

/** Whole logs as read-only documents. */
export class LogDocuments implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registered = Disposable.from(
    workspace.registerTextDocumentContentProvider(scheme, this),
    workspace.onDidCloseTextDocument((document) => this.#texts.delete(document.uri.toString())),
  );

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  async show(streams: EngineStreams, { id, name }: Container, signal: AbortSignal): Promise<void> {
    const text = await readLog(streams, id, signal);
    const file = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}.log`;
    // Each time another document: what an open one shows does not change under its reader.
    const uri = Uri.from({ scheme, path: `/${id.slice(0, 12)}/${file}`, query: String(Date.now()) });
    this.#texts.set(uri.toString(), text);
    const document = await workspace.openTextDocument(uri);
    await languages.setTextDocumentLanguage(document, 'log');
    await window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.#registered.dispose();
  }
}

/** The newest lines that an editor can hold, with a line that says what was left out. */
async function readLog(streams: EngineStreams, id: string, signal: AbortSignal): Promise<string> {
  const buffer = new LogBuffer<undefined>({ maxLines: 1_000_000, maxCharacters: 40_000_000 });
  const options: LogOptions = { follow: false, tail: 'all', stdout: true, stderr: true };
  await new Promise<void>((resolve, reject) => {
    const lines = (some: readonly LogLine[]): void => buffer.push(some.map((line) => ({ source: undefined, line })));
    const ended = (error: Error | undefined): void => (error === undefined ? resolve() : reject(error));
    streams.logs(id, options, { lines, ended }).then((subscription) => {
      const stop = (): void => {
        subscription.dispose();
        reject(new EngineError('cancelled', 'cancelled'));
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    }, reject);
  });
  const left = buffer.dropped === 0 ? '' : `${l10n.t('({0} older lines are left out)', buffer.dropped)}\n`;
  return (
    left +
    buffer
      .lines()
      .map(({ line }) => `${line.time} ${plainText(line.text)}\n`)
      .join('')
  );
}

import { l10n } from 'vscode';
import type { EngineError } from '../engine/engine.ts';
import { commands, type CommandId } from '../ids.ts';
import { visible } from './untrusted.ts';

/** A failure as a person reads it: what happened, what to do, and the buttons that do it. */
export interface ErrorText {
  readonly sentence: string;
  readonly buttons: readonly ErrorButton[];
}

export interface ErrorButton {
  readonly title: string;
  readonly command: CommandId;
}

/** Which welcome view an engine's failure belongs to. */
export type FailureState = 'unreachable' | 'denied' | 'unsupported' | 'failed';

export function failureState(error: EngineError): FailureState {
  switch (error.kind) {
    case 'unreachable':
    case 'timeout':
      return 'unreachable';
    case 'denied':
      return 'denied';
    case 'unsupported':
      return 'unsupported';
    default:
      return 'failed';
  }
}

/** The one place that words an `EngineError` for people; `error.message` is the engine's own and only quoted. */
export function errorText(error: EngineError): ErrorText {
  const detail = visible(error.message);
  switch (error.kind) {
    case 'unreachable':
      return {
        sentence: l10n.t('The Docker engine cannot be reached. Start it, or select another one. ({0})', detail),
        buttons: [tryAgain(), selectEngine()],
      };
    case 'timeout':
      return {
        sentence: l10n.t('The Docker engine did not answer in time. It may be busy or hang. ({0})', detail),
        buttons: [tryAgain(), showLog()],
      };
    case 'denied':
      return {
        sentence: l10n.t(
          'The Docker engine refuses access. For its socket, add yourself to the docker group: sudo usermod -aG docker $USER, then log in again. ({0})',
          detail,
        ),
        buttons: [tryAgain(), selectEngine()],
      };
    case 'unsupported':
      return {
        sentence: l10n.t(
          'This engine and this extension have no API version in common; Docker 1.12 (API 1.24) or later is needed. ({0})',
          detail,
        ),
        buttons: [selectEngine(), showLog()],
      };
    case 'protocol':
      return {
        sentence: l10n.t('What answers there does not speak like a Docker engine. Check the address. ({0})', detail),
        buttons: [selectEngine(), showLog()],
      };
    case 'configuration':
      return {
        sentence: l10n.t('The connection is described in a way that cannot work. ({0})', detail),
        buttons: [selectEngine(), openSettings()],
      };
    case 'notFound':
      return { sentence: l10n.t('It is gone from the engine. ({0})', detail), buttons: [tryAgain()] };
    case 'conflict':
      return {
        sentence: l10n.t('The engine says that something stands in the way. ({0})', detail),
        buttons: [showLog()],
      };
    case 'invalid':
      return { sentence: l10n.t('The engine refused the request. ({0})', detail), buttons: [showLog()] };
    case 'engine':
      return {
        sentence: l10n.t('The Docker engine failed by itself. ({0})', detail),
        buttons: [tryAgain(), showLog()],
      };
    case 'readOnly':
      return { sentence: l10n.t('This is a recording: it can be looked at, not changed.'), buttons: [selectEngine()] };
    case 'rollback':
      return {
        sentence: l10n.t(
          'It failed, and undoing what was done failed, too. Look at what is there before you go on. ({0})',
          visible(error.message, 1000),
        ),
        buttons: [tryAgain(), showLog()],
      };
    case 'cancelled':
      return { sentence: l10n.t('It was cancelled.'), buttons: [] };
  }
}

/** A few words for the status bar. */
export function shortErrorText(error: EngineError): string {
  switch (error.kind) {
    case 'unreachable':
      return l10n.t('not reachable');
    case 'timeout':
      return l10n.t('no answer');
    case 'denied':
      return l10n.t('no permission');
    case 'unsupported':
      return l10n.t('version not supported');
    case 'configuration':
      return l10n.t('wrong connection setting');
    default:
      return l10n.t('failed');
  }
}

const tryAgain = (): ErrorButton => ({ title: l10n.t('Try Again'), command: commands.refresh });
const selectEngine = (): ErrorButton => ({ title: l10n.t('Select Engine'), command: commands.selectEngine });
const showLog = (): ErrorButton => ({ title: l10n.t('Show Log'), command: commands.showLog });
const openSettings = (): ErrorButton => ({ title: l10n.t('Open Settings'), command: commands.openSettings });

import { window, type LogOutputChannel } from 'vscode';
import { visible } from './untrusted.ts';

/** The extension's output channel. Its lines are English: people paste them into bug reports. */
export function createLog(): LogOutputChannel {
  return window.createOutputChannel('Docker Networks', { log: true });
}

/** One line about whatever was thrown, an `Error` or not. */
export function thrownText(thrown: unknown): string {
  if (thrown instanceof Error)
    return visible(thrown.stack ?? `${thrown.name}: ${thrown.message}`, 2000).replaceAll('⟨U+000A⟩', '\n');
  return visible(String(thrown), 500);
}

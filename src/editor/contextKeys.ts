import { commands } from 'vscode';
import type { ContextKeyId } from '../ids.ts';

/** Sets context keys, and only those that changed: each one makes the workbench look at its menus again. */
export class ContextKeys {
  readonly #set = new Map<ContextKeyId, string | boolean>();

  set(key: ContextKeyId, value: string | boolean): void {
    if (this.#set.get(key) === value) return;
    this.#set.set(key, value);
    void commands.executeCommand('setContext', key, value);
  }
}

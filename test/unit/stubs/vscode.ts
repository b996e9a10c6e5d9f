/**
 * As much of the editor's API as rows, trees and status texts touch, for plain Node (vitest.config.ts aliases it).
 * What it stands for is tested for real in test/editor.
 */

export const l10n = {
  t(message: string, ...args: readonly (string | number)[]): string {
    return message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
  },
};

export const env = { language: 'en' };

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class Disposable {
  #call: (() => void) | undefined;
  constructor(call: () => void) {
    this.#call = call;
  }
  dispose(): void {
    this.#call?.();
    this.#call = undefined;
  }
}

export const QuickPickItemKind = { Separator: -1, Default: 0 } as const;
export const QuickInputButtons = { Back: { iconPath: undefined } } as const;
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 } as const;
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 } as const;

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeIcon {
  readonly id: string;
  readonly color: ThemeColor | undefined;
  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}

export class MarkdownString {
  value: string;
  isTrusted: boolean | undefined;
  supportHtml: boolean | undefined;
  supportThemeIcons: boolean | undefined;
  constructor(value = '') {
    this.value = value;
  }
}

export class TreeItem {
  label: string;
  collapsibleState: number;
  id?: string;
  description?: string;
  tooltip?: string | MarkdownString;
  constructor(label: string, collapsibleState = 0) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;

/** Only for modules that import these and are not called in unit tests. */
export const window = {};
export const workspace = {};
export const commands = {};

import { MarkdownString, StatusBarAlignment, ThemeColor, l10n, window, Disposable } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import { markdownText } from '../editor/untrusted.ts';
import { commands } from '../ids.ts';
import { statusText } from './engineText.ts';

/** One item: engine, running containers, networks; a click offers to refresh or to switch. */
export function createStatusBar(current: CurrentSession): Disposable {
  const item = window.createStatusBarItem('dockerNetworks.engine', StatusBarAlignment.Left);
  item.name = l10n.t('Docker Networks');
  item.command = commands.engineMenu;
  const update = (): void => {
    const { text, spoken, tooltip, warning } = statusText(
      current.state,
      current.snapshot,
      current.session?.engine.connection,
    );
    item.text = text;
    item.tooltip = new MarkdownString(
      tooltip
        .split('\n')
        .map((line) => markdownText(line, 600))
        .join('  \n'),
    );
    item.accessibilityInformation = { label: spoken, role: 'button' };
    item.backgroundColor = warning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
  };
  update();
  item.show();
  return Disposable.from(
    item,
    Disposable.from(current.onDidChangeSession(update)),
    Disposable.from(current.onDidChangeState(update)),
    Disposable.from(current.onDidChangeSnapshot(update)),
  );
}

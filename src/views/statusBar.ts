import { MarkdownString, ThemeColor, l10n, window, Disposable } from 'vscode';
import type { Sessions } from '../editor/sessions.ts';
import { markdownText } from '../editor/untrusted.ts';
import { commands } from '../ids.ts';
import { statusOfAll, statusText } from './engineText.ts';

/** One item: engines, running containers, networks; a click offers to refresh or to switch. */
export function createStatusBar(sessions: Sessions): Disposable {
  const item = window.createStatusBarItem('dockerNetworks.engine');
  item.name = l10n.t('Docker Networks');
  item.command = commands.engineMenu;
  const update = (): void => {
    const { text, spoken, tooltip, warning } = statusOfAll(
      sessions.all.map(({ state, snapshot, session, label }) =>
        statusText(state, snapshot, session?.engine.connection, label),
      ),
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
    Disposable.from(sessions.onDidChangePlaces(update)),
    Disposable.from(sessions.onDidChangeSession(update)),
    Disposable.from(sessions.onDidChangeState(update)),
    Disposable.from(sessions.onDidChangeSnapshot(update)),
  );
}

import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import { containerChanges } from '../editor/changeTokens.ts';
import { stateText } from '../editor/stateText.ts';
import { isRunning, type Container } from '../topology/model.ts';
import { containerName } from '../editor/containerText.ts';
import { containerTooltip } from './containerTooltip.ts';
import { containerIcon } from './icons.ts';
import { joined, type Row, type RowContext } from './row.ts';

/** A container that joined the namespace of the one above it: the same interfaces, the same addresses. */
export function sharerRow({ lookup }: RowContext, sharer: Container): Row {
  const name = containerName(sharer);
  const state = sharer.state === 'running' ? undefined : stateText(sharer);
  return {
    key: `sharer:${sharer.id}`,
    label: name,
    description: joined([l10n.t('shares this namespace'), state]),
    icon: containerIcon(sharer),
    tokens: [
      'container',
      'sharer',
      isRunning(sharer) ? 'running' : 'stopped',
      ...['can:inspect', 'can:copyName', 'can:copyId', 'can:revealContainer', 'can:showInDiagram'],
      ...containerChanges(sharer, false),
    ],
    subject: { kind: 'container', containerId: sharer.id },
    spoken: joined([name, l10n.t('shares this namespace'), stateText(sharer)], comma()),
    tooltip: () => containerTooltip(lookup, sharer),
  };
}

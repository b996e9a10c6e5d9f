import { l10n } from 'vscode';
import { absenceText } from '../editor/evidenceText.ts';
import { markdownText } from '../editor/untrusted.ts';
import type { Row, RowContext } from './row.ts';

/**
 * What stands below an engine's root that has no rows: with one engine alone a welcome view says it, and has a button.
 */

export function noNetworks({ options }: RowContext): Row {
  return options.showBuiltIn
    ? emptyRow(l10n.t('This engine has no networks.'))
    : emptyRow(l10n.t('This engine has built-in networks only, which are hidden.'), 'can:showBuiltIn');
}

export function noContainers({ options }: RowContext): Row {
  return options.showStopped
    ? emptyRow(l10n.t('This engine has no containers.'))
    : emptyRow(l10n.t('No container runs; those that do not are hidden.'), 'can:showStopped');
}

export function noHostLinks({ lookup }: RowContext): Row {
  const { kernel } = lookup.snapshot;
  if (kernel.kind === 'read') return emptyRow(l10n.t('Nothing is known of the links of this engine’s host.'));
  const text = absenceText(kernel.reason);
  return kernel.reason === 'notAllowed' || kernel.reason === 'notLocal' || kernel.reason === 'noImage'
    ? emptyRow(text, 'can:readKernelAfar')
    : emptyRow(text);
}

function emptyRow(text: string, ...tokens: readonly string[]): Row {
  return {
    key: 'nothing',
    label: text,
    icon: { id: 'info' },
    tokens: ['nothing', ...tokens],
    spoken: text,
    tooltip: () => markdownText(text, 1000),
  };
}

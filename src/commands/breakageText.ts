import { l10n } from 'vscode';
import type { Breakage } from '../actions/impact.ts';
import { namesInLines } from './confirm.ts';

/** One line for each container that suffers. */
export function breakageText(broken: readonly Breakage[]): string {
  return namesInLines(
    broken.map((one) =>
      one.kind === 'sharesNamespace'
        ? l10n.t('{0} shares the network namespace of {1} and loses its network', one.container.name, one.owner.name)
        : l10n.t('{0} links to {1} as {2}', one.container.name, one.target.name, one.alias),
    ),
  );
}

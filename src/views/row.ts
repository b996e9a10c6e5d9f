import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import type { Lookup } from '../editor/lookup.ts';
import type { ViewOptions } from '../editor/settings.ts';
import type { Subject } from '../editor/subject.ts';
import { firstOf, markdownCode, markdownText, visible } from '../editor/untrusted.ts';
import type { Forward } from '../forwards/forwards.ts';
import type { RemoteSeat } from '../topology/joinHosts.ts';

/**
 * A row of a tree as plain data: what `Snapshot → rows` yields and unit tests read. `tree.ts` makes tree items of it.
 *
 * Architecture invariant: whatever an engine said went through `visible` before it became part of a row.
 */
export interface Row {
  /** Unique among its siblings; the path of keys is the tree id. Never an engine's id alone: a container has many rows. */
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  /** Words of the `contextValue`, joined with `;`: what it is, its state, and `can:…` for each command that applies. */
  readonly tokens: readonly string[];
  readonly subject?: Subject;
  /** `Subject.engine` of a root and of all that is below it. */
  readonly engine?: string;
  /** Where that engine is a recording beside others: nothing is offered that changes one. */
  readonly recorded?: boolean;
  /** What a screen reader says instead of label and description. */
  readonly spoken: string;
  /** Markdown, made when the pointer rests on the row. */
  readonly tooltip?: () => string;
  /** Absent for a leaf. */
  readonly children?: () => readonly Row[];
  /** Unfolded when it first appears. */
  readonly unfolded?: boolean;
}

export interface Icon {
  /** Of the codicons. */
  readonly id: string;
  /** A theme colour, for example `charts.green`. */
  readonly color?: string;
}

/** Key of the root of an engine. */
export function engineRowKey(engine: string): string {
  return `engine:${engine}`;
}

export interface RowContext {
  readonly lookup: Lookup;
  readonly options: ViewOptions;
  /** Endpoint id of a seat on another host → the container that has it, where its engine is shown too. */
  readonly remoteSeats?: ReadonlyMap<string, RemoteSeat>;
  /** What the person calls an engine, by `Subject.engine`. */
  readonly engineLabel?: (engine: string) => string;
  /** Temporary forwards of this window. */
  readonly forwards: readonly Forward[];
  /** A row that could not be made is left out, and this is told why. */
  readonly skipped: (thrown: unknown) => void;
}

/** Rows for all items but those that fail: one odd record must not take the others with it. */
export function rowsFor<T>(context: RowContext, items: readonly T[], row: (item: T) => Row | undefined): Row[] {
  return items.flatMap((item) => {
    try {
      return row(item) ?? [];
    } catch (thrown) {
      context.skipped(thrown);
      return [];
    }
  });
}

/** Parts of a description or a spoken sentence; empty ones are left out. */
export function joined(parts: readonly (string | undefined)[], separator = ' · '): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator);
}

/** A leaf `name: value` under an endpoint, an interface or a container. */
export function detail(
  key: string,
  label: string,
  value: string,
  more: Partial<Pick<Row, 'icon' | 'tokens' | 'subject' | 'tooltip'>> = {},
): Row {
  const shown = visible(value);
  return { key, label, description: shown, spoken: `${label}: ${shown}`, tokens: [], ...more };
}

/** A leaf for each of a list of names, or one row that counts what is left out. */
export function listDetail(key: string, label: string, values: readonly string[], icon: Icon): Row | undefined {
  if (values.length === 0) return undefined;
  const { shown, left } = firstOf(values, 8);
  const names = shown.map((value) => visible(value, 80)).join(comma());
  const value = left === 0 ? names : l10n.t('{0} and {1} more', names, left);
  return {
    key,
    label,
    description: value,
    spoken: `${label}: ${value}`,
    tokens: [],
    icon,
    tooltip: () => joined([bold(label), nameList(values, 50)], '\n\n'),
  };
}

export function bold(text: string): string {
  return `**${markdownText(text)}**`;
}

/** Code spans, the first `count` of them. */
export function nameList(names: readonly string[], count = 20): string {
  const { shown, left } = firstOf(names, count);
  const list = shown.map((name) => markdownCode(name, 100)).join(comma());
  return left === 0 ? list : l10n.t('{0} and {1} more', list, left);
}

/** `label: value` lines of a tooltip; those without a value are left out. The value is Markdown already. */
export function facts(pairs: readonly (readonly [label: string, value: string | undefined])[]): string {
  return pairs
    .flatMap(([label, value]) => (value === undefined || value === '' ? [] : [`${label}: ${value}`]))
    .join('  \n');
}

/** Labels or options as a list, the first 20 of however many. */
export function mapFacts(title: string, map: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(map);
  if (entries.length === 0) return undefined;
  const { shown, left } = firstOf(entries, 20);
  const lines = shown.map(([key, value]) => `- ${markdownCode(key, 80)} = ${markdownCode(value, 80)}`);
  if (left > 0) lines.push(`- ${l10n.t('… and {0} more', left)}`);
  return `${title}:\n${lines.join('\n')}`;
}

/** The parts of a tooltip as paragraphs. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return joined(parts, '\n\n');
}

/**
 * What an engine or a kernel says is data of strangers: anybody who may name a container writes into these views.
 * Architecture invariant: such text reaches a label through `visible` and a tooltip through `markdownText` or `markdownCode`.
 */

/**
 * Characters that hide, reorder or break a line: C0 and C1 controls, soft hyphen, bidirectional marks, embeddings and
 * isolates, zero-width ones (but the joiners U+200C and U+200D, which scripts and emoji need), line and paragraph
 * separators, tags, and halves of surrogate pairs.
 */
const deceptive =
  /[\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFE00-\uFE0E\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}\uD800-\uDFFF]/gu;

/** Longest run of a stranger's text in one place, in UTF-16 units; names that Docker accepts are far shorter. */
const longest = 200;

/** The same text with what hides or reorders made visible (`⟨U+202E⟩`), on one line, at most `limit` units and an ellipsis. */
export function visible(text: string, limit = longest): string {
  const cut = text.length > limit ? `${text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
  return cut.replace(deceptive, (character) => {
    if (character === '\t') return ' ';
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** For a place that renders `$(name)` as an icon: the status bar and quick picks. */
export function withoutIcons(text: string, limit?: number): string {
  return visible(text, limit).replaceAll('$(', '$\u200C(');
}

/** Markdown that shows the text as it is: no emphasis, link, image, HTML, icon or address that becomes a link. */
export function markdownText(text: string, limit?: number): string {
  return visible(text, limit)
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
    .replace(/^ +| +$/g, '');
}

/** A Markdown code span of the text, whatever backticks it holds. CommonMark 6.1. */
export function markdownCode(text: string, limit?: number): string {
  const shown = visible(text, limit);
  if (shown.trim() === '') return '` `';
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  return runs.length === 0 ? `\`${shown}\`` : `${fence} ${shown} ${fence}`;
}

/** The first `count` of them, and how many were left out. */
export function firstOf<T>(
  items: readonly T[],
  count: number,
): { readonly shown: readonly T[]; readonly left: number } {
  return { shown: items.slice(0, count), left: Math.max(0, items.length - count) };
}

/** One token of a `contextValue`: a driver's name must not bring `;` or a capability of its own. */
export function token(text: string): string {
  return text
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-');
}

import type { LegacyLink } from '../topology/model.ts';
import { aliasProblem } from './nameProblems.ts';
import type { Parsed } from './problem.ts';

/** Neither aliases nor links have commas or blanks in them: both separate. */
function words(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

export function parseAliases(text: string): Parsed<readonly string[]> {
  const aliases = new Set<string>();
  for (const alias of words(text)) {
    const problem = aliasProblem(alias);
    if (problem !== undefined) return { problem };
    if (aliases.has(alias)) return { problem: { kind: 'repeated', text: alias } };
    aliases.add(alias);
  }
  return { value: [...aliases] };
}

export function formatAliases(aliases: readonly string[]): string {
  return aliases.join(', ');
}

/** `container:alias` items; `container` alone is its own alias, as for `--link`. */
export function parseLinks(text: string): Parsed<readonly LegacyLink[]> {
  const links: LegacyLink[] = [];
  const seen = new Set<string>();
  for (const word of words(text)) {
    const [target = '', alias = target, ...more] = word.split(':');
    // A name or an id.
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(target) || alias === '' || more.length > 0) {
      return { problem: { kind: 'link', text: word } };
    }
    const problem = aliasProblem(alias);
    if (problem !== undefined) return { problem };
    if (seen.has(alias)) return { problem: { kind: 'repeated', text: alias } };
    seen.add(alias);
    links.push({ target, alias });
  }
  return { value: links };
}

export function formatLinks(links: readonly LegacyLink[]): string {
  return links.map(({ target, alias }) => `${target}:${alias}`).join(', ');
}

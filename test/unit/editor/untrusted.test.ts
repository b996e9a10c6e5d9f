import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstOf, markdownCode, markdownText, token, visible, withoutIcons } from '../../../src/editor/untrusted.ts';
import { anyCharacter } from '../support/anyCharacter.ts';

describe('text of strangers', () => {
  it('shows a mark that turns the reading direction instead of obeying it', () => {
    expect(visible('safe\u202Eexe.evil')).toBe('safe⟨U+202E⟩exe.evil');
  });

  it('stays on one line', () => {
    expect(visible('one\ntwo\r\nthree\u2028four\tfive')).toBe('one⟨U+000A⟩two⟨U+000D⟩⟨U+000A⟩three⟨U+2028⟩four five');
  });

  it('leaves names of all scripts and emoji alone', () => {
    for (const name of ['веб', '数据库', 'ウェブ', 'خادم', 'कंटेनर', '👩‍💻 dev', 'café']) expect(visible(name)).toBe(name);
  });

  it('is cut with an ellipsis, and not through a character', () => {
    expect(visible('x'.repeat(1000), 5)).toBe('xxxxx…');
    expect(visible('abcd😀', 5)).toBe('abcd…');
  });

  it('whatever it is, holds nothing that hides or reorders, and no half character', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cs}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });

  it('brings no icon', () => {
    expect(withoutIcons('$(trash) $$(sync~spin)')).not.toMatch(/\$\(/);
  });

  it('is escaped in Markdown so that no punctuation is left to mean something', () => {
    expect(markdownText('[a](command:b) <b> `c` $(d) https://e')).toBe(
      String.raw`\[a\]\(command\:b\) \<b\> \`c\` \$\(d\) https\:\/\/e`,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(markdownText(text).replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[!-/:-@[-`{-~]/);
      }),
    );
  });

  it('does not leave a code span, however many backticks it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\\', '\n') }), (text) => {
        const span = markdownCode(text);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inside = span.slice(fence.length, -fence.length);
        expect(span.endsWith(fence)).toBe(true);
        expect(inside.match(/`+/g) ?? []).not.toContain(fence);
        expect(inside).not.toMatch(/^`|`$|\n/);
      }),
    );
  });

  it('is one word of a contextValue', () => {
    expect(token('evil;can:copyIp Driver/1')).toBe('evil-can-copyip-driver-1');
  });

  it('of many shows the first, and counts the rest', () => {
    expect(firstOf([1, 2, 3], 2)).toEqual({ shown: [1, 2], left: 1 });
    expect(firstOf([1], 2)).toEqual({ shown: [1], left: 0 });
  });
});

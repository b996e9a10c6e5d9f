import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colouredName, plainText, safeTerminalText, widestName } from '../../../src/terminals/logText.ts';
import { anyCharacter } from '../support/anyCharacter.ts';
import { cpuTime } from '../support/cpuTime.ts';

const escape = '\u001B';

describe('a log line in a terminal', () => {
  it.each([
    ['plain text', 'GET /api/users 200', 'GET /api/users 200'],
    ['other scripts', 'コンテナ запущен 👩‍💻 é', 'コンテナ запущен 👩‍💻 é'],
    ['tabs', 'a\tb\t', 'a\tb\t'],
    ['a colour, which ends with the line', '\u001B[31mred', '\u001B[31mred\u001B[0m'],
    ['a colour that ends by itself', '\u001B[1;32mok\u001B[0m done', '\u001B[1;32mok\u001B[0m done'],
    ['a colour that ends in short', '\u001B[32mok\u001B[m', '\u001B[32mok\u001B[0m'],
    ['256 colours and true colours', '\u001B[38;5;200;48;2;1;2;3mx', '\u001B[38;5;200;48;2;1;2;3mx\u001B[0m'],
    ['colours with colons', '\u001B[38:2::1:2:3;4:3mx', '\u001B[38:2::1:2:3;4:3mx\u001B[0m'],
  ])('keeps %s', (_, line, shown) => {
    expect(safeTerminalText(line)).toBe(shown);
  });

  it.each([
    ['invisible and blinking text', '\u001B[8msecret\u001B[5;31mred', 'secret\u001B[31mred\u001B[0m'],
    ['absurd colours', '\u001B[38;5;99999mx\u001B[38mx\u001B[1000mx\u001B[31;mx', 'xxx\u001B[31;0mx\u001B[0m'],
    ['a very long colour', `\u001B[${'1;'.repeat(1000)}mx`, 'x'],
    ['cursor movement and clearing', 'a\u001B[2J\u001B[1;1Hb\u001B[1Ac\u001B[K\u001B[?25l', 'abc'],
    ['private and intermediate parameters', 'a\u001B[>4;2mb\u001B[1$}c\u001B[!pd', 'abcd'],
    ['a title', 'a\u001B]0;owned\u0007b', 'ab'],
    ['a clipboard', 'a\u001B]52;c;ZXZpbA==\u001B\\b', 'ab'],
    ['a link', '\u001B]8;;https://evil\u001B\\click\u001B]8;;\u001B\\', 'click'],
    ['a device control string', 'a\u001BPq#0;2;0;0;0\u001B\\b', 'ab'],
    ['application and privacy strings', 'a\u001B_G\u001B\\b\u001B^x\u001B\\c\u001BXx\u009Cd', 'abcd'],
    ['the 8-bit forms', 'a\u009B2Jb\u009D0;t\u009Cc\u0090x\u009Cd\u0085e', 'abcde'],
    ['bell and backspace', 'a\u0007b\u0008c', 'abc'],
    ['charsets and a full reset', 'a\u001B(0b\u001Bcc\u001B7d', 'abcd'],
    ['an escape that is cut', 'a\u001B', 'a'],
    ['a control sequence that is cut', 'a\u001B[31', 'a'],
  ])('drops %s', (_, line, shown) => {
    expect(safeTerminalText(line)).toBe(shown);
  });

  it('loses no text to a string that never ends', () => {
    expect(safeTerminalText('a\u001B]0;the rest of it')).toBe('a0;the rest of it');
    expect(safeTerminalText('\u001B]0;title\u001B[31mred')).toBe('\u001B[31mred\u001B[0m');
  });

  it('makes marks that reorder and other controls visible', () => {
    expect(safeTerminalText('safe\u202Eexe\u0000\u007F\u200B')).toBe('safe⟨U+202E⟩exe⟨U+0000⟩⟨U+007F⟩⟨U+200B⟩');
  });

  it('shows what a progress line said last', () => {
    expect(safeTerminalText('10%\r20%\r100%\r\r')).toBe('100%');
    expect(safeTerminalText('Windows line\r')).toBe('Windows line');
    expect(safeTerminalText('\r')).toBe('');
  });

  it('has no colours in a document', () => {
    expect(plainText('\u001B[31mred\u001B[0m\tand \u001B]8;;x\u0007link')).toBe('red\tand link');
  });

  /** Text with more escapes, controls and marks than chance would bring. */
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          escape,
          '[',
          ']',
          ';',
          '31',
          'm',
          'P',
          '\\',
          '\u0007',
          '\u009B',
          '\u009C',
          '\r',
          '\n',
          '\u202E',
        ),
        fc.string({ unit: anyCharacter, maxLength: 5 }),
      ),
    )
    .map((parts) => parts.join(''));

  it('whatever it is, obeys nothing but colours and ends without one', () => {
    fc.assert(
      fc.property(hostile, (line) => {
        const shown = safeTerminalText(line);
        const rest = shown.replace(/\u001B\[[0-9;:]+m/g, '');
        expect(rest).not.toMatch(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/);
        if (rest.length < shown.length) expect(shown.lastIndexOf(escape)).toBe(shown.lastIndexOf(`${escape}[0m`));
        expect(plainText(line)).toBe(rest);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['strings without end', '\u001B]'],
    ['controls without end', '\u001B[1;'],
    ['intermediate bytes', '\u001B '],
    ['colours', '\u001B[31m'],
    ['carriage returns', 'a\r'],
    ['marks', '\u202E'],
    ['strings and their ends', '\u001BPx\u009C'],
  ])('takes a time that grows with its length and no faster: %s', (_, unit) => {
    const line = unit.repeat(100_000);
    expect(cpuTime(() => void safeTerminalText(line))).toBeLessThan(1000);
  });
});

describe('the name before a line', () => {
  it('is as wide as the widest and has the colour of its place', () => {
    const names = ['web', 'database'];
    const width = widestName(names);
    expect(names.map((name, index) => colouredName(name, index, width))).toEqual([
      '\u001B[36mweb      |\u001B[0m ',
      '\u001B[33mdatabase |\u001B[0m ',
    ]);
    expect(colouredName('x', 6, 1)).toBe(colouredName('x', 0, 1));
  });

  it('cannot be more than a name', () => {
    expect(colouredName('a\u001B[2J\n', 0, 0)).toBe('\u001B[36ma⟨U+001B⟩[2J⟨U+000A⟩ |\u001B[0m ');
    expect(widestName(['a\n'])).toBe('a⟨U+000A⟩'.length);
  });
});

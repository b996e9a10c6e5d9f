import type { Parsed } from './problem.ts';

/**
 * A command split into its words as a POSIX shell splits it: blanks separate, single quotes keep everything, double
 * quotes keep everything but `\` before `"`, `\`, `$`, a backtick and a newline, and outside of quotes `\` keeps the
 * next character. Nothing is expanded and no operator is known: `$HOME`, `*` and `|` are words like any other.
 */
export function parseCommand(text: string): Parsed<readonly string[]> {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (quote === '' && /[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === '' && (character === "'" || character === '"')) {
      quote = character;
      word ??= '';
    } else if (character === quote) {
      quote = '';
    } else if (character === '\\' && next !== '' && (quote === '' || (quote === '"' && '"\\$`\n'.includes(next)))) {
      at += 1;
      // A line that goes on: neither character is there.
      if (next !== '\n') word = (word ?? '') + next;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') return { problem: { kind: 'quoteNotClosed', quote } };
  if (word !== undefined) words.push(word);
  return { value: words };
}

/** The shortest text that `parseCommand` reads as these words. */
export function formatCommand(command: readonly string[]): string {
  return command.map((word) => (/^[^\s'"\\]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

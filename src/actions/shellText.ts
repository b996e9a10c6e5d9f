/** What no shell gives a meaning to, wherever in a word it stands; a leading `=` is looked up as a command by zsh. */
const plain = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/**
 * Characters that a terminal obeys instead of passing them on when a command is pasted, and those that change the order
 * in which a line is shown. A newline is none: inside of quotes it is passed on.
 */
// prettier-ignore
const obeyed = /[\u0001-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/u;

/**
 * A command as one text for a POSIX shell, quoted only where needed. Nothing in it is expanded. What a terminal would
 * obey is made by `printf`, so that the text can be pasted. NUL, which no argument can hold, is left out.
 */
export function shellText(argv: readonly string[]): string {
  return argv.map((word) => shellWord(word.replaceAll('\u0000', ''))).join(' ');
}

function shellWord(word: string): string {
  if (plain.test(word)) return word;
  let text = '';
  let quoted = '';
  const close = (): void => {
    if (quoted !== '') text += `'${quoted}'`;
    quoted = '';
  };
  for (const character of word) {
    if (obeyed.test(character)) {
      close();
      text += `"$(printf '${octalBytes(character)}')"`;
    } else if (character === "'") {
      close();
      text += "\\'";
    } else {
      quoted += character;
    }
  }
  close();
  return text === '' ? "''" : text;
}

/** The UTF-8 bytes of a character of the basic plane, as `printf` takes them. */
function octalBytes(character: string): string {
  const code = character.charCodeAt(0);
  let bytes = [code];
  if (code >= 0x800) bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  else if (code >= 0x80) bytes = [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

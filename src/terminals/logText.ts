import { visible } from '../editor/untrusted.ts';

/**
 * A log line is written by a stranger's program, and a terminal obeys what is written to it: it moves its cursor over
 * other lines, sets its title, fills the clipboard, links text to anywhere.
 * Architecture invariant: log text reaches a terminal through `safeTerminalText` and a document through `plainText`.
 */

/** Anything but letters, digits, punctuation and spaces of ASCII may be in need of a look. */
const plainAscii = /^[ -~\t]*$/;

/** The line as a terminal may have it: its colours, its tabs, no other escape sequence; ends in the default colours. */
export function safeTerminalText(line: string): string {
  return rewrite(line, true);
}

/** The same without colours, as a document or a filter wants it. */
export function plainText(line: string): string {
  return rewrite(line, false);
}

function rewrite(line: string, colours: boolean): string {
  if (plainAscii.test(line)) return line;
  const shown = lastSegment(line);
  const terminators = new TerminatorSearch(shown);
  let out = '';
  let coloured = false;
  let at = 0;
  // Each round begins after the last one ended, and no search looks at a character twice.
  for (;;) {
    introducer.lastIndex = at;
    const found = introducer.exec(shown);
    out += shownText(shown.slice(at, found?.index ?? shown.length));
    if (found === null) break;
    const end = endOfSequence(shown, found.index, terminators);
    if (colours) {
      const colour = colourSequence(shown.slice(found.index, end));
      if (colour !== '') coloured = colour !== reset;
      out += colour;
    }
    at = end;
  }
  return coloured ? out + reset : out;
}

const reset = '\u001B[0m';

/** A line that was drawn again and again, as progress is: what it said last. */
function lastSegment(line: string): string {
  const whole = line.replace(/\r+$/, '');
  return whole.slice(whole.lastIndexOf('\r') + 1);
}

/** Controls and marks that reorder become visible; tabs stay. Bell and backspace are gone already. */
function shownText(text: string): string {
  return text
    .split('\t')
    .map((part) => visible(part, Number.POSITIVE_INFINITY))
    .join('\t');
}

/** ESC, the 8-bit forms of what follows an ESC, bell, backspace. */
const introducer = /[\u001B\u0080-\u009F\u0007\u0008]/g;

/** Where the sequence that begins at `start` ends. ECMA-48, section 5; what xterm.js takes as the end of a string. */
function endOfSequence(text: string, start: number, terminators: TerminatorSearch): number {
  const first = text.charCodeAt(start);
  const escaped = first === 0x1b;
  // ESC and a byte of 40 to 5F is the 7-bit form of 80 to 9F.
  const control = escaped ? text.charCodeAt(start + 1) + 0x40 : first;
  const body = start + (escaped ? 2 : 1);
  switch (control) {
    case 0x9b:
      return endOfMatch(controlSequence, text, body);
    // DCS, SOS, OSC, PM, APC: a string up to its terminator. Where none follows only the introducer is dropped,
    // so that no text is lost to a stray one.
    case 0x90:
    case 0x98:
    case 0x9d:
    case 0x9e:
    case 0x9f:
      return terminators.after(body) ?? body;
    default:
      return escaped ? endOfMatch(escapeSequence, text, start + 1) : body;
  }
}

/** Parameter bytes, intermediate bytes, a final byte. */
const controlSequence = /[0-?]*[ -/]*[@-~]?/y;
/** Intermediate bytes and a final byte: charsets, saved cursors, full reset. */
const escapeSequence = /[ -/]*[0-~]?/y;

function endOfMatch(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** Finds ends of strings, in one pass over the text however many strings begin in it. */
class TerminatorSearch {
  readonly #text: string;
  readonly #pattern = /[\u0007\u0018\u001A\u009C]|\u001B\\?/g;
  /** Of the newest find; what begins before it ends there, too. */
  #start = -1;
  #end = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The place after the first terminator at or after `at`. An ESC that begins something else ends a string without being part of it. */
  after(at: number): number | undefined {
    if (this.#start < at) {
      this.#pattern.lastIndex = at;
      const found = this.#pattern.exec(this.#text);
      this.#start = found?.index ?? Number.POSITIVE_INFINITY;
      this.#end = this.#start + (found === null || found[0] === '\u001B' ? 0 : found[0].length);
    }
    return Number.isFinite(this.#end) ? this.#end : undefined;
  }
}

/** Select Graphic Rendition, without what hides or blinks; empty for any other sequence. */
function colourSequence(sequence: string): string {
  const parameters = /^\u001B\[([0-9;:]{0,100})m$/.exec(sequence)?.[1];
  if (parameters === undefined) return '';
  const kept = knownColours(parameters.split(';'));
  if (kept.length === 0) return '';
  return kept.every((each) => each === '0') ? reset : `\u001B[${kept.join(';')}m`;
}

function knownColours(parameters: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < parameters.length; at++) {
    const parameter = parameters[at] ?? '';
    const code = Number(parameter);
    if (/^(38|48|58)$/.test(parameter)) {
      const length = parameters[at + 1] === '5' ? 3 : 5;
      const colour = parameters.slice(at, at + length);
      at += length - 1;
      if (/^\d\d;(5;\d{1,3}|2(;\d{1,3}){3})$/.test(colour.join(';'))) kept.push(...colour);
    } else if (/^([345]8:(5:\d{1,3}|2:\d{0,3}(:\d{1,3}){3})|4:[0-5])$/.test(parameter)) {
      kept.push(parameter);
    } else if (/^\d{0,3}$/.test(parameter) && isStyle(code)) {
      kept.push(String(code));
    }
  }
  return kept;
}

/** Not 5 and 6, blinking, and not 8, invisible. */
function isStyle(code: number): boolean {
  return (
    code <= 4 ||
    code === 7 ||
    code === 9 ||
    (code >= 21 && code <= 25) ||
    (code >= 27 && code <= 49 && code !== 38 && code !== 48) ||
    code === 53 ||
    code === 55 ||
    code === 59 ||
    (code >= 90 && code <= 107)
  );
}

/** Cyan, yellow, green, magenta, blue, bright cyan: all but those that mean error or cannot be read on one of the themes. */
const nameColours = [36, 33, 32, 35, 34, 96];

/** Length of the longest of the names as they are shown. */
export function widestName(names: readonly string[]): number {
  return names.reduce((widest, name) => Math.max(widest, visible(name).length), 0);
}

/** What stands before a line of a merged log: the name in the colour of its place, padded to `width`, and a bar. */
export function colouredName(name: string, index: number, width: number): string {
  const colour = nameColours[index % nameColours.length] ?? 36;
  return `\u001B[${colour}m${visible(name).padEnd(width)} |${reset} `;
}

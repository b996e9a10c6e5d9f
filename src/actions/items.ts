import type { Parsed } from './problem.ts';

/**
 * One item of a list that is typed on one line. `text` is what it says, with its quotes taken off.
 *
 * The quoting rule, for labels, options, environment and addresses alike: items are separated by commas or newlines, and
 * blanks around an item and after its first `=` do not count. An item, or what follows its first `=`, may be put in double quotes; then commas,
 * newlines and blanks are part of it, and `""` stands for a `"`. Anywhere else a `"` is a character like any other, and
 * so is a backslash everywhere: `rule=Host("a")`, `list="a, b"` and `"note=say ""hello"""` need no more.
 */
export function parseItems(text: string): Parsed<readonly string[]> {
  const items: string[] = [];
  let at = 0;
  while (at < text.length) {
    const start = skipBlanks(text, at);
    const end = plainEnd(text, start);
    const equals = text.slice(start, end).indexOf('=');
    const opening = text[start] === '"' ? start : equals < 0 ? -1 : skipBlanks(text, start + equals + 1);
    if (opening >= start && text[opening] === '"') {
      const quoted = readQuotation(text, opening);
      if (quoted === undefined) return { problem: { kind: 'quoteNotClosed', quote: '"' } };
      const after = plainEnd(text, quoted.end);
      if (text.slice(quoted.end, after).trim() !== '') {
        return { problem: { kind: 'keyValue', text: text.slice(start, after).trim() } };
      }
      items.push(opening === start ? quoted.text : text.slice(start, start + equals + 1) + quoted.text);
      at = after + 1;
    } else {
      const item = text.slice(start, end).trim();
      if (item !== '') items.push(item.replace(/^([^=]*=)\s+/, '$1'));
      at = end + 1;
    }
  }
  return { value: items };
}

function skipBlanks(text: string, at: number): number {
  let to = at;
  while (to < text.length && text[to] !== '\n' && /\s/.test(text.charAt(to))) to += 1;
  return to;
}

function plainEnd(text: string, at: number): number {
  let to = at;
  while (to < text.length && text[to] !== ',' && text[to] !== '\n') to += 1;
  return to;
}

/** `end` is right after the closing quote. */
function readQuotation(text: string, opening: number): { readonly text: string; readonly end: number } | undefined {
  let said = '';
  for (let at = opening + 1; at < text.length; at++) {
    if (text[at] !== '"') said += text.charAt(at);
    else if (text[at + 1] !== '"') return { text: said, end: at + 1 };
    else {
      said += '"';
      at += 1;
    }
  }
  return undefined;
}

/** `key=value`, with quotes around the value, or around all of it, where it needs them. */
export function formatItem(key: string, value: string): string {
  if (/^"|[,\n]/.test(key)) return quotation(`${key}=${value}`);
  return /^["\s]|[,\n]|\s$/.test(value) ? `${key}=${quotation(value)}` : `${key}=${value}`;
}

function quotation(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

import { createContext, Script, type Context } from 'node:vm';
import { plainText } from './logText.ts';

export type ParsedFilter =
  | { readonly kind: 'none' }
  | { readonly kind: 'filter'; readonly filter: LogFilter }
  /** `message` is the regular expression engine's own, English. */
  | { readonly kind: 'problem'; readonly message: string };

/** Characters of a line that are looked at. */
const longestTested = 4096;
/** Lines in one run, and how long it may take. A sane pattern needs about a millisecond. */
const linesPerRun = 1000;
const runMs = 500;

/**
 * What a person types to see some lines only: a text, in any case, or `/regular expression/flags`. What begins with a
 * slash and does not end with one and known flags is a text: paths are often looked for. `limitMs`: for a thousand lines.
 */
export function parseLogFilter(input: string, limitMs = runMs): ParsedFilter {
  if (input.trim() === '') return { kind: 'none' };
  const [, pattern, flags] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(input.trim()) ?? [];
  if (pattern === undefined || flags === undefined || new Set(flags).size < flags.length) {
    return { kind: 'filter', filter: new LogFilter(textMatcher(input)) };
  }
  try {
    // With g or y an expression would go on where it last found something.
    const expression = new RegExp(pattern, flags.replace(/[gy]/g, ''));
    return { kind: 'filter', filter: new LogFilter(patternMatcher(expression, limitMs)) };
  } catch (error) {
    return { kind: 'problem', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Undefined: it took too long. */
type Matcher = (texts: readonly string[]) => readonly boolean[] | undefined;

export class LogFilter {
  #matcher: Matcher | undefined;

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  /** True once the pattern took too long: nothing is filtered any more. */
  get tooSlow(): boolean {
    return this.#matcher === undefined;
  }

  /** For each line whether it is to be seen, judged by what a reader sees of it. Give it many lines at a time. */
  matches(lines: readonly string[]): readonly boolean[] {
    const out: boolean[] = [];
    for (let at = 0; at < lines.length; at += linesPerRun) {
      const run = lines.slice(at, at + linesPerRun).map((line) => plainText(line).slice(0, longestTested));
      const found = this.#matcher?.(run);
      if (found === undefined) this.#matcher = undefined;
      out.push(...(found ?? run.map(() => true)));
    }
    return out;
  }
}

function textMatcher(text: string): Matcher {
  const wanted = text.toLowerCase();
  return (texts) => texts.map((each) => each.toLowerCase().includes(wanted));
}

/**
 * A person's pattern may backtrack for hours on a stranger's line, and nothing in the language ends that; the time limit
 * of a script does.
 */
function patternMatcher(pattern: RegExp, limitMs: number): Matcher {
  const globals: Context & { pattern: RegExp; texts: readonly string[]; found: readonly boolean[] } = {
    pattern,
    texts: [],
    found: [],
  };
  const context = createContext(globals);
  return (texts) => {
    globals.texts = texts;
    try {
      test.runInContext(context, { timeout: limitMs });
      return globals.found;
    } catch {
      return undefined;
    }
  };
}

const test = new Script('found = texts.map((text) => pattern.test(text))');

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8');
const table = (file: string): Record<string, string> => JSON.parse(read(file)) as Record<string, string>;

interface Call {
  readonly place: string;
  /** Undefined where the message is no literal: then nobody can translate it. */
  readonly message: string | undefined;
  readonly values: number;
}

/** Every `l10n.t(…)` and `vscode.l10n.t(…)` of a source file. */
function calls(file: string): Call[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(vscode\.)?l10n\.t$/.test(node.expression.getText(source))) {
      const [first, ...values] = node.arguments;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      const message = first !== undefined && ts.isStringLiteralLike(first) ? first.text : undefined;
      found.push({ place: `${file}:${line + 1}`, message, values: values.length });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file}`);
const all = files.flatMap(calls);
const messages = new Set(all.flatMap(({ message }) => message ?? []));
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
const links = (text: string): string[] => (text.match(/\]\([^)]*\)/g) ?? []).sort();
const code = (text: string): string[] => (text.match(/`[^`]*`/g) ?? []).sort();

describe('strings of the code', () => {
  it('are literals, with a value for each placeholder', () => {
    expect(messages.size).toBeGreaterThan(100);
    for (const { place, message, values } of all) {
      expect(message, `${place} has no literal`).toBeDefined();
      expect(placeholders(message ?? ''), place).toEqual(Array.from({ length: values }, (_, index) => `{${index}}`));
    }
  });

  it.each(['zh-cn'])('are all there in %s, none is left over, and each keeps its placeholders', (language) => {
    const bundle = table(`l10n/bundle.l10n.${language}.json`);
    const missing = [...messages].filter((message) => !(message in bundle));
    const unused = Object.keys(bundle).filter((message) => !messages.has(message));
    expect({ missing, unused }).toEqual({ missing: [], unused: [] });
    for (const [message, translation] of Object.entries(bundle)) {
      expect(placeholders(translation), message).toEqual(placeholders(message));
      expect(translation.trim(), message).not.toBe('');
    }
  });
});

describe('strings of package.json', () => {
  const keys = new Set([...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? ''));

  it.each(['package.nls.json', 'package.nls.zh-cn.json'])('are all there in %s, and none is left over', (file) => {
    expect(Object.keys(table(file)).sort()).toEqual([...keys].sort());
  });

  it('keep their buttons, links and code in every language', () => {
    const english = table('package.nls.json');
    for (const [key, translation] of Object.entries(table('package.nls.zh-cn.json'))) {
      expect(links(translation), key).toEqual(links(english[key] ?? ''));
      expect(code(translation), key).toEqual(code(english[key] ?? ''));
    }
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCommand, parseCommand } from '../../../src/actions/commandLine.ts';
import {
  formatEnvironment,
  formatKeyValues,
  parseEnvironment,
  parseKeyValues,
} from '../../../src/actions/keyValues.ts';
import { formatAliases, formatLinks, parseAliases, parseLinks } from '../../../src/actions/names.ts';
import { anyText } from './anyText.ts';
import { anyCharacter } from '../support/anyCharacter.ts';
import { cpuTime } from '../support/cpuTime.ts';

const anyValue = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: fc.constantFrom(...Array.from(' ,="\n\\\'ab\t\r')) }),
);
const key = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constantFrom('a,b', '"a', 'a"b', '__proto__', 'x'))
  .filter((text) => !/[\s=]/.test(text));
const variable = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,9}$/);

test('labels and options survive being shown and typed again', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(key, anyValue), { selector: ([name]) => name }), (pairs) => {
      const values = Object.fromEntries(pairs);
      expect(parseKeyValues(formatKeyValues(values))).toEqual({ value: values });
    }),
  );
});

test('the environment survives being shown and typed again', () => {
  const line = fc.oneof(
    variable,
    fc.tuple(variable, anyValue).map(([name, value]) => `${name}=${value}`),
  );
  fc.assert(
    fc.property(fc.uniqueArray(line, { selector: (one) => one.split('=')[0] }), (lines) => {
      expect(parseEnvironment(formatEnvironment(lines))).toEqual({ value: lines });
    }),
  );
});

test.each([
  ['', {}],
  [' , \n ,', {}],
  ['a=1,b=2', { a: '1', b: '2' }],
  ['a = 1 ,\n b= 2 ', { a: '1', b: '2' }],
  ['a=', { a: '' }],
  ['a=b=c', { a: 'b=c' }],
  ['a="1, 2", b=3', { a: '1, 2', b: '3' }],
  ['a= " x "', { a: ' x ' }],
  ['"a=1, 2"', { a: '1, 2' }],
  ['a="say ""hi"""', { a: 'say "hi"' }],
  ['rule=Host(`a`) || Path("/b")', { rule: 'Host(`a`) || Path("/b")' }],
  ['path=C:\\dir', { path: 'C:\\dir' }],
  ['__proto__=x', Object.fromEntries([['__proto__', 'x']])],
])('%j is read as it looks', (text, value) => {
  expect(parseKeyValues(text)).toEqual({ value });
});

test.each([
  ['a', { kind: 'keyValue', text: 'a' }],
  ['=a', { kind: 'keyValue', text: '=a' }],
  ['a b=c', { kind: 'keyValue', text: 'a b=c' }],
  ['a="b" c', { kind: 'keyValue', text: 'a="b" c' }],
  ['a=1, a=2', { kind: 'repeated', text: 'a' }],
  ['a="b', { kind: 'quoteNotClosed', quote: '"' }],
])('%j is refused with its reason', (text, problem) => {
  expect(parseKeyValues(text)).toEqual({ problem });
});

test.each([
  ['PASSWORD', { value: ['PASSWORD'] }],
  ['A=1, B=', { value: ['A=1', 'B='] }],
  ['OPTS="-a,-b"', { value: ['OPTS=-a,-b'] }],
  ['my.name-x=1', { value: ['my.name-x=1'] }],
])('the environment %j is read as it looks', (text, parsed) => {
  expect(parseEnvironment(text)).toEqual(parsed);
});

test('the rest of a value that was cut at its comma is not taken for a variable', () => {
  expect(parseEnvironment('OPTS=-a,-b')).toEqual({ problem: { kind: 'environmentName', text: '-b' } });
  expect(parseEnvironment('SIZE=1,2')).toEqual({ problem: { kind: 'environmentName', text: '2' } });
  expect(parseEnvironment('=x')).toEqual({ problem: { kind: 'environmentName', text: '=x' } });
  expect(parseEnvironment('A=1,A=2')).toEqual({ problem: { kind: 'repeated', text: 'A' } });
});

test('aliases and links survive being shown and typed again', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,8}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name), (aliases) => {
      expect(parseAliases(formatAliases(aliases))).toEqual({ value: aliases });
    }),
  );
  const link = fc.record({ target: name, alias: name });
  fc.assert(
    fc.property(fc.uniqueArray(link, { selector: ({ alias }) => alias }), (links) => {
      expect(parseLinks(formatLinks(links))).toEqual({ value: links });
    }),
  );
});

test('aliases are separated by commas or blanks', () => {
  expect(parseAliases('db, store\tcache')).toEqual({ value: ['db', 'store', 'cache'] });
  expect(parseAliases('')).toEqual({ value: [] });
  expect(parseAliases('db db')).toEqual({ problem: { kind: 'repeated', text: 'db' } });
  expect(parseAliases('a/b')).toEqual({ problem: { kind: 'character', character: '/' } });
});

test('a link without an alias is its own', () => {
  expect(parseLinks('web, db:store')).toEqual({
    value: [
      { target: 'web', alias: 'web' },
      { target: 'db', alias: 'store' },
    ],
  });
});

test.each(['web:', ':db', 'a:b:c', '/web:db', '-web'])('the link %j is refused', (text) => {
  expect(parseLinks(text)).toEqual({ problem: { kind: 'link', text } });
});

test('two links of one alias are refused', () => {
  expect(parseLinks('a:x, b:x')).toEqual({ problem: { kind: 'repeated', text: 'x' } });
});

test('a command survives being shown and typed again', () => {
  fc.assert(
    fc.property(fc.array(anyValue), (command) => {
      expect(parseCommand(formatCommand(command))).toEqual({ value: command });
    }),
  );
});

test.each([
  ['', []],
  ['  ', []],
  ['sh -c "echo $HOME"', ['sh', '-c', 'echo $HOME']],
  ['echo \'a b\'c"d e"', ['echo', 'a bcd e']],
  ['a\\ b "\\"" \'\\\'', ['a b', '"', '\\']],
  ['"a\\nb"', ['a\\nb']],
  ['a\\\nb', ['ab']],
  ['a\\', ['a\\']],
  ['\'\' ""', ['', '']],
  ['a | b && c > d *', ['a', '|', 'b', '&&', 'c', '>', 'd', '*']],
])('the command %j is split as a shell splits it', (text, value) => {
  expect(parseCommand(text)).toEqual({ value });
});

test.each([
  ["it's", "'"],
  ['say "hi', '"'],
  ['"a\\"', '"'],
])('a quote left open in %j is pointed at', (text, quote) => {
  expect(parseCommand(text)).toEqual({ problem: { kind: 'quoteNotClosed', quote } });
});

test('any text is a list or a problem', () => {
  const parsers = [parseKeyValues, parseEnvironment, parseAliases, parseLinks, parseCommand];
  fc.assert(
    fc.property(anyText, (text) => {
      for (const parse of parsers) {
        const { value, problem } = parse(text);
        expect((value === undefined) !== (problem === undefined)).toBe(true);
      }
    }),
  );
});

test('a text of hundreds of kilobytes is read while the person waits', () => {
  const texts = [
    'a=b,'.repeat(60_000),
    'a="'.repeat(80_000),
    '"'.repeat(250_000),
    'a '.repeat(125_000),
    '\\'.repeat(250_000),
  ];
  const parsers = [parseKeyValues, parseEnvironment, parseAliases, parseLinks, parseCommand];
  const took = cpuTime(() => {
    for (const text of texts) for (const parse of parsers) parse(text);
  });
  expect(took).toBeLessThan(1_000);
});

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellText } from '../../../src/actions/shellText.ts';
import { hostileNames } from '../support/snapshots.ts';
import { anyCharacter } from '../support/anyCharacter.ts';

/** What a real sh makes of a text: the words that a program would get. */
function wordsOfShell(text: string): readonly string[] {
  const said = execFileSync('sh', ['-c', `printf '%s\\0' ${text}`], {
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  });
  return said.toString('utf8').split('\0').slice(0, -1);
}

/** A lone half of a pair has no bytes of its own: any program gets the replacement character. */
const asBytes = (word: string): string => word.toWellFormed();

const awkward = [
  '',
  ' ',
  "it's",
  "''",
  '"$HOME" `id` $(id) ${x} !!',
  'a\nb',
  '\n',
  'ends with a newline\n',
  '\r',
  '\t',
  '\u001B[31m',
  '\u0003',
  '\u007F\u009B\u202E\u2066\uFEFF',
  '-x',
  '--',
  '-n',
  '~',
  '~root',
  '=ls',
  '*?[a]{b,c}',
  '#',
  'a\\',
  '\\n',
  '%s',
  '100%',
  'äöü 漢字 👩‍👩‍👧',
  '•',
  '&|;<>()',
  'x'.repeat(10_000),
  ...Object.values(hostileNames).filter((name) => name.length < 10_000),
];

test('a copied command means to the shell exactly what was shown', () => {
  const words = awkward.map((word) => word.replaceAll('\0', ''));
  expect(wordsOfShell(shellText(words))).toEqual(words.map(asBytes));
});

test('no value of a form can break out of its word', () => {
  const word = fc.string({ unit: anyCharacter, maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
  const samples = fc.sample(fc.array(word, { minLength: 1, maxLength: 8 }), 300);
  const words = samples.flat();
  expect(wordsOfShell(samples.map(shellText).join(' '))).toEqual(words.map(asBytes));
});

test('a pasted command holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: anyCharacter })), (words) => {
      // A newline in quotes is passed on; the rest is C0, DEL, C1 and what reverses the order of a line.
      expect(
        [...shellText(words).matchAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu)].flat().filter((one) => one !== '\n'),
      ).toEqual([]);
    }),
  );
});

test('an ordinary command stays readable', () => {
  expect(
    shellText(['docker', 'run', '--publish', '127.0.0.1:8080:80', '--env', 'A=b', 'nginx:1.27', 'sh', '-c', 'exit 0']),
  ).toBe("docker run --publish 127.0.0.1:8080:80 --env A=b nginx:1.27 sh -c 'exit 0'");
});

test('a NUL, which no program can be given, does not cut the command short', () => {
  expect(shellText(['a\0b', 'c'])).toBe('ab c');
});

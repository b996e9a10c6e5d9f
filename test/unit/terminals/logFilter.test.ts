import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLogFilter, type LogFilter } from '../../../src/terminals/logFilter.ts';
import { anyCharacter } from '../support/anyCharacter.ts';
import { cpuTime } from '../support/cpuTime.ts';

function filter(input: string, limitMs?: number): LogFilter {
  const parsed = parseLogFilter(input, limitMs);
  if (parsed.kind !== 'filter') throw new Error(`no filter: ${JSON.stringify(parsed)}`);
  return parsed.filter;
}

function seen(input: string, ...lines: readonly string[]): readonly string[] {
  const found = filter(input).matches(lines);
  return lines.filter((_, at) => found[at]);
}

describe('a filter for log lines', () => {
  it('finds a text in any case', () => {
    expect(seen('Error', 'an ERROR', 'fine', 'error (x)')).toEqual(['an ERROR', 'error (x)']);
    expect(seen('a.*b', 'aXb', 'a.*b')).toEqual(['a.*b']);
  });

  it('finds a regular expression with its flags', () => {
    expect(seen('/e(r+)or$/', 'an error', 'ERROR', 'error.')).toEqual(['an error']);
    expect(seen('/^get/i', 'GET /', 'xGET', 'get')).toEqual(['GET /', 'get']);
    expect(seen('/x/gy', 'x', 'x', 'x')).toEqual(['x', 'x', 'x']);
    expect(seen('/\\p{Lu}/u', 'É', 'é')).toEqual(['É']);
  });

  it('takes a path for a text', () => {
    expect(seen('/api/users', 'GET /api/users', 'api')).toEqual(['GET /api/users']);
    expect(seen('/etc', '/etc/passwd', 'etc')).toEqual(['/etc/passwd']);
    expect(seen('//', 'http://x', '/')).toEqual(['http://x']);
  });

  it('looks at what a reader sees, not at the colours in between', () => {
    expect(seen('/^error 500/', '\u001B[31merror\u001B[0m 500')).toHaveLength(1);
  });

  it('is none where nothing is asked', () => {
    expect(parseLogFilter('')).toEqual({ kind: 'none' });
    expect(parseLogFilter('  ')).toEqual({ kind: 'none' });
  });

  it('says what is wrong with a regular expression', () => {
    for (const wrong of ['/(/', '/[z-a]/', '/a**/', '/a/uv'])
      expect(parseLogFilter(wrong)).toEqual({ kind: 'problem', message: expect.stringMatching(/./) as string });
  });

  it('gives up a pattern that would freeze the window, and hides nothing then', () => {
    const slow = filter('/^(a+)+$/', 100);
    expect(slow.matches(['aaa', 'b'])).toEqual([true, false]);
    const hostile = Array.from({ length: 3000 }, () => `${'a'.repeat(4000)}b`);
    let found: readonly boolean[] = [];
    expect(cpuTime(() => (found = slow.matches(hostile)))).toBeLessThan(1000);
    expect(found.every(Boolean)).toBe(true);
    expect(slow.tooSlow).toBe(true);
    expect(slow.matches(['b'])).toEqual([true]);
  });

  it('judges 100,000 lines while a person waits', () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => `line ${at}: something happened`);
    const pattern = filter('/: some(thing|body) h/');
    let found: readonly boolean[] = [];
    expect(cpuTime(() => (found = pattern.matches(lines)))).toBeLessThan(2000);
    expect(found.filter(Boolean)).toHaveLength(100_000);
  });

  it('whatever is typed: a filter, none or a problem; and a typed text finds itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (input) => {
        expect(['none', 'filter', 'problem']).toContain(parseLogFilter(input).kind);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z.*+?()]{1,20}$/), (input) => {
        expect(seen(input, `x${input}y`)).toHaveLength(1);
      }),
    );
  });
});

import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listPids, readBelow, readBytes, readTable, readText, tableLimit } from '../../../../src/kernel/local/files.ts';

describe('files of the kernel', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'dne-files-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function file(name: string, content: string | Uint8Array): string {
    const place = path.join(directory, name);
    writeFileSync(place, content);
    return place;
  }

  it('are read whole up to the limit, and past it without the line that was cut', () => {
    const lines = `${'x'.repeat(99)}\n`.repeat(100);
    expect(readText(file('lines', lines), 20_000)).toBe(lines);
    expect(readText(file('lines', lines), 1_050)).toBe(lines.slice(0, 1_000));
    expect(readText(file('one', 'x'.repeat(5_000)))).toBe('');
  });

  it('are read whole though they are larger than one read', () => {
    const long = Buffer.alloc(200_000, 'abc\n');
    expect(readBytes(file('long', long), tableLimit)?.equals(long)).toBe(true);
    expect(readBytes(file('long', long), 70_000)).toHaveLength(70_000);
  });

  it('do not change with the next one that is read', () => {
    const first = readBytes(file('first', 'first'), 100);
    readBytes(file('second', 'other'), 100);
    expect(first?.toString()).toBe('first');
  });

  it('are text whatever bytes they hold', () => {
    expect(readText(file('bytes', Uint8Array.of(0xff, 0x00, 0xc3)))).toBe('\uFFFD\0\uFFFD');
  });

  it.skipIf(process.platform === 'win32')('are not what a symlink leads to: a container may have put it there', () => {
    const link = path.join(directory, 'link');
    symlinkSync(file('secret', 'secret'), link);
    expect(readText(link)).toBeUndefined();
  });

  it('are absent, not an error, where they are not there or no files', () => {
    expect(readText(path.join(directory, 'gone'))).toBeUndefined();
    expect(readBytes(directory, 100)).toBeUndefined();
    expect(readTable(`${directory}/a\0b`)).toBeUndefined();
    expect(listPids(path.join(directory, 'gone'))).toEqual([]);
  });
});

// By way of /proc/self/fd.
describe.skipIf(process.platform !== 'linux')("a file below another process's root", () => {
  let root: string;
  const names = ['run', 'flannel', 'subnet.env'];
  const place = (...parts: readonly string[]): string => path.join(root, ...parts);
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'dne-root-'));
    mkdirSync(place('run/flannel'), { recursive: true });
    writeFileSync(place('run/flannel/subnet.env'), 'A=1\nB=2\n');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is read up to the limit', async () => {
    expect(await readBelow(root, names)).toBe('A=1\nB=2\n');
    expect(await readBelow(root, names, 6)).toBe('A=1\n');
  });

  it('is not what a symlink on the way leads to, wherever it stands', async () => {
    mkdirSync(place('other'));
    writeFileSync(place('other/subnet.env'), 'secret\n');
    rmSync(place('run/flannel'), { recursive: true });
    symlinkSync(place('other'), place('run/flannel'));
    expect(await readBelow(root, names)).toBeUndefined();
    rmSync(place('run'), { recursive: true });
    symlinkSync(place('other'), place('run'));
    expect(await readBelow(root, ['run', 'subnet.env'])).toBeUndefined();
    symlinkSync('subnet.env', place('other/link'));
    expect(await readBelow(root, ['other', 'link'])).toBeUndefined();
  });

  it('is absent where it is a directory or not there, and leaves no file open', async () => {
    const before = readdirSync('/proc/self/fd').length;
    for (const way of [['run', 'flannel'], ['run', 'gone', 'x'], ['gone'], []])
      expect(await readBelow(root, way)).toBeUndefined();
    for (let count = 0; count < 5; count++) await readBelow(root, names);
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 5);
  });
});

import { renameSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createAbsentKernel } from '../../../src/kernel/absent.ts';
import { createRecordedKernel } from '../../../src/kernel/recorded.ts';
import { read, viewOf } from './localReader.ts';
import { clearPlanted } from './machineTree.ts';
import { hostLinks, request, tablesOf } from './smallMachine.ts';

afterAll(clearPlanted);

describe.skipIf(process.platform === 'win32')('counters of the engine’s links', () => {
  it('are those of the moment, by reading one file', async () => {
    const { source, at, opened } = read();
    const { host } = viewOf(await source.read(request));
    opened();
    const counters = await source.counters();
    expect(opened()).toEqual(['proc/self/net/dev']);
    expect([...counters.keys()]).toEqual(host.links.map(({ name }) => name));
    const [name] = [...counters].find(([, { rxBytes }]) => rxBytes === 500) ?? [];
    writeFileSync(at('net/engine/dev'), (tablesOf(hostLinks)['dev'] ?? '').replace('500 5 ', '600 6 '));
    expect((await source.counters()).get(name ?? '')).toMatchObject({ rxBytes: 600, rxPackets: 6 });
  });

  it('are none before the kernel was read, and none of another namespace', async () => {
    const { source, at } = read();
    expect((await source.counters()).size).toBe(0);
    await source.read(request);
    expect((await source.counters()).size).toBe(hostLinks.length);
    // Another file: as if the process were in another namespace now.
    writeFileSync(at('net/engine/other'), tablesOf(hostLinks)['dev'] ?? '');
    renameSync(at('net/engine/other'), at('net/engine/dev'));
    expect((await source.counters()).size).toBe(0);
  });

  it('reject only with the signal’s reason', async () => {
    const { source } = read();
    await source.read(request);
    await expect(source.counters(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });

  it('are none where there is no kernel, and none of a recording', async () => {
    expect((await createAbsentKernel('disabled').counters()).size).toBe(0);
    expect((await createRecordedKernel({ kind: 'absent', reason: 'failed' }).counters()).size).toBe(0);
  });
});

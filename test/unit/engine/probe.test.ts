import { spawnSync } from 'node:child_process';
import { PassThrough, Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureOutput } from '../../../src/engine/docker/captureOutput.ts';
import { parseEvent } from '../../../src/engine/docker/eventStream.ts';
import { helperLabels } from '../../../src/engine/docker/helperOwner.ts';
import { toolsLabels } from '../../../src/engine/docker/toolsOwner.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import { anId, failure, fakeEngine, json, silence, type Route } from './fakeEngine.ts';
import { until } from '../support/until.ts';

function frame(stream: number, text: string | Uint8Array): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** What it makes of these chunks. */
async function capture(chunks: readonly Uint8Array[], maxBytes = 1000): Promise<string> {
  const connection = new PassThrough();
  const output = captureOutput(connection, maxBytes, 'a helper');
  for (const chunk of chunks) connection.write(chunk);
  connection.end();
  return (await output).toString();
}

describe('the output of a process', () => {
  it('is what it wrote to stdout, however it was cut into chunks', async () => {
    const whole = Buffer.concat([frame(1, 'one '), frame(2, 'a warning'), frame(1, ''), frame(1, 'two')]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(whole.length)), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = places.slice(1).map((end, at) => whole.subarray(places[at], end));
        expect(await capture(chunks)).toBe('one two');
      }),
    );
  });

  it('that is none is an empty one', async () => {
    expect(await capture([])).toBe('');
  });

  it('that never was says why: the engine’s own words, or those on stderr', async () => {
    const words = 'OCI runtime exec failed: exec: "sh": executable file not found in $PATH';
    for (const chunks of [[Buffer.from(words)], [frame(2, words)]]) {
      const error = await failure(capture(chunks));
      expect(error).toMatchObject({ kind: 'notFound', message: expect.stringContaining('executable file') as string });
    }
  });

  it('that is too long, or cut in the middle, is an error', async () => {
    expect((await failure(capture([frame(1, 'x'.repeat(1001))]))).kind).toBe('protocol');
    expect((await failure(capture([frame(1, 'hello').subarray(0, 10)]))).kind).toBe('unreachable');
    expect((await failure(capture([frame(1, 'hello'), Buffer.from([1, 0])]))).kind).toBe('unreachable');
  });

  it('of a connection that breaks is an error', async () => {
    const connection = new Duplex({ read: () => undefined });
    const output = captureOutput(connection, 1000, 'a helper');
    connection.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    expect((await failure(output)).kind).toBe('unreachable');
  });

  it('of any bytes at all settles', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), async (chunks) => {
        const settled = await capture(chunks).catch((error: unknown) => error);
        expect(typeof settled === 'string' || settled instanceof EngineError).toBe(true);
      }),
    );
  });
});

describe('the events of a helper container', () => {
  const event = (type: string, action: string, id: string, attributes: object): string =>
    JSON.stringify({ Type: type, Action: action, Actor: { ID: id, Attributes: attributes }, time: 5 });

  it('are nobody’s, those of its network too', () => {
    const helpers = new Set<string>();
    const own = helperLabels();
    expect(parseEvent(event('container', 'create', anId, own), helpers)).toBeUndefined();
    expect(parseEvent(event('network', 'connect', 'n1', { container: anId }), helpers)).toBeUndefined();
    expect(parseEvent(event('container', 'destroy', anId, own), helpers)).toBeUndefined();
    expect(parseEvent(event('network', 'disconnect', 'n1', { container: anId }), helpers)).toBeUndefined();
    expect(parseEvent(event('network', 'connect', 'n1', { container: 'other' }), helpers)).toBeDefined();
    expect(parseEvent(event('container', 'create', 'c2', toolsLabels()), helpers)).toBeDefined();
  });

  it('are remembered for the newest ones alone', () => {
    const helpers = new Set<string>();
    for (let number = 0; number < 1000; number++)
      parseEvent(event('container', 'create', `c${number}`, helperLabels()), helpers);
    expect(helpers.size).toBeLessThanOrEqual(64);
    expect(helpers.has('c999')).toBe(true);
  });
});

describe('a helper container', () => {
  const limits = { timeoutMs: 2000, maxBytes: 1000 };
  const row = (id: string, created: number, labels: object): object => ({ Id: id, Created: created, Labels: labels });

  it('removes at its start what was left: of processes that are gone, and old ones by the engine’s own clock', async () => {
    const gone = helperLabels(spawnSync(process.execPath, ['--version']).pid);
    const elsewhere = { ...helperLabels(), 'docker-network-explorer.owner': 'elsewhere 1' };
    const rows = [
      row(anId, 10_000, helperLabels()),
      row('gone', 9_999, gone),
      row('old', 9_000, elsewhere),
      row('young', 9_990, elsewhere),
      row('mine', 9_990, helperLabels()),
      row('shell', 1, toolsLabels()),
    ];
    const removed: string[] = [];
    const remove =
      (id: string): Route =>
      (response) => {
        removed.push(id);
        response.writeHead(204).end();
      };
    const { engine } = await fakeEngine({
      '/containers/create': json({ Id: anId }, 201),
      '/containers/json': json(rows),
      ...Object.fromEntries(['gone', 'old', 'young', 'mine', 'shell'].map((id) => [`/containers/${id}`, remove(id)])),
    });
    // There is no attaching to it.
    expect((await failure(engine.probe.onMachine('busybox', ['sh'], limits))).kind).toBe('notFound');
    await until(() => removed.length === 2);
    expect(removed).toEqual(['gone', 'old']);
  });

  it('that is not answered for is given up in time, and removed', async () => {
    const { engine, requests } = await fakeEngine({ '/containers/create': silence });
    const error = await failure(engine.probe.onMachine('busybox', ['sh'], { ...limits, timeoutMs: 50 }));
    expect(error.kind).toBe('timeout');
    expect(requests.filter((line) => line.includes('/containers/create'))).toHaveLength(1);
  });

  it('is made of an image that has a name', async () => {
    const { engine, requests } = await fakeEngine({
      '/images/json': json([
        { Id: 'a', RepoTags: ['busybox:1', 'tools:1'], Size: 7 },
        { Id: 'b', RepoTags: ['<none>:<none>'] },
        { Id: 'c', RepoTags: null },
        'no row',
      ]),
    });
    expect(await engine.probe.images()).toEqual([{ tags: ['busybox:1', 'tools:1'], size: 7 }]);
    expect(requests.filter((line) => line.includes('/images/'))).toHaveLength(1);
  });

  it('is in no list of containers', async () => {
    const { engine, requests } = await fakeEngine({ '/containers/json': json([row(anId, 1, helperLabels())]) });
    expect(await engine.containers()).toEqual([]);
    expect(requests.filter((line) => line.includes(anId))).toEqual([]);
  });

  it('is not asked of an engine with containers of Windows', async () => {
    const { engine } = await fakeEngine({
      '/version': json({ Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24', Os: 'windows' }),
    });
    expect((await failure(engine.probe.onMachine('busybox', ['sh'], limits))).kind).toBe('unsupported');
  });
});

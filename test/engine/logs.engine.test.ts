import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { LogLine, LogOptions, LogSubscription } from '../../src/engine/streams.ts';
import { images, importImages } from '../lab/images.ts';
import { outerVersions, startEngine, type LabEngine } from '../lab/labEngine.ts';
import { run, waitFor } from '../lab/run.ts';
import { openEngine } from './openEngine.ts';

const all: LogOptions = { follow: false, tail: 'all', stdout: true, stderr: true };

/** Writes what people's programs write: both streams, several scripts, colours, controls, an end without a line end, lines longer than one message of the engine. */
const talkative = [
  'echo plain; echo error >&2; echo; printf "tab\\tend\\n"; printf "dos\\r\\n"',
  'echo "grüße 容器 👩‍💻"; printf "\\033[31mred\\033[0m\\n"; printf "bell\\007\\n"',
  'head -c 40000 /dev/zero | tr "\\0" x; echo',
  'head -c 16384 /dev/zero | tr "\\0" y; echo',
  'printf "h\\303"; sleep 0.2; printf "\\251llo\\n"; printf "bytes \\377\\376\\n"; echo late >&2; printf "no end"',
].join('; ');

interface Heard {
  readonly lines: LogLine[];
  readonly over: Promise<Error | undefined>;
  readonly subscription: LogSubscription;
}

describe.each(outerVersions)('logs of Docker %s', (version) => {
  let lab: LabEngine;
  let engine: Engine;

  beforeAll(async () => {
    lab = await startEngine({ version });
    await importImages(lab);
    engine = openEngine(lab.dockerHost);
    await engine.info();
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  /** Starts a container of a shell script. Returns its id. */
  async function start(script: string, ...options: readonly string[]): Promise<string> {
    return (await lab.docker('run', '--detach', ...options, images.busybox, 'sh', '-c', script)).trim();
  }

  async function finish(script: string, ...options: readonly string[]): Promise<string> {
    const id = await start(script, ...options);
    await lab.docker('wait', id);
    return id;
  }

  async function open(
    id: string,
    options: Partial<LogOptions> = {},
    take: (lines: readonly LogLine[]) => void | Promise<void> = () => undefined,
  ): Promise<Heard> {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    const lines: LogLine[] = [];
    const subscription = await engine.streams.logs(
      id,
      { ...all, ...options },
      {
        lines: (some) => {
          lines.push(...some);
          return take(some);
        },
        ended: resolve,
      },
    );
    return { lines, over: promise, subscription };
  }

  async function read(id: string, options: Partial<LogOptions> = {}): Promise<readonly LogLine[]> {
    const heard = await open(id, options);
    expect(await heard.over).toBeUndefined();
    return heard.lines;
  }

  /** What `docker logs` writes to its stdout or stderr. */
  function dockerLogs(to: 'stdout' | 'stderr', ...args: readonly string[]): Promise<string> {
    const only = to === 'stdout' ? '2>/dev/null' : '2>&1 >/dev/null';
    return run(['sh', '-c', `docker --host "$0" logs "$@" ${only}`, lab.dockerHost, ...args]);
  }

  /** The bytes that these lines were, as the docker command prints them. */
  function printed(lines: readonly LogLine[], times: boolean, lineEnd = '\n'): string {
    return lines.map(({ time, text, partial }) => (times ? `${time} ` : '') + text + (partial ? '' : lineEnd)).join('');
  }

  it('are what `docker logs` prints, byte for byte, with its times and without', async () => {
    const id = await finish(talkative);
    const lines = await read(id);
    for (const stream of ['stdout', 'stderr'] as const) {
      const mine = lines.filter((line) => line.stream === stream);
      // The last line of the log has no end; a part of a long line has none, either.
      expect(printed(mine, true).trimEnd()).toBe((await dockerLogs(stream, '--timestamps', id)).trimEnd());
      expect(printed(mine, false).trimEnd()).toBe((await dockerLogs(stream, id)).trimEnd());
      expect(await read(id, { stdout: stream === 'stdout', stderr: stream === 'stderr' })).toEqual(mine);
    }
    expect(lines.map(({ text }) => text)).toEqual(expect.arrayContaining(['', 'dos\r', 'grüße 容器 👩‍💻', 'héllo']));
    expect(lines.map(({ text }) => text.length)).toContain(16_384);
  });

  it('of a container with a terminal are what `docker logs` prints, byte for byte', async () => {
    const id = await finish(talkative, '--tty');
    const lines = await read(id);
    expect(printed(lines, true, '\r\n').trimEnd()).toBe((await dockerLogs('stdout', '--timestamps', id)).trimEnd());
    expect(printed(lines, false, '\r\n').trimEnd()).toBe((await dockerLogs('stdout', id)).trimEnd());
    // Two of the first long line, and the second one up to its line end, which does not fit the message.
    expect(lines.filter(({ partial }) => partial)).toHaveLength(3);
    expect(new Set(lines.map(({ stream }) => stream))).toEqual(new Set(['stdout']));
  });

  it('have whole characters where a message of the engine ends within one', async () => {
    const script = 'head -c 16383 /dev/zero | tr "\\0" y; printf "\\303\\251z\\n"';
    for (const tty of [[], ['--tty']]) {
      const id = await finish(script, '--log-driver', 'local', ...tty);
      const lines = await read(id);
      expect(lines.map(({ text }) => text)).toEqual(['y'.repeat(16_383), 'éz']);
      // This driver forgets the line end behind the last part on 20.10, for the docker command, too.
      expect(lines.map(({ partial }) => partial)).toEqual([true, version === '20.10' && tty.length === 0]);
    }
  });

  it('begin where they are asked to: the last lines, or a time', async () => {
    const id = await finish('for n in 1 2 3 4 5 6; do echo $n; sleep 0.02; done');
    const lines = await read(id);
    expect((await read(id, { tail: 2 })).map(({ text }) => text)).toEqual(['5', '6']);
    expect(await read(id, { tail: 0 })).toEqual([]);
    const since = Date.parse(lines[3]?.time ?? '') / 1000;
    expect((await read(id, { since })).map(({ text }) => text)).toEqual(['4', '5', '6']);
  });

  it('are followed while they are written, end when the container stops, and go on from there when it starts', async () => {
    const id = await start('trap "exit 0" TERM; n=0; while :; do n=$((n+1)); echo $n; sleep 0.05; done');
    const first = await open(id, { follow: true });
    await waitFor('five lines', () => (first.lines.length >= 5 ? true : undefined), 10_000, 10);
    await lab.docker('restart', id);
    expect(await first.over).toBeUndefined();
    const last = first.lines.at(-1);
    const second = await open(id, { follow: true, since: Date.parse(last?.time ?? '') / 1000 });
    await waitFor('more lines', () => (second.lines.length >= 5 ? true : undefined), 10_000, 10);
    second.subscription.dispose();
    const fresh = second.lines.filter(({ time }) => time > (last?.time ?? ''));
    const whole = await read(id);
    expect([...first.lines, ...fresh]).toEqual(whole.slice(0, first.lines.length + fresh.length));
    await lab.docker('rm', '--force', id);
  });

  it('end when the container is removed while they are followed', async () => {
    const id = await start('echo one; sleep 1000');
    const heard = await open(id, { follow: true });
    await waitFor('the line', () => heard.lines[0]);
    await lab.docker('rm', '--force', id);
    expect(await heard.over).toBeUndefined();
    await expect(open(id)).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('are followed over the rotation of their files', async () => {
    const lines = 4000;
    const id = await start(
      `n=0; while [ $n -lt ${lines} ]; do n=$((n+1)); echo "line $n of the log"; [ $((n % 100)) = 0 ] && sleep 0.05; done; sleep 1`,
      ...['--log-opt', 'max-size=50k', '--log-opt', 'max-file=2'],
    );
    const heard = await open(id, { follow: true });
    expect(await heard.over).toBeUndefined();
    const numbers = heard.lines.map(({ text }) => Number(/^line (\d+) of the log$/.exec(text)?.[1]));
    const first = version === '20.10' ? [...new Set(numbers)] : numbers;
    // 20.10 repeats some lines when it rotates, for the docker command, too; it loses none.
    expect(first).toEqual(Array.from({ length: lines }, (_, at) => at + 1));
    // By now the first ones are rotated away.
    expect((await read(id)).length).toBeLessThan(lines);
  });

  it('of a driver that keeps nothing are refused with its name', async () => {
    const id = await start('echo lost', '--log-driver', 'none');
    for (const follow of [true, false]) {
      await expect(open(id, { follow })).rejects.toMatchObject({
        name: 'EngineError',
        kind: 'invalid',
        message: expect.stringContaining('log driver, none,') as string,
      });
    }
  });

  describe('in a flood', () => {
    const count = 100_000;
    let id: string;

    beforeAll(async () => {
      id = await finish(`seq 1 ${count} | sed 's/$/ is one line of a flood of many, many lines/'`);
    });

    function expectAll(lines: readonly LogLine[]): void {
      expect(lines).toHaveLength(count);
      const wrong = lines.findIndex(({ text }, at) => Number(/\d+/.exec(text)?.[0]) !== at + 1);
      expect(wrong).toBe(-1);
    }

    it('all lines come', async () => {
      const began = performance.now();
      expectAll(await read(id));
      expect(performance.now() - began).toBeLessThan(10_000);
    });

    it('a slow reader gets them all, too, and they do not wait in this process', async () => {
      const gate = Promise.withResolvers<undefined>();
      const before = memory();
      const heard = await open(id, {}, () => gate.promise);
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(heard.lines.length).toBeLessThan(3000);
      expect(memory() - before).toBeLessThan(8_000_000);
      gate.resolve(undefined);
      expect(await heard.over).toBeUndefined();
      expectAll(heard.lines);
    });
  });

  it('leave no follower behind on the engine', async () => {
    const id = await start('echo one; sleep 1000');
    const files = (): number => openLogs(lab.pid, id);
    const before = files();
    const followers = await Promise.all(Array.from({ length: 5 }, () => open(id, { follow: true })));
    await waitFor('followers', () => (files() > before ? true : undefined));
    for (const { subscription } of followers) subscription.dispose();
    await waitFor('the end of the followers', () => (files() === before ? true : undefined), 10_000);
    await lab.docker('rm', '--force', id);
  });
});

/** Bytes of this process's heap and buffers. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How many files of this container's log a process has open. */
function openLogs(pid: number, id: string): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).includes(`${id}-json.log`);
    } catch {
      return false;
    }
  }).length;
}

import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { EngineErrorKind } from '../../../src/engine/engine.ts';
import type { ExecSpec, TerminalStream } from '../../../src/engine/streams.ts';
import { anId, failure, type FakeEngine, fakeEngine, html, json, type Route, silence, stopTime } from './fakeEngine.ts';
import { skipPauses } from './pauses.ts';
import { until } from '../support/until.ts';

const spec: ExecSpec = { command: ['sh'], columns: 80, rows: 24 };
const inspect = json({ Id: anId, State: { Running: true, Status: 'running' } });
const running = { Running: true, Pid: 42, ExitCode: null };

/** Takes the connection over and gives it to the test. */
function upgrade(use: (socket: Socket) => void = () => undefined): Route {
  return (response) => {
    const { socket } = response;
    if (socket === null) throw new Error('no socket');
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    use(socket);
  };
}

/** Routes of containers whose name the adapter makes up: the first pattern that fits. */
function byPattern(fake: FakeEngine, patterns: readonly (readonly [RegExp, Route])[]): void {
  const exact = fake.routes.get.bind(fake.routes);
  fake.routes.get = (path) => patterns.find(([pattern]) => pattern.test(path))?.[1] ?? exact(path);
}

/** A fake engine on which commands can be run. */
async function fakeExec(routes: Readonly<Record<string, Route>> = {}): Promise<FakeEngine> {
  return fakeEngine({
    [`/containers/${anId}/exec`]: json({ Id: 'e1' }, 201),
    '/exec/e1/start': upgrade(),
    '/exec/e1/json': json(running),
    '/exec/e1/resize': json({}, 201),
    ...routes,
  });
}

interface Heard {
  readonly data: string[];
  readonly ends: (number | undefined)[];
  readonly over: Promise<number | undefined>;
}

function listen(terminal: TerminalStream): Heard {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const heard = { data: [] as string[], ends: [] as (number | undefined)[], over: promise };
  terminal.onData((text) => heard.data.push(text));
  terminal.onEnd((exitCode) => {
    heard.ends.push(exitCode);
    resolve(exitCode);
  });
  return heard;
}

function soon(milliseconds = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** How often a command was to be run in the container. */
function execsOf({ requests }: FakeEngine): number {
  return requests.filter((url) => url.endsWith('/exec')).length;
}

describe('a command in a container', () => {
  test('is a terminal whose characters are whole and whose end has the exit code', async () => {
    const bytes = Buffer.from('grüße 容器 👩‍💻\r\n');
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const fake = await fakeExec({ '/exec/e1/start': upgrade(resolve) });
    const heard = listen(await fake.engine.streams.exec(anId, spec));
    const socket = await promise;
    for (const byte of bytes) {
      socket.write(Buffer.of(byte));
      await soon(1);
    }
    fake.routes.set('/exec/e1/json', json({ Running: false, Pid: 42, ExitCode: 3 }));
    socket.end();
    expect(await heard.over).toBe(3);
    expect(heard.data.join('')).toBe(bytes.toString());
    expect(heard.data.join('')).not.toContain('\uFFFD');
    expect(heard.ends).toEqual([3]);
  });

  test('says what it wrote before anybody listened, and that it ended', async () => {
    const fake = await fakeExec({ '/exec/e1/start': upgrade((socket) => socket.end('early')) });
    fake.routes.set('/exec/e1/json', json({ Running: false, Pid: 42, ExitCode: 0 }));
    const terminal = await fake.engine.streams.exec(anId, spec);
    await soon();
    const heard = listen(terminal);
    expect(await heard.over).toBe(0);
    expect(heard.data.join('')).toBe('early');
  });

  test('that does not exist is named, and leaves nothing', async () => {
    const fake = await fakeExec({
      '/exec/e1/start': upgrade((socket) => socket.end('OCI runtime exec failed: no such file\r\n')),
      '/exec/e1/json': json({ Running: false, Pid: 0, ExitCode: 127 }),
    });
    const error = await failure(fake.engine.streams.exec(anId, { ...spec, command: ['bash', '-l'] }));
    expect(error.kind).toBe('notFound');
    expect(error.message).toBe('cannot run "bash" in the container: OCI runtime exec failed: no such file');
    expect(execsOf(fake)).toBe(1);
  });

  test('is waited for until it runs', async () => {
    let asked = 0;
    const states = [{ Running: false, Pid: 0, ExitCode: null }, { Running: true, Pid: 0, ExitCode: null }, running];
    const fake = await fakeExec({
      '/exec/e1/json': (response, request) => json(states[Math.min(asked++, 2)])(response, request),
    });
    await fake.engine.streams.exec(anId, spec);
    expect(asked).toBe(3);
  });

  test.each<readonly [string, string, Route, EngineErrorKind]>([
    ['no such container', `/containers/${anId}/exec`, json({ message: 'No such container' }, 404), 'notFound'],
    ['one that does not run', `/containers/${anId}/exec`, json({ message: 'is not running' }, 409), 'conflict'],
    ['an answer without id', `/containers/${anId}/exec`, json({}, 201), 'protocol'],
    ['a page', '/exec/e1/start', html, 'protocol'],
    ['an engine that hangs', '/exec/e1/start', silence, 'timeout'],
    ['a start that is refused', '/exec/e1/start', json({ message: 'paused' }, 409), 'conflict'],
    ['a proxy that does not upgrade', '/exec/e1/start', json(null), 'protocol'],
    ['an engine that dies in between', '/exec/e1/json', (response) => response.destroy(), 'unreachable'],
  ])('%s is an error', async (_, path, route, kind) => {
    if (route === silence) stopTime();
    const fake = await fakeExec({ [path]: route });
    expect((await failure(fake.engine.streams.exec(anId, spec))).kind).toBe(kind);
  });

  test('that loses its connection ends without a code', async () => {
    const fake = await fakeExec({ '/exec/e1/start': upgrade((socket) => setTimeout(() => socket.destroy(), 30)) });
    const terminal = await fake.engine.streams.exec(anId, spec);
    fake.routes.set('/exec/e1/json', (response) => response.destroy());
    const heard = listen(terminal);
    expect(await heard.over).toBeUndefined();
    expect(heard.ends).toHaveLength(1);
  });

  test('that nobody looks at any more is hung up, and says nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const fake = await fakeExec({ '/exec/e1/start': upgrade(resolve) });
    const terminal = await fake.engine.streams.exec(anId, spec);
    const heard = listen(terminal);
    const socket = await promise;
    socket.write('unheard');
    terminal.dispose();
    terminal.dispose();
    terminal.write('x');
    terminal.resize(1, 1);
    // The one to run it, the one to hang it up.
    await until(() => execsOf(fake) === 2);
    await soon();
    expect(heard).toMatchObject({ data: [], ends: [] });
    expect(socket.destroyed).toBe(true);
    expect(execsOf(fake)).toBe(2);
  });

  test('is hung up when the engine is let go, too', async () => {
    const fake = await fakeExec();
    const heard = listen(await fake.engine.streams.exec(anId, spec));
    fake.engine.close();
    await until(() => execsOf(fake) === 2);
    await soon();
    expect(heard.ends).toEqual([]);
    expect(execsOf(fake)).toBe(2);
  });

  test('hears of the newest size, and of no absurd one', async () => {
    const fake = await fakeExec();
    const terminal = await fake.engine.streams.exec(anId, spec);
    for (let size = 1; size <= 50; size++) terminal.resize(size, size);
    for (const wrong of [0, -1, 1.5, Number.NaN, 70_000]) terminal.resize(wrong, 24);
    await until(() => fake.requests.some((url) => url.includes('w=50')));
    await soon();
    const sizes = fake.requests.filter((url) => url.includes('/resize')).map((url) => url.replace(/^.*\?/, ''));
    expect(sizes).toEqual(['h=24&w=80', 'h=50&w=50']);
    terminal.dispose();
  });
});

describe('a container in the namespace of another', () => {
  const name = /^\/containers\/docker-network-explorer-[0-9a-f]{12}/;
  const part = (suffix: string): RegExp => new RegExp(`${name.source}${suffix}$`);
  const removals = (fake: FakeEngine): number =>
    fake.requests.filter((url) => /docker-network-explorer-[0-9a-f]{12}\?force=true&v=true$/.test(url)).length;

  const good: readonly (readonly [RegExp, Route])[] = [
    [part('/attach'), upgrade()],
    [part('/wait'), (response) => response.writeHead(200).flushHeaders()],
    [part('/start'), (response) => response.writeHead(204).end()],
    [part('/resize'), (response) => response.writeHead(200, { 'content-length': 0 }).end()],
    [part(''), (response) => response.writeHead(204).end()],
  ];

  async function fakeTools(special: readonly (readonly [RegExp, Route])[] = []): Promise<FakeEngine> {
    const fake = await fakeEngine({
      [`/containers/${anId}/json`]: inspect,
      '/containers/create': json({ Id: anId, Warnings: [] }, 201),
    });
    byPattern(fake, [...special, ...good]);
    return fake;
  }

  test('is attached to and waited for before it starts, and removes itself', async () => {
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const fake = await fakeTools([
      [part('/attach'), upgrade(resolve)],
      [
        part('/wait'),
        (response) => {
          response.writeHead(200).flushHeaders();
          setTimeout(() => response.end('{"StatusCode":5}'), 30);
        },
      ],
    ]);
    const heard = listen(await fake.engine.streams.openInNamespace(anId, 'tools', spec));
    (await promise).end('bye');
    expect(await heard.over).toBe(5);
    expect(heard.data.join('')).toBe('bye');
    const order = fake.requests.map((url) => /\/(create|attach|wait|start)\b/.exec(url)?.[1]).filter(Boolean);
    expect(order).toEqual(['create', 'attach', 'wait', 'start']);
    expect(removals(fake)).toBe(0);
  });

  test('is removed when nobody looks at it any more, once', async () => {
    const fake = await fakeTools();
    const terminal = await fake.engine.streams.openInNamespace(anId, 'tools', spec);
    const heard = listen(terminal);
    terminal.dispose();
    terminal.dispose();
    await until(() => removals(fake) > 0);
    await soon();
    expect(removals(fake)).toBe(1);
    expect(heard.ends).toEqual([]);
  });

  test('is removed when the engine is let go', async () => {
    const fake = await fakeTools();
    listen(await fake.engine.streams.openInNamespace(anId, 'tools', spec));
    fake.engine.close();
    await until(() => removals(fake) > 0);
    await soon();
    expect(removals(fake)).toBe(1);
  });

  test.each<readonly [string, RegExp, Route, EngineErrorKind]>([
    ['an image that is not there', /\/create$/, json({ message: 'No such image' }, 404), 'notFound'],
    ['a creation that is not answered', /\/create$/, (response) => response.destroy(), 'unreachable'],
    ['a page', part('/attach'), html, 'protocol'],
    ['an engine that hangs', part('/attach'), silence, 'timeout'],
    ['a wait that is refused', part('/wait'), json({ message: 'no' }, 500), 'engine'],
    ['a command that is not there', part('/start'), json({ message: 'executable file not found' }, 400), 'notFound'],
    ['a namespace that is gone', part('/start'), json({ message: 'non running container' }, 409), 'conflict'],
  ])('%s: an error, and nothing is left', async (_, pattern, route, kind) => {
    if (route === silence) stopTime();
    const fake = await fakeTools([[pattern, route]]);
    const error = await failure(fake.engine.streams.openInNamespace(anId, 'tools', spec));
    expect(error.kind).toBe(kind);
    expect(removals(fake)).toBeGreaterThan(0);
  });

  test('does not begin where the other one does not run', async () => {
    const fake = await fakeTools([
      [/^\/containers\/a+\/json$/, json({ Id: anId, State: { Running: false, Status: 'exited' } })],
    ]);
    const error = await failure(fake.engine.streams.openInNamespace(anId, 'tools', spec));
    expect(error).toMatchObject({ kind: 'conflict', message: expect.stringContaining('(exited)') as string });
    expect(fake.requests.some((url) => url.includes('/create'))).toBe(false);
  });

  test('that is let go while it is created is removed when it is there', async () => {
    const { promise: asked, resolve: hear } = Promise.withResolvers<undefined>();
    let looks = 0;
    const fake = await fakeTools([
      [/\/create$/, () => hear(undefined)],
      [
        part(''),
        (response, request) =>
          // It is there from the third look on.
          ++looks < 3 ? json({ message: 'No such container' }, 404)(response, request) : response.writeHead(204).end(),
      ],
    ]);
    skipPauses();
    const pending = failure(fake.engine.streams.openInNamespace(anId, 'tools', spec));
    await asked;
    fake.engine.close();
    expect((await pending).kind).toBe('cancelled');
    expect(looks).toBeGreaterThanOrEqual(3);
    expect(fake.requests.some((url) => url.includes('/start'))).toBe(false);
  });
});

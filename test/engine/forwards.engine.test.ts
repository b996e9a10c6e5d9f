import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Forward } from '../../src/forwards/forwards.ts';
import { outerVersions, ordinaryUser, startEngine, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { waitFor } from '../lab/run.ts';
import { tutorialTopology } from '../lab/topology.ts';
import type { ForwardReport } from './forwardProgram.ts';

/** Says the text, and that it has said all; writes what comes back, or how the connection failed. */
const client = `
  const [port, text] = process.argv.slice(1);
  const socket = require('node:net').connect(Number(port), '127.0.0.1').end(text);
  socket.on('error', ({ code }) => console.log(code));
  socket.pipe(process.stdout);
`;

interface OpenForward {
  /** What was told last. */
  readonly now: () => Forward | undefined;
  /** Resolves when it told of such a forward. */
  readonly until: (what: string, is: (forward: Forward) => boolean) => Promise<Forward>;
  /** Resolves with the exit code when its process has ended. */
  readonly end: () => Promise<number | null>;
}

describe.each(outerVersions)('a forward on Docker %s', (version) => {
  let engine: LabEngine;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    engine = await startEngine({ version });
    await tutorialTopology(engine);
  });

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  afterAll(() => engine.dispose());

  function start(
    args: readonly string[],
    user: InsideOptions = {},
    wrapper: readonly string[] = [],
  ): { reports: ForwardReport[] } & OpenForward {
    const child = engine.spawnInside([...wrapper, 'node', 'test/engine/forwardProgram.ts', ...args], user);
    const reports: ForwardReport[] = [];
    if (child.stdout === null) throw new Error('no output');
    createInterface({ input: child.stdout }).on('line', (line) => reports.push(JSON.parse(line) as ForwardReport));
    const exited = once(child, 'exit').then(([code]) => code as number | null);
    const end = (): Promise<number | null> => {
      child.kill('SIGTERM');
      return exited;
    };
    ends.push(end);
    const now = (): Forward | undefined => {
      const last = reports.at(-1);
      return last?.kind === 'forward' ? last.forward : undefined;
    };
    const until = (what: string, is: (forward: Forward) => boolean): Promise<Forward> =>
      waitFor(what, () => {
        const forward = now();
        return forward !== undefined && is(forward) ? forward : undefined;
      });
    return { reports, now, until, end };
  }

  function ask(port: number, text: string): Promise<string> {
    return engine.runInside(['node', '-e', client, `${port}`, text]);
  }

  async function addressOf(name: string): Promise<string> {
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    return (await engine.docker('inspect', '--format', format, name)).trim();
  }

  async function failure(...args: Parameters<typeof start>) {
    const { reports } = start(...args);
    const first = await waitFor('its failure', () => reports[0]);
    return first.kind === 'failed' ? first : expect.fail(`it opened: ${JSON.stringify(first)}`);
  }

  it('leads to redis, through a restart, and ends without a trace', async () => {
    const forward = start(['redis', '6379', '0']);
    const { id, localPort } = await forward.until('the forward', ({ state }) => state === 'open');
    expect(forward.now()).toMatchObject({ containerPort: 6379, answers: true });
    expect(await ask(localPort, 'before')).toBe('before');
    await engine.docker('restart', 'redis');
    await waitFor('an answer', async () => ((await ask(localPort, 'after')) === 'after' ? true : undefined));
    expect(forward.now()).toMatchObject({ id, localPort });
    expect(await forward.end()).toBe(0);
    expect(await ask(localPort, 'ended')).toBe('ECONNREFUSED\n');
  });

  it('waits while redis is stopped, and finds it at another address', async () => {
    const forward = start(['redis', '6379', '0']);
    const { localPort } = await forward.until('the forward', ({ state }) => state === 'open');
    const before = await addressOf('redis');
    await engine.docker('stop', 'redis');
    await forward.until('the container to be missed', ({ state }) => state === 'waiting');
    expect(await ask(localPort, 'nobody')).toBe('ECONNRESET\n');
    await engine.docker('network', 'disconnect', 'my-bridge', 'redis');
    await engine.docker('network', 'connect', 'shop_default', 'redis');
    await engine.docker('start', 'redis');
    await forward.until('the container to be found', ({ state }) => state === 'open');
    expect(await addressOf('redis')).not.toBe(before);
    await waitFor('an answer', async () => ((await ask(localPort, 'moved')) === 'moved' ? true : undefined));
  });

  it('is there before its server, and says so', async () => {
    const forward = start(['test1', '7000', '0']);
    const { localPort } = await forward.until('the forward', ({ answers }) => !answers);
    expect(await ask(localPort, 'early')).toBe('ECONNRESET\n');
    await engine.docker('exec', '--detach', 'test1', 'nc', '-ll', '-p', '7000', '-e', 'cat');
    await waitFor('an answer', async () => ((await ask(localPort, 'late')) === 'late' ? true : undefined));
    await forward.until('the answer to be told', ({ answers }) => answers);
  });

  it('is not opened to an address where nobody is, and that is known soon', async () => {
    const [a = '', b = '', c = ''] = (await addressOf('test1')).split('.');
    const { fault, afterMs } = await failure([`${a}.${b}.${c}.250`, '80', '0']);
    expect(fault).toBe('unreachable');
    expect(afterMs).toBeLessThan(3_000);
  });

  it('leads to what listens in the namespace of the host', async () => {
    const forward = start(['host1', '6379', '0']);
    const { localPort } = await forward.until('the forward', ({ answers }) => answers);
    expect(await ask(localPort, 'published')).toBe('published');
  });

  it('is not opened to a container without a network, or one that is stopped', async () => {
    for (const name of ['none1', 'stopped1']) expect((await failure([name, '80', '0'])).fault, name).toBe('noAddress');
  });

  it('is not opened from another namespace of the machine, where the address may be somebody else’s', async () => {
    for (const name of ['redis', 'host1'])
      for (const kernel of ['read', 'unread'])
        expect((await failure([name, '6379', '0', kernel], {}, ['unshare', '--net'])).fault, name).toBe('noAddress');
  });

  it('is opened where reading the kernel is turned off, too', async () => {
    for (const name of ['redis', 'host1']) {
      const forward = start([name, '6379', '0', 'unread'], ordinaryUser);
      const { localPort } = await forward.until('the forward', ({ answers }) => answers);
      expect(await ask(localPort, name)).toBe(name);
    }
  });

  it('does not take a port that is published, nor one that its user may not have', async () => {
    expect((await failure(['redis', '6379', '6379'])).fault).toBe('portTaken');
    expect((await failure(['redis', '6379', '80'], ordinaryUser)).fault).toBe('privileged');
  });
});

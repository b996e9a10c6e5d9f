import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toolsLabels } from '../../src/engine/docker/toolsOwner.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { ExecSpec, TerminalStream } from '../../src/engine/streams.ts';
import { images, importImages } from '../lab/images.ts';
import { outerVersions, startEngine, type LabEngine } from '../lab/labEngine.ts';
import { inNetns } from '../lab/oracle.ts';
import { waitFor } from '../lab/run.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';
import { openEngine } from './openEngine.ts';

const shell: ExecSpec = { command: ['sh'], columns: 100, rows: 30 };

class Screen {
  readonly terminal: TerminalStream;
  text = '';
  ended: { readonly exitCode: number | undefined } | undefined;
  ends = 0;

  constructor(terminal: TerminalStream) {
    this.terminal = terminal;
    terminal.onData((text) => {
      this.text += text;
    });
    terminal.onEnd((exitCode) => {
      this.ended = { exitCode };
      this.ends++;
    });
  }

  /** Types a line and waits for what it makes the program say. */
  async type(line: string, expected: string | RegExp): Promise<string> {
    this.text = '';
    this.terminal.write(`${line}\n`);
    return this.see(expected);
  }

  see(expected: string | RegExp): Promise<string> {
    const there = (): boolean =>
      typeof expected === 'string' ? this.text.includes(expected) : expected.test(this.text);
    return waitFor(
      `${String(expected)} in ${JSON.stringify(this.text)}`,
      () => (there() ? this.text : undefined),
      10_000,
      10,
    );
  }

  async exitCode(): Promise<number | undefined> {
    return (await waitFor('the end of the terminal', () => this.ended, 10_000, 10)).exitCode;
  }
}

describe.each(outerVersions)('terminals of Docker %s', (version) => {
  let lab: LabEngine;
  let engine: Engine;
  let idle: string;
  let shellless: string;
  const open: TerminalStream[] = [];

  beforeAll(async () => {
    lab = await startEngine({ version });
    await importImages(lab);
    engine = openEngine(lab.dockerHost);
    await engine.info();
    await createNetwork(lab, 'second');
    idle = await runIdle(lab, 'idle');
    shellless = (await lab.docker('run', '--detach', '--name', 'bare', images.shellless)).trim();
    await lab.docker('network', 'connect', 'second', 'bare');
  });

  afterEach(() => {
    for (const terminal of open.splice(0)) terminal.dispose();
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  async function show(opening: Promise<TerminalStream>): Promise<Screen> {
    const terminal = await opening;
    open.push(terminal);
    return new Screen(terminal);
  }

  const exec = (command: readonly string[] = shell.command, more: Partial<ExecSpec> = {}): Promise<Screen> =>
    show(engine.streams.exec(idle, { ...shell, ...more, command }));

  const processes = (container = 'idle'): Promise<string> => lab.docker('exec', container, 'ps', '-o', 'args');

  describe('a shell in a container', () => {
    it('answers, in whole characters, and knows its size and its new one', async () => {
      const screen = await exec();
      await screen.type('echo $((6*7))', '42');
      await screen.type(
        'printf "gr\\303"; sleep 0.2; printf "\\274n \\345\\256\\271\\345\\231\\250 \\360\\237\\220\\263\\n"',
        'grün 容器 🐳',
      );
      expect(screen.text).not.toContain('\uFFFD');
      await screen.type('echo "дім"', 'дім\r\n');
      await screen.type('stty size', '30 100');
      screen.terminal.resize(133, 41);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await screen.type('stty size', '41 133');
      await screen.type('tty', '/dev/pts/');
    });

    it.each([0, 3, 127])('ends with its exit code %d, once', async (code) => {
      const screen = await exec();
      screen.terminal.write(`exit ${code}\n`);
      expect(await screen.exitCode()).toBe(code);
      expect(screen.ends).toBe(1);
      screen.terminal.write('into the void\n');
      screen.terminal.resize(10, 10);
      screen.terminal.dispose();
    });

    it('interrupts a program at Ctrl-C and ends at Ctrl-D', async () => {
      const screen = await exec();
      await screen.type('echo go; sleep 1000', 'go\r\n');
      screen.terminal.write('\u0003');
      await screen.type('echo status $?', 'status 130');
      screen.terminal.write('\u0004');
      expect(await screen.exitCode()).toBe(0);
    });

    it('gets Ctrl-P and Ctrl-Q, which the docker command keeps for itself', async () => {
      const screen = await exec();
      await screen.type('echo again$((1+1))', 'again2');
      screen.text = '';
      screen.terminal.write('\u0010\n');
      await screen.see('again2');
    });

    it('says all it has to say before it ends', async () => {
      const screen = await exec(['sh', '-c', 'seq 1 20000; exit 4']);
      expect(await screen.exitCode()).toBe(4);
      expect(screen.text).toBe(Array.from({ length: 20_000 }, (_, at) => `${at + 1}\r\n`).join(''));
    });

    it('runs as another user where that is wanted', async () => {
      const screen = await exec(['id', '-u'], { user: '1234' });
      await screen.exitCode();
      expect(screen.text).toBe('1234\r\n');
    });

    it('is gone with what runs in it when its terminal is closed, and what it detached stays', async () => {
      const screen = await exec();
      await screen.type('setsid sleep 555 < /dev/null > /dev/null 2>&1 & echo detached', 'detached\r\n');
      await screen.type('echo now; sleep 444', 'now\r\n');
      expect(await processes()).toContain('sleep 444');
      screen.terminal.dispose();
      await waitFor('the end of the shell', async () => ((await processes()).includes('sleep 444') ? undefined : true));
      const left = await processes();
      expect(left).toContain('sleep 555');
      expect(left.match(/\bsh$/gm) ?? []).toEqual([]);
      expect(screen.ended).toBeUndefined();
    });

    it('is gone when the engine is let go', async () => {
      const other = openEngine(lab.dockerHost);
      const terminal = new Screen(await other.streams.exec(idle, { ...shell, command: ['sleep', '333'] }));
      expect(await processes()).toContain('sleep 333');
      other.close();
      await waitFor('the end of it', async () => ((await processes()).includes('sleep 333') ? undefined : true));
      expect(terminal.ended).toBeUndefined();
    });

    it('ends when its container is killed', async () => {
      await runIdle(lab, 'doomed');
      const screen = await show(engine.streams.exec('doomed', shell));
      await screen.type('echo here', 'here\r\n');
      await lab.docker('rm', '--force', 'doomed');
      await screen.exitCode();
      expect(screen.ends).toBe(1);
    });

    it('that the container does not have is named', async () => {
      const refused = engine.streams.exec(shellless, shell);
      await expect(refused).rejects.toMatchObject({
        name: 'EngineError',
        kind: 'notFound',
        message: expect.stringMatching(/^cannot run "sh" in the container: .*executable file not found/) as string,
      });
      await expect(engine.streams.exec(idle, { ...shell, command: ['/etc'] })).rejects.toMatchObject({
        kind: 'notFound',
      });
    });

    it('is refused for a user that the container does not have', async () => {
      const refused = engine.streams.exec(idle, { ...shell, user: 'nobody-here' });
      await expect(refused).rejects.toMatchObject({
        kind: version === '20.10' ? 'notFound' : 'invalid',
        message: expect.stringContaining('nobody-here') as string,
      });
    });

    it('is refused where nothing runs', async () => {
      const created = (await lab.docker('create', images.busybox, 'true')).trim();
      await expect(engine.streams.exec(created, shell)).rejects.toMatchObject({ kind: 'conflict' });
      await expect(engine.streams.openInNamespace(created, images.busybox, shell)).rejects.toMatchObject({
        kind: 'conflict',
      });
      await lab.docker('pause', 'idle');
      await expect(engine.streams.exec(idle, shell)).rejects.toMatchObject({ kind: 'conflict' });
      await lab.docker('unpause', 'idle');
      await lab.docker('rm', created);
      await expect(engine.streams.exec(created, shell)).rejects.toMatchObject({ kind: 'notFound' });
      await expect(engine.streams.openInNamespace(created, images.busybox, shell)).rejects.toMatchObject({
        kind: 'notFound',
      });
    });
  });

  describe('a shell in the network namespace of a container that has none', () => {
    const tools = async (): Promise<string[]> => {
      const out = await lab.docker('ps', '--all', '--quiet', '--filter', 'label=docker-network-explorer=tools');
      return out.split('\n').filter((id) => id !== '');
    };

    const openTools = (command: readonly string[] = shell.command): Promise<Screen> =>
      show(engine.streams.openInNamespace(shellless, images.busybox, { ...shell, command }));

    const noneLeft = (): Promise<true> =>
      waitFor('the removal of the tools container', async () => ((await tools()).length === 0 ? true : undefined));

    /** Names, addresses and MACs as both busybox's and iproute2's `ip address` print them. */
    const facts = (text: string): string[] =>
      [...text.matchAll(/^\d+: (\w+)|link\/\w+ ([0-9a-f:]{17})|inet6? (\S+)/gm)].map((found) =>
        found.slice(1).join(''),
      );

    it('sees what the container sees, in the size of the terminal, and is gone at its end', async () => {
      const screen = await openTools();
      const seen = facts(await screen.type('ip address; echo do""ne', 'done\r\n'));
      const { State } = (await lab.api(`/containers/${shellless}/json`)) as { State: { Pid: number } };
      expect(seen).toEqual(facts(await inNetns(State.Pid, 'ip', 'address')));
      expect(seen).toEqual(expect.arrayContaining(['lo', 'eth0', 'eth1']));
      await screen.type('stty size', '30 100');
      screen.terminal.resize(90, 20);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await screen.type('stty size', '20 90');
      // What NET_ADMIN is for.
      await screen.type(
        'ip address add 192.0.2.77/32 dev lo && ip address del 192.0.2.77/32 dev lo && echo all""owed',
        'allowed\r\n',
      );
      expect(await tools()).toHaveLength(1);
      screen.terminal.write('exit 6\n');
      expect(await screen.exitCode()).toBe(6);
      expect(await tools()).toEqual([]);
    });

    it('knows the exit code of a command that ends at once', async () => {
      const screen = await openTools(['sh', '-c', 'echo short; exit 9']);
      expect(await screen.exitCode()).toBe(9);
      expect(screen.text).toBe('short\r\n');
      expect(await tools()).toEqual([]);
    });

    it('is gone when its terminal is closed in the middle of something', async () => {
      const screen = await openTools();
      await screen.type('echo now; sleep 1000', 'now\r\n');
      screen.terminal.dispose();
      await noneLeft();
      expect(screen.ended).toBeUndefined();
    });

    it('is gone when the engine is let go, also while it begins', async () => {
      const other = openEngine(lab.dockerHost);
      await other.streams.openInNamespace(shellless, images.busybox, shell);
      const beginning = other.streams.openInNamespace(shellless, images.busybox, shell);
      await waitFor('the second one', async () => ((await tools()).length === 2 ? true : undefined), 10_000, 5);
      other.close();
      await expect(beginning).rejects.toMatchObject({ kind: 'cancelled' });
      await noneLeft();
    });

    it('is gone when the container that it looks into is removed', async () => {
      const id = (await lab.docker('run', '--detach', images.shellless)).trim();
      const screen = await show(engine.streams.openInNamespace(id, images.busybox, shell));
      await lab.docker('rm', '--force', id);
      await screen.type('echo still; exit 0', 'still\r\n');
      expect(await screen.exitCode()).toBe(0);
      expect(await tools()).toEqual([]);
    });

    it('removes those that a window left that is gone, and no other’s', async () => {
      const gone = spawnSync('true').pid;
      let leftovers = 0;
      const made = async (labels: Readonly<Record<string, string>>): Promise<string> =>
        runIdle(
          lab,
          `left-${leftovers++}`,
          ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
        );
      const left = await made(toolsLabels(gone));
      const owner = 'docker-network-explorer.owner';
      const others = [
        await made(toolsLabels()),
        await made({ ...toolsLabels(gone), [owner]: `elsewhere ${gone}` }),
        await made({ [owner]: toolsLabels(gone)[owner] ?? '' }),
      ];
      const screen = await openTools();
      const exists = async (id: string): Promise<boolean> =>
        (await engine.containers()).some(({ model }) => model.id === id);
      await waitFor('the removal of the left one', async () => !(await exists(left)) || undefined);
      for (const id of others) expect(await exists(id)).toBe(true);
      await screen.type('exit 0', 'exit');
      expect(await screen.exitCode()).toBe(0);
      await lab.docker('rm', '--force', ...others);
    });

    it('leaves nothing where the image or the command is not there', async () => {
      const noCommand = engine.streams.openInNamespace(shellless, images.shellless, shell);
      await expect(noCommand).rejects.toMatchObject({
        kind: 'notFound',
        message: expect.stringContaining('cannot run "sh" in shellless:latest') as string,
      });
      const noImage = engine.streams.openInNamespace(shellless, 'dne-nothing:latest', shell);
      await expect(noImage).rejects.toMatchObject({
        kind: 'notFound',
        message: expect.stringContaining('No such image') as string,
      });
      expect(await tools()).toEqual([]);
    });
  });

  it('end, all of them, when the engine loses its power', async () => {
    const screens = [await exec(), await show(engine.streams.openInNamespace(shellless, images.busybox, shell))];
    await lab.kill();
    for (const screen of screens) expect(await screen.exitCode()).toBeUndefined();
    await lab.start();
  });
});

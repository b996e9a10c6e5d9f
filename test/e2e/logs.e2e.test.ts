import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeThrowaway, removeDirectory } from '../../scripts/lifetime.ts';
import { images, importImages } from '../lab/images.ts';
import type { LabEngine } from '../lab/labEngine.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';
import type { Prompts } from './prompts.ts';
import { category, useStage } from './stage.ts';
import type { View } from './view.ts';
import type { Window } from './window.ts';

/** Longest time until what was asked for is on the screen. */
const soon = { timeout: 20_000, interval: 100 };

/** Milliseconds within which the window answers a key, and the extension a command, while a log floods in. */
const patience = 3000;

describe('logs in the window', () => {
  const talkers = ['alice', 'bob'] as const;
  let engine: LabEngine;
  let window: Window;
  let ask: Prompts;
  let networks: View;
  let containers: View;
  let directory: string | undefined;

  interface Spoken {
    readonly time: string;
    readonly name: string;
    readonly text: string;
  }

  /** What a container has written, by the engine's own times. */
  const spokenBy = async (name: string): Promise<readonly Spoken[]> =>
    (await engine.docker('logs', '--timestamps', name))
      .trimEnd()
      .split('\n')
      .map((line) => ({ time: line.slice(0, line.indexOf(' ')), name, text: line.slice(line.indexOf(' ') + 1) }));
  /** What both have written, in the order of time. */
  const spoken = async (): Promise<readonly Spoken[]> =>
    (await Promise.all(talkers.map(spokenBy))).flat().sort((a, b) => (a.time < b.time ? -1 : 1));
  /** As the terminal draws it, names as wide as the widest. */
  const drawn = ({ name, text }: Spoken): string => `${name.padEnd(5)} | ${text}`;
  const say = (name: string, text: string): Promise<string> =>
    engine.docker('exec', name, 'sh', '-c', `echo ${text} >/proc/1/fd/1`);

  /** The lines that the terminal in front shows, without the notes of the extension. */
  const shown = async (): Promise<readonly string[]> =>
    (await ask.terminalText())
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '' && !line.startsWith('—'));
  const openLog = async (): Promise<void> => {
    await networks.unfold();
    await networks.chooseFromMenu(['chat'], 'Tail Logs of a Network');
    await expect.poll(shown, soon).toEqual((await spoken()).map(drawn));
  };
  const endLog = async (): Promise<void> => {
    await ask.typeInTerminal('q');
    await expect.poll(() => ask.terminals(), soon).toBe(0);
  };

  useStage({
    prepare: async (made) => {
      await importImages(made);
      await createNetwork(made, 'chat');
      const talk = (name: string, pause: string): Promise<string> =>
        made.docker(
          ...['run', '--detach', '--name', name, '--network', 'chat', images.busybox, 'sh', '-c'],
          `trap "exit 0" TERM; for i in 1 2 3; do echo ${name} says $i; sleep ${pause}; done; sleep 1000000 & wait`,
        );
      await Promise.all([talk('alice', '0.3'), talk('bob', '0.2'), runIdle(made, 'flood')]);
      // Terminals that draw with the GPU have no text to read.
      return { settings: { 'terminal.integrated.gpuAcceleration': 'off' } };
    },
    ready: (stage) => {
      ({ engine, window, ask, networks, containers } = stage);
    },
  });

  afterAll(async () => {
    if (directory !== undefined) await removeDirectory(directory);
  });

  it('tails the logs of a network in the order of time, each name in its own colour', async () => {
    await openLog();
    const colours = new Map<string, Set<string>>();
    for (const { text, colour } of await ask.colouredInTerminal()) {
      const [name = ''] = text.split(' ');
      if (text.trimEnd().endsWith('|')) colours.set(name, (colours.get(name) ?? new Set()).add(colour));
    }
    expect([...colours.keys()].sort()).toEqual(talkers);
    expect([...colours.values()].map(({ size }) => size)).toEqual([1, 1]);
    expect(new Set([...colours.values()].flatMap((each) => [...each])).size).toBe(2);
    await say('bob', 'bob says hello');
    await say('alice', 'alice says hello');
    const all = await spoken();
    expect(all.slice(-2).map(({ text }) => text)).toEqual(['bob says hello', 'alice says hello']);
    await expect.poll(shown, soon).toEqual(all.map(drawn));
    await window.look('network-log');
  });

  it('filters what is shown by text and by expression, and says what is wrong with one', async () => {
    const all = (await spoken()).map(drawn);
    await ask.typeInTerminal('f');
    await ask.typeText('/says [/');
    await expect.poll(() => ask.message(), soon).toContain('Invalid regular expression');
    await ask.answerText('/says [12]/');
    await expect.poll(shown, soon).toEqual(all.filter((line) => /says [12]/.test(line)));
    expect(await ask.terminalText()).toContain('only lines with /says [12]/');
    await window.typeCommand(`${category}: Filter the Log…`);
    await ask.answerText('ALICE');
    await expect.poll(shown, soon).toEqual(all.filter((line) => line.includes('alice says')));
    await ask.typeInTerminal('/');
    await ask.typeText(' ');
    await window.page.keyboard.press('Backspace');
    await window.page.keyboard.press('Enter');
    await expect.poll(shown, soon).toEqual(all);
  });

  it('shows nothing new while it is paused, and what came meanwhile once it goes on', async () => {
    const before = (await spoken()).map(drawn);
    await ask.typeInTerminal('p');
    await expect.poll(() => ask.terminalText(), soon).toContain('paused');
    await say('bob', 'bob whispers');
    await window.page.waitForTimeout(1000);
    expect(await shown()).toEqual(before);
    await window.typeCommand(`${category}: Pause or Resume the Log`);
    await expect.poll(shown, soon).toEqual((await spoken()).map(drawn));
    expect((await shown()).at(-1)).toContain('bob whispers');
  });

  it('saves what it has kept to a file, with names and times', async () => {
    directory = await makeThrowaway('logs');
    const file = join(directory, 'chat.log');
    await window.typeCommand(`${category}: Save the Log…`);
    await ask.answerPath(file);
    const written = (await spoken()).map(({ name, time, text }) => `${name} ${time} ${text}\n`).join('');
    await expect.poll(() => readFile(file, 'utf8').catch(() => ''), soon).toBe(written);
  });

  it('clears what is shown, and goes on with what is new', async () => {
    await window.typeCommand(`${category}: Clear the Log`);
    await expect.poll(shown, soon).toEqual([]);
    await say('alice', 'alice says bye');
    await expect.poll(shown, soon).toEqual(['alice | alice says bye']);
    await endLog();
  });

  it('opens a whole log in an editor, as docker logs prints it', async () => {
    await networks.fold();
    await containers.unfold();
    await containers.chooseFromMenu(['alice'], 'Open Logs in Editor');
    await expect.poll(() => window.editors(), soon).toEqual(['alice.log']);
    expect((await window.editorText()).trimEnd().split('\n')).toEqual(
      (await spokenBy('alice')).map(({ time, text }) => `${time} ${text}`),
    );
    await window.runCommand('View: Close All Editors');
    await expect.poll(() => window.editors(), soon).toEqual([]);
  });

  it('answers while a container floods its log, and says how much of it went by', async () => {
    const lines = 300_000;
    await containers.unfold();
    await containers.chooseFromMenu(['flood'], 'Tail Logs');
    await expect.poll(() => ask.terminalText(), soon).toContain('flood');
    const isOver = async (): Promise<boolean> => (await ask.terminalText()).includes(`\n${lines}\n`);
    const slowest = { window: 0, extension: 0 };
    const flooding = engine.docker('exec', 'flood', 'sh', '-c', `seq 1 ${lines} >/proc/1/fd/1`);
    await expect.poll(() => ask.terminalText(), soon).toMatch(/\d{3}/);
    let asked = 0;
    for (; !(await isOver()); asked++) {
      let began = performance.now();
      await window.page.keyboard.press('F1');
      await window.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
      slowest.window = Math.max(slowest.window, performance.now() - began);
      await window.page.keyboard.insertText(`${category}: Inspect`);
      await window.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Inspect' }).waitFor();
      began = performance.now();
      await window.page.keyboard.press('Enter');
      await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'alice' }).waitFor();
      slowest.extension = Math.max(slowest.extension, performance.now() - began);
      await window.leavePrompts();
    }
    await flooding;
    expect(asked).toBeGreaterThan(0);
    expect(slowest.window).toBeLessThan(patience);
    expect(slowest.extension).toBeLessThan(patience);
    const kept = (await window.terminalHistory()).split('\n').map((line) => line.trimEnd());
    expect(kept.join('\n')).toMatch(/— \d+ lines went by too fast to be shown; saving keeps them/);
    expect(kept.filter((line) => line !== '').at(-1)).toBe(`${lines}`);
    await window.look('log-flood');
    await endLog();
  });
});

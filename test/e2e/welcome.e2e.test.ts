import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeThrowaway, removeDirectory } from '../../scripts/lifetime.ts';
import { root } from '../../scripts/repository.ts';
import { importImages } from '../lab/images.ts';
import type { LabEngine } from '../lab/labEngine.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';
import { useStage } from './stage.ts';
import type { View } from './view.ts';
import type { Window } from './window.ts';

/** Longest time until the view says something else: a lost connection is tried again after at most ten seconds. */
const soon = { timeout: 30_000, interval: 100 };

type Mood = 'honest' | 'denied' | 'old' | 'html' | 'failing' | 'silent';

/** What stands between the window and the engine, as a socket proxy does: it passes everything on, or it does not. */
class Gate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #engine: string;
  #mood: Mood = 'honest';

  constructor(path: string, engine: string) {
    this.#engine = engine;
    this.#server = createServer((asked, answer) => this.#answer(asked, answer));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.listen(path);
  }

  /** From now on; what is connected is cut off, as when a proxy is restarted. */
  set mood(mood: Mood) {
    this.#mood = mood;
    this.#cut();
  }

  close(): void {
    this.#server.close();
    this.#cut();
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #answer(asked: IncomingMessage, answer: ServerResponse): void {
    const say = (status: number, type: string, body: string): void =>
      void answer.writeHead(status, { 'content-type': type }).end(body);
    switch (this.#mood) {
      case 'denied':
        // As HAProxy does, which most socket proxies are made of.
        return say(
          403,
          'text/html',
          '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n',
        );
      case 'old':
        return say(200, 'application/json', '{"Version":"1.9.1","ApiVersion":"1.21","Os":"linux"}');
      case 'html':
        return say(200, 'text/html', '<!doctype html><title>Welcome to nginx!</title>');
      case 'failing':
        return say(500, 'application/json', '{"message":"the data root is full"}');
      case 'silent':
        return;
      case 'honest':
        this.#passOn(asked, answer);
    }
  }

  #passOn(asked: IncomingMessage, answer: ServerResponse): void {
    const { method, url, headers } = asked;
    const onward = request({ socketPath: this.#engine, method, path: url, headers, agent: false }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      answer.flushHeaders();
      reply.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  }
}

describe('the sidebar where there is nothing to list', () => {
  let engine: LabEngine;
  let gate: Gate;
  let directory: string;
  let window: Window;
  let networks: View;
  let containers: View;
  let hostLinks: View;
  let texts: Readonly<Record<string, string>>;

  /** The first paragraph of a welcome text: what it says has happened. */
  const says = (key: string): string => texts[`welcome.${key}`]?.split('\n')[0] ?? `no text for ${key}`;
  const builtIn = ['bridge', 'host', 'none'];

  useStage({
    prepare: async (made) => {
      texts = JSON.parse(await readFile(join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
      directory = await makeThrowaway('gate');
      const socket = join(directory, 'docker.sock');
      gate = new Gate(socket, made.socketPath);
      return { contexts: { gate: `unix://${socket}` } };
    },
    ready: (stage) => {
      ({ engine, window, networks, containers, hostLinks } = stage);
    },
  });

  afterAll(async () => {
    (gate as Gate | undefined)?.close();
    await removeDirectory(directory);
  });

  describe('on an engine without containers', () => {
    it('lists the built-in networks and their bridge, and says under Containers how to start one', async () => {
      await expect.poll(() => networks.names(), soon).toEqual(builtIn);
      expect(await networks.welcome()).toBe('');
      expect(await containers.welcome()).toContain(says('noContainers'));
      expect(await containers.welcome()).toContain('docker run');
      expect(await hostLinks.names()).toContain('docker0');
      await window.look('no-containers', 'sidebar');
      await containers.clickWelcome('Select Engine');
      expect((await window.choices()).join()).toContain('tutorial');
    });

    it('says so too when the built-in ones are hidden, with a button that shows them', async () => {
      await networks.chooseFromTitleMenu('Hide Built-in Networks');
      await expect.poll(() => networks.welcome(), soon).toContain(says('builtInHidden'));
      await networks.clickWelcome('Show Built-in Networks');
      await expect.poll(() => networks.names(), soon).toEqual(builtIn);
    });

    it('fills by itself when the first container starts, and says so when none runs but stopped ones are hidden', async () => {
      await importImages(engine);
      await runIdle(engine, 'first');
      await expect.poll(() => containers.names(), soon).toEqual(['first']);
      await expect.poll(() => hostLinks.names(), soon).toContain('docker0');
      expect(await networks.has(['bridge', 'first'])).toBe(true);
      await containers.chooseFromTitleMenu('Hide Stopped Containers');
      await engine.docker('stop', '--time', '0', 'first');
      await expect.poll(() => containers.welcome(), soon).toContain(says('noneRuns'));
      await containers.clickWelcome('Show Stopped Containers');
      await expect.poll(() => containers.names(), soon).toEqual(['first']);
      await engine.docker('start', 'first');
      await expect.poll(() => hostLinks.names(), soon).toContain('docker0');
    });
  });

  describe('where the engine cannot be talked to', () => {
    interface Failure {
      readonly mood: Mood;
      readonly text: string;
      readonly statusBar: string;
      readonly buttons: readonly string[];
    }

    // On a machine with other engines nothing proves through a gate whose links are whose: Host Links stays empty.
    it('lists what is behind a socket proxy', async () => {
      await window.set({ 'dockerNetworks.connection': 'context:gate' });
      await expect.poll(() => networks.description(), soon).toBe('gate');
      await expect.poll(() => networks.has(['bridge', 'first']), soon).toBe(true);
    });

    /** A connection that was never a good one. */
    async function connect(mood: Mood): Promise<void> {
      gate.mood = mood;
      await window.set({ 'dockerNetworks.connection': '' });
      await expect.poll(() => networks.description(), soon).toBe('tutorial');
      await window.set({ 'dockerNetworks.connection': 'context:gate' });
      await expect.poll(() => networks.description(), soon).toBe('gate');
    }

    it.each<Failure>([
      {
        mood: 'denied',
        text: 'denied',
        statusBar: 'no permission',
        buttons: ['Refresh', 'Select Engine', 'Open Sample'],
      },
      {
        mood: 'old',
        text: 'unsupported',
        statusBar: 'version not',
        buttons: ['Select Engine', 'Show Log', 'Open Sample'],
      },
      { mood: 'html', text: 'failed', statusBar: 'failed', buttons: ['Refresh', 'Select Engine', 'Show Log'] },
      { mood: 'failing', text: 'failed', statusBar: 'failed', buttons: ['Refresh', 'Select Engine', 'Show Log'] },
    ])('says what to do ($mood), and heals by itself', async ({ mood, text, statusBar, buttons }) => {
      await connect(mood);
      await expect.poll(() => networks.welcome(), soon).toContain(says(text));
      expect(await networks.welcomeButtons()).toEqual(expect.arrayContaining([...buttons]));
      for (const view of [containers, hostLinks])
        await expect.poll(() => view.welcome(), soon).toContain(says('seeNetworks'));
      expect((await window.statusBar('gate')).join()).toContain(statusBar);
      expect(await window.accessibilityFaults('.part.sidebar .pane-body')).toEqual([]);
      expect(await networks.hiddenButtons()).toEqual([]);
      await window.look(`engine-${mood}`);
      gate.mood = 'honest';
      await expect.poll(() => networks.has(['bridge', 'first']), soon).toBe(true);
      for (const view of [networks, containers]) expect(await view.welcome()).toBe('');
      expect(await window.notifications()).toEqual([]);
    });

    it('says of one that hangs that it does not answer, also when it is asked to refresh, and heals by itself', async () => {
      await connect('silent');
      await expect.poll(() => networks.welcome(), soon).toContain(says('unreachable'));
      expect((await window.statusBar('gate')).join()).toContain('no answer');
      await networks.clickWelcome('Refresh');
      await expect.poll(async () => (await window.notifications()).join(), soon).toContain('did not answer in time');
      await window.look('engine-silent');
      gate.mood = 'honest';
      await expect.poll(() => networks.has(['bridge', 'first']), soon).toBe(true);
      await window.dismissNotifications();
    });

    it('says on a refresh what exactly is wrong, with buttons that help', async () => {
      await connect('html');
      await expect.poll(() => networks.welcome(), soon).toContain(says('failed'));
      await networks.clickWelcome('Refresh');
      await expect.poll(async () => (await window.notifications()).join(), soon).toContain('not speak like a Docker');
      await window.clickNotification('Select Engine');
      expect((await window.choices()).join()).toContain('Open the Sample');
      await window.page.keyboard.press('Escape');
      await window.dismissNotifications();
    });

    it('opens its log from the welcome text', async () => {
      await networks.clickWelcome('Show Log');
      await expect.poll(() => window.outputChannel(), soon).toBe('Docker Networks');
      await window.runCommand('View: Hide Panel');
      await expect.poll(() => window.outputChannel(), soon).toBeUndefined();
    });

    it('says that no engine is there, and opens the sample, labelled as a recording', async () => {
      await window.set({ 'dockerNetworks.connection': `unix://${join(directory, 'nothing.sock')}` });
      await expect.poll(() => networks.welcome(), soon).toContain(says('unreachable'));
      expect(await networks.welcomeButtons()).toEqual(['Refresh', 'Select Engine', 'Open Sample']);
      await networks.clickWelcome('Open Sample');
      await expect.poll(() => networks.message(), soon).toMatch(/^Recording: /);
      expect(await networks.description()).toBe('recording');
      expect(await networks.names()).toContain('my-bridge');
      expect((await window.statusBar('Recording')).join()).toContain('Recording');
    });

    it('says that a context of the setting does not exist, and lets another engine be chosen', async () => {
      gate.mood = 'honest';
      await window.set({ 'dockerNetworks.connection': 'context:no-such' });
      await expect.poll(() => networks.welcome(), soon).toContain(says('failed'));
      expect((await window.statusBar('no-such')).join()).toContain('wrong connection setting');
      await networks.clickWelcome('Select Engine');
      await window.choose('tutorial');
      await expect.poll(() => networks.has(['bridge', 'first']), soon).toBe(true);
    });

    it('shows an engine that comes to a socket that was not there', async () => {
      const late = join(directory, 'late.sock');
      await window.set({ 'dockerNetworks.connection': `unix://${late}` });
      await expect.poll(() => networks.welcome(), soon).toContain(says('unreachable'));
      const lateGate = new Gate(late, engine.socketPath);
      await expect.poll(() => networks.has(['bridge', 'first']), soon).toBe(true);
      lateGate.close();
      rmSync(late, { force: true });
      await expect.poll(() => networks.welcome(), soon).toContain(says('unreachable'));
      await window.set({ 'dockerNetworks.connection': '' });
      await expect.poll(() => networks.has(['bridge', 'first']), soon).toBe(true);
    });
  });

  describe('where somebody chose hostile names', () => {
    const link = '[click](command:workbench.action.quit) **bold** $(zap)';
    const html = '<img src=x onerror=alert(1)><b>html</b>';
    const reversed = 'safe\u202Egnp.exe';
    // The client takes no blanks in the name of a label.
    const label = `<script>alert(1)</script>=${link} ${reversed}`;

    beforeAll(async () => {
      for (const view of [containers, hostLinks]) await view.fold();
      for (const name of [link, html, reversed]) await createNetwork(engine, name, '--label', label);
      await runIdle(engine, 'named', '--network', link, '--label', label, '--network-alias', html);
      await engine.docker('network', 'connect', html, 'named');
    });

    it('shows them as plain text in the row, and spells out what would reorder the line', async () => {
      await expect.poll(() => networks.names(), soon).toEqual(expect.arrayContaining([link, html]));
      const shown = (await networks.names()).find((name) => name.startsWith('safe'));
      expect(shown).toBe('safe⟨U+202E⟩gnp.exe');
      // An icon instead of the text would be an element of its own.
      expect(await networks.pane.locator('.label-name .codicon, .label-name img, .label-name b').count()).toBe(0);
    });

    it('shows them as plain text in hovers: no link, picture, icon or emphasis', async () => {
      const markup = 'a, img, b, em, script, .codicon';
      for (const path of [[html], [html, 'named']]) {
        const { text, parts } = await networks.hoverParts(path, markup);
        expect(text).toContain(html);
        expect(parts).toBe(0);
      }
      const { text, parts } = await networks.hoverParts([link], markup);
      expect(text).toContain(link);
      expect(text).toContain(label.split('=')[1]?.replace(reversed, 'safe⟨U+202E⟩gnp.exe'));
      expect(parts).toBe(0);
      await window.page.screenshot({ path: join(root, 'test-results', 'hostile-hover.png') });
      await containers.unfold();
      expect((await containers.hoverParts(['named'], markup)).parts).toBe(0);
      await containers.fold();
    });

    it('shows them as plain text in quick picks and messages, and copies them as they are', async () => {
      await window.typeCommand('Docker Networks: Inspect');
      const offered = await window.choices();
      expect(offered.join('\n')).toContain('safe⟨U+202E⟩gnp.exe');
      expect(await window.page.locator('.quick-input-list .monaco-highlighted-label .codicon-zap').count()).toBe(0);
      await window.page.keyboard.press('Escape');
      await networks.chooseFromMenu(['safe⟨U+202E⟩gnp.exe'], 'Copy Name');
      await expect.poll(() => window.clipboard(), soon).toBe(reversed);
      await networks.chooseFromMenu([link], 'Copy Name');
      await expect.poll(() => window.clipboard(), soon).toBe(link);
      expect(await window.page.locator('.part.statusbar .codicon-zap').count()).toBe(0);
    });

    it('looks like rows, in each theme', async () => {
      for (const theme of ['light', 'dark', 'high contrast'] as const) {
        await window.setTheme(theme);
        await window.look(`hostile-${theme.replace(' ', '-')}`, 'sidebar');
      }
    });
  });
});

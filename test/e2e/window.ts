import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/browser.ts';
import { makeThrowaway } from '../../scripts/lifetime.ts';
import { root } from '../../scripts/repository.ts';
import { startVscodeServer, type VscodeServer } from '../../scripts/vscodeServer.ts';
import { quietSettings } from '../../scripts/windowSettings.ts';
import { View } from './view.ts';

export type Theme = 'light' | 'dark' | 'high contrast';

/** By the names of the built-in themes, and the class that the workbench takes when one has come into effect. */
const themes: Readonly<Record<Theme, { readonly name: string; readonly type: string }>> = {
  light: { name: 'Default Light Modern', type: 'vs' },
  dark: { name: 'Default Dark Modern', type: 'vs-dark' },
  'high contrast': { name: 'Default High Contrast', type: 'hc-black' },
};

export interface WindowOptions {
  /** Address of the engine: the current Docker context of the extension host, called `tutorial`. */
  readonly dockerHost: string;
  /** More Docker contexts, by name, with their addresses. */
  readonly contexts?: Readonly<Record<string, string>>;
  /** Network namespace that the extension host lives in: the engine's, so that it sees the engine's links. */
  readonly netns?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Directories of more extensions, which live in the same extension host. */
  readonly extensions?: readonly string[];
  readonly size?: Size;
}

/** CSS pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** A real VS Code window with the extension in it, as a person has it: what is seen, clicked and typed. */
export class Window {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: VscodeServer;
  readonly #size: Size;
  /** Docker's own configuration directory. */
  readonly #config: string;

  private constructor(page: Page, size: Size, browser: Browser, server: VscodeServer, config: string) {
    this.page = page;
    this.#size = size;
    this.#browser = browser;
    this.#server = server;
    this.#config = config;
  }

  /** Opens it and waits until the workbench can be used. The extension must be built. */
  static async open(options: WindowOptions): Promise<Window> {
    const settings = {
      ...quietSettings,
      'window.title': 'Docker Network Explorer',
      'workbench.layoutControl.enabled': false,
      'workbench.colorTheme': themes.light.name,
      ...options.settings,
    };
    const size = options.size ?? { width: 1280, height: 900 };
    const directory = await makeThrowaway('window');
    const config = join(directory, 'docker');
    await writeConfig(config, { tutorial: options.dockerHost, ...options.contexts });
    const server = await startVscodeServer({
      directory,
      extensionPath: root,
      // Empty is unset: a developer's own choice of engine does not reach the window.
      env: { DOCKER_HOST: '', DOCKER_CONTEXT: '', DOCKER_CONFIG: config },
      settings,
      ...(options.netns === undefined ? {} : { netns: options.netns }),
      ...(options.extensions === undefined ? {} : { moreExtensions: options.extensions }),
    });
    let browser: Browser | undefined;
    try {
      browser = await launchBrowser(directory);
      const context = await browser.newContext({
        viewport: size,
        permissions: ['clipboard-read', 'clipboard-write'],
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await page.goto(server.url);
      await page.locator('.activitybar [role="tab"]').first().waitFor({ timeout: 60_000 });
      return new Window(page, size, browser, server, config);
    } catch (error) {
      // First what writes into the directory that the server removes.
      await browser?.close();
      await server.dispose();
      throw error;
    }
  }

  /** By the editor's own command, which writes down first what is open; a browser's reload may come before that. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: 60_000 });
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.page.locator('.activitybar [role="tab"]').first().waitFor({ timeout: 60_000 });
  }

  async close(): Promise<void> {
    try {
      await this.#browser.close();
    } finally {
      await this.#server.dispose();
    }
  }

  /** Opens a container of the activity bar, unless it is open. */
  async openContainer(title: string): Promise<void> {
    const tab = this.page
      .locator('.activitybar [role="tab"]')
      .filter({ has: this.page.locator(`.action-label[aria-label^="${title}"]`) });
    await tab.waitFor({ timeout: 30_000 });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.page.locator('.part.sidebar .pane-header').first().waitFor();
  }

  /** A view of the open container, by its name. */
  view(name: string): View {
    return new View(this.page, name);
  }

  /** Runs a command as a person does: by its title in the palette. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    const entry = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    // A view that has just been opened takes the focus, and the palette goes: then once more.
    await insist(async () => {
      await this.page.keyboard.press('F1');
      await input.waitFor({ timeout: 5000 });
      await input.fill(`>${title}`, { timeout: 2000 });
      await entry.click({ timeout: 5000 });
    });
  }

  /** The same with the keyboard alone; `title` with the category, as the palette shows it. */
  async typeCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    await this.page.keyboard.type(title);
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** What the open quick pick offers, as a screen reader reads it. */
  async choices(): Promise<readonly string[]> {
    const rows = this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((elements) =>
      (elements as unknown as readonly { getAttribute(name: string): string | null }[]).map(
        (element) => element.getAttribute('aria-label') ?? '',
      ),
    );
  }

  /** Types into the open quick pick until one entry is left on top, and takes it with Enter. */
  async choose(text: string): Promise<void> {
    await this.choices();
    // A pick that follows another one takes the keyboard a moment after its rows are there.
    await this.page.waitForTimeout(300);
    await this.page.keyboard.type(text);
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text }).waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** As `docker context create` does while the window is open. */
  async createContext(name: string, host: string): Promise<void> {
    await writeContext(this.#config, name, host);
  }

  /** As `docker context use` does: by a file that takes the place of the other. */
  async useContext(name: string): Promise<void> {
    const file = join(this.#config, 'config.json');
    await writeFile(`${file}.new`, JSON.stringify({ currentContext: name }));
    await rename(`${file}.new`, file);
  }

  /** Changes the machine's settings, which take effect at once. What the window itself wrote there stays. */
  async set(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const { settingsFile } = this.#server;
    const before = JSON.parse(await readFile(settingsFile, 'utf8')) as Readonly<Record<string, unknown>>;
    await writeFile(settingsFile, JSON.stringify({ ...before, ...changes }));
  }

  async setTheme(theme: Theme): Promise<void> {
    const { name, type } = themes[theme];
    await this.set({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench.${type}`).waitFor({ timeout: 15_000 });
  }

  /** Drags the edge of the sidebar to a width in CSS pixels. */
  async setSidebarWidth(width: number): Promise<void> {
    const sidebar = this.page.locator('.part.sidebar');
    const box = await boxOf(sidebar);
    const y = box.y + box.height / 2;
    const edge = box.x + box.width;
    await this.page.mouse.move(edge, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, y, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Texts of the status bar's items whose accessible names contain `part`. */
  async statusBar(part: string): Promise<readonly string[]> {
    const items = this.page.locator('.part.statusbar .statusbar-item', {
      has: this.page.locator(`[aria-label*="${part}"]`),
    });
    return (await items.allInnerTexts()).map((text) => text.trim());
  }

  async clickStatusBar(part: string): Promise<void> {
    await this.page.locator('.part.statusbar .statusbar-item a', { hasText: part }).click();
  }

  /** Clicks a button of a notification that is on the screen. */
  async clickNotification(button: string): Promise<void> {
    await this.page.locator('.notifications-toasts .monaco-button', { hasText: button }).click();
  }

  /** Leaves what asks the person something: a quick input, a dialog, a menu. A selection in a list stays. */
  async leavePrompts(): Promise<void> {
    const open = this.page.locator('.quick-input-widget:visible, .monaco-dialog-box:visible, .monaco-menu:visible');
    for (let tries = 0; tries < 5 && (await open.count()) > 0; tries++) {
      await this.page.keyboard.press('Escape');
      await this.page.waitForTimeout(100);
    }
  }

  async dismissNotifications(): Promise<void> {
    if ((await this.notifications()).length > 0) await this.runCommand('Notifications: Clear All Notifications');
  }

  /** Texts of the notifications on the screen. */
  async notifications(): Promise<readonly string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** The address that the window opens in the browser when somebody does that. The page is closed again. */
  async opensPage(act: () => Promise<void>): Promise<string> {
    const opening = this.page.context().waitForEvent('page', { timeout: 15_000 });
    await act();
    const page = await opening;
    await page.waitForURL(/^https?:/, { waitUntil: 'commit' });
    const url = page.url();
    await page.close();
    return url;
  }

  clipboard(): Promise<string> {
    return this.page.evaluate('navigator.clipboard.readText()');
  }

  /** Titles of the open editors. */
  async editors(): Promise<readonly string[]> {
    const tabs = this.page.locator('.part.editor .tab');
    return tabs.evaluateAll((elements) =>
      (elements as unknown as readonly { getAttribute(name: string): string | null }[]).map(
        (element) => element.getAttribute('data-resource-name') ?? '',
      ),
    );
  }

  /** The whole text of the editor in front, which draws only the lines that are in sight: copied, as a person would. */
  editorText(): Promise<string> {
    return this.#copyAll('.part.editor');
  }

  /** The whole text of the channel that the output panel shows. */
  outputText(): Promise<string> {
    return this.#copyAll('.part.panel');
  }

  async #copyAll(part: string): Promise<string> {
    await this.page.evaluate(`navigator.clipboard.writeText('')`);
    await this.page
      .locator(`${part} .monaco-editor`)
      .first()
      .click({ position: { x: 120, y: 30 } });
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('ControlOrMeta+C');
    return this.#copied();
  }

  /** All that the terminal in front keeps, what is scrolled out of sight too: copied, as a person would. */
  async terminalHistory(): Promise<string> {
    await this.page.evaluate(`navigator.clipboard.writeText('')`);
    await this.runCommand('Terminal: Select All');
    await this.runCommand('Terminal: Copy Selection');
    return this.#copied();
  }

  async #copied(): Promise<string> {
    for (const deadline = Date.now() + 5000; Date.now() < deadline;) {
      const text = await this.clipboard();
      if (text !== '') return text;
      await this.page.waitForTimeout(50);
    }
    throw new Error('what is in front gave no text');
  }

  /** The channel that the output panel shows; undefined while the panel is closed. */
  async outputChannel(): Promise<string | undefined> {
    const choice = this.page.locator('.part.panel .monaco-select-box:visible').first();
    return (await choice.isVisible()) ? choice.inputValue() : undefined;
  }

  /**
   * What axe-core finds wrong inside the elements of a selector, one line a fault. Not asked: colours, which are the
   * theme's; whether a row's spoken label repeats the drawn text, since it says in words what is drawn in signs; and
   * whether landmarks differ, since VS Code calls the welcome of every view `Welcome`.
   */
  async accessibilityFaults(selector: string): Promise<readonly string[]> {
    await this.page.evaluate(axe.source);
    const notAsked = ['color-contrast', 'label-content-name-mismatch', 'landmark-unique'];
    const rules = Object.fromEntries(notAsked.map((rule) => [rule, { enabled: false }]));
    const run = `axe.run(${JSON.stringify(selector)}, ${JSON.stringify({ rules })})`;
    const { violations } = await this.page.evaluate<AxeResults>(run);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  /**
   * A picture for the README: test-results/NAME.png, and docs/images/NAME.png too where UPDATE_IMAGES is 1.
   * Of the whole window, or of the sidebar alone.
   */
  async screenshot(name: string, of: 'window' | 'sidebar' = 'window'): Promise<void> {
    const path = await this.look(name, of);
    if (process.env['UPDATE_IMAGES'] !== '1') return;
    const images = join(root, 'docs', 'images');
    await mkdir(images, { recursive: true });
    await copyFile(path, join(images, `${name}.png`));
  }

  /** A picture to look at, test-results/NAME.png alone. Returns its path. */
  async look(name: string, of: 'window' | 'sidebar' = 'window'): Promise<string> {
    await this.#putAside();
    const results = join(root, 'test-results');
    await mkdir(results, { recursive: true });
    const path = join(results, `${name}.png`);
    if (of === 'window') await this.page.screenshot({ path });
    else await this.page.locator('.part.sidebar').screenshot({ path });
    return path;
  }

  /** What the window looked like when a test failed: test-results/failed-NAME.png, as it is. */
  async recordFailure(name: string): Promise<void> {
    const path = join(root, 'test-results', `failed-${name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 80)}.png`);
    await this.page.screenshot({ path });
  }

  /** The window's own size again: a view makes it taller. */
  async restoreSize(): Promise<void> {
    await this.page.setViewportSize({ ...this.#size });
    await this.page.waitForTimeout(200);
  }

  /** The window's own size, no hover, no notification, no pointer over a row. */
  async #putAside(): Promise<void> {
    await this.restoreSize();
    await this.page.mouse.move(this.#size.width - 5, this.#size.height / 2);
    await this.dismissNotifications();
    await this.page.locator('.workbench-hover').first().waitFor({ state: 'hidden' });
    // Fonts and icons that came late, and the caret's blink, settle.
    await this.page.waitForTimeout(300);
  }
}

/**
 * A directory as `docker context create` and `docker context use` leave it, so that the window shows a name people
 * know. `tutorial` is in use.
 */
async function writeConfig(config: string, contexts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, host] of Object.entries(contexts)) await writeContext(config, name, host);
  await writeFile(join(config, 'config.json'), JSON.stringify({ currentContext: 'tutorial' }));
}

/** As `docker context create` writes it. */
async function writeContext(config: string, name: string, host: string): Promise<void> {
  const meta = join(config, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(meta, { recursive: true });
  const endpoint = { Host: host, SkipTLSVerify: false };
  await writeFile(
    join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }),
  );
}

/** Three attempts; rejects with the failure of the last. */
async function insist(attempt: () => Promise<void>): Promise<void> {
  for (let left = 2; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not on the screen');
  return box;
}

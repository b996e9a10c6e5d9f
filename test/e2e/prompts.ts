import type { Locator, Page } from 'playwright-core';

/** What of the DOM is used, see view.ts. */
interface DrawnPiece {
  readonly textContent: string;
  readonly className: string;
  getAttribute(name: string): string | null;
}

/** What asks a person something, and what they type into: quick inputs, dialogs, terminals. */
export class Prompts {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Types into the open input box, in place of what is there, and accepts it. */
  async answerText(text: string): Promise<void> {
    await this.typeText(text);
    await this.#page.keyboard.press('Enter');
  }

  /** Types a path into the open file dialog, in place of the one that it proposes, and accepts it. */
  async answerPath(path: string): Promise<void> {
    await this.#page.locator('.quick-input-widget .monaco-list-row', { hasText: /^\.\.$/ }).waitFor();
    await this.typeText(path);
    // It lists the directory of the path at every key, and takes no answer while it does.
    for (let tries = 0; tries < 5; tries++) {
      await this.#page.waitForTimeout(500);
      await this.clickOk();
      const hidden = this.#input.waitFor({ state: 'hidden', timeout: 3000 });
      if (await hidden.then(() => true).catch(() => false)) return;
    }
    throw new Error(`the file dialog does not take ${path}`);
  }

  /** Types into the open input box, in place of what is there. */
  async typeText(text: string): Promise<void> {
    await this.#input.waitFor();
    await this.#page.waitForTimeout(150);
    await this.#page.keyboard.press('ControlOrMeta+A');
    await this.#page.keyboard.type(text);
  }

  /** Types into the open quick pick, moves to the entry and takes it; in a pick of several it is ticked first. */
  async takeWithKeys(text: string, several = false): Promise<void> {
    await this.#input.waitFor();
    await this.#page.waitForTimeout(300);
    await this.#page.keyboard.type(text);
    await this.#page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().waitFor();
    if (several) {
      await this.#page.keyboard.press('ArrowDown');
      await this.#page.keyboard.press('Space');
    }
    await this.#page.keyboard.press('Enter');
  }

  /** What the open input box says about the text. */
  async message(): Promise<string> {
    return this.#page.locator('.quick-input-widget .quick-input-message').innerText();
  }

  /** Clicks the entry of the open quick pick. */
  async clickChoice(text: string): Promise<void> {
    const row = this.#page.locator('.quick-input-list .monaco-list-row:visible', { hasText: text }).first();
    await row.waitFor();
    // A pick that was just filled takes no clicks for a moment.
    await this.#page.waitForTimeout(150);
    await row.click();
  }

  /** The button of a pick of several, or of a file dialog. */
  async clickOk(): Promise<void> {
    await this.#page
      .locator('.quick-input-widget .quick-input-action .monaco-button:visible', { hasText: 'OK' })
      .click();
  }

  /** The modal dialog in front. */
  async dialogText(): Promise<string> {
    await this.#dialog.waitFor();
    return this.#dialog.innerText();
  }

  async acceptDialog(button: string): Promise<void> {
    await this.#dialog.waitFor();
    await this.#dialog.locator('.monaco-button', { hasText: new RegExp(`^${button}$`) }).click();
    await this.#dialog.waitFor({ state: 'hidden' });
  }

  /** How many terminals are open. */
  async terminals(): Promise<number> {
    return this.#page.locator('.part.panel .terminal-wrapper').count();
  }

  /** What the terminal in front shows. */
  async terminalText(): Promise<string> {
    const rows = this.#page
      .locator('.terminal-wrapper.active .xterm-rows, .terminal-wrapper:visible .xterm-rows')
      .last();
    return (await rows.count()) === 0 ? '' : rows.innerText();
  }

  /** The coloured pieces of what the terminal in front shows; equal `colour`s look the same. */
  async colouredInTerminal(): Promise<readonly { readonly text: string; readonly colour: string }[]> {
    const pieces = this.#page.locator('.terminal-wrapper:visible .xterm-rows').last().locator('span');
    const all = await pieces.evaluateAll((elements) =>
      (elements as unknown as readonly DrawnPiece[]).map((piece) => ({
        text: piece.textContent,
        // By the theme's contrast it is either one of the sixteen or a value of its own.
        colour: /xterm-fg-\d+|color:[^;]+/.exec(`${piece.className} ${piece.getAttribute('style') ?? ''}`)?.[0] ?? '',
      })),
    );
    return all.filter(({ colour }) => colour !== '');
  }

  async typeInTerminal(text: string): Promise<void> {
    const screen = this.#page.locator('.terminal-wrapper:visible .xterm-screen').last();
    await screen.waitFor();
    await screen.click();
    await this.#page.waitForTimeout(300);
    await this.#page.keyboard.type(text.replaceAll('\n', ''));
    if (text.endsWith('\n')) await this.#page.keyboard.press('Enter');
  }

  get #input(): Locator {
    return this.#page
      .locator('.quick-input-widget input[type="text"], .quick-input-widget input[type="password"]')
      .first();
  }

  get #dialog(): Locator {
    return this.#page.locator('.monaco-dialog-box');
  }
}
